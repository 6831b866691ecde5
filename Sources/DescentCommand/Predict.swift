import ArgumentParser
import Descent

/// `descent predict`.
struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Writes a saved network's predictions for data, a row for each sample in its order.")

  @OptionGroup var options: ModelOptions
  @OptionGroup var machine: MachineOptions

  @Option(help: "Where the predictions are written.")
  var output = "predictions.csv"

  @Flag(help: "Write the probability of every class as well.")
  var probabilities = false

  func run() throws {
    machine.apply()
    let (model, data, rows) = try options.load(needsTarget: false)
    if probabilities, model.task == .regression {
      throw UsageError("--probabilities: the model predicts the quantity '\(model.schema.targetName)', not classes")
    }
    try Files.checkWritable(output)
    let table = PredictionTable(model, data, rows: rows, withProbabilities: probabilities)
    try Files.write(Array(table.csv.utf8), to: output)
    if Files.isRegularFile(output) { print("\(grouped(Double(rows.count))) predictions in \(output)") }
  }
}
