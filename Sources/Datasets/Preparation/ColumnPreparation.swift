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
    /// The path of a picture.
    case picture(PicturePreparation)
    /// The path of a recording.
    case sound(RecordingPreparation)
  }

  /// How many numbers of a sample it makes.
  public var width: Int { shape.reduce(1, *) }

  /// In which shape they belong together: of a picture [channels, height, width], of a recording what
  /// ``SoundPreparation`` says, of anything else [width].
  public var shape: [Int] {
    switch inputs {
    case .number(let number): [number.width]
    case .category(let category): [category.width]
    case .date(let date): [date.width]
    case .text(let text): [text.length]
    case .picture(let picture): picture.shape
    case .sound(let sound): sound.shape
    }
  }

  /// How columns are put into groups in a sample.
  enum Group: CaseIterable {
    case quantities, codes, texts, files
  }

  var group: Group {
    switch inputs {
    case .number, .date: .quantities
    case .category: codeCounts.isEmpty ? .quantities : .codes
    case .text: .texts
    case .picture, .sound: .files
    }
  }

  /// The names of those numbers.
  public var featureNames: [String] {
    switch inputs {
    case .number(let number): number.names(name)
    case .category(let category): category.names(name)
    case .date(let date): date.names(name)
    case .text(let text): text.names(name)
    case .picture, .sound: (0..<width).map { "\(name)[\($0)]" }
    }
  }

  /// How many different values each of its codes for an embedding has; empty where its numbers are no codes.
  public var codeCounts: [Int] { if case .category(let category) = inputs { category.codeCounts } else { [] } }

  /// What a network has to read in order, for a column of text.
  public var text: TextPreparation? { if case .text(let text) = inputs { text } else { nil } }

  var fault: String? {
    switch inputs {
    case .number(let number): number.fault
    case .category(let category): category.fault
    case .date(let date): date.fault
    case .text(let text): text.fault
    case .picture(let picture): picture.fault
    case .sound(let sound): sound.fault
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
    case .category(let category): return category.summary
    case .date(let date): return date.summary
    case .text(let text):
      let pieces =
        switch text.vocabulary.method {
        case .characters: "characters"
        case .words: "words"
        case .bytePairs: "byte pairs"
        }
      return "\(text.length) \(pieces), of \(text.vocabulary.count) different"
        + (text.vocabulary.lowercases ? "" : ", as they are written")
    case .picture(let picture): return picture.summary
    case .sound(let sound): return sound.summary
    }
  }
}

/// Gathers what a column's preparation needs, over the training part.
protocol ColumnFitter: AnyObject {
  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError)
  /// The preparation, and a reason where something out of the ordinary was chosen.
  func finish() throws(DataError) -> (inputs: ColumnPreparation.Inputs, reason: String?)
}

extension ColumnSummary {
  /// What fits the preparation of such a column; nil where it is left out.
  ///
  /// - Parameters:
  ///   - meanLength: the bytes of a value on the mean.
  ///   - table: the table that the column belongs to.
  func fitter(_ options: ColumnOptions, meanLength: Double, _ table: Table) -> (any ColumnFitter)? {
    switch inputKind {
    case .number: NumberFitter(options)
    case .category: CategoryFitter(options)
    case .date: DateFitter(options, dateOrders)
    case .text: TextFitter(options, meanLength: meanLength)
    case .picture: PictureFitter(table)
    case .sound: RecordingFitter(options, table)
    case nil: nil
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
  func dateOrMissing(
    _ row: borrowing TableRow, _ column: Int, _ order: DateOrder?
  ) throws(DataError) -> (seconds: Double, isTimeOnly: Bool)? {
    guard !isMissing, !isMarker else { return nil }
    guard let date = WrittenDate(content) else {
      throw row.invalid(
        column,
        "\(shown) is no date or time, such as 2026-11-21 or 2026-11-21T14:05 (ISO 8601), 21.11.2026, "
          + "11/21/2026 or Nov 21 2026; correct it")
    }
    if let seconds = date.seconds(order) { return (seconds, date.isTimeOnly) }
    let reason =
      switch order {
      case .monthFirst: "the column has the month first"
      case .dayFirst: "the column has the day first"
      case nil: "the column does not tell which of both is the month"
      }
    throw row.invalid(column, "\(shown) can't be read as a date: \(reason); write it as 2026-11-21")
  }
}
