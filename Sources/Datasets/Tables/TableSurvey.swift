import DescentFormats

/// What a user asks for of a table.
public struct TableOptions: Sendable, Equatable {
  /// Whether the target is classes or values; nil where the data say it.
  public var task: Dataset.Task?
  /// What is asked for of columns, by name.
  public var columns: [String: ColumnOptions] = [:]
  /// How rows are divided.
  public var split = RowSplit()

  /// Everything as the data say.
  public init() {}
}

/// What one walk over a table shows: its columns' kinds, its target, and what its rows are divided by.
public struct TableSurvey: Sendable {
  /// The table.
  public let table: Table
  /// The target column's name.
  public let targetName: String
  /// What was asked for.
  public let options: TableOptions
  /// All columns, from left to right; of the kinds that were asked for.
  public let columns: [ColumnSummary]
  /// How many rows there are.
  public let rowCount: Int
  /// The rows that can be learnt from, ascending: those that have a target and miss nothing that was asked for.
  public let rows: [Int32]
  /// How many rows have no target.
  public let rowsWithoutTarget: Int
  /// The target of all rows.
  let target: Dataset.Target
  let taskReason: String
  private let keys: SplitKeys
  /// Bytes of each column's values on the mean.
  let meanLengths: [Double]

  /// Texts shorter than this on the mean are left out where there is anything else to learn from: names, more often than
  /// not.
  private static let shortText = 20.0

  /// Walks over a table.
  ///
  /// - Throws: ``DataError``: it is no table, has no such target, or its target can't be learnt; ``DatasetNameError``
  ///   where an option names a column that is not there, or asks for what the column or the target does not have.
  public init(_ table: Table, target: String, options: TableOptions = TableOptions()) throws {
    let targetPosition = try table.position(of: target)
    let names = table.columns
    guard names.count > 1 else {
      throw DataError.invalid(
        table.place, "\(quoted(target)) is the only column; there must be at least one more to learn from")
    }
    for name in options.columns.keys.sorted() where !names.contains(name) {
      throw DatasetNameError(
        "--column \(name): there is no column \(quoted(name)); the columns are \(quotedList(names))")
    }
    let splitPosition = try options.split.method?.column.map { name throws(DataError) in try table.position(of: name) }
    let needed = names.indices.filter { options.columns[names[$0]]?.fill == .leaveOut }

    var scans = table.columnScans { options.columns[$0]?.kind }
    var targets = TargetColumn(target, place: table.place)
    var keys = SplitKeys(options.split.method)
    var (rowCount, gaps) = (0, needed.map { Gaps($0) })
    try table.forEachRow { row throws(DataError) in
      try scans.add(row)
      targets.add(row.fields[targetPosition], row, targetPosition)
      if let splitPosition { try keys.add(row.fields[splitPosition], row, splitPosition) }
      for place in gaps.indices { gaps[place].add(row) }
      rowCount += 1
      return true
    }
    guard rowCount > 0 else {
      throw table.hasNoRow
    }
    let reading = try targets.reading(as: options.task)
    (self.table, targetName, self.options, self.rowCount, self.keys) = (table, target, options, rowCount, keys)
    meanLengths = scans.map(\.meanLength)
    var columns = names.indices.map { scans[$0].summary(as: options.columns[names[$0]]?.kind) }
    // what becomes of the target is said elsewhere
    columns[targetPosition].hint = nil
    self.columns = columns
    let incomplete = gaps.reduce(into: Set<Int32>()) { $0.formUnion($1.rows(columns[$1.column].inputKind)) }
    (self.target, taskReason, rowsWithoutTarget) = (reading.target, reading.reason, reading.missing)
    switch reading.target {
    case .classes(let labels, _):
      rows = (0..<Int32(rowCount)).filter { labels[Int($0)] >= 0 && !incomplete.contains($0) }
    case .values(let values):
      rows = (0..<Int32(rowCount)).filter { !values[Int($0)].isNaN && !incomplete.contains($0) }
    }
    guard rows.count > 1 else {
      throw DataError.invalid(table.place, "it has a single sample; at least two are needed to learn from")
    }
    if case .values = reading.target, options.split.method == .stratified {
      throw DatasetNameError(
        "--split stratified is for classes, and \(quoted(target)) is a quantity; take --split random")
    }
    for column in columns where reasonToLeaveOut(column) == nil {
      if let asked = options.columns[column.name] { try column.check(asked) }
    }
  }

  /// Why a column is no input; nil where it is one.
  func reasonToLeaveOut(_ column: ColumnSummary) -> String? {
    if column.name == targetName { return "the target" }
    if options.columns[column.name]?.isLeftOut == true { return "left out, as asked" }
    switch options.split.method {
    case .column(column.name): return "left out: it says which part a row belongs to"
    case .group(column.name): return "left out: its values tell the parts apart"
    default: break
    }
    switch column.kind {
    case .identifier where column.range != nil && !hasOtherInputs: return nil
    case .identifier: return "left out: it only names the rows"
    case .constant: return "left out: it has one value"
    case .empty: return "left out: it has no value"
    case .text where options.columns[column.name]?.kind == nil && !isTextWorthwhile(column):
      return "left out: short free text"
    default: return nil
    }
  }

  private func isTextWorthwhile(_ text: ColumnSummary) -> Bool {
    let place = columns.firstIndex { $0.name == text.name } ?? 0
    return meanLengths[place] >= Self.shortText || !hasOtherInputs
  }

  /// Whether there is a column to learn from that is neither text nor a name of rows.
  private var hasOtherInputs: Bool {
    columns.contains {
      $0.name != targetName && options.columns[$0.name]?.isLeftOut != true
        && [.number, .binary, .category, .dateTime, .picture, .sound].contains($0.kind)
    }
  }

  /// The rows of the three parts, as the options say.
  ///
  /// - Parameter testShare: another share of rows to test on than the options'.
  /// - Throws: ``DataError`` where a part would be left without rows.
  public func parts(testShare: Double? = nil) throws(DataError) -> RowSplit.Parts {
    var split = options.split
    split.testShare = testShare ?? split.testShare
    var strata: [Int32] = []
    switch (target, split.method) {
    case (.classes(let labels, _), nil), (.classes(let labels, _), .stratified), (.classes(let labels, _), .column):
      strata = labels
    default: break
    }
    split.method = split.method ?? (strata.isEmpty ? .random : .stratified)
    var parts: RowSplit.Parts
    switch split.method {
    case .time(let name):
      parts = split.parts(of: rows, after: keys.moments)
      guard !parts.test.isEmpty || rows.contains(where: { keys.moments[Int($0)] != keys.moments[Int(rows[0])] }) else {
        throw .invalid(
          table.place, "all rows have one moment in \(quoted(name)), so that none are the latest; split them otherwise")
      }
    case .group: parts = split.parts(of: rows, keeping: keys.codes)
    case .column:
      parts = keys.named(rows)
      if parts.validation.isEmpty {
        split.testShare = 0
        let learning = split.parts(of: parts.training, strata: strata)
        (parts.training, parts.validation) = (learning.training, learning.validation)
      }
    default: parts = split.parts(of: rows, strata: strata)
    }
    guard !parts.training.isEmpty else {
      if case .column(let name) = split.method {
        throw .invalid(table.place, "no row is left to learn from; \(quoted(name)) must call some of them 'train'")
      }
      throw .invalid(table.place, "no row is left to learn from; use smaller shares for --test and --validation")
    }
    return parts
  }

  /// The rows of folds, each of which tests once while others learn: all others, or where the split is by time those before
  /// it.
  ///
  /// - Throws: ``DataError`` where there are too few rows; ``DatasetNameError`` where a column says what tests.
  public func folds(_ count: Int) throws -> [RowSplit.Parts] { try folds(count, of: rows) }

  /// The rows but those of the test part, divided in so many ways: each fold watches once, while others learn.
  ///
  /// - Throws: as ``folds(_:)``.
  public func divisions(_ count: Int) throws -> [RowSplit.Parts] {
    let parts = try parts()
    return try folds(count, of: (parts.training + parts.validation).sorted()).map { fold in
      RowSplit.Parts(training: (fold.training + fold.validation).sorted(), validation: fold.test, test: [])
    }
  }

  private func folds(_ count: Int, of rows: [Int32]) throws -> [RowSplit.Parts] {
    guard count <= rows.count else {
      throw DataError.invalid(table.place, "\(rows.count) rows can't be cut into \(count) folds")
    }
    switch options.split.method {
    case .column(let name):
      throw DatasetNameError(
        "the column \(quoted(name)) says which rows test, and --folds would cut them otherwise; leave out --folds, or take "
          + "--split random")
    case .time(let name):
      let folds = options.split.folded(count, of: rows, after: keys.moments)
      guard folds.allSatisfy({ !$0.training.isEmpty && !$0.test.isEmpty }) else {
        throw DataError.invalid(
          table.place, "\(quoted(name)) has too few different moments for \(count) folds; take fewer")
      }
      return folds
    default: break
    }
    var strata: [Int32] = []
    if case .classes(let labels, _) = target, options.split.method != .random { strata = labels }
    var isGrouped = false
    if case .group = options.split.method { isGrouped = true }
    return options.split.folded(count, of: rows, strata: strata, keeping: isGrouped ? keys.codes : nil)
  }
}
