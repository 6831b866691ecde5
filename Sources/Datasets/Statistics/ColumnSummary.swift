/// What a column holds, as its values show.
public struct ColumnSummary: Sendable {
  /// The column's name.
  public let name: String
  /// What its values are.
  public let kind: Kind
  /// How many values it could hold: the rows.
  public let count: Int
  /// How many of them are not there.
  public let missing: Int
  /// How many different values there are. Numbers are compared as numbers: `1` and `1.0` are one.
  public let distinct: DistinctCount
  /// The first and last value of numbers, or of dates and times, as text; nil for what has no order.
  public let range: Range?
  /// The numbers' statistics; nil where there is text, and of nothing.
  public let numbers: NumberSummary?
  /// What occurs most often, the most frequent first, at most ten; empty where more values differ than are counted.
  public let commonest: [ValueCount]

  /// What the values of a column are.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Numbers with a size.
    case number
    /// Two different values.
    case binary
    /// Texts that occur twice on average or more often, of which at most 1,000 differ.
    case category
    /// Other texts.
    case text
    /// Dates, with or without a time, or times of day, in the forms of ISO 8601.
    case dateTime = "date/time"
    /// A name for each row: whole numbers one after the other, whole numbers that all differ in a column called `id`, or
    /// texts without blanks that all differ. Ten rows or more.
    case identifier
    /// One value in all rows that have any.
    case constant
    /// No value at all.
    case empty
  }

  /// From where to where the values go.
  public enum Range: Sendable, Hashable {
    /// The smallest and the largest number.
    case numbers(ClosedRange<Double>)
    /// The earliest and the latest, as they are written.
    case dates(first: String, last: String)
  }

  /// A value and how often it occurs.
  public struct ValueCount: Sendable, Hashable {
    /// The value, as it is written.
    public let value: String
    /// How often.
    public let count: Int
  }

  static let mostCommonest = 10
  static let mostCategories = 1000
  static let fewestIdentified = 10
}

extension ColumnSummary {
  /// A column of numbers.
  init(_ name: String, count: Int, numbers: NumberSummary, values: ValueCounts<Double>, areWhole: Bool) {
    self.name = name
    self.count = count
    missing = count - numbers.count
    distinct = numbers.count == 0 ? .exactly(0) : values.distinct
    range = numbers.count == 0 ? nil : .numbers(numbers.moments.minimum...numbers.moments.maximum)
    self.numbers = numbers
    commonest = values.commonest(Self.mostCommonest) {
      areWhole && abs($0) < 1e15 ? "\(Int($0))" : "\($0)"
    }
    kind =
      switch distinct {
      case .exactly(0): .empty
      case .exactly(1): .constant
      case .exactly(2): .binary
      default:
        areWhole && missing == 0 && Self.areNames(name, numbers, distinct) ? .identifier : .number
      }
  }

  /// Whether whole numbers are names of rows: all differ, and either none is left out between the first and the last, or
  /// the column is called `id`. More than are counted are taken to differ where the mean is in the middle, too.
  private static func areNames(_ name: String, _ numbers: NumberSummary, _ distinct: DistinctCount) -> Bool {
    let isRun = numbers.range == Double(numbers.count - 1)
    switch distinct {
    case .exactly(let different):
      return different == numbers.count && different >= fewestIdentified && (isRun || isCalledID(name))
    case .moreThanLimit:
      let middle = numbers.moments.minimum / 2 + numbers.moments.maximum / 2
      return isRun && abs(numbers.moments.mean - middle) < 0.01
    }
  }

  private static func isCalledID(_ name: String) -> Bool {
    let lower = name.lowercased()
    return lower == "id" || name.hasSuffix("Id") || name.hasSuffix("ID")
      || ["_id", " id", "-id", ".id"].contains { lower.hasSuffix($0) }
  }

  /// A column of text.
  init(_ name: String, count: Int, present: Int, texts: ValueCounts<String>, haveBlanks: Bool) {
    self.name = name
    self.count = count
    missing = count - present
    distinct = texts.distinct
    range = nil
    numbers = nil
    commonest = texts.commonest(Self.mostCommonest) { $0 }
    kind =
      switch texts.distinct {
      case .exactly(0): .empty
      case .exactly(1): .constant
      case .exactly(2): .binary
      case .exactly(let different) where different <= Self.mostCategories && 2 * different <= present: .category
      case .exactly(let different)
      where different == present && missing == 0 && different >= Self.fewestIdentified && !haveBlanks:
        .identifier
      default: .text
      }
  }

  /// A column of dates and times.
  init(_ name: String, count: Int, present: Int, texts: ValueCounts<String>, first: String, last: String) {
    self.name = name
    self.count = count
    missing = count - present
    distinct = texts.distinct
    range = .dates(first: first, last: last)
    numbers = nil
    commonest = texts.commonest(Self.mostCommonest) { $0 }
    kind = texts.distinct == .exactly(1) ? .constant : .dateTime
  }
}
