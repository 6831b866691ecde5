import ArgumentParser
import Descent

/// `descent predict`.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a saved network's predictions for data as a table.",
    discussion: """
      A row for each sample, in the data's order: the class or the quantity under 'prediction', and with \
      --probabilities a column for each class. A table needs no target column.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var machine: MachineOptions

  @Option(help: .path("Where the predictions are written."))
  var output = "predictions.csv"

  @Flag(help: "Write the probability of every class as well.")
  var probabilities = false

  func run() throws {
    for (path, what) in [(options.model, "model"), (options.data, "data")] where Files.areSame(output, path) {
      throw UsageError("--output \(output) would overwrite the \(what)")
    }
    machine.apply()
    let (model, data, rows) = try options.load(needsTarget: false)
    if probabilities, model.task == .regression {
      throw UsageError("--probabilities: the model predicts the quantity '\(model.schema.targetName)', not classes")
    }
    try Files.checkWritable(output)
    let table = PredictionTable(model, data, rows: rows, withProbabilities: probabilities)
    try Files.write(Array(table.csv.utf8), to: output)
    if !Files.isStandardOutput(output) { print("\(counted(rows.count, "prediction")) in \(output)") }
  }
}
