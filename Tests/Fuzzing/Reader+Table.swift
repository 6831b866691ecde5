import DescentDatasets
import DescentFormats

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension Reader {
  /// What the fuzzer may ask of a column.
  private static let words = [
    "", "number", "category", "date,parts", "text,words", "text,byte-pairs,length=8", "text,characters",
    "category,hash=4", "category,embedding", "ordinal", "ordinal=a:b,fill=mode", "number,log,fill=median,flag",
    "number,quantile", "number,robust,fill=mode", "number,min-max=-1..1,fill=3", "date,fill=median,flag", "fill=row",
    "leave-out",
  ]

  /// Surveys a table and prepares it. Its first four bytes, counted from the letter 0, choose the target, how rows are
  /// divided, a column, and what is asked of that; a fifth is passed over.
  static func surveyTable(_ bytes: [UInt8]) throws {
    guard bytes.count > 5 else { return }
    let choices = bytes[..<4].map { Int($0 &- 0x30) }
    let table = try Table(bytes: Array(bytes[5...]), place: "a")
    let names = table.columns
    let (target, other) = (names[choices[0] % names.count], names[choices[2] % names.count])
    do {
      var options = TableOptions()
      options.split.method =
        switch choices[1] % 6 {
        case 0: nil
        case 1: .random
        case 2: .stratified
        case 3: .time(column: other)
        case 4: .group(column: other)
        default: .column(other)
        }
      let asked = words[choices[3] % words.count]
      if !asked.isEmpty { options.columns[other] = try ColumnOptions(words: asked, column: other) }
      let survey = try TableSurvey(table, target: target, options: options)
      let prepared = try PreparedTable(survey, survey.parts())
      // what was fitted can be stored, read, and used again
      let stored = try JSONEncoder().encode(prepared.preparation)
      let read = try JSONDecoder().decode(TablePreparation.self, from: stored)
      var notes: [String] = []
      _ = try Dataset(
        table, preparedBy: read, schema: prepared.dataset.schema, needsTarget: false, notes: &notes)
    } catch let error as DatasetNameError {
      throw DataError.invalid("a", error.message)
    }
  }
}
