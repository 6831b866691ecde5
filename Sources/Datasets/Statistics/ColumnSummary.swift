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
  public enum Kind: String, Sendable, Hashable, CaseIterable, Codable {
    /// Numbers with a size.
    case number
    /// Two different values.
    case binary
    /// Texts that occur twice on average or more often, of which at most 1,000 differ; without blanks also more, if they
    /// occur ten times on average.
    case category
    /// Other texts.
    case text
    /// Dates, with or without a time, or times of day, in the forms of ISO 8601.
    case dateTime = "date/time"
    /// Paths or names of pictures: PNG and JPEG.
    case picture
    /// Paths or names of recordings: WAVE.
    case sound
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
}

/// What tells a column's kind.
struct ColumnFacts {
  let name: String
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

  private static let mostCategories = 1000
  /// Texts without blanks that occur so often on the mean are categories, however many there are.
  private static let manyTimes = 10
  private static let fewestIdentified = 10

  /// The kind of a column of numbers.
  var kindOfNumbers: ColumnSummary.Kind {
    switch distinct {
    case .exactly(0): .empty
    case .exactly(1): .constant
    case .exactly(2): .binary
    default: areWhole && present == rows && areNames ? .identifier : .number
    }
  }

  /// Whether whole numbers are names of rows: all differ, and either none is left out between the first and the last, or
  /// the column is called `id`. More than are counted are taken to differ where none is left out.
  private var areNames: Bool {
    guard case .exactly(let different) = distinct else { return isRun }
    return different == present && different >= Self.fewestIdentified && (isRun || isCalledID)
  }

  private var isCalledID: Bool {
    let lower = name.lowercased()
    return lower == "id" || name.hasSuffix("Id") || name.hasSuffix("ID")
      || ["_id", " id", "-id", ".id"].contains { lower.hasSuffix($0) }
  }

  /// The kind of a column of text.
  var kindOfTexts: ColumnSummary.Kind {
    switch distinct {
    case .exactly(0): .empty
    case .exactly(1): .constant
    case .exactly(2): .binary
    case _ where files == .picture: .picture
    case _ where files == .recording: .sound
    case .exactly(let different) where different <= Self.mostCategories && 2 * different <= present: .category
    case .exactly(let different) where !haveBlanks && Self.manyTimes * different <= present: .category
    case .exactly(let different)
    where different == present && present == rows && different >= Self.fewestIdentified && !haveBlanks:
      .identifier
    default: .text
    }
  }
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
    var facts = ColumnFacts(name: name, rows: count, present: numbers.count, distinct: distinct)
    (facts.areWhole, facts.isRun) = (areWhole, numbers.moments.isRun)
    kind = facts.kindOfNumbers
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
    var facts = ColumnFacts(name: name, rows: count, present: present, distinct: distinct)
    facts.haveBlanks = haveBlanks
    facts.files = FileKind(namedByAll: texts.entries.lazy.map(\.key))
    kind = facts.kindOfTexts
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

extension Moments {
  /// Whether whole numbers that all differ are one after the other: as many as fit into the range, with their mean in its
  /// middle.
  var isRun: Bool { maximum - minimum == weight - 1 && abs(mean - (minimum / 2 + maximum / 2)) < 0.01 }
}
