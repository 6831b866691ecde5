/// What a user asks for of a column; what is nil is chosen by the data.
public struct ColumnOptions: Sendable, Equatable {
  /// What the column is.
  public var kind: ColumnSummary.Kind?
  /// Whether it is left out.
  public var isLeftOut = false
  /// How numbers are scaled.
  public var scaling: NumberPreparation.Method?
  /// The range of min–max.
  public var range: ClosedRange<Double>?
  /// Whether the logarithm of numbers is taken.
  public var takesLogarithm: Bool?
  /// What stands in for what is missing.
  public var fill: Fill?
  /// Whether an input says that a value was missing.
  public var flagsMissing: Bool?
  /// How categories become numbers.
  public var form: CategoryPreparation.Form?
  /// Buckets of hashed categories.
  public var buckets: Int?

  /// What texts are cut into.
  public var pieces: Vocabulary.Method?
  /// How many pieces of a text are looked at.
  public var length: Int?

  /// What is taken of recordings.
  public var sound: SoundPreparation.Form?

  /// What stands in for what is missing.
  public enum Fill: Sendable, Equatable {
    /// The training part's mean.
    case mean
    /// Its median.
    case median
    /// Its most frequent value.
    case mode
    /// This number.
    case constant(Double)
    /// Nothing: rows where it is missing are not trained on. Where a row must be predicted, the mean.
    case leaveOut
  }

  /// Everything is chosen by the data.
  public init() {}

  /// Reads what stands behind the column's name on a command line: `number`, `category,hash=64`,
  /// `number,min-max=-1..1,log,fill=median,flag`, `leave-out`.
  ///
  /// - Throws: ``DatasetNameError`` that lists what there is.
  public init(words: some StringProtocol, column: String) throws(DatasetNameError) {
    for word in words.split(separator: "," as Character, omittingEmptySubsequences: false) {
      let parts = String(word).split(separator: "=" as Character, maxSplits: 1, omittingEmptySubsequences: false).map {
        String($0)
      }
      try set(parts[0], parts.count > 1 ? parts[1] : nil, word: String(word), column)
    }
  }

  private mutating func set(
    _ name: String, _ value: String?, word: String, _ column: String
  ) throws(DatasetNameError) {
    if value == nil, let kind = ColumnSummary.Kind(option: name) {
      self.kind = kind
      return
    }
    if value == nil, let method = Vocabulary.Method(rawValue: name) {
      (pieces, kind) = (method, kind ?? .text)
      return
    }
    if value == nil, let form = SoundPreparation.Form(rawValue: name) {
      (sound, kind) = (form, kind ?? .sound)
      return
    }
    if let method = NumberPreparation.Method(rawValue: name), value == nil || method == .minMax {
      scaling = method
      kind = kind ?? .number
      guard let value else { return }
      let ends = value.split(separator: "..", omittingEmptySubsequences: false).compactMap { Double($0) }
      guard ends.count == 2, ends[0] < ends[1], ends.allSatisfy(\.isFinite) else {
        throw problem(column, "'\(word)': a range is written as -1..1")
      }
      range = ends[0]...ends[1]
      return
    }
    switch (name, value) {
    case ("leave-out", nil): isLeftOut = true
    case ("log", nil): takesLogarithm = true
    case ("no-log", nil): takesLogarithm = false
    case ("flag", nil): flagsMissing = true
    case ("no-flag", nil): flagsMissing = false
    case ("one-hot", nil): form = .oneHot
    case ("ordinal", nil): form = .ordinal
    case ("embedding", nil): form = .embedding
    case ("hash", let value):
      form = .hashing
      guard let value else { return }
      guard let count = Int(value), (2...1 << 20).contains(count) else {
        throw problem(column, "'\(word)': buckets are a whole number from 2 to \(1 << 20)")
      }
      buckets = count
    case ("length", let value?):
      guard let count = Int(value), (1...TextPreparation.longest).contains(count) else {
        throw problem(column, "'\(word)': a length is a whole number from 1 to \(TextPreparation.longest)")
      }
      length = count
    case ("fill", "mean"?): fill = .mean
    case ("fill", "median"?): fill = .median
    case ("fill", "mode"?): fill = .mode
    case ("fill", "row"?): fill = .leaveOut
    case ("fill", let value?):
      guard let number = Double(value), number.isFinite else {
        throw problem(column, "'\(word)': what is filled in is mean, median, mode, row (leave the row out) or a number")
      }
      fill = .constant(number)
    default: throw problem(column, "'\(word)' is not known; \(Self.words)")
    }
  }

  private func problem(_ column: String, _ what: String) -> DatasetNameError {
    DatasetNameError("--column \(column): \(what)")
  }

  /// What may be said, in a sentence.
  public static let words = """
    a column is \(ColumnSummary.Kind.options.joined(separator: ", ")) or leave-out; numbers take \
    \(NumberPreparation.Method.allCases.map(\.rawValue).joined(separator: ", ")), min-max=-1..1, log, no-log; \
    categories take one-hot, ordinal, embedding, hash=N; text takes characters, words, byte-pairs, length=N; sound takes \
    \(SoundPreparation.Form.allCases.map(\.rawValue).joined(separator: ", ")); any takes \
    fill=mean|median|mode|row|NUMBER, flag, no-flag
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
