import ArgumentParser
import Descent

/// `descent predict`.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a saved network's predictions for data as a table.",
    discussion: """
      A row for each sample, in the data's order: the class or the quantity under 'prediction', and with \
      --probabilities a column for each class. A table keeps its own columns before them, and needs no target column; its \
      columns may stand in any order. Columns that the model does not know are kept and not looked at; a column that is \
      missing counts as missing values, and a category that the training data did not have as unknown: what of that \
      occurs is said on standard error.

      Of pictures and recordings, a folder with or without folders of classes, or a single file, the column 'file' comes \
      first, in the order of the files' names. Pictures of another size are resized to the model's.

      With --layer the table holds what one layer of the network gives for each sample instead, a column for each \
      number: an autoencoder's code, or features for another program. 'descent summary MODEL' lists the layers.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var machine: MachineOptions

  @Option(help: .path("Where the predictions are written."))
  var output = "predictions.csv"

  @Flag(help: "Write the probability of every class as well.")
  var probabilities = false

  @Option(help: .name("Write this layer's outputs in place of predictions."))
  var layer: String?

  func run() throws {
    for (path, what) in [(options.model, "model"), (options.data, "data")] where Files.areSame(output, path) {
      throw UsageError("--output \(output) would overwrite the \(what)")
    }
    machine.apply()
    let loaded = try options.load(needsTarget: false)
    let (model, data, rows) = (loaded.model, loaded.data, loaded.rows)
    if probabilities, model.task == .regression {
      throw UsageError("--probabilities: the model predicts the quantity '\(model.schema.targetName)', not classes")
    }
    if let layer { try check(layer, of: model) }
    try Files.checkWritable(output)
    if let layer {
      try Files.write(Array(LayerTable(model, data, rows: rows, layer: layer).csv.utf8), to: output)
    } else {
      try writePredictions(loaded)
    }
    let what = layer == nil ? "prediction" : "row"
    if !Files.isStandardOutput(output) { print("\(counted(rows.count, what)) in \(output)") }
  }

  /// Beside a table's own columns or the files' names, or by themselves.
  private func writePredictions(_ loaded: ModelOptions.Loaded) throws {
    let table = PredictionTable(loaded.model, loaded.data, rows: loaded.rows, withProbabilities: probabilities)
    if let files = loaded.files {
      try table.write(to: output, files: files)
    } else if let source = loaded.table {
      try table.write(to: output, beside: source)
    } else {
      try table.write(to: output)
    }
  }

  private func check(_ layer: String, of model: SavedModel) throws {
    guard !probabilities else {
      throw UsageError("--layer and --probabilities are two different tables; leave out one")
    }
    let names = LayerTable.layerNames(of: model)
    guard names.contains(layer) else {
      throw UsageError("--layer \(layer) is not in the network; its layers are \(names.joined(separator: ", "))")
    }
  }
}
