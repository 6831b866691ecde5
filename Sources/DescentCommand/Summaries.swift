import Descent

// What the program says about a run, in sentences.

extension TrainingSession {
  /// The data, the task and the network.
  var summary: String {
    get throws {
      let kind: String
      switch dataset.task {
      case .classification: kind = "classification into \(dataset.classNames.count) classes"
      case .regression: kind = "regression of '\(dataset.targetName)'"
      }
      let parts = [
        ("train", split.training.count), ("validate", split.validation.count), ("test", dataset.testRows.count),
      ]
      let rows = parts.filter { $0.1 > 0 }.map { "\(grouped(Double($0.1))) to \($0.0)" }.joined(separator: ", ")
      let network = try model.description.summary(for: dataset.schema)
      let shapes = [network.input] + network.rows.filter { !$0.isInside && $0.parameterCount > 0 }.map(\.outputShape)
      let activation = model.settings.activation.map { ", \($0)" } ?? ""
      return """
        data: \(dataset.name), \(counted(dataset.count, "sample")) of \(counted(dataset.elementCount, "number")): \(rows)
        task: \(kind) (\(dataset.taskReason))
        network: \(shapes.map(crossed).joined(separator: " → "))\(activation), \
        \(grouped(Double(network.parameterCount))) parameters; loss \(model.settings.loss); \
        \(model.settings.optimizer), rate \(model.settings.learningRate), batches of \(model.settings.batchSize)
        """
    }
  }
}

/// A shape as `6×28×28`.
func crossed(_ shape: [Int]) -> String { shape.map { "\($0)" }.joined(separator: "×") }

extension TrainingSession.Result {
  /// How the run ended, and the test part's figures.
  var summary: String {
    ([ending] + (test.map { [$0.labelledSummary("test ")] } ?? [])).filter { !$0.isEmpty }.joined(separator: "\n")
  }

  /// How the run ended.
  var ending: String {
    var lines: [String] = []
    if let reason = history.stopReason { lines.append("ended after epoch \(history.epochs.count): \(reason)") }
    if history.bestEpoch < history.epochs.count { lines.append("weights of epoch \(history.bestEpoch)") }
    return lines.joined(separator: "\n")
  }
}

extension Dataset.Schema {
  /// Whose precision, recall and F1 are printed where there are two classes; nil elsewhere.
  var positiveClassNote: String? {
    guard let names = classNames, names.count == 2 else { return nil }
    return "precision, recall and F1 are those of '\(lineOfText(names[1]))'"
  }
}

extension CrossValidation {
  /// Each figure's mean and standard deviation over the folds, a line a model.
  var summary: String {
    guard let network = models.first else { return "" }
    let shown = network.figures.filter { $0.key != "loss" }.prefix(5)
    let lines = models.map { model in
      let figures = model.figures
      return [model.name]
        + shown.map { figure in
          figures.first { $0.key == figure.key }.map { "\(rounded($0.mean)) ± \(rounded($0.standardDeviation))" } ?? ""
        }
    }
    return alignedTable(["mean of \(count) folds"] + shown.map(\.name), lines, numbers: Set(1..<shown.count + 1))
      .joined(separator: "\n")
  }
}

extension Evaluation {
  /// The accuracy, or minus the RMSE: the greater, the better.
  var merit: Double { classification?.accuracy ?? -(regression?.rmse ?? .infinity) }

  /// The most usual figures on one line.
  var firstLine: String { labelledSummary("") }

  /// All figures, each with its interval.
  func summary(_ intervals: BootstrapIntervals) -> String {
    let rows = figures.flatMap { $0 }.map { figure in
      let ends = intervals[figure.key].map { "\(rounded($0.lowerBound)) … \(rounded($0.upperBound))" }
      return [figure.name, rounded(figure.value), ends ?? ""]
    }
    let head = [counted(samples, "sample"), "", "95 % interval"]
    return alignedTable(head, rows, numbers: [1]).joined(separator: "\n")
  }

  /// The most usual figures.
  fileprivate func labelledSummary(_ label: String) -> String { figures.first.map { line($0, label) } ?? "" }

  private func line(_ figures: [Figure], _ label: String) -> String {
    figures.map { "\(label)\($0.name) \(rounded($0.value))" }.joined(separator: "  ")
  }
}

/// A count with its noun: `1 sample`, `1,797 samples`.
func counted(_ count: Int, _ noun: String) -> String { "\(grouped(Double(count))) \(noun)\(count == 1 ? "" : "s")" }
