import DescentDatasets
import DescentNetworks
import DescentTensors

/// How well a network does on samples.
public struct Evaluation: Sendable {
  /// How many samples were measured.
  public let samples: Int
  /// The mean loss over them.
  public let loss: Double
  /// What fits classes; nil for values, and where there are no samples.
  public let classification: ClassificationMetrics?
  /// What fits values; nil for classes, where there are no samples, and where outputs and targets are not as many.
  public let regression: RegressionMetrics?
}

/// Runs a network over samples in batches, in ``DescentTensors/Mode/inference``.
///
/// Its plans are kept with it: keep it where a network is measured again and again.
public struct Evaluator: Sendable {
  private let output: CompiledFunction
  private let outputAndLoss: CompiledFunction

  /// Rows that run at one time.
  private static let batchSize = 256

  /// An evaluator for a network and a batch's mean loss.
  ///
  /// - Parameter precision: what products are computed in.
  public init(_ network: any Module, loss: @escaping Trainer.BatchLoss, precision: Precision = .float32) {
    output = compile { [network($0[0], in: precision).cast(to: .float32)] }
    outputAndLoss = compile { arguments in
      let output = network(arguments[0], in: precision)
      return [output.cast(to: .float32), loss(output, arguments[1])]
    }
  }

  /// The network's output for rows, row by row.
  ///
  /// - Shapes: [rows, outputs] in row-major order.
  public func outputs(_ data: some SampleSource, rows: [Int32]) -> [Float] {
    batches(rows, of: Self.batchSize).flatMap { batch in
      Mode.inference { output(data.inputs(of: batch)) }[0].scalars(Float.self)
    }
  }

  /// The loss of a batch.
  func loss(_ inputs: Tensor, _ targets: Tensor) -> Double {
    Mode.inference { outputAndLoss(inputs, targets) }[1].number
  }

  /// Loss and metrics on rows, on all of them where none are named.
  public func evaluate(_ data: some SampleSource, rows: [Int32]? = nil) -> Evaluation {
    let rows = rows ?? data.rows
    var total = RunningLoss()
    var classes: ClassificationMetrics?
    var values: RegressionMetrics?
    for batch in batches(rows, of: Self.batchSize) {
      let results = Mode.inference { outputAndLoss(data.inputs(of: batch), data.targets(of: batch)) }
      total.add(results[1].number, correct: nil, samples: batch.count)
      let outputs = results[0].scalars(Float.self)
      if let classCount = data.classCount {
        let width = outputs.count / batch.count
        var counts = classes ?? ClassificationMetrics(classCount: max(classCount, width))
        for (place, label) in data.classes(of: batch).enumerated() {
          counts.add(predicted: predictedClass(outputs[place * width..<(place + 1) * width]), label: Int(label))
        }
        classes = counts
      } else {
        let (predictions, truths) = (data.values(fromOutputs: outputs), data.values(of: batch))
        // targets may hold more than what is predicted, for the loss alone
        guard predictions.count == truths.count else { continue }
        var errors = values ?? RegressionMetrics()
        for (predicted, truth) in zip(predictions, truths) { errors.add(predicted: predicted, truth: truth) }
        values = errors
      }
    }
    return Evaluation(samples: rows.count, loss: total.loss, classification: classes, regression: values)
  }
}

/// The class that a row of outputs names: the greatest output, the first of equals; of a single output, which has to be a
/// probability, class 1 where it is above ½.
package func predictedClass(_ outputs: ArraySlice<Float>) -> Int {
  if outputs.count == 1 { return outputs[outputs.startIndex] > 0.5 ? 1 : 0 }
  var best = outputs.startIndex
  for place in outputs.indices where outputs[place] > outputs[best] { best = place }
  return best - outputs.startIndex
}

/// The rows, cut into batches; the last one may be smaller.
func batches(_ rows: [Int32], of size: Int) -> [ArraySlice<Int32>] {
  stride(from: 0, to: rows.count, by: size).map { rows[$0..<min($0 + size, rows.count)] }
}

/// A mean over samples, gathered batch by batch.
struct RunningLoss {
  private(set) var samples = 0
  private var sum = 0.0
  private var correct: Int?

  var loss: Double { samples == 0 ? 0 : sum / Double(samples) }
  var accuracy: Double? { correct.map { Double($0) / Double(max(samples, 1)) } }

  mutating func add(_ loss: Double, correct: Int?, samples count: Int) {
    samples += count
    sum += loss * Double(count)
    if let correct { self.correct = (self.correct ?? 0) + correct }
  }
}

extension Tensor {
  /// The first number of a tensor, read where it lies.
  var number: Double { withElements { $0[real: 0] } }
}
