import DescentTensors

/// What is said about a column of numbers: middle, spread, shape, and values far outside.
///
/// It takes two passes. The first gathers ``moments`` and ``quantiles``; the second, ``deviations``, needs the mean, the
/// median, the quartiles and the range of the first. The sketch alone could only estimate what the second one counts.
public struct NumberSummary: Sendable {
  /// How many values there are.
  public let count: Int
  /// Mean, variance, skewness and range; a value counts as often as it occurs.
  public let moments: Moments
  /// Percentiles: exact while at most ``QuantileSketch/exactLimit`` different values occur.
  public let quantiles: QuantileSketch
  /// Mean absolute deviations, outliers and the histogram.
  public let deviations: Deviations
  /// Σ w·x / Σ w; nil without weights, and where the values have none.
  public let weightedMean: Double?
  /// The value with half of the weight below it; nil without weights, and where the values have none.
  public let weightedMedian: Double?

  /// The summary of these values, which must be finite.
  ///
  /// - Parameters:
  ///   - values: the numbers.
  ///   - weights: a weight for each, finite and 0 or more, for ``weightedMean`` and ``weightedMedian`` alone.
  public init(_ values: [Double], weights: [Double]? = nil) {
    check(
      weights?.count ?? values.count == values.count,
      "NumberSummary: \(values.count) values need as many weights, got \(weights?.count ?? 0)")
    var first = NumberBuilder()
    for (row, value) in values.enumerated() { first.add(value, weight: weights?[row]) }
    var deviations = first.deviations()
    for value in values { deviations.add(value) }
    self.init(first, deviations)
  }

  init(_ first: NumberBuilder, _ deviations: Deviations) {
    count = Int(first.moments.weight)
    moments = first.moments
    quantiles = first.quantiles
    self.deviations = deviations
    weightedMean = first.weightedMoments.weight > 0 ? first.weightedMoments.mean : nil
    weightedMedian = first.weightedQuantiles.median
  }

  /// The third quartile less the first, in the values' unit; nil where there is no value.
  public var interquartileRange: Double? {
    guard let first = quantiles.quantile(0.25), let third = quantiles.quantile(0.75) else { return nil }
    return third - first
  }

  /// The largest value less the smallest; nil where there is no value.
  public var range: Double? { count > 0 ? moments.maximum - moments.minimum : nil }
}

/// The first pass over a column of numbers.
struct NumberBuilder {
  private(set) var moments = Moments()
  private(set) var quantiles = QuantileSketch()
  private(set) var weightedMoments = Moments()
  private(set) var weightedQuantiles = QuantileSketch()

  /// Takes in a value that occurs so often, each time with this weight.
  mutating func add(_ value: Double, count: Int = 1, weight: Double? = nil) {
    moments.add(value, weight: Double(count))
    quantiles.add(value, weight: Double(count))
    guard let weight else { return }
    weightedMoments.add(value, weight: weight * Double(count))
    weightedQuantiles.add(value, weight: weight * Double(count))
  }

  /// The second pass, before its first value.
  mutating func deviations() -> Deviations {
    quantiles.compress()
    weightedQuantiles.compress()
    return Deviations(moments, quantiles)
  }
}
