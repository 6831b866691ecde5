import DescentFormats
import Testing

@testable import DescentDatasets

/// Augmentation of a table's rows, and columns that the rows to learn from say nothing of.
@Suite struct RowAugmentationTests {
  private func prepared(
    _ header: String, _ rows: [String], _ words: [String: String], training: Range<Int>? = nil
  ) throws -> PreparedTable {
    var options = TableOptions()
    for (name, said) in words { options.columns[name] = try ColumnOptions(words: said, column: name) }
    let table = try Table(bytes: Array("\(header)\n\(rows.joined(separator: "\n"))\n".utf8), place: "t.csv")
    let survey = try TableSurvey(table, target: "y", options: options)
    let learning = survey.rows.filter { (training ?? 0..<rows.count).contains(Int($0)) }
    let others = survey.rows.filter { !learning.contains($0) }
    return try PreparedTable(survey, RowSplit.Parts(training: learning, validation: [], test: others))
  }

  private func mixed() throws -> PreparedTable {
    try prepared(
      "x,z,c,t,y",
      (0..<40).map { "\($0 * 7 % 11).5,\($0 % 5),value \($0 % 4),words that are \($0 % 3),\($0 % 2)" },
      ["c": "category,embedding", "t": "text"])
  }

  private func augmented(_ prepared: PreparedTable, _ words: String, epoch: Int = 1) throws -> [Float] {
    let augmentation = try Augmentation(words: words).parts(of: prepared.preparation)
    let width = prepared.preparation.width
    let inputs = (0..<prepared.dataset.count).flatMap { prepared.dataset.sample($0) }
    var outputs = [Float](repeating: 0, count: inputs.count)
    inputs.withUnsafeBufferPointer { inputs in
      outputs.withUnsafeMutableBufferPointer { outputs in
        augmentation.augment(
          inputs, shape: [width], rows: (0..<Int32(prepared.dataset.count)).map { $0 }[...], epoch: epoch, seed: 3,
          into: outputs)
      }
    }
    return outputs
  }

  @Test func codesAndPiecesOfTextStayAsTheyAre() throws {
    let prepared = try mixed()
    let (width, quantities) = (prepared.preparation.width, prepared.preparation.quantityCount)
    #expect(quantities == 2 && width > 12)
    let made = try augmented(prepared, "noise=0.5,brightness=0.1")
    for row in 0..<prepared.dataset.count {
      let (before, after) = (prepared.dataset.sample(row), Array(made[row * width..<(row + 1) * width]))
      #expect(before[quantities...] == after[quantities...])
      for place in 0..<quantities { #expect(before[place] != after[place] && abs(before[place] - after[place]) < 4) }
    }
    #expect(try augmented(prepared, "noise=0.5,brightness=0.1") == made)
    #expect(try augmented(prepared, "noise=0.5,brightness=0.1", epoch: 2) != made)
  }

  @Test(arguments: [("mixup=0.2", "can't be mixed"), ("flip", "no column"), ("noise=0.1,time-mask=2", "time-mask=2")])
  func stepsThatFindNothingToChangeAreRefused(_ words: String, _ part: String) throws {
    let prepared = try mixed()
    let augmentation = try Augmentation(words: words)
    let error = #expect(throws: AugmentationError.self) { try augmentation.parts(of: prepared.preparation) }
    #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
  }

  @Test func rowsOfNumbersAreMixed() throws {
    let prepared = try prepared("x,y", (0..<20).map { "\($0).25,\($0 % 2)" }, ["x": "number"])
    let before = (0..<20).flatMap { prepared.dataset.sample($0) }
    let made = try augmented(prepared, "mixup=1")
    #expect(made != before && made.allSatisfy { $0 >= before[0] && $0 <= before[19] })
  }

  /// Nothing can be fitted to such a column, whatever it is, and what is fitted must be read again.
  @Test(arguments: [
    ("category", "a b"), ("category,embedding", "a b"), ("category,one-hot,no-flag", "a b"), ("number,quantile", "1 2"),
    ("number,quantile", "none 2"), ("date", "2026-01-01 2026-02-01"), ("text", "some words"),
  ])
  func columnsWithoutAValueToLearnFromAreLeftOut(_ words: String, _ values: String) throws {
    let values = values.split(separator: " ")
    let rows = (0..<30).map { row in
      "\(row * 7 % 11).5,\(row < 20 ? values[0] == "none" ? "none" : "" : String(values[row % 2])),\(row % 2)"
    }
    let prepared = try prepared("x,c,y", rows, ["c": words], training: 0..<20)
    #expect(prepared.preparation.columns.map(\.name) == ["x"] && prepared.preparation.leftOut == ["c"])
    #expect(prepared.treatments[1].summary == "left out: no row to learn from has a value")
    let only = rows.map { String($0.drop { $0 != "," }.dropFirst()) }
    let error = #expect(throws: DataError.self) {
      try self.prepared("c,y", only, ["c": words], training: 0..<20)
    }
    #expect(error?.message.contains("no column is left") == true)
  }
}

/// What is said of columns that a few odd values keep from being numbers or pictures.
@Suite struct ColumnHintTests {
  private func summaries(_ values: [String]) throws -> (hint: String?, treatment: String) {
    let rows = values.enumerated().map { "\($1),\($0 % 7),\($0 % 2)\n" }.joined()
    let survey = try TableSurvey(Table(bytes: Array("c,x,y\n\(rows)".utf8), place: "t.csv"), target: "y")
    let prepared = try PreparedTable(survey, survey.parts())
    return (survey.columns[0].hint, prepared.treatments[0].summary)
  }

  @Test func aWordAmongNumbers() throws {
    let found = try summaries((0..<49).map { "\($0 * 3).5" } + ["abc"])
    #expect(found.hint == "49 of 50 values are numbers, and 'abc' is none: mend or empty it")
    #expect(found.treatment.hasSuffix("; 49 of 50 values are numbers, and 'abc' is none: mend or empty it"))
  }

  @Test func aPathAmongPictures() throws {
    let found = try summaries((0..<30).map { "\($0).png" } + ["notes"])
    #expect(found.hint?.hasPrefix("30 of 31 values are names of pictures, and 'notes'") == true)
  }

  @Test func manyWordsAmongNumbersAreNoAccident() throws {
    #expect(try summaries((0..<40).map { $0 % 4 == 0 ? "word\($0)" : "\($0).5" }).hint == nil)
    #expect(try summaries((0..<40).map { "\($0).5" }).hint == nil)
  }
}
