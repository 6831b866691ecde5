import DescentFormats
import Testing

@testable import DescentDatasets

/// Numbers as people write them, and codes that only look like numbers.
@Suite struct WrittenNumberTests {
  @Test func whatIsANumber() {
    let cases: [(String, Double?)] = [
      ("$5", 5), ("$1,036.00", 1036), ("-$5", -5), ("$-5", -5), ("€ 5", 5), ("5 €", 5), ("85 $", 85), ("5$", 5),
      ("£12.50", 12.5), ("¥100", 100),
      ("49.6%", 49.6), ("49.6 %", 49.6), ("-0.5%", -0.5), ("1,036", 1036), ("12,345,678.9", 12_345_678.9),
      ("+1,000", 1000),
      ("$", nil), ("%", nil), ("$$5", nil), ("$5 €", nil), ("5%%", nil), ("1,03", nil), ("1036,000", nil),
      ("1,,000", nil),
      (",100", nil), ("1,000,", nil), ("5 kg", nil), ("--5%", nil), ("5-", nil), ("2013-01", nil), ("1.2.3%", nil),
      ("$5.", nil), ("abc", nil), ("", nil), (String(repeating: "1", count: 50) + "%", nil),
    ]
    for (text, number) in cases {
      Array(text.utf8).withUnsafeBufferPointer { #expect(WrittenNumber.value($0) == number, "\(text)") }
    }
  }

  private func survey(_ column: [String], name: String = "c", _ options: TableOptions = TableOptions()) throws
    -> TableSurvey
  {
    let rows = column.enumerated().map { "\"\($1)\",\($0 % 2 == 0 ? "a" : "b")" }
    return try TableSurvey(
      Table(bytes: Array(([name + ",y"] + rows).joined(separator: "\n").utf8), place: "t.csv"), target: "y",
      options: options)
  }

  @Test func aColumnOfPricesIsNumbers() throws {
    let survey = try survey((0..<30).map { "$\($0 % 3 + 1),\(100 + $0 * 7 % 30).50" })
    #expect(survey.columns[0].kind == .number)
    let prepared = try PreparedTable(survey, survey.parts())
    #expect(prepared.dataset.elementCount == 1)
  }

  @Test func codesWithLeadingZerosAreCategories() throws {
    let zips = (0..<40).map { ["01091", "20095", "80331", "04109"][$0 % 4] }
    let column = try survey(zips).columns[0]
    #expect(column.kind == .category && column.hint?.contains("--column 'c=number'") == true)
    var options = TableOptions()
    options.columns["c"] = try ColumnOptions(words: "number", column: "c")
    #expect(try survey(zips, options).columns[0].kind == .number)
  }

  @Test func wholeNumbersThatAreCalledNames() throws {
    // one for each row, with gaps; then several rows of each
    let rising = (0..<40).map { "\($0 * 3 + $0 / 7)" }
    for name in ["", "rownames", "index", "userID"] {
      #expect(try survey(rising, name: name).reasonToLeaveOut(survey(rising, name: name).columns[0]) == nil)
      #expect(try survey(rising, name: name).columns[0].kind == .identifier, "\(name)")
    }
    #expect(try survey(rising, name: "PAID").columns[0].kind == .number)
    #expect(try survey((0..<40).map { "\($0 % 9 * 11)" }, name: "id").columns[0].kind == .category)
    #expect(try survey((0..<40).map { "\($0 % 9 * 11)" }, name: "size").columns[0].kind == .number)
  }

  @Test func textsWithBlanksThatComeOftenAreCategories() throws {
    let names = (0..<12_000).map { "Shop number \($0 % 1100)" }
    #expect(try survey(names).columns[0].kind == .category)
  }

  /// That a value is there says something.
  @Test func oneValueAmongGapsIsAnInput() throws {
    for value in ["1", "yes"] {
      let survey = try survey((0..<30).map { $0 % 3 == 0 ? "" : value })
      #expect(survey.columns[0].kind == .binary)
      let prepared = try PreparedTable(survey, survey.parts())
      let inputs = (0..<prepared.dataset.count).map { prepared.dataset.sample($0) }
      #expect(Set(inputs).count == 2, "\(value)")
    }
  }

  // MARK: Targets

  private func targetFault(_ values: [String], _ task: Dataset.Task? = nil) -> DataError? {
    var options = TableOptions()
    options.task = task
    let text = (["x,y"] + values.enumerated().map { "\($0),\"\($1)\"" }).joined(separator: "\n")
    do {
      _ = try TableSurvey(Table(bytes: Array(text.utf8), place: "t.csv"), target: "y", options: options)
      return nil
    } catch { return error as? DataError }
  }

  @Test func quantitiesWithAFewWordsAreNoClasses() throws {
    let values = (0..<300).map { $0 == 7 ? "n.a." : $0 == 90 ? "unknown" : "\(Double($0 * 37 % 263) / 4)" }
    let fault = try #require(targetFault(values))
    #expect(fault.place == "t.csv, line 9, column 'y'" && fault.message.contains("298 of 300 values are numbers"))
    #expect(targetFault(values, .classification) == nil)
    #expect(targetFault(values.filter { $0.contains(".") && $0 != "n.a." }) == nil)
  }

  @Test func textsThatHardlyRepeatAreNoClasses() throws {
    let fault = try #require(targetFault((0..<300).map { "name \($0 % 200)" }))
    #expect(fault.message.contains("200 different texts in 300 rows are hardly classes"))
    #expect(targetFault((0..<300).map { "name \($0 % 100)" }) == nil)
    // a few rows may all differ
    #expect(targetFault((0..<10).map { "name \($0)" }) == nil)
  }

  // MARK: Words and headers

  @Test(arguments: ["ordinal,embedding", "number,category", "fill=mean,fill=median", "log,no-log", "flag,no-flag"])
  func wordsThatContradictEachOther(words: String) {
    #expect { try ColumnOptions(words: words, column: "c") } throws: { "\($0)".contains("contradicts") }
  }

  @Test func tablesWithoutAHeader() throws {
    let text = Array("1.5,a\n2.5,b\n3.5,a\n".utf8)
    let table = try Table(bytes: text, place: "t.csv", hasHeader: false)
    #expect(table.columns == ["column 1", "column 2"] && table.headerNote == nil)
    var rows: [[String]] = []
    try table.forEachTextRow { rows.append($1) }
    #expect(rows == [["1.5", "a"], ["2.5", "b"], ["3.5", "a"]])
    let wrong = try Table(bytes: Array("1.5,2.5,a\n3.5,4.5,b\n".utf8), place: "t.csv")
    #expect(wrong.headerNote?.contains("--no-header") == true)
    #expect(try Table(bytes: Array("x,z,y\n1,2,a\n".utf8), place: "t.csv").headerNote == nil)
  }
}
