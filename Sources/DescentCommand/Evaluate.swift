import ArgumentParser
import Descent

/// `descent evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Measures a saved network on data.")

  @OptionGroup var options: ModelOptions
  @OptionGroup var machine: MachineOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    machine.apply()
    let (model, data, rows) = try options.load(needsTarget: true)
    let result = Evaluator(model.network, loss: model.terms.batchLoss).evaluate(data, rows: rows)
    if json {
      print(try jsonLine(EvaluationRecord(result)))
    } else {
      print(result.summary)
    }
  }
}
