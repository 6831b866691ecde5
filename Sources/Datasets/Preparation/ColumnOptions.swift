/// What a user asks for of a column; what is nil is chosen by the data.
public struct ColumnOptions: Sendable, Equatable {
  /// What the column is.
  public var kind: ColumnSummary.Kind?
  /// Whether it is left out.
  public var isLeftOut = false
  /// What stands in for what is missing.
  public var fill: Fill?
  /// Whether an input says that a value was missing.
  public var flagsMissing: Bool?

  /// How numbers are scaled.
  public var scaling: NumberPreparation.Method?
  /// The range of min–max.
  public var range: ClosedRange<Double>?
  /// Whether the logarithm of numbers is taken.
  public var takesLogarithm: Bool?

  /// How categories become numbers.
  public var form: CategoryPreparation.Form?
  /// Buckets of hashed categories.
  public var buckets: Int?
  /// The values of ordinal categories from the first to the last; nil for those of the training part in their own order.
  public var order: [String]?

  /// Whether year, month, day and so on of dates are inputs, beside the moment and its cycles.
  public var takesDateParts = false

  /// What texts are cut into.
  public var pieces: Vocabulary.Method?
  /// How many pieces of a text are looked at.
  public var length: Int?
  /// How many different numbers the pieces of texts have at most; nil for ``TextPreparation/standardVocabulary``.
  public var vocabularySize: Int?
  /// Whether capital and small letters of texts are told apart.
  public var keepsCase = false

  /// What is taken of recordings.
  public var sound: SoundPreparation.Form?

  /// What stands in for what is missing.
  public enum Fill: Sendable, Equatable {
    /// The training part's mean, of numbers and dates.
    case mean
    /// Its median, of numbers and dates.
    case median
    /// Its most frequent value, of numbers, dates and categories.
    case mode
    /// This number, date or category, as a table would write it.
    case constant(String)
    /// Nothing: rows where it is missing are not trained on. Where such a row must be predicted, the mean of numbers, zeros
    /// for dates, pictures and recordings, an unknown category, an empty text.
    case leaveOut
  }

  /// Everything is chosen by the data.
  public init() {}

  /// Reads what stands behind the column's name on a command line: `number`, `category,hash=64`,
  /// `number,min-max=-1..1,log,fill=median,flag`, `ordinal=low:medium:high`, `date,parts`, `leave-out`.
  ///
  /// - Throws: ``DatasetNameError`` that lists what there is.
  public init(words: some StringProtocol, column: String) throws(DatasetNameError) {
    for word in words.split(separator: "," as Character, omittingEmptySubsequences: false) {
      let parts = String(word).split(separator: "=" as Character, maxSplits: 1, omittingEmptySubsequences: false).map {
        String($0)
      }
      let before = self
      try set(parts[0], parts.count > 1 ? parts[1] : nil, word: String(word), column)
      if replaces(before) {
        throw problem(column, "'\(word)' contradicts a word before it in '\(words)'; leave out one of them")
      }
    }
    if let kind = kind.flatMap({ InputKind($0, holdsNumbers: false) }) { try check(kind, column: column) }
  }

  /// Whether something is said otherwise than before.
  private func replaces(_ before: ColumnOptions) -> Bool {
    func differ<Value: Equatable>(_ part: KeyPath<ColumnOptions, Value?>) -> Bool {
      before[keyPath: part].map { $0 != self[keyPath: part] } ?? false
    }
    return differ(\.kind) || differ(\.fill) || differ(\.flagsMissing) || differ(\.scaling) || differ(\.range)
      || differ(\.takesLogarithm) || differ(\.form) || differ(\.buckets) || differ(\.order) || differ(\.pieces)
      || differ(\.length) || differ(\.vocabularySize) || differ(\.sound)
  }

  private mutating func set(
    _ name: String, _ value: String?, word: String, _ column: String
  ) throws(DatasetNameError) {
    if value == nil, let kind = ColumnSummary.Kind(option: name) {
      self.kind = kind
      return
    }
    if let implied = try setWord(name, value, word, column) { kind = kind ?? implied }
  }

  /// Takes in a word that is no kind.
  ///
  /// - Returns: the kind of column that alone takes it; nil where several do.
  private mutating func setWord(
    _ name: String, _ value: String?, _ word: String, _ column: String
  ) throws(DatasetNameError) -> ColumnSummary.Kind? {
    func number(_ what: String, _ numbers: ClosedRange<Int>, _ text: String) throws(DatasetNameError) -> Int {
      guard let number = Int(text), numbers.contains(number) else {
        throw problem(
          column, "'\(word)': \(what) a whole number from \(numbers.lowerBound) to \(numbers.upperBound)")
      }
      return number
    }
    switch (name, value) {
    case ("leave-out", nil): isLeftOut = true
    case ("flag", nil): flagsMissing = true
    case ("no-flag", nil): flagsMissing = false
    case ("fill", "mean"?): fill = .mean
    case ("fill", "median"?): fill = .median
    case ("fill", "mode"?): fill = .mode
    case ("fill", "row"?): fill = .leaveOut
    case ("fill", let value?) where !value.isEmpty: fill = .constant(value)
    case ("min-max", let value?):
      let ends = value.split(separator: "..", omittingEmptySubsequences: false).compactMap { Double($0) }
      guard ends.count == 2, ends[0] < ends[1], ends.allSatisfy(\.isFinite) else {
        throw problem(column, "'\(word)': a range is written as -1..1")
      }
      (scaling, range) = (.minMax, ends[0]...ends[1])
      return .number
    case ("log", nil), ("no-log", nil):
      takesLogarithm = name == "log"
      return .number
    case ("hash", let value):
      form = .hashing
      buckets = try value.map { value throws(DatasetNameError) in try number("buckets are", 2...1 << 20, value) }
      return .category
    case ("ordinal", let value?):
      let values = value.split(separator: ":" as Character, omittingEmptySubsequences: false).map { String($0) }
      guard values.count > 1, !values.contains(""), Set(values).count == values.count else {
        throw problem(column, "'\(word)': an order is written as low:medium:high, each value once")
      }
      (form, order) = (.ordinal, values)
      return .category
    case ("parts", nil):
      takesDateParts = true
      return .dateTime
    case ("keep-case", nil):
      keepsCase = true
      return .text
    case ("length", let value?):
      length = try number("a length is", 1...TextPreparation.longest, value)
      return .text
    case ("vocabulary", let value?):
      vocabularySize = try number("a vocabulary's size is", TextPreparation.vocabularySizes, value)
      return .text
    default: return try setMethod(name, value, word, column)
    }
    return nil
  }

  /// Takes in a word that is the name of a method.
  private mutating func setMethod(
    _ name: String, _ value: String?, _ word: String, _ column: String
  ) throws(DatasetNameError) -> ColumnSummary.Kind {
    if value == nil {
      if let method = NumberPreparation.Method(rawValue: name) {
        scaling = method
        return .number
      }
      if let form = CategoryPreparation.Form(rawValue: name), form != .hashing {
        self.form = form
        return .category
      }
      if let method = Vocabulary.Method(rawValue: name) {
        pieces = method
        return .text
      }
      if let form = SoundPreparation.Form(rawValue: name) {
        sound = form
        return .sound
      }
    }
    throw problem(column, "'\(word)' is not known; \(Self.words)")
  }

  private func problem(_ column: String, _ what: String) -> DatasetNameError {
    DatasetNameError("--column \(column): \(what)")
  }

  /// What may be said, in a sentence.
  public static let words = """
    a column is \(ColumnSummary.Kind.options.joined(separator: ", ")) or leave-out; \
    \(InputKind.allCases.map { "\($0.noun) take \($0.words)" }.joined(separator: "; "))
    """
}

extension ColumnSummary.Kind {
  /// What a user may call a column.
  static let options = ["number", "category", "text", "date", "picture", "sound"]

  init?(option: String) {
    switch option {
    case "number": self = .number
    case "category", "binary": self = .category
    case "text": self = .text
    case "picture": self = .picture
    case "sound": self = .sound
    case "date", "time", "date/time": self = .dateTime
    default: return nil
    }
  }
}
