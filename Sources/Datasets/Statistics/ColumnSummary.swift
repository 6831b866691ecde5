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
  /// What a few odd values keep the column from being, as a clause; nil where nothing stands out.
  public internal(set) var hint: String?
  /// In which order its dates have day and month.
  var dateOrders = DateOrders()

  /// What the values of a column are.
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// Numbers with a size.
    case number
    /// Two different values, or one where others are missing.
    case binary
    /// Texts that occur twice on average or more often, of which at most 1,000 differ, or more, if they occur ten times on
    /// average; whole numbers that occur twice on average in a column called `id`.
    case category
    /// Other texts.
    case text
    /// Dates, with or without a time, or times of day: ISO 8601, `2010/1/31`, `31.1.2010`, `1/31/2010`, `Jan 31 2010`.
    case dateTime = "date/time"
    /// Paths or names of pictures: PNG and JPEG.
    case picture
    /// Paths or names of recordings: WAVE.
    case sound
    /// A name for each row: whole numbers one after the other, whole numbers that all differ in a column called `id`, or
    /// texts without blanks that all differ. Ten rows or more.
    case identifier
    /// One value in all rows.
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

  /// Whether its values are numbers.
  var holdsNumbers: Bool { if case .numbers? = range { true } else { false } }
}

extension ColumnSummary {
  init(
    _ facts: ColumnFacts, kind: Kind, range: Range? = nil, numbers: NumberSummary? = nil, commonest: [ValueCount]
  ) {
    self.init(
      name: facts.name, kind: kind, count: facts.rows, missing: facts.rows - facts.present, distinct: facts.distinct,
      range: range, numbers: numbers, commonest: commonest)
  }
}

extension ValueCounts<Double> {
  /// The commonest numbers, whole ones without a point.
  func commonestNumbers(areWhole: Bool) -> [ColumnSummary.ValueCount] {
    commonest(ColumnSummary.mostCommonest) { areWhole && abs($0) < 1e15 ? "\(Int($0))" : "\($0)" }
  }
}
