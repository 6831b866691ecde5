import DescentDatasets
import DescentNetworks
import DescentTensors

/// How well a network does on samples.
public struct Evaluation: Sendable {
  /// How many samples were measured.
  public let samples: Int
  /// The mean loss over them, taken over batches by their numbers of samples. With a loss that divides by something else,
  /// such as cross-entropy by the weights of the classes that occur, it is that mean nearly, unless all fit into one batch.
  public let loss: Double
  /// What fits classes; nil for values, and where there are no samples.
  public let classification: ClassificationMetrics?
  /// What fits values; nil for classes, where there are no samples, and where outputs and targets are not as many.
  public let regression: RegressionMetrics?
  /// What fits probabilities of classes; nil where these were not asked for.
  public let probabilities: ProbabilityMetrics?
  /// What fits the order of such probabilities; nil where they were not asked for, and where they would not fit into 200
  /// MB.
  public let ranking: RankingMetrics?
}

/// Runs a network over samples in batches, in ``DescentTensors/Mode/inference``.
///
/// Its plans are kept with it: keep it where a network is measured again and again.
public struct Evaluator: Sendable {
  private let output: CompiledFunction
  private let outputAndLoss: CompiledFunction

  /// Rows that run at one time.
  private static let batchSize = 256

  /// Scores that are kept to be put in order.
  private static let scoreLimit = 50_000_000

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
  ///
  /// - Parameter probabilities: makes probabilities of a batch's outputs, both `[rows, classes]`; with it these are
  ///   measured too. A single output is the probability of class 1, and is not passed to it.
  public func evaluate(
    _ data: some SampleSource, rows: [Int32]? = nil, probabilities: ((Tensor) -> Tensor)? = nil
  ) -> Evaluation {
    let rows = rows ?? data.rows
    var total = RunningLoss()
    var classes: ClassMeasures?
    var values: RegressionMetrics?
    for batch in batches(rows, of: Self.batchSize) {
      let results = Mode.inference { outputAndLoss(data.inputs(of: batch), data.targets(of: batch)) }
      total.add(results[1].number, correct: nil, samples: batch.count)
      let outputs = results[0].scalars(Float.self)
      if let classCount = data.classCount {
        let width = outputs.count / batch.count
        // a single output tells two classes apart, whichever of them these samples are of
        let count = max(classCount, width == 1 ? 2 : width)
        var measures =
          classes
          ?? ClassMeasures(
            classCount: count, areProbable: probabilities != nil,
            areRanked: rows.count <= Self.scoreLimit / max(count, 1))
        let labels = data.classes(of: batch)
        measures.count(outputs, width: width, labels: labels)
        if let probabilities, width > 1 {
          measures.count(
            probabilities: probabilities(results[0].reshaped(to: [batch.count, width])).scalars(Float.self),
            width: width, labels: labels)
        } else if probabilities != nil {
          measures.count(probabilities: outputs.flatMap { [1 - $0, $0] }, width: 2, labels: labels)
        }
        classes = measures
      } else {
        let (predictions, truths) = (data.values(fromOutputs: outputs), data.values(of: batch))
        // targets may hold more than what is predicted, for the loss alone
        guard predictions.count == truths.count else { continue }
        var errors = values ?? RegressionMetrics()
        for (predicted, truth) in zip(predictions, truths) { errors.add(predicted: predicted, truth: truth) }
        values = errors
      }
    }
    return Evaluation(
      samples: rows.count, loss: total.loss, classification: classes?.counts, regression: values,
      probabilities: classes?.probabilities, ranking: classes?.ranking)
  }
}

/// All that is measured of classes.
private struct ClassMeasures {
  private(set) var counts: ClassificationMetrics
  private(set) var probabilities: ProbabilityMetrics?
  private(set) var ranking: RankingMetrics?

  init(classCount: Int, areProbable: Bool, areRanked: Bool) {
    counts = ClassificationMetrics(classCount: classCount)
    guard areProbable else { return }
    probabilities = ProbabilityMetrics(classCount: classCount)
    if areRanked, classCount > 1 { ranking = RankingMetrics(classCount: classCount) }
  }

  mutating func count(_ outputs: [Float], width: Int, labels: [Int32]) {
    for (place, label) in labels.enumerated() {
      counts.add(predicted: predictedClass(outputs[place * width..<(place + 1) * width]), label: Int(label))
    }
  }

  mutating func count(probabilities numbers: [Float], width: Int, labels: [Int32]) {
    for (place, label) in labels.enumerated() {
      let row = numbers[place * width..<(place + 1) * width]
      probabilities?.add(probabilities: row, label: Int(label))
      // a class that the network has no output for is never likely
      let missing = counts.classCount - width
      if missing > 0 {
        ranking?.add(scores: row + Array(repeating: 0, count: missing), label: Int(label))
      } else {
        ranking?.add(scores: row, label: Int(label))
      }
    }
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
