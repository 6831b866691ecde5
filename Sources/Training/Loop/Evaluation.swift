import DescentDatasets
import DescentNetworks
import DescentTensors

/// How well a network does on samples.
public struct Evaluation: Sendable {
  /// How many samples were measured.
  public let samples: Int
  /// The mean loss over them.
  public let loss: Double
  /// What fits classes; nil for values.
  public let classification: ClassificationMetrics?
  /// What fits values; nil for classes.
  public let regression: RegressionMetrics?
}

/// Runs a network over samples in batches.
public struct Evaluator: Sendable {
  private let output: CompiledFunction
  private let outputAndLoss: CompiledFunction

  /// Rows that run at one time.
  private static let batchSize = 256

  /// An evaluator for a network and, where losses are wanted, a batch's mean loss.
  public init(_ network: any Module, loss: @escaping Trainer.BatchLoss) {
    output = compile { [network($0[0])] }
    outputAndLoss = compile { arguments in
      let output = network(arguments[0])
      return [output, loss(output, arguments[1])]
    }
  }

  /// The network's output for rows, row by row.
  ///
  /// - Shapes: [rows, outputs] in row-major order.
  public func outputs(_ data: TrainingData, rows: [Int32]) -> [Float] {
    batches(rows, of: Self.batchSize).flatMap { batch in
      Mode.inference { output(data.inputs(of: batch)) }[0].scalars(Float.self)
    }
  }

  /// Loss and metrics on rows.
  public func evaluate(_ data: TrainingData, rows: [Int32]) -> Evaluation {
    var total = RunningLoss()
    var classes = ClassificationMetrics(classCount: data.source.dataset.classNames.count)
    var values = RegressionMetrics()
    for batch in batches(rows, of: Self.batchSize) {
      let results = Mode.inference { outputAndLoss(data.inputs(of: batch), data.targets(of: batch)) }
      total.add(Double(results[1].item(Float.self)), correct: nil, samples: batch.count)
      let outputs = results[0].scalars(Float.self)
      if data.source.dataset.task == .classification {
        let labels = data.labels(of: batch).scalars(Int32.self)
        let width = outputs.count / max(batch.count, 1)
        for (place, label) in labels.enumerated() {
          classes.add(predicted: predictedClass(outputs[place * width..<(place + 1) * width]), label: Int(label))
        }
      } else {
        let predictions = data.source.unscaledValues(outputs)
        let truths = data.source.dataset.values(of: batch)
        for (prediction, truth) in zip(predictions, truths) { values.add(predicted: prediction, truth: truth) }
      }
    }
    let isClasses = data.source.dataset.task == .classification
    return Evaluation(
      samples: rows.count, loss: total.loss, classification: isClasses ? classes : nil,
      regression: isClasses ? nil : values)
  }
}

/// The class that a row of outputs names: the greatest output; of a single output, class 1 where it is above ½.
public func predictedClass(_ outputs: ArraySlice<Float>) -> Int {
  if outputs.count == 1 { return outputs[outputs.startIndex] > 0.5 ? 1 : 0 }
  var best = outputs.startIndex
  for place in outputs.indices where outputs[place] > outputs[best] { best = place }
  return best - outputs.startIndex
}
