import Descent

extension TrialResult {
  /// What was tried and what it came to, in a line.
  var line: String {
    let took = "\((seconds * 10).rounded() / 10) s"
    let choices = settings.choices.joined(separator: " ")
    guard loss.isFinite else { return "trial \(trial): diverged in \(took)  \(choices)" }
    return "trial \(trial): validation loss \(rounded(loss))\(score.map { "  \($0.name) \(rounded($0.value))" } ?? "") "
      + "in \(took)  \(choices)"
  }

  /// The share of right classes, or R².
  fileprivate var score: (name: String, value: Double)? { accuracy.map { ("accuracy", $0) } ?? r2.map { ("R²", $0) } }
}

extension TrainingSettings {
  /// What a search draws, under ``choiceNames``.
  fileprivate var choices: [String] {
    [
      layers.map { "\(LayerSizes($0))" } ?? "convolutional", activation ?? "relu", optimizer, "\(learningRate)",
      schedule,
      "\(batchSize)", "\(dropout)", "\(l2)",
    ]
  }

  fileprivate static let choiceNames = [
    "layers", "activation", "optimizer", "rate", "schedule", "batch", "dropout", "l2",
  ]
}

/// All trials, the best first.
struct TrialTable {
  private let results: [TrialResult]

  init(_ ranked: [TrialResult]) { results = ranked }

  var text: String {
    guard let first = results.first else { return "" }
    let choices = TrainingSettings.choiceNames
    let score = first.score?.name ?? (results.lazy.compactMap(\.score).first?.name ?? "accuracy")
    let rows = results.enumerated().map { place, result in
      ["\(place + 1)", "\(result.trial)", "\(result.epochs)"] + result.settings.choices + [
        result.loss.isFinite ? rounded(result.loss) : "diverged", result.score.map { rounded($0.value) } ?? "",
      ]
    }
    let header = ["rank", "trial", "epochs"] + choices + ["validation loss", score]
    let words: Set = ["layers", "activation", "optimizer", "schedule"]
    return alignedTable(header, rows, numbers: Set(header.indices.filter { !words.contains(header[$0]) }))
      .joined(separator: "\n")
  }
}

/// The best network beside the standard one, on rows that no trial has seen.
struct TestTable {
  /// The best trial.
  let trial: Int
  /// Its network's figures.
  let tuned: Evaluation
  /// Those of trial 0; nil where its training diverged.
  let standard: Evaluation?

  var text: String {
    let keys = (tuned.figures.first ?? []).map(\.key)
    let rows = [("tuned (trial \(trial))", Optional(tuned)), ("default (trial 0)", standard)].map { name, evaluation in
      [name]
        + keys.map { key in
          guard let evaluation else { return "diverged" }
          return evaluation.figures.first?.first { $0.key == key }.map { rounded($0.value) } ?? ""
        }
    }
    let names = (tuned.figures.first ?? []).map(\.name)
    return alignedTable(["on \(counted(tuned.samples, "test row"))"] + names, rows, numbers: Set(1..<names.count + 1))
      .joined(separator: "\n")
  }
}
