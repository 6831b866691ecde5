import ArgumentParser
import Descent

/// `descent evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a saved network on data.",
    discussion: """
      Of two classes, precision, recall and F1 are those of the second; of more, means over the classes. RMSE and MAE \
      are in the target's own unit.
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var machine: MachineOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    machine.apply()
    let (model, data, rows) = try options.load(needsTarget: true)
    let result = model.evaluator.evaluate(data, rows: rows)
    if json {
      print(try jsonLine(EvaluationRecord(result)))
    } else {
      print(result.summary)
    }
  }
}
