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
