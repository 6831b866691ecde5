import DescentFormats
import Foundation
import Testing

@testable import DescentDatasets

/// Tables as they are: separators, gaps, kinds of columns, parts, and what becomes of them.
@Suite struct TableTests {
  private func table(_ text: String) throws -> Table { try Table(bytes: Array(text.utf8), place: "t.csv") }

  private func texts(_ table: Table) throws -> [[String]] {
    var rows: [[String]] = []
    try table.forEachTextRow { _, fields in rows.append(fields) }
    return rows
  }

  // MARK: Reading

  @Test(arguments: [",", ";", "\t", "|"])
  func separatorIsFound(separator: String) throws {
    let table = try table(
      ["größe\(separator)\"a,b;c\"", "1\(separator)\"x\(separator)\"\"y\"\"\nz\"", " 2 \(separator)"].joined(
        separator: "\r\n"))
    #expect(table.columns == ["größe", "a,b;c"])
    #expect(try texts(table) == [["1", "x\(separator)\"y\"\nz"], ["2", ""]])
  }

  @Test func columnsWithoutNamesAreNumbered() throws {
    #expect(try table(",a,\n1,2,3\n").columns == ["column 1", "a", "column 3"])
  }

  /// Rows must not depend on where the file is cut into pieces.
  @Test func piecesEndWithRows() throws {
    var text = "n,words\n"
    for row in 0..<400_000 { text += "\(row),\"w\(row % 7)\n\"\"\(row)\"\"\"\n" }
    let path = NSTemporaryDirectory() + "descent-pieces-\(UUID().uuidString).csv"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    var (next, areRight) = (0, true)
    let table = try Table(path: path)
    try table.forEachTextRow { row, fields in
      areRight = areRight && row == next && fields == ["\(next)", "w\(next % 7)\n\"\(next)\""]
      next += 1
    }
    #expect(areRight && next == 400_000)
    // a fault says the line of the file, in any piece
    try Data((text + "1,2,3\n").utf8).write(to: URL(fileURLWithPath: path))
    let error = try #require(throws: DataError.self) { try Table(path: path).forEachRow { _ in true } }
    #expect(error.place == "\(path), line 800002")
    // the file has changed since it was opened
    #expect(throws: DataError.self) { try table.forEachRow { _ in true } }
  }

  @Test func jsonLines() throws {
    let path = NSTemporaryDirectory() + "descent-\(UUID().uuidString).jsonl"
    let lines = #"{"a": 1, "b": {"c": "x,\"y\""}}"# + "\n\n" + #"{"d": true, "a": null, "b": {"c": "ü"}}"# + "\n"
    try Data(lines.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let table = try Table(path: path)
    #expect(table.columns == ["a", "b.c", "d"])
    #expect(try texts(table) == [["1", "x,\"y\"", ""], ["", "ü", "true"]])
  }

  @Test func otherEncodings() throws {
    let path = NSTemporaryDirectory() + "descent-\(UUID().uuidString).csv"
    try Data([0x61, 0x2C, 0xE4, 0x0A, 0x31, 0x2C, 0xFC, 0x0A]).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    let table = try Table(path: path, encoding: TextEncoding(named: "latin-1"))
    #expect(try texts(table) == [["1", "ü"]] && table.columns == ["a", "ä"])
    #expect(throws: DataError.self) { try Table(path: path) }
  }

  // MARK: Kinds

  @Test func kindsOfColumns() throws {
    var text = "id,size,island,sex,born,note,same,none,kept,y\n"
    for row in 0..<40 {
      text +=
        "\(row),\(row * row % 13).5,\(["A", "B", "C"][row % 3]),\(row % 5 == 0 ? "NA" : ["m", "f"][row % 2]),"
        + "2026-01-\(row % 28 < 9 ? "0" : "")\(row % 28 + 1),some words of row \(row) that differ,1,,\(row % 2),"
        + "\(row % 4 < 2 ? "yes" : "no")\n"
    }
    let survey = try TableSurvey(table(text), target: "y")
    #expect(
      survey.columns.map(\.kind) == [
        .identifier, .number, .category, .binary, .dateTime, .text, .constant, .empty, .binary, .binary,
      ])
    #expect(survey.columns[3].missing == 8 && survey.columns[7].missing == 40)
    let prepared = try PreparedTable(survey, survey.parts())
    #expect(prepared.preparation.columns.map(\.name) == ["size", "island", "sex", "born", "kept", "note"])
    #expect(prepared.preparation.leftOut == ["id", "same", "none"])
    let names = prepared.dataset.featureNames
    #expect(Array(names.prefix(7)) == ["size", "island=A", "island=B", "island=C", "sex=f", "sex=m", "sex missing"])
    #expect(prepared.dataset.count == 40 && prepared.dataset.testRows.count == 8)
  }

  @Test func askedKinds() throws {
    let text = "a,b,y\n" + (0..<30).map { "\($0 % 3),\($0),\($0 % 2)\n" }.joined()
    var options = TableOptions()
    options.columns["a"] = try ColumnOptions(words: "category,one-hot", column: "a")
    options.columns["b"] = try ColumnOptions(words: "number,min-max=-1..1", column: "b")
    let survey = try TableSurvey(table(text), target: "y", options: options)
    let parts = RowSplit.Parts(training: Array(0..<30), validation: [], test: [])
    let prepared = try PreparedTable(survey, parts)
    #expect(prepared.dataset.sample(0) == [1, 0, 0, -1] && prepared.dataset.sample(29) == [0, 0, 1, 1])
    for words in ["nmber", "number,fill=x", "category,hash=1", "number,min-max=1..1", "text,length=0"] {
      #expect(throws: DatasetNameError.self) { try ColumnOptions(words: words, column: "a") }
    }
  }

  // MARK: Preparation

  /// Fitted on the training rows alone: what the others hold changes nothing.
  @Test func onlyTrainingRowsAreFitted() throws {
    let head = "x,c,y\n1,a,0\n3,b,1\n,a,0\n5,a,1\n"
    let parts = RowSplit.Parts(training: [0, 1, 2, 3], validation: [4], test: [5])
    // kinds are those of the whole table
    var options = TableOptions()
    options.columns["c"] = try ColumnOptions(words: "category", column: "c")
    let seen = try TableSurvey(table(head + "7,a,0\n9,b,1\n"), target: "y", options: options)
    let other = try TableSurvey(table(head + "7000,z,0\n-9e9,q,1\n"), target: "y", options: options)
    let (first, second) = (try PreparedTable(seen, parts), try PreparedTable(other, parts))
    #expect(first.preparation == second.preparation)
    guard case .number(let number) = first.preparation.columns[0].inputs else {
      Issue.record("x is no number")
      return
    }
    // 1, 3, 5: mean 3, population variance 8/3
    #expect(number.offset == 3 && abs(number.scale - (3.0 / 8).squareRoot()) < 1e-12 && number.fill == 3)
    #expect(number.flagsMissing)
    #expect(first.dataset.sample(2) == [0, 1, 1, 0])
    // what training did not show is unknown: no input of the category is set
    #expect(Array(second.dataset.sample(4).suffix(2)) == [0, 0])
  }

  private static let scaled: [(String, [Double])] = [
    ("robust", [-1, -0.5, 0, 0.5, 48.5]), ("min-max", [0, 1.0 / 99, 2.0 / 99, 3.0 / 99, 1]),
    ("quantile", [-1.7320508, -0.8660254, 0, 0.8660254, 1.7320508]), ("none", [1, 2, 3, 4, 100]),
  ]

  @Test(arguments: scaled)
  func scalings(method: String, expected: [Double]) throws {
    var options = TableOptions()
    options.columns["x"] = try ColumnOptions(words: "number,\(method),no-log", column: "x")
    let survey = try TableSurvey(table("x,y\n1,0\n2,1\n3,0\n4,1\n100,0\n"), target: "y", options: options)
    let prepared = try PreparedTable(
      survey, RowSplit.Parts(training: Array(0..<5), validation: [], test: []))
    for (row, value) in expected.enumerated() {
      #expect(abs(Double(prepared.dataset.sample(row)[0]) - value) < 1e-5, "\(method) \(row)")
    }
  }

  @Test func datesGoRound() throws {
    let rows = (0..<24).map { "2026-\($0 / 2 < 9 ? "0" : "")\($0 / 2 + 1)-01T\($0 < 10 ? "0" : "")\($0):00,\($0 % 2)" }
    let survey = try TableSurvey(table("t,y\n" + rows.joined(separator: "\n")), target: "y")
    let prepared = try PreparedTable(survey, RowSplit.Parts(training: Array(0..<24), validation: [], test: []))
    #expect(
      prepared.dataset.featureNames == [
        "t", "t year sin", "t year cos", "t week sin", "t week cos", "t day sin", "t day cos",
      ])
    for row in 0..<24 {
      let sample = prepared.dataset.sample(row)
      for place in [1, 3, 5] {
        #expect(abs(sample[place] * sample[place] + sample[place + 1] * sample[place + 1] - 1) < 1e-5)
      }
      #expect(abs(Double(sample[5]) - sin(2 * .pi * Double(row) / 24)) < 1e-5)
    }
  }

  @Test func preparationIsKeptInJSON() throws {
    let rows = (0..<40).map { row in
      "\(row * row % 11),\(["a", "b"][row % 2]),words of \(row),2026-01-0\(row % 9 + 1),\(row % 2)\n"
    }
    let text = "x,c,t,d,y\n" + rows.joined()
    var options = TableOptions()
    options.columns["t"] = try ColumnOptions(words: "words,length=3", column: "t")
    options.columns["x"] = try ColumnOptions(words: "category,hash=8", column: "x")
    let prepared = try PreparedTable(
      TableSurvey(table(text), target: "y", options: options),
      RowSplit.Parts(training: Array(0..<40), validation: [], test: []))
    let bytes = try JSONEncoder().encode(prepared.preparation)
    #expect(try JSONDecoder().decode(TablePreparation.self, from: bytes) == prepared.preparation)
    let hostile = String(decoding: bytes, as: UTF8.self).replacing("\"buckets\":8", with: "\"buckets\":0")
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(TablePreparation.self, from: Data(hostile.utf8)) }
  }

  // MARK: Parts

  @Test func stratifiedPartsHaveAllClasses() throws {
    let text = "x,y\n" + (0..<100).map { "\($0 * 7 % 31).5,\($0 < 20 ? "rare" : "usual")\n" }.joined()
    let parts = try TableSurvey(table(text), target: "y").parts()
    #expect(parts.test.count == 20 && parts.test.filter { $0 < 20 }.count == 4)
    #expect(parts.validation.count == 16 && parts.training.count == 64)
    #expect(Set(parts.training + parts.validation + parts.test).count == 100)
    let folds = try TableSurvey(table(text), target: "y").folds(5)
    #expect(folds.map(\.test).joined().sorted() == Array(0..<100))
    #expect(folds.allSatisfy { $0.test.filter { $0 < 20 }.count == 4 && Set($0.test).isDisjoint(with: $0.training) })
  }

  @Test func partsByColumns() throws {
    let text =
      "x,when,who,part,y\n"
      + (0..<60).map { row in
        "\(row * 7 % 31).5,\(59 - row),p\(row / 6),\(["train", "validation", "test"][row % 3]),\(row % 2)\n"
      }.joined()
    var options = TableOptions()
    options.split.method = .time(column: "when")
    var parts = try TableSurvey(table(text), target: "y", options: options).parts()
    // the latest are the first rows
    #expect(parts.test == Array(0..<12) && parts.validation == Array(12..<22))
    options.split.method = .group(column: "who")
    parts = try TableSurvey(table(text), target: "y", options: options).parts()
    let people = [parts.training, parts.validation, parts.test].map { Set($0.map { $0 / 6 }) }
    #expect(people[0].isDisjoint(with: people[1]) && people[0].isDisjoint(with: people[2]))
    #expect(people[1].isDisjoint(with: people[2]) && people.allSatisfy { !$0.isEmpty })
    options.split.method = .column("part")
    let survey = try TableSurvey(table(text), target: "y", options: options)
    #expect(try survey.parts().test == (0..<60).filter { $0 % 3 == 2 })
    #expect(try PreparedTable(survey, survey.parts()).preparation.leftOut.contains("part"))
  }
}
