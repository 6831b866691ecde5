import DescentFormats
import Testing

@testable import DescentDatasets

/// Folds and parts by what the split says.
@Suite struct FoldTests {
  private func survey(_ moments: [String], _ method: RowSplit.Method, target: String = "y") throws -> TableSurvey {
    let rows = moments.enumerated().map { "\($1),\($0 * 7 % 13).25,\($0 % 2),\($0 % 3 == 0 ? "train" : "test")\n" }
    var options = TableOptions()
    options.split = RowSplit(method: method, validationShare: 0.25)
    let table = try Table(bytes: Array("t,x,y,part\n\(rows.joined())".utf8), place: "t.csv")
    return try TableSurvey(table, target: target, options: options)
  }

  @Test func foldsByTimeGoForward() throws {
    // the latest row comes first
    let folds = try survey((0..<24).map { "\(23 - $0)" }, .time(column: "t")).folds(3)
    func rows(_ moments: Range<Int>) -> [Int32] { moments.map { Int32(23 - $0) }.sorted() }
    #expect(
      folds == [
        RowSplit.Parts(training: rows(0..<4), validation: rows(4..<6), test: rows(6..<12)),
        RowSplit.Parts(training: rows(0..<9), validation: rows(9..<12), test: rows(12..<18)),
        RowSplit.Parts(training: rows(0..<13), validation: rows(13..<18), test: rows(18..<24)),
      ])
  }

  @Test func rowsOfOneMomentStayTogether() throws {
    let days = (0..<30).map { "2026-01-0\($0 / 6 + 1)" }
    let survey = try survey(days, .time(column: "t"))
    for fold in try survey.folds(3) {
      let parts = [fold.training, fold.validation, fold.test].map { Set($0.map { $0 / 6 }) }
      #expect(parts[0].isDisjoint(with: parts[2]) && parts[1].isDisjoint(with: parts[2]))
      #expect((parts[0].max() ?? 0) < (parts[2].min() ?? 0))
    }
    let error = #expect(throws: DataError.self) { try survey.folds(6) }
    #expect(error?.message.contains("too few different moments") == true)
    #expect(throws: DataError.self) { try survey.folds(31) }
  }

  /// The boundary between moments that is nearest, and no part without a row where another boundary gives it some.
  @Test(arguments: [(3, [1, 1, 1]), (4, [2, 1, 1]), (5, [3, 1, 1]), (2, [1, 0, 1])])
  func partsOfFewMoments(count: Int, moments: [Int]) throws {
    let years = (0..<60).map { "\(2007 + $0 * count / 60)" }
    let parts = try survey(years, .time(column: "t")).parts()
    let found = [parts.training, parts.validation, parts.test].map { Set($0.map { years[Int($0)] }).count }
    #expect(found == moments)
    #expect(parts.test.allSatisfy { years[Int($0)] == years[59] })
  }

  @Test func oneMomentIsNoTime() throws {
    let error = #expect(throws: DataError.self) {
      try survey(Array(repeating: "2007", count: 20), .time(column: "t")).parts()
    }
    #expect(error?.message.contains("all rows have one moment") == true)
  }

  @Test func namedPartsWithoutOneThatWatches() throws {
    let parts = try survey((0..<24).map { "\($0)" }, .column("part")).parts()
    #expect(parts.test == (0..<24).filter { $0 % 3 != 0 })
    #expect(parts.training.count == 6 && parts.validation.count == 2)
    #expect((parts.training + parts.validation).allSatisfy { $0 % 3 == 0 })
  }

  @Test func foldsOfNamedPartsAreRefused() throws {
    let survey = try survey((0..<24).map { "\($0)" }, .column("part"))
    let error = #expect(throws: DatasetNameError.self) { try survey.folds(3) }
    #expect("\(error.map { "\($0)" } ?? "")".contains("'part'"))
  }

  @Test func quantitiesHaveNoStrata() throws {
    let moments = (0..<24).map { "\($0)" }
    let error = #expect(throws: DatasetNameError.self) { try survey(moments, .stratified, target: "x") }
    #expect("\(error.map { "\($0)" } ?? "")".contains("--split stratified"))
    #expect(try survey(moments, .random, target: "x").parts().test.count == 5)
    #expect(try survey(moments, .stratified).parts().test.count == 4)
  }
}
