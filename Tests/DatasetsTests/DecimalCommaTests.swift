import DescentFormats
import Testing

@testable import DescentDatasets

/// Numbers with a decimal comma in tables separated by semicolons.
@Suite struct DecimalCommaTests {
  private func table(_ text: String) throws -> Table { try Table(bytes: Array(text.utf8), place: "t.csv") }

  @Test func whichFieldsAreNumbers() throws {
    let cases: [(String, Double?)] = [
      ("0,5", 0.5), ("-12,5", -12.5), ("+,5", 0.5), ("3,1e-4", 3.1e-4), ("3,1E+4", 3.1e4), ("\"2,5\"", 2.5),
      ("0.5", 0.5), ("7", 7), ("1,234", 1.234), ("12,", nil), (",", nil), ("1.234,5", nil), ("1,234,5", nil),
      ("1,234.5", 1234.5), ("12,5 %", 12.5), ("1,036 €", 1.036), ("€1,5", 1.5), ("-$2,5", -2.5), ("1,2,5 %", nil),
      ("1,5e", nil), ("1,5e+", nil), ("1,5 m", nil), ("a,5", nil), ("1, 5", nil),
    ]
    var seen: [Double?] = []
    let rows = cases.map { "\($0.0);x\n" }.joined()
    try table("a;b\n" + rows).forEachRow { row throws(DataError) in
      seen.append(row.fields[0].finiteNumber)
      return true
    }
    #expect(seen == cases.map(\.1))
    // the table's own text stays
    var texts: [String] = []
    try table("a;b\n" + rows).forEachTextRow { texts.append($1[0]) }
    #expect(texts == cases.map { $0.0.replacing("\"", with: "") })
  }

  /// Only semicolons make a comma a decimal one.
  @Test(arguments: [",", "\t", "|"]) func otherSeparators(separator: String) throws {
    try table("a\(separator)b\n\"0,5\"\(separator)x\n").forEachRow { row throws(DataError) in
      #expect(row.fields[0].finiteNumber == nil)
      return true
    }
  }

  @Test func targetsAndClasses() throws {
    let rows = (0..<60).map { "\($0 % 7),\($0 % 4)5;\($0 % 3 == 0 ? "1,0" : $0 % 3 == 1 ? "1.0" : "2,5");\($0),5" }
    let survey = try TableSurvey(table("x;k;y\n" + rows.joined(separator: "\n")), target: "y")
    guard case .values(let values) = survey.target else {
      Issue.record("quantities are taken as classes")
      return
    }
    #expect(values == (0..<60).map { Float($0) + 0.5 })
    #expect(survey.columns.map(\.kind) == [.number, .binary, .number])
    var options = TableOptions()
    options.task = .classification
    let classes = try TableSurvey(table("x;k;y\n" + rows.joined(separator: "\n")), target: "k", options: options)
    guard case .classes(let labels, let names) = classes.target else {
      Issue.record("no classes")
      return
    }
    // one class, however it is written; a model knows it in any table
    #expect(names == ["1.0", "2.5"] && labels.prefix(3) == [0, 0, 1])
    let schema = Dataset.Schema(sampleShape: [1], featureNames: ["x"], targetName: "k", classNames: names)
    var known = KnownTarget(schema)
    try table("k;x\n2,50;1\n1,0;1\n1;1\n2.5;1\n").forEachRow { row throws(DataError) in
      try known.add(row, 0)
      return true
    }
    #expect(known.target == .classes(labels: [1, 0, 0, 1], names: names))
    let error = try #require(throws: DataError.self) {
      try table("k;x\n3,5;1\n").forEachRow { row throws(DataError) in
        try known.add(row, 0)
        return true
      }
    }
    #expect(error.message.contains("3,5"))
  }

  @Test func linesOfErrors() throws {
    let error = try #require(throws: DataError.self) {
      try table("a;b\n\"x\ny\";0,5\n1,5;1,5;2\n").forEachRow { _ in true }
    }
    #expect(error.place == "t.csv, line 4")
  }
}
