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

/// Runs a network over samples in ``DescentTensors/Mode/inference``, in blocks of ``block`` rows.
///
/// The last block is filled up with its last row, and what that gives is dropped: every row takes the same path through
/// the kernels, so that its output is the same to the last bit alone, in pairs or among thousands.
///
/// Its plans are kept with it: keep it where a network is measured again and again.
public struct Evaluator: Sendable {
  private let network, measured, rowLosses, outputAndLoss: CompiledFunction

  /// Rows that a network takes at a time.
  ///
  /// Enough to be fast, few enough that a single row does not wait: with oneDNN on two cores, dense layers of 784, 128, 64
  /// and 10 gave 515,000 rows a second in blocks of 32 and 578,000 in blocks of 256, two layers of 512 and LeNet as many in
  /// both; a single row took 62 µs in a block of 32 and 440 in one of 256.
  public static let block = 32

  /// Rows whose mean loss is taken at a time.
  private static let batchSize = 256

  /// Scores that are kept to be put in order.
  private static let scoreLimit = 50_000_000

  /// An evaluator for a network and a batch's mean loss.
  ///
  /// - Parameter precision: what products are computed in.
  public init(_ network: any Module, loss: @escaping Trainer.BatchLoss, precision: Precision = .float32) {
    self.network = compile { [network($0[0], in: precision)] }
    measured = compile { arguments in
      let output = Tensor.concatenate(Array(arguments.dropLast()), axis: 0)
      return [output.cast(to: .float32), loss(output, arguments[arguments.count - 1])]
    }
    rowLosses = compile { arguments in
      let losses = (0..<arguments[1].shape[0]).map { row in
        let (output, target) = (
          arguments[0].samples(row..<row + 1, of: arguments[1].shape[0]),
          arguments[1].samples(row..<row + 1, of: arguments[1].shape[0])
        )
        return loss(output, target).cast(to: .float64).reshaped(to: [1])
      }
      return [Tensor.concatenate(losses, axis: 0)]
    }
    outputAndLoss = compile { arguments in
      let output = network(arguments[0], in: precision)
      return [output, loss(output, arguments[1])]
    }
  }

  /// The network's output for rows, row by row.
  ///
  /// - Shapes: [rows, outputs] in row-major order.
  public func outputs(_ data: some SampleSource, rows: [Int32]) -> [Float] {
    batches(rows, of: Self.block).flatMap { output(of: $0, data).cast(to: .float32).scalars(Float.self) }
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
    var measures: Measures?
    for batch in batches(rows, of: Self.batchSize) {
      let (blocks, targets) = (blocks(of: batch, data), data.targets(of: batch))
      let results = Mode.inference { measured(blocks + [targets]) }
      total.add(results[1].number, correct: nil, samples: batch.count)
      let found = RowResults(batch, data, outputs: results[0], probabilities: probabilities)
      var sums =
        measures ?? Measures(of: found, areRanked: rows.count <= Self.scoreLimit / max(found.classCount ?? 1, 1))
      sums.add(found)
      measures = sums
    }
    return Evaluation(samples: rows.count, loss: total.loss, measures)
  }

  /// What the network gives for each row, beside what is true: for reports and ``BootstrapIntervals``.
  ///
  /// It takes 4 bytes a row and class.
  ///
  /// - Parameters:
  ///   - rows: all of them where none are named.
  ///   - probabilities: as of ``evaluate(_:rows:probabilities:)``.
  ///   - losses: whether each row's own loss is computed.
  public func rowResults(
    _ data: some SampleSource, rows: [Int32]? = nil, probabilities: ((Tensor) -> Tensor)? = nil, losses: Bool = true
  ) -> RowResults {
    var results = RowResults()
    for batch in batches(rows ?? data.rows, of: Self.block) {
      let output = output(of: batch, data)
      var found = RowResults(batch, data, outputs: output.cast(to: .float32), probabilities: probabilities)
      if losses {
        found.losses = Mode.inference { rowLosses(output, data.targets(of: batch)) }[0].scalars(Double.self)
      }
      results.append(found)
    }
    return results
  }

  /// The network's output for rows, block by block.
  private func blocks(of rows: ArraySlice<Int32>, _ data: some SampleSource) -> [Tensor] {
    stride(from: rows.startIndex, to: rows.endIndex, by: Self.block).map {
      output(of: rows[$0..<min($0 + Self.block, rows.endIndex)], data)
    }
  }

  /// The network's output for rows that make a block, or a part of one.
  private func output(of rows: ArraySlice<Int32>, _ data: some SampleSource) -> Tensor {
    let output = Mode.inference { network(data.inputs(of: Self.padded(rows))) }[0]
    return rows.count == Self.block ? output : output.samples(0..<rows.count, of: Self.block)
  }

  /// Rows that make a block, or a part of one that is filled up with its last row.
  static func padded(_ rows: ArraySlice<Int32>) -> ArraySlice<Int32> {
    let missing = block - rows.count
    return missing == 0 ? rows : rows + Array(repeating: rows[rows.endIndex - 1], count: missing)
  }
}

/// All that is measured, gathered batch by batch.
private struct Measures {
  var classification: ClassificationMetrics?
  var probabilities: ProbabilityMetrics?
  var ranking: RankingMetrics?
  var regression: RegressionMetrics?

  init(of results: RowResults, areRanked: Bool) {
    guard let classCount = results.classCount else { return }
    classification = ClassificationMetrics(classCount: classCount)
    guard !results.probabilities.isEmpty else { return }
    probabilities = ProbabilityMetrics(classCount: classCount)
    if areRanked, classCount > 1 { ranking = RankingMetrics(classCount: classCount) }
  }

  mutating func add(_ results: RowResults) {
    for (prediction, label) in zip(results.predictions, results.labels) {
      classification?.add(predicted: Int(prediction), label: Int(label))
    }
    if !results.probabilities.isEmpty {
      for (place, label) in results.labels.enumerated() {
        probabilities?.add(probabilities: results.knownProbabilities(of: place), label: Int(label))
        ranking?.add(scores: results.probabilities(of: place), label: Int(label))
      }
    }
    guard !results.truths.isEmpty else { return }
    var errors = regression ?? RegressionMetrics()
    for (predicted, truth) in zip(results.values, results.truths) { errors.add(predicted: predicted, truth: truth) }
    regression = errors
  }
}

extension Evaluation {
  fileprivate init(samples: Int, loss: Double, _ measures: Measures?) {
    self.init(
      samples: samples, loss: loss, classification: measures?.classification, regression: measures?.regression,
      probabilities: measures?.probabilities, ranking: measures?.ranking)
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
  /// The part of a batch's output that is of some of its samples: the first axis has so many places a sample, mostly one.
  fileprivate func samples(_ places: Range<Int>, of count: Int) -> Tensor {
    check(
      rank > 0 && shape[0].isMultiple(of: count),
      "Evaluator: the network's output \(shape) has no row for each of \(count) samples")
    let each = shape[0] / count
    return sliced(axis: 0, places.lowerBound * each..<places.upperBound * each)
  }

  /// The first number of a tensor, read where it lies.
  var number: Double { withElements { $0[real: 0] } }
}
