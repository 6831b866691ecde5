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
