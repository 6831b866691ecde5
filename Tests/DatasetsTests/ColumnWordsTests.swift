import DescentFormats
import Foundation
import Testing

@testable import DescentDatasets

/// Every word that may be said of a column, by the numbers that it makes.
@Suite struct ColumnWordsTests {
  /// A column `c` of these values, with a target beside it; the first rows are learnt from.
  private func prepared(_ values: [String], _ words: String, training: Int? = nil) throws -> PreparedTable {
    let rows = values.enumerated().map { "\($1),\($0 % 2)\n" }.joined()
    var options = TableOptions()
    options.columns["c"] = try ColumnOptions(words: words, column: "c")
    let table = try Table(bytes: Array("c,y\n\(rows)".utf8), place: "t.csv")
    let survey = try TableSurvey(table, target: "y", options: options)
    let learnt = Int32(training ?? values.count)
    let learning = survey.rows.filter { $0 < learnt }
    let others = survey.rows.filter { $0 >= learnt }
    return try PreparedTable(survey, RowSplit.Parts(training: learning, validation: [], test: others))
  }

  private func expect(_ prepared: PreparedTable, _ rows: [[Double]], _ comment: String) {
    #expect(prepared.dataset.count == rows.count, "\(comment)")
    for (row, expected) in rows.enumerated() where row < prepared.dataset.count {
      let sample = prepared.dataset.sample(row)
      #expect(
        sample.count == expected.count && zip(sample, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 },
        "\(comment), row \(row): \(sample), not \(expected)")
    }
    // as a model keeps it
    let coded = try? JSONDecoder().decode(
      TablePreparation.self, from: JSONEncoder().encode(prepared.preparation))
    #expect(coded == prepared.preparation, "\(comment)")
  }

  // MARK: Numbers

  private static let numbers: [(words: String, fill: Double, flag: Double?)] = [
    ("none", 3, 1), ("none,fill=mean", 3, 1), ("none,fill=median", 2, 1), ("none,fill=mode", 1, 1),
    ("none,fill=-2.5", -2.5, 1), ("none,fill=median,no-flag", 2, nil), ("none,fill=row", .nan, nil),
    ("none,fill=row,flag", .nan, 0), ("none,log,fill=median", log(3), 1), ("none,log,fill=mode", log(2), 1),
  ]

  @Test(arguments: numbers)
  func missingNumbers(words: String, fill: Double, flag: Double?) throws {
    // mean 3, median 2, mode 1
    let values = ["1", "", "1", "3", "7", "-"]
    let map: (Double) -> Double = words.contains("log") ? { log(1 + $0) } : { $0 }
    let prepared = try prepared(values, "number," + words)
    var rows = [map(1), fill, map(1), map(3), map(7), fill].map { [$0] + (flag == nil ? [] : [0.0]) }
    if flag == 1 { for row in [1, 5] { rows[row][1] = 1 } }
    expect(prepared, rows.filter { !$0[0].isNaN }, words)
  }

  /// Of the training part alone, and in rows of other parts, too.
  @Test func whatStandsInIsTheTrainingParts() throws {
    let values = ["1", "2", "6", "100", ""]
    for (words, fill) in [("fill=mean", 3.0), ("fill=median", 2), ("fill=mode", 1)] {
      expect(
        try prepared(values, "none,no-flag,\(words)", training: 3), [[1], [2], [6], [100], [fill]], words)
    }
  }

  @Test func skewedNumbersAreTakenByTheirLogarithm() throws {
    // a long tail: skewness above 2, and its logarithm's is not half as much
    let values = [1, 2, 4, 8, 16, 32, 64, 128, 256, 4000].map(Double.init)
    let logs = values.map { log(1 + $0) }
    let mean = logs.reduce(0, +) / 10
    let deviation = (logs.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10).squareRoot()
    let automatic = try prepared(values.map { "\($0)" }, "number")
    #expect(automatic.treatments[0].summary.hasPrefix("logarithm, standardised (skewed, "))
    expect(automatic, logs.map { [($0 - mean) / deviation] }, "automatic")
    let plain = try prepared(values.map { "\($0)" }, "number,no-log")
    let (plainMean, squares) = (451.1, values.reduce(0) { $0 + ($1 - 451.1) * ($1 - 451.1) })
    expect(plain, values.map { [($0 - plainMean) / (squares / 10).squareRoot()] }, "no-log")
    // sign(x) · ln(1 + |x|) of numbers on both sides
    expect(
      try prepared(["-1", "0", "3"], "none,log"), [[-log(2)], [0], [log(4)]], "log of negative numbers")
    let even = try prepared(values.prefix(6).map { "\($0)" }, "number")
    #expect(even.treatments[0].summary == "standardised")
  }

  // MARK: Categories

  /// What b, b, nothing, a and d become, each number by a digit: − is −1.
  private static let categories: [(words: String, names: String, rows: String)] = [
    ("one-hot", "c=a c=b c=d missing", "0100 0100 0001 1000 0010"),
    ("one-hot,no-flag", "c=a c=b c=d", "010 010 000 100 001"),
    ("one-hot,fill=mode,no-flag", "c=a c=b c=d", "010 010 010 100 001"),
    ("one-hot,fill=mode", "c=a c=b c=d missing", "0100 0100 0101 1000 0010"),
    ("one-hot,fill=Unknown,no-flag", "c=Unknown c=a c=b c=d", "0010 0010 1000 0100 0001"),
    ("one-hot,fill=row", "c=a c=b c=d", "010 010 100 001"),
    ("ordinal", "c missing", "00 00 01 −0 10"), ("ordinal,no-flag", "c", "0 0 0 − 1"),
    ("ordinal,fill=d,no-flag", "c", "0 0 1 − 1"), ("ordinal=d:a:b,fill=mode,flag", "c missing", "10 10 11 00 −0"),
    ("ordinal=b:a:x,no-flag", "c", "− − 0 0 0"),
    // only b comes twice, and what comes once is unknown
    ("embedding", "c", "1 1 0 0 0"), ("embedding,flag", "c missing", "10 10 01 00 00"),
    ("embedding,fill=mode", "c", "1 1 1 0 0"), ("embedding,fill=a", "c", "2 2 1 1 0"),
    // FNV-1a modulo 8: a 4, b 5, d 3; in Python (0xcbf29ce484222325 ^ ord(x)) * 0x100000001b3 % 2**64 % 8
    ("hash=8", "c", "6 6 0 5 4"), ("hash=8,fill=mode", "c", "6 6 6 5 4"),
    ("hash=8,fill=a,flag", "c missing", "60 60 51 50 40"),
  ]

  @Test(arguments: categories)
  func categoriesAs(words: String, names: String, rows: String) throws {
    let prepared = try prepared(["b", "b", "", "a", "d"], "category," + words)
    let features = prepared.dataset.featureNames.map { $0 == "c missing" ? "missing" : $0 }
    #expect(features == names.split(separator: " ").map { String($0) })
    let numbers = rows.split(separator: " ").map { row in row.map { Double($0.wholeNumberValue ?? -1) } }
    expect(prepared, numbers, words)
  }

  @Test func codesAreCounted() throws {
    let values = ["b", "b", "", "a", "a", "d"]
    #expect(try prepared(values, "embedding,flag").preparation.codeCounts == [3, 2])
    #expect(try prepared(values, "hash=64,no-flag").preparation.codeCounts == [65])
    let summary = try prepared(values, "embedding,flag,fill=mode").treatments[0].summary
    #expect(summary == "embedding of 2 values; missing as 'b'; missing flagged")
  }

  @Test func anOrderKnowsItsValuesOnly() throws {
    let prepared = try prepared(
      ["low", "high", "medium", "none", "high", "low"], "ordinal=low:medium:high", training: 5)
    expect(prepared, [[-1], [1], [0], [0], [1], [-1]], "ordinal")
    #expect(prepared.treatments[0].summary == "by order, 3 steps (1 row has a value outside the order: unknown)")
    var notes: [String] = []
    let table = try Table(bytes: Array("c\nhuge\nlow\n".utf8), place: "p.csv")
    let other = try Dataset(
      table, preparedBy: prepared.preparation, schema: prepared.dataset.schema, needsTarget: false, notes: &notes)
    #expect(other.sample(0) == [0] && other.sample(1) == [-1])
    #expect(notes == ["'c': 1 value that the training data did not have, taken as unknown"])
  }

  @Test func numbersInValuesAreInOrder() throws {
    // as numbers, and with the numbers within texts as numbers
    for values in [
      ["9", "10", "1", "100"], ["9 rooms", "10 rooms", "1 room", "100 rooms"], ["b9", "b10", "a", "b010"],
    ] {
      let order = try prepared(values, "category,ordinal").dataset
      let places = (0..<4).map { order.sample($0)[0] }
      let expected: [Float] = values[0] == "b9" ? [-1 / 3, 1, -1, 1 / 3] : [-1 / 3, 1 / 3, -1, 1]
      #expect(zip(places, expected).allSatisfy { abs($0 - $1) < 1e-6 }, "\(values): \(places)")
    }
  }

  // MARK: Texts

  @Test func wordsOfTexts() throws {
    let values = ["Red red blue", "red Blue green", "RED"]
    func vocabulary(_ words: String) throws -> TextPreparation {
      let texts = try prepared(values, words).preparation.texts
      return try #require(texts.first)
    }
    #expect(try vocabulary("words,length=3").vocabulary.count == 5)
    let cased = try vocabulary("words,length=3,keep-case")
    // Red, red, blue, Blue, green, RED
    #expect(cased.vocabulary.count == 8 && !cased.vocabulary.lowercases)
    let small = try prepared(values, "words,length=3,vocabulary=3")
    // padding, unknown, red
    expect(small, [[2, 2, 1], [2, 1, 1], [2, 0, 0]], "vocabulary=3")
  }

  // MARK: What is refused

  @Test(arguments: [
    ("category,fill=mean", "categories"), ("category,fill=median", "categories"), ("text,fill=mean", "texts"),
    ("text,fill=mode", "texts"), ("text,fill=x", "texts"), ("text,flag", "texts"), ("picture,no-flag", "pictures"),
    ("sound,fill=mean", "sounds"), ("number,fill=red", "numbers"), ("number,fill=inf", "numbers"),
    ("date,fill=red", "dates"), ("date,one-hot", "dates"), ("number,parts", "numbers"), ("category,log", "categories"),
    ("number,keep-case", "numbers"), ("text,waveform", "texts"), ("ordinal=a:b,fill=c", "'a', 'b'"),
    ("ordinal=a", "low:medium:high"), ("ordinal=a:a", "low:medium:high"), ("ordinal=a::b", "low:medium:high"),
    ("vocabulary=2", "from 3"), ("vocabulary", "not known"), ("fill=", "not known"), ("length=0", "from 1"),
  ])
  func wordsThatMakeNoSense(words: String, part: String) {
    let error = #expect(throws: DatasetNameError.self) { try ColumnOptions(words: words, column: "c") }
    let message = "\(error.map { "\($0)" } ?? "")"
    #expect(message.contains(part) && message.contains("--column c: "), "\(message)")
  }

  /// Where the data say what a column is.
  @Test(arguments: [
    (["1.5", "2.5", "4", ""], "fill=red", "numbers"), (["a", "b", "a", ""], "fill=mean", "categories"),
    (["2026-01-01", "2026-01-02", "", "2026-01-03"], "fill=red", "dates"),
    (["25/1/2026", "26/1/2026", "", "27/1/2026"], "fill=1/31/2026", "as the column has them"),
    (["some longer text", "another longer text", "a third long text", ""], "flag", "texts"),
  ])
  func wordsThatMakeNoSenseOfTheData(values: [String], words: String, part: String) {
    let error = #expect(throws: DatasetNameError.self) { try prepared(values, words) }
    let message = "\(error.map { "\($0)" } ?? "")"
    #expect(message.contains(part) && message.contains("--column c: "), "\(message)")
  }

  /// Files of models that knew less.
  @Test func oldPreparationsAreRead() throws {
    func table(_ inputs: String) throws -> TablePreparation {
      let json = #"{"columns":[{"name":"a","inputs":{\#(inputs)}}],"leftOut":[]}"#
      return try JSONDecoder().decode(TablePreparation.self, from: Data(json.utf8))
    }
    let date = try table(
      #""date":{"_0":{"offset":5,"scale":0.5,"cycles":["day"],"flagsMissing":true}}"#)
    #expect(date.featureNames == ["a", "a day sin", "a day cos", "a missing"])
    let category = try table(
      #""category":{"_0":{"form":"embedding","values":["x","y"],"buckets":0,"flagsMissing":false}}"#)
    #expect(category.codeCounts == [3] && category.width == 1)
    for inputs in [
      #""date":{"_0":{"offset":5,"scale":1,"cycles":[],"flagsMissing":false,"fill":1e300}}"#,
      #""date":{"_0":{"offset":5,"scale":1,"cycles":[],"flagsMissing":false,"order":"year-first"}}"#,
    ] {
      #expect(throws: DecodingError.self) { try table(inputs) }
    }
  }

  @Test func helpNamesEveryWord() {
    for word in ["ordinal=LOW:MEDIUM:HIGH", "vocabulary=N", "keep-case", "parts", "fill=mode|row|VALUE", "waveform"] {
      #expect(ColumnOptions.words.contains(word))
    }
  }
}
