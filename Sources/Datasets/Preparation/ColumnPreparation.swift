import DescentFormats

/// How one column of a table becomes inputs of a network.
public struct ColumnPreparation: Sendable, Equatable, Codable {
  /// The column's name.
  public let name: String
  /// What becomes of it.
  public let inputs: Inputs

  /// By what a column becomes.
  public enum Inputs: Sendable, Equatable, Codable {
    /// A scaled number.
    case number(NumberPreparation)
    /// One of known values.
    case category(CategoryPreparation)
    /// A moment.
    case date(DatePreparation)
    /// A text.
    case text(TextPreparation)
  }

  /// How many numbers of a sample it makes.
  public var width: Int {
    switch inputs {
    case .number(let number): number.width
    case .category(let category): category.width
    case .date(let date): date.width
    case .text(let text): text.length
    }
  }

  /// The names of those numbers.
  public var featureNames: [String] {
    switch inputs {
    case .number(let number): number.names(name)
    case .category(let category): category.names(name)
    case .date(let date): date.names(name)
    case .text(let text): text.names(name)
    }
  }

  /// How many different codes it makes for an embedding; nil where its numbers are no codes.
  public var codeCount: Int? { if case .category(let category) = inputs { category.codeCount } else { nil } }

  /// What a network has to read in order, for a column of text.
  public var text: TextPreparation? { if case .text(let text) = inputs { text } else { nil } }

  var fault: String? {
    switch inputs {
    case .number(let number): number.fault
    case .category(let category): category.fault
    case .date(let date): date.fault
    case .text(let text): text.fault
    }
  }

  /// What is done with the column, in a few words.
  public var summary: String {
    switch inputs {
    case .number(let number):
      let way: String =
        switch number.method {
        case .standardise: "standardised"
        case .minMax: "min–max"
        case .robust: "by median and quartiles"
        case .quantile: "by rank"
        case .none: "as it is"
        }
      return (number.takesLogarithm ? "logarithm, \(way)" : way) + (number.flagsMissing ? "; missing flagged" : "")
    case .category(let category):
      switch category.form {
      case .oneHot: return "one-hot, \(category.width) inputs"
      case .ordinal: return "by order, \(category.values.count) steps"
      case .embedding: return "embedding of \(category.values.count) values"
      case .hashing: return "embedding of \(category.buckets) hashes"
      }
    case .date(let date):
      let cycles = date.cycles.map(\.rawValue)
      return (["standardised"] + (cycles.isEmpty ? [] : ["cycle of \(cycles.joined(separator: ", "))"])).joined(
        separator: "; ")
    case .text(let text):
      let pieces =
        switch text.vocabulary.method {
        case .characters: "characters"
        case .words: "words"
        case .bytePairs: "byte pairs"
        }
      return "\(text.length) \(pieces), of \(text.vocabulary.count) different"
    }
  }
}

/// Gathers what a column's preparation needs, over the training part.
protocol ColumnFitter: AnyObject {
  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError)
  /// The preparation, and a reason where something out of the ordinary was chosen.
  func finish() -> (inputs: ColumnPreparation.Inputs, reason: String?)
}

extension ColumnSummary {
  /// What fits the preparation of such a column; nil where it is left out.
  ///
  /// - Parameter meanLength: the bytes of a value on the mean.
  func fitter(_ options: ColumnOptions, meanLength: Double) -> (any ColumnFitter)? {
    if case .numbers? = range, kind == .binary || kind == .identifier { return NumberFitter(options) }
    switch kind {
    case .number: return NumberFitter(options)
    case .category, .binary: return CategoryFitter(options)
    case .dateTime: return DateFitter(options)
    case .text: return TextFitter(options, meanLength: meanLength)
    case .identifier, .constant, .empty: return nil
    }
  }
}

extension TableField {
  /// The number, nil where it is missing or a word that says so.
  func numberOrMissing(_ row: borrowing TableRow, _ column: Int) throws(DataError) -> Double? {
    guard !isMissing else { return nil }
    switch number {
    case .finite(let number): return number
    case .notFinite: return nil
    case .text:
      if isMarker { return nil }
      throw row.invalid(
        column, "\(shown) is no number, and the column is one of numbers; correct it, or take the column as a category")
    }
  }

  /// The moment, nil where it is missing or a word that says so.
  func dateOrMissing(_ row: borrowing TableRow, _ column: Int) throws(DataError) -> ISODate? {
    guard !isMissing, !isMarker else { return nil }
    if let date = ISODate(content) { return date }
    throw row.invalid(
      column, "\(shown) is no date or time of ISO 8601, such as 2026-11-21 or 2026-11-21T14:05; correct it")
  }
}
