import ArgumentParser
import Descent

/// `descent evaluate`.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Measures a saved network on data.",
    discussion: """
      Of classes it prints the loss, accuracy, precision, recall and F1; Cohen's kappa and Matthews's correlation; of \
      their probabilities the log loss, perplexity, Brier score, expected calibration error (15 bins) and, of more than \
      five classes, top-5 accuracy; the areas under the ROC curve and under precision over recall. Of two classes, \
      precision, recall, F1 and areas are those of the second; of more, means over the classes. Of quantities it \
      prints RMSE and MAE in the target's own unit, R², MSE, the explained variance, MAPE in percent where no value is 0, \
      and MSLE where none is below 0. --json names them in snake case.

      Beside each figure stands its 95 % interval: the percentiles 2.5 and 97.5 of the figure over 1,000 resamples of \
      the rows, drawn with replacement (fewer, and at least 100, of very many rows).
      """)

  @OptionGroup var options: ModelOptions
  @OptionGroup var machine: MachineOptions

  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    machine.apply()
    let loaded = try options.load(needsTarget: true)
    let model = loaded.model
    let result = model.evaluator.evaluate(
      loaded.data, rows: loaded.rows, probabilities: model.terms.probabilities)
    let rows = model.evaluator.rowResults(
      loaded.data, rows: loaded.rows, probabilities: model.terms.probabilities)
    let intervals = BootstrapIntervals(rows, of: result, seed: model.settings.seed)
    if json {
      print(try jsonLine(EvaluationRecord(result, intervals: intervals)))
    } else {
      print(result.summary(intervals))
      if let note = model.schema.positiveClassNote { print(note) }
      if let learnt = model.learnt, loaded.rows.count == loaded.dataset.count, learnt.isKnown(loaded.dataset) {
        print(
          "the model has learnt \(grouped(Double(learnt.learnt))) of these \(counted(loaded.rows.count, "row")): how it does on "
            + "new ones, the figures do not say")
      }
    }
  }
}
