/// What a second look at numbers gives, once their mean, median, quartiles and range are known.
public struct Deviations: Sendable {
  /// How many values lie below Q₁ − 1.5·(Q₃ − Q₁) or above Q₃ + 1.5·(Q₃ − Q₁): J. Tukey's fences, "Exploratory data
  /// analysis", 1977.
  public private(set) var outliersByQuartiles = 0
  /// How many values are further from the mean than three sample standard deviations.
  public private(set) var outliersBySigma = 0
  /// How many values there are in each of equal parts of the range, at most ``mostBins``. Of whole numbers each part holds
  /// as many, few of them one each; the last part may end beyond the range. Empty where all values are equal.
  public private(set) var histogram: [Int]

  /// The most parts of a histogram.
  public static let mostBins = 24

  private var count = 0
  private var fromMean = 0.0
  private var fromMedian = 0.0
  private let mean: Double
  private let median: Double
  private let fences: ClosedRange<Double>
  private let threeSigma: Double
  private let range: ClosedRange<Double>
  /// Where the last part of the histogram ends.
  private var end: Double

  init(_ moments: Moments, _ quantiles: QuantileSketch) {
    mean = moments.mean
    median = quantiles.median ?? 0
    range = moments.weight > 0 ? moments.minimum...moments.maximum : 0...0
    end = range.upperBound
    let (first, third) = (quantiles.quantile(0.25) ?? 0, quantiles.quantile(0.75) ?? 0)
    let reach = 1.5 * (third - first)
    fences = reach.isFinite ? (first - reach)...(third + reach) : -.infinity ... .infinity
    threeSigma = 3 * (moments.standardDeviation ?? .infinity)
    histogram = range.lowerBound < range.upperBound ? Array(repeating: 0, count: Self.mostBins) : []
  }

  /// Makes the histogram one of whole numbers, as many to each part.
  mutating func takeWholeNumbers() {
    let numbers = range.upperBound - range.lowerBound + 1
    // beyond, doubles skip whole numbers
    guard numbers > 1, numbers < 0x1p53, abs(range.lowerBound) < 0x1p53 else { return }
    let width = (numbers / Double(Self.mostBins)).rounded(.up)
    let parts = (numbers / width).rounded(.up)
    histogram = Array(repeating: 0, count: Int(parts))
    end = range.lowerBound + parts * width
  }

  mutating func add(_ value: Double, count added: Int = 1) {
    count += added
    fromMean += Double(added) * abs(value - mean)
    fromMedian += Double(added) * abs(value - median)
    if !fences.contains(value) { outliersByQuartiles += added }
    if abs(value - mean) > threeSigma { outliersBySigma += added }
    guard !histogram.isEmpty else { return }
    // halves, because the whole range may overflow
    let part = (value / 2 - range.lowerBound / 2) / (end / 2 - range.lowerBound / 2)
    histogram[min(max(Int(part * Double(histogram.count)), 0), histogram.count - 1)] += added
  }

  /// Σ |x − mean| / n, in the values' unit; nil where there is no value.
  public var meanAbsoluteFromMean: Double? { count > 0 ? fromMean / Double(count) : nil }

  /// Σ |x − median| / n, in the values' unit; nil where there is no value.
  public var meanAbsoluteFromMedian: Double? { count > 0 ? fromMedian / Double(count) : nil }
}
