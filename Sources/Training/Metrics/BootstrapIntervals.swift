import DescentDatasets
import DescentTensors

/// How far figures may be off because other rows might have been drawn: percentile intervals of the bootstrap.
///
/// As many rows as there are get drawn with replacement, again and again, and every figure of ``Evaluation/figures`` is
/// taken of each resample; the interval goes from one percentile of these to another, the 2.5th to the 97.5th for 95 %,
/// interpolated between neighbours. Nothing runs through the network again. What a resample does not define, such as an
/// area where it has one class only, is left out of it.
///
/// It speaks of the chance in drawing the rows that were measured, not of that in training the network.
///
/// Source: B. Efron and R. Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.
public struct BootstrapIntervals: Sendable {
  /// A figure and the interval around it.
  public struct Interval: Sendable, Hashable {
    /// The figure of the rows as they are.
    public let figure: Figure
    /// The interval's lower end.
    public let lower: Double
    /// The interval's upper end.
    public let upper: Double
  }

  /// Every figure that has an interval, in the order of ``Evaluation/figures``. The loss is among them only where it is
  /// the mean of the rows' own losses: a loss that weighs rows is not.
  public let intervals: [Interval]
  /// How many resamples were drawn.
  public let resamples: Int
  /// The share of the resamples whose figures lie within an interval.
  public let confidence: Double

  /// Rows times scores a row times resamples, above which fewer resamples are drawn: some seconds of one core.
  private static let workLimit = 400_000_000
  /// The fewest that are drawn all the same, where more were asked for.
  private static let fewest = 100

  /// Intervals of the figures of rows.
  ///
  /// - Parameters:
  ///   - evaluation: the figures of the same rows.
  ///   - resamples: how many are drawn, 1 or more. Fewer are, but 100 at least, where rows · (classes + 3) · resamples is
  ///     above 4·10⁸; ``resamples`` says how many.
  ///   - confidence: from (0, 1).
  ///   - seed: draws the rows. The same results and seed give the same intervals.
  public init(
    _ results: RowResults, of evaluation: Evaluation, resamples: Int = 1000, confidence: Double = 0.95,
    seed: UInt64 = 0,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      resamples > 0 && confidence > 0 && confidence < 1 && evaluation.samples == results.rows.count,
      "BootstrapIntervals: needs a resample, a confidence within (0, 1) and the figures of the same rows, got "
        + "\(resamples), \(confidence) and \(evaluation.samples) of \(results.rows.count) rows", file: file, line: line)
    self.confidence = confidence
    let figures = evaluation.figures.flatMap { $0 }
    guard !results.rows.isEmpty else {
      (intervals, self.resamples) = ([], 0)
      return
    }
    let work = results.rows.count * (results.probabilities.count / results.rows.count + 3)
    self.resamples = min(resamples, max(Self.workLimit / work, Self.fewest))
    let measures = CountedMeasures(results, evaluation)
    var generator = SplitMix64(seed: seed)
    var found: [[Double]] = Array(repeating: [], count: figures.count)
    var counts = [Int32](repeating: 0, count: results.rows.count)
    for _ in 0..<self.resamples {
      for row in counts.indices { counts[row] = 0 }
      for _ in counts.indices { counts[generator.below(counts.count)] += 1 }
      let drawn = measures.figures(counts: counts)
      for (place, figure) in figures.enumerated() {
        if let value = drawn.first(where: { $0.key == figure.key })?.value, !value.isNaN { found[place].append(value) }
      }
    }
    let tail = (1 - confidence) / 2
    intervals = zip(figures, found).compactMap { figure, values in
      guard !values.isEmpty else { return nil }
      let sorted = values.sorted()
      return Interval(figure: figure, lower: quantile(sorted, tail), upper: quantile(sorted, 1 - tail))
    }
  }

  /// The interval of a figure, by its key; nil where it has none.
  public subscript(key: String) -> ClosedRange<Double>? {
    intervals.first { $0.figure.key == key }.map { $0.lower...$0.upper }
  }
}

/// The quantile of sorted numbers, between neighbours in proportion: NumPy's `quantile`.
private func quantile(_ sorted: [Double], _ share: Double) -> Double {
  let place = share * Double(sorted.count - 1)
  let below = Int(place)
  let (lower, upper) = (sorted[below], sorted[min(below + 1, sorted.count - 1)])
  // infinity − infinity is no number
  return lower == upper ? lower : lower + (place - Double(below)) * (upper - lower)
}

/// Measures of rows that count as many each, with all that does not depend on the counts worked out once.
private struct CountedMeasures {
  private let classCount: Int?
  /// The pairs of label and prediction that occur, and the place of each row's among them.
  private var pairs: [(label: Int, prediction: Int)] = []
  private var pairOfRow: [Int] = []
  private var shares: [ProbabilityMetrics.Sample] = []
  private let orders: [ScoreOrder?]?
  private let values: [RegressionMetrics.Sample]
  /// Empty where their mean is not the loss.
  private let losses: [Double]

  init(_ results: RowResults, _ evaluation: Evaluation) {
    classCount = results.classCount
    var places: [[Int32]: Int] = [:]
    for (label, prediction) in zip(results.labels, results.predictions) {
      let place = places[[label, prediction], default: pairs.count]
      if place == pairs.count {
        places[[label, prediction]] = place
        pairs.append((Int(label), Int(prediction)))
      }
      pairOfRow.append(place)
    }
    if let classCount, !results.probabilities.isEmpty {
      let metrics = ProbabilityMetrics(classCount: classCount)
      shares = results.labels.enumerated().map { place, label in
        metrics.sample(probabilities: results.knownProbabilities(of: place), label: Int(label))
      }
    }
    orders = evaluation.ranking?.orders
    values = zip(results.values, results.truths).map { RegressionMetrics.Sample(predicted: $0, truth: $1) }
    let mean = results.losses.reduce(0, +) / Double(max(results.losses.count, 1))
    let isMean = abs(mean - evaluation.loss) <= 1e-4 * abs(evaluation.loss) + 1e-7
    losses = isMean && results.losses.count == results.rows.count ? results.losses : []
  }

  /// Each figure once.
  func figures(counts: [Int32]) -> [Figure] {
    let evaluation = Evaluation(
      samples: counts.count, loss: loss(counts), classification: classification(counts), regression: regression(counts),
      probabilities: probabilities(counts), ranking: nil)
    return evaluation.figures(areas: orders.map { RankingMetrics.areas($0, counts: counts) }).flatMap { $0 }
  }

  /// NaN where it is not the mean of the rows' losses.
  private func loss(_ counts: [Int32]) -> Double {
    losses.isEmpty ? .nan : zip(losses, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(counts.count)
  }

  private func classification(_ counts: [Int32]) -> ClassificationMetrics? {
    guard let classCount else { return nil }
    var totals = [Int](repeating: 0, count: pairs.count)
    for (pair, count) in zip(pairOfRow, counts) { totals[pair] += Int(count) }
    var metrics = ClassificationMetrics(classCount: classCount)
    for (pair, total) in zip(pairs, totals) { metrics.add(predicted: pair.prediction, label: pair.label, times: total) }
    return metrics
  }

  private func probabilities(_ counts: [Int32]) -> ProbabilityMetrics? {
    guard let classCount, !shares.isEmpty else { return nil }
    var metrics = ProbabilityMetrics(classCount: classCount)
    for (sample, count) in zip(shares, counts) where count > 0 { metrics.add(sample, times: Int(count)) }
    return metrics
  }

  private func regression(_ counts: [Int32]) -> RegressionMetrics? {
    guard !values.isEmpty else { return nil }
    var metrics = RegressionMetrics()
    let each = values.count / counts.count
    for (row, count) in counts.enumerated() where count > 0 {
      for place in row * each..<(row + 1) * each { metrics.add(values[place], times: Int(count)) }
    }
    return metrics
  }
}
