import ArgumentParser
import Descent

extension ArgumentHelp {
  /// Help for an option of a number.
  static func number(_ text: String) -> ArgumentHelp { ArgumentHelp(text, valueName: "x") }
  /// Help for an option of a whole number.
  static func count(_ text: String) -> ArgumentHelp { ArgumentHelp(text, valueName: "n") }
  /// Help for an option of a path.
  static func path(_ text: String) -> ArgumentHelp { ArgumentHelp(text, valueName: "path") }
  /// Help for an option of a name.
  static func name(_ text: String) -> ArgumentHelp { ArgumentHelp(text, valueName: "name") }
}

/// Units of hidden layers: `64,32`, or `none`.
struct LayerSizes: ExpressibleByArgument, CustomStringConvertible {
  let sizes: [Int]

  init(_ sizes: [Int]) { self.sizes = sizes }

  init?(argument: String) {
    if argument == "none" {
      sizes = []
      return
    }
    var sizes: [Int] = []
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      guard let size = Int(part) else { return nil }
      sizes.append(size)
    }
    self.sizes = sizes
  }

  var description: String { sizes.isEmpty ? "none" : sizes.map { "\($0)" }.joined(separator: ",") }
  var defaultValueDescription: String { description }
}

extension Dataset.Split: ExpressibleByArgument {}
extension ClassSampling: ExpressibleByArgument {}
extension Dataset.Task: ExpressibleByArgument {}
extension Precision: ExpressibleByArgument {}
extension TextLayers: ExpressibleByArgument {}
extension SoundPreparation.Form: ExpressibleByArgument {}

/// How much of the machine a command uses.
struct MachineOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: .count("Threads to use; all processors where this is left out."))
  var threads: Int?

  @Flag(help: "Give the same bytes with any number of threads.")
  var deterministic = false

  func validate() throws {
    if let threads, threads < 1 || threads > 1024 {
      // the parser passes only its own error on as wrong usage
      throw ValidationError("--threads must be from 1 to 1024, got \(threads)")
    }
  }

  func apply() {
    ExecutionSettings.current = ExecutionSettings(
      threads: threads ?? ExecutionSettings.processorCount, isDeterministic: deterministic)
  }
}

/// A model and the data that it is used on, for `evaluate` and `predict`.
struct ModelOptions: ParsableArguments {
  @Argument(help: "A model file that 'descent train' wrote.")
  var model: String

  @Argument(
    help: """
      A built-in name; a table with the columns that the model was trained on, in any order; NumPy's arrays (.npz; .npy \
      of samples alone); a folder of IDX files, or like the one that the model was trained on; or one picture or recording.
      """)
  var data: String

  @Option(
    help: ArgumentHelp(
      "The part of the data; the test part where there is one, else all.", valueName: "part"))
  var split: Dataset.Split?

  @OptionGroup var text: TextArguments

  /// A model and data as it takes them.
  struct Loaded {
    let model: SavedModel
    let dataset: Dataset
    let data: TrainingData
    /// The rows of the part.
    let rows: [Int32]
    /// The table that they were read from, if they were.
    let table: Table?
    /// The files of the rows, where they were read from pictures or recordings.
    let files: [String]?
  }

  /// What did not fit is said on standard error.
  func load(needsTarget: Bool) throws -> Loaded {
    let encoding = try text.textEncoding()
    guard encoding == nil || !(Catalog.has(data) || FolderSamples.isNamed(by: data) && !DataSource.holdsTexts(data))
    else {
      throw UsageError("--encoding is for tables and texts, and \(data) is none")
    }
    let model = try SavedModel(path: model)
    let (dataset, table, files) = try samples(model, encoding, needsTarget)
    if let note = model.schema.brightnessNote(dataset) { StandardError.say("\(data): \(note)") }
    let split = split ?? (dataset.hasTestPart ? .test : .all)
    let rows = dataset.rows(split)
    guard !rows.isEmpty else {
      throw UsageError("\(data) has no \(split.rawValue) part; use --split all")
    }
    return Loaded(
      model: model, dataset: dataset, data: model.data(dataset), rows: rows, table: table,
      files: files.map { files in rows.map { files[Int($0)] } })
  }

  private func samples(
    _ model: SavedModel, _ encoding: TextEncoding?, _ needsTarget: Bool
  ) throws -> (Dataset, Table?, [String]?) {
    guard let preparation = model.preparation.table else {
      guard !Catalog.has(data), FolderSamples.isNamed(by: data) else {
        let dataset = try Dataset.load(
          data, matching: model.schema, needsTarget: needsTarget, encoding: encoding)
        return (dataset, nil, nil)
      }
      let folder = try FolderSamples(
        data, matching: model.schema, sound: model.preparation.sound, needsTarget: needsTarget)
      for note in folder.notes { StandardError.say("\(data): \(note)") }
      return (folder.dataset, nil, folder.files)
    }
    let table = try table(preparation, target: model.schema.targetName, encoding, needsTarget)
    var notes: [String] = []
    let dataset = try Dataset(
      table, preparedBy: preparation, schema: model.schema, needsTarget: needsTarget, notes: &notes)
    for note in notes { StandardError.say("\(table.place): \(note)") }
    return (dataset, table, nil)
  }

  private func table(
    _ preparation: TablePreparation, target: String, _ encoding: TextEncoding?, _ needsTarget: Bool
  ) throws -> Table {
    let takesTexts = preparation.columns.map(\.name) == [Table.TextFolderColumn.text]
    if takesTexts, !needsTarget, !Catalog.has(data), DataSource.holdsTexts(data) {
      return try Table(texts: data, encoding: encoding, needsClasses: false)
    }
    let known = preparation.columns.count + preparation.leftOut.count + 1
    if !Catalog.has(data), let array = try DataSource.table(ofArray: data, columns: known, target: target) {
      return array
    }
    switch try DataSource.load(data, encoding: encoding, hasHeader: text.hasHeader) {
    case .table(let found), .texts(let found): return found
    default:
      throw DataError.invalid(data, "the model takes tables with the columns that it was trained on, and this is none")
    }
  }
}
