import DescentFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How a column of numbers becomes an input: y = (t(x) − offset) · scale, and 1 beside it where x was missing.
///
/// | method | y |
/// |---|---|
/// | standardise | mean 0, standard deviation 1 |
/// | minMax | the smallest to the range's lower end, the largest to its upper |
/// | robust | median 0, interquartile range 1 |
/// | quantile | the share of values below x, scaled to mean 0 and variance 1: √12 · (rank − ½) |
/// | none | as it is |
///
/// t(x) = x, or with the logarithm sign(x) · ln(1 + |x|), which is defined for all numbers. All is fitted on the training
/// part.
public struct NumberPreparation: Sendable, Equatable, Codable {
  /// How numbers are brought to a common scale.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// To mean 0 and standard deviation 1.
    case standardise
    /// To a range, [0, 1] unless told otherwise.
    case minMax = "min-max"
    /// By median and interquartile range, which outliers do not move.
    case robust
    /// By rank among the training part's values.
    case quantile
    /// Not at all.
    case none
  }

  /// How it is scaled.
  public let method: Method
  /// Whether the logarithm is taken first.
  public let takesLogarithm: Bool
  /// What is subtracted.
  public let offset: Double
  /// What the difference is multiplied by.
  public let scale: Double
  /// For quantiles: the values at equal ranks from the smallest to the largest, ascending.
  public let knots: [Double]
  /// What stands in for a missing number, in the column's own unit.
  public let fill: Double
  /// Whether a second input says that the number was missing.
  public let flagsMissing: Bool

  /// How many inputs it makes.
  var width: Int { flagsMissing ? 2 : 1 }

  func names(_ column: String) -> [String] { flagsMissing ? [column, "\(column) missing"] : [column] }

  /// The inputs of a number, of nil where it is missing.
  @inline(__always)
  func encode(_ number: Double?, into out: UnsafeMutablePointer<Float>) {
    out[0] = Float(scaled(number ?? fill))
    if flagsMissing { out[1] = number == nil ? 1 : 0 }
  }

  private func scaled(_ number: Double) -> Double {
    let value = takesLogarithm ? Self.logarithm(number) : number
    guard method == .quantile else { return (value - offset) * scale }
    return 12.0.squareRoot() * (rank(value) - 0.5)
  }

  /// sign(x) · ln(1 + |x|).
  static func logarithm(_ number: Double) -> Double { number < 0 ? -log1p(-number) : log1p(number) }

  /// The share of the training part's values below this one, by linear interpolation between the knots; in the middle of
  /// a stretch of equal ones.
  private func rank(_ value: Double) -> Double {
    guard let first = knots.first, let last = knots.last, first < last else { return 0.5 }
    if value <= first { return 0 }
    if value >= last { return 1 }
    // the first knot that is not below, and the first that is above
    let lower = knots.partitioningIndex { $0 >= value }
    let upper = knots.partitioningIndex { $0 > value }
    let steps = Double(knots.count - 1)
    if lower < upper { return Double(lower + upper - 1) / 2 / steps }
    let (below, above) = (knots[lower - 1], knots[lower])
    return (Double(lower - 1) + (value - below) / (above - below)) / steps
  }

  /// Why these numbers, which may come from anywhere, are no preparation; nil where they are one.
  var fault: String? {
    let numbers = [offset, scale, fill] + knots
    if !numbers.allSatisfy(\.isFinite) { return "a number that is not finite" }
    if method == .quantile, knots.isEmpty || zip(knots, knots.dropFirst()).contains(where: >) {
      return "quantiles that do not ascend"
    }
    return nil
  }
}

extension Array {
  /// The first index whose element and all behind it fulfil the predicate, which must hold from some index on.
  func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if predicate(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

/// Gathers what a ``NumberPreparation`` needs, over the training part.
final class NumberFitter: ColumnFitter {
  private let options: ColumnOptions
  private var plain = Moments()
  private var logarithms = Moments()
  private var quantiles = QuantileSketch()
  private var counts: [Double: Int] = [:]
  private var missing = 0
  private let needsQuantiles: Bool

  /// Steps between the knots of a quantile map.
  private static let quantileSteps = 200
  /// A skewness from which the logarithm is tried.
  private static let skewed = 2.0

  init(_ options: ColumnOptions) {
    self.options = options
    needsQuantiles =
      options.scaling == .robust || options.scaling == .quantile || options.fill == .median
  }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError) {
    guard let number = try field.numberOrMissing(row, column) else {
      missing += 1
      return
    }
    plain.add(number)
    logarithms.add(NumberPreparation.logarithm(number))
    if needsQuantiles { quantiles.add(options.takesLogarithm == true ? NumberPreparation.logarithm(number) : number) }
    if options.fill == .mode { counts[number, default: 0] += 1 }
  }

  func finish() -> (inputs: ColumnPreparation.Inputs, reason: String?) {
    var reason: String?
    var takesLogarithm = options.takesLogarithm ?? false
    let method = options.scaling ?? .standardise
    if options.takesLogarithm == nil, method == .standardise, plain.minimum >= 0,
      let skewness = plain.skewness, let after = logarithms.skewness, skewness > Self.skewed, abs(after) < skewness / 2
    {
      takesLogarithm = true
      reason = "skewed, \(String(rounding: skewness)) and \(String(rounding: after)) of its logarithm"
    }
    let moments = takesLogarithm ? logarithms : plain
    var (offset, scale, knots) = (0.0, 1.0, [Double]())
    if moments.weight > 0 {
      switch method {
      case .none: break
      case .standardise:
        let deviation = (moments.populationVariance ?? 0).squareRoot()
        // a constant may have a rounded mean, and a deviation that is not 0
        (offset, scale) = (moments.mean, moments.minimum < moments.maximum ? usable(deviation) : 1)
      case .minMax:
        let range = options.range ?? 0...1
        scale = usable((moments.maximum - moments.minimum) / (range.upperBound - range.lowerBound))
        offset = moments.minimum - range.lowerBound / scale
      case .robust:
        let (first, third) = (quantiles.quantile(0.25) ?? 0, quantiles.quantile(0.75) ?? 0)
        let deviation = (moments.populationVariance ?? 0).squareRoot()
        (offset, scale) = (quantiles.median ?? 0, usable(third > first ? third - first : deviation))
      case .quantile:
        knots = (0...Self.quantileSteps).map { quantiles.quantile(Double($0) / Double(Self.quantileSteps)) ?? 0 }
      }
    }
    let preparation = NumberPreparation(
      method: method, takesLogarithm: takesLogarithm, offset: offset, scale: scale, knots: knots, fill: fill,
      flagsMissing: options.flagsMissing ?? (missing > 0))
    return (.number(preparation), reason)
  }

  private var fill: Double {
    switch options.fill ?? .mean {
    case .mean: plain.weight > 0 ? plain.mean : 0
    case .median:
      options.takesLogarithm == true
        ? { $0 < 0 ? -expm1(-$0) : expm1($0) }(quantiles.median ?? 0) : quantiles.median ?? 0
    case .mode: counts.max { ($0.value, -$0.key) < ($1.value, -$1.key) }?.key ?? 0
    case .constant(let number): number
    case .leaveOut: plain.weight > 0 ? plain.mean : 0
    }
  }

  private func usable(_ width: Double) -> Double {
    let scale = 1 / width
    return width > 0 && scale.isNormal ? scale : 1
  }
}

extension String {
  /// Two digits behind the point.
  init(rounding number: Double) {
    let hundredths = (number * 100).rounded() / 100
    self = "\(hundredths)"
  }
}
