/// What tells a column's kind.
struct ColumnFacts {
  let name: String
  /// Whether it stands first and has no name, as where a program wrote its rows' numbers.
  var isUnnamed = false
  /// Rows.
  let rows: Int
  /// Values that are there.
  let present: Int
  let distinct: DistinctCount
  /// Whether all numbers are whole.
  var areWhole = false
  /// Whether no whole number is left out between the first and the last.
  var isRun = false
  /// Whether a text has blanks within.
  var haveBlanks = false
  /// What the files are that all texts name.
  var files: FileKind?
  /// Whether no value came twice among those that are told apart.
  var neverRepeat = false

  /// How many values at most may be odd ones among many of a kind.
  static let oddShare = 0.1

  private static let mostCategories = 1000
  /// Texts that occur so often on the mean are categories, however many there are.
  private static let manyTimes = 10
  private static let fewestIdentified = 10

  /// The kind of a column of numbers.
  var kindOfNumbers: ColumnSummary.Kind {
    switch distinct {
    case .exactly(0): .empty
    case .exactly(1): kindOfOne
    case .exactly(2): .binary
    case .exactly(let different) where areWhole && isCalledID && 2 * different <= present: .category
    default: areWhole && present == rows && areNames ? .identifier : .number
    }
  }

  /// Whether whole numbers are names of rows: all differ, and either none is left out between the first and the last, or
  /// the column is called `id`. More than are counted are taken to differ where none is left out.
  private var areNames: Bool {
    guard case .exactly(let different) = distinct else { return isRun }
    return different == present && different >= Self.fewestIdentified && (isRun || isCalledID)
  }

  /// Where a value is missing, that it is there says something.
  private var kindOfOne: ColumnSummary.Kind { present == rows ? .constant : .binary }

  /// Names of columns that name rows: of people, and of programs that write their rows' numbers.
  private static let namesOfNames = ["id", "rownames", "row.names", "row_names", "index", "unnamed: 0"]

  private var isCalledID: Bool {
    let lower = name.lowercased()
    return isUnnamed || Self.namesOfNames.contains(lower)
      || ["_id", " id", "-id", ".id"].contains { lower.hasSuffix($0) }
      || (["Id", "ID"].contains { name.hasSuffix($0) } && name.dropLast(2).last?.isLowercase == true)
  }

  /// The kind of a column of text.
  var kindOfTexts: ColumnSummary.Kind {
    switch distinct {
    case .exactly(0): .empty
    case .exactly(1): kindOfOne
    case .exactly(2): .binary
    case _ where files == .picture: .picture
    case _ where files == .recording: .sound
    case .exactly(let different) where different <= Self.mostCategories && 2 * different <= present: .category
    case .exactly(let different) where Self.manyTimes * different <= present: .category
    case .exactly(let different)
    where different == present && present == rows && different >= Self.fewestIdentified && !haveBlanks:
      .identifier
    case .moreThan where neverRepeat && present == rows && !haveBlanks: .identifier
    default: .text
    }
  }
}

/// Smallest, largest and mean of numbers, for a walk that has no time for more.
struct RunningRange {
  private(set) var minimum = Double.infinity
  private(set) var maximum = -Double.infinity
  private var sum = 0.0
  private var count = 0.0

  init() {}

  init(_ moments: Moments) {
    (minimum, maximum, sum, count) = (moments.minimum, moments.maximum, moments.mean * moments.weight, moments.weight)
  }

  mutating func add(_ value: Double) {
    minimum = min(minimum, value)
    maximum = max(maximum, value)
    sum += value
    count += 1
  }

  /// Whether whole numbers that all differ are one after the other: as many as fit into the range, with their mean in its
  /// middle.
  var isRun: Bool { maximum - minimum == count - 1 && abs(sum / count - (minimum / 2 + maximum / 2)) < 0.01 }
}
