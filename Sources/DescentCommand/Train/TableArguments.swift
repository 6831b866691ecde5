import ArgumentParser
import Descent

/// What is predicted of data, and how a table or a folder is read and divided.
struct TableArguments: ParsableArguments {
  @Option(help: ArgumentHelp("The column to predict, for a table.", valueName: "column"))
  var target: String?

  @Option(help: "Overrides what follows from the target.")
  var task: Dataset.Task?

  @Option(
    help: ArgumentHelp(
      "What a column is and what is done with it, such as price=number,log or zip=category,hash=64; may be given for "
        + "several columns. \(ColumnOptions.words.capitalizedFirst).",
      valueName: "name=words"))
  var column: [String] = []

  @Option(
    help: .name(
      """
      How a table's rows are divided: random, stratified (every class in the same shares), time:COLUMN (the latest rows \
      test), group:COLUMN (rows with the same value stay together), column:COLUMN (which holds train, validation or \
      test; without validation some of train are drawn). (default: stratified for classes, else random)
      """))
  var split: String?

  @Option(
    parsing: .unconditional,
    help: .number("The share of the rows kept to test on, where the data have no test part: 0 or more, below 1."))
  var test = usualTestShare

  static let usualTestShare = 0.2

  @Option(
    help: ArgumentHelp(
      "What is taken of the recordings of a folder: \(SoundPreparation.Form.allCases.map(\.rawValue).joined(separator: ", ")). "
        + "(default: log-mel)",
      valueName: "form"))
  var sound: SoundPreparation.Form?

  @OptionGroup var text: TextArguments

  /// What was asked for of each column.
  func columnOptions() throws -> [String: ColumnOptions] {
    var options: [String: ColumnOptions] = [:]
    for words in column {
      guard let place = words.firstIndex(of: "=") else {
        throw UsageError("--column \(words): write the column's name, '=' and what it is; \(ColumnOptions.words)")
      }
      let name = String(words[..<place])
      guard options[name] == nil else { throw UsageError("--column \(name) is given twice; join the words by commas") }
      options[name] = try ColumnOptions(words: words[words.index(after: place)...], column: name)
    }
    return options
  }
}

/// How the text of data is read.
struct TextArguments: ParsableArguments {
  @Option(
    help: .name(
      "How a table's text is written: \(TextEncoding.known.joined(separator: ", ")). (default: utf-8, or what a byte "
        + "order mark says)"))
  var encoding: String?

  @Flag(
    name: .customLong("no-header"),
    help: "The first line of a table is a row; its columns are then called 'column 1', 'column 2' and so on.")
  var lacksHeader = false

  var hasHeader: Bool { !lacksHeader }

  /// The encoding that was asked for.
  func textEncoding() throws(UsageError) -> TextEncoding? {
    guard let encoding else { return nil }
    do { return try TextEncoding(named: encoding) } catch {
      throw UsageError("--encoding \(encoding): \(error.message)")
    }
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
