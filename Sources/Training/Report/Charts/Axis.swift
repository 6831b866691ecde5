#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Where numbers lie on one side of a drawing, and which of them are written beside it.
struct Axis: Sendable {
  /// A number that is written.
  struct Tick: Sendable, Hashable {
    let value: Double
    let label: String
  }

  /// From the first number on the axis to the last.
  let domain: ClosedRange<Double>
  /// What is written, ascending, all within the domain.
  let ticks: [Tick]
  private let isLogarithmic: Bool

  /// An axis from one nice number to another that covers a range: steps of 1, 2 or 5 times a power of ten.
  ///
  /// - Parameters:
  ///   - count: how many steps there are, about.
  ///   - isTight: whether the axis ends where the numbers end, not at the next nice ones.
  init(covering range: ClosedRange<Double>, steps count: Int = 5, isTight: Bool = false, isWhole: Bool = false) {
    let range = Self.widened(range)
    var step = Self.niceStep((range.upperBound - range.lowerBound) / Double(count))
    if isWhole { step = max(step, 1) }
    let (first, last) = ((range.lowerBound / step).rounded(.down), (range.upperBound / step).rounded(.up))
    let decimals = max(0, Int((-log10(step)).rounded(.up)))
    let isHuge = max(abs(first), abs(last)) * step >= 1e6 || decimals > 4
    let domain = isTight ? range : first * step...max(last * step, first * step + step)
    let slack = step * 1e-9
    self.domain = domain
    isLogarithmic = false
    ticks = stride(from: first, through: last, by: 1).map { $0 * step }.filter {
      $0 >= domain.lowerBound - slack && $0 <= domain.upperBound + slack
    }.map {
      Tick(value: $0, label: isHuge ? NumberText.plain($0, digits: 3) : NumberText.fixed($0, decimals: decimals))
    }
  }

  /// An axis on which equal distances are equal ratios.
  ///
  /// - Parameter range: above 0.
  init(logarithmicCovering range: ClosedRange<Double>) {
    let (low, high) = (log10(range.lowerBound).rounded(.down), log10(range.upperBound).rounded(.up))
    domain = pow(10, low)...pow(10, max(high, low + 1))
    isLogarithmic = true
    let step = max(1, ((high - low) / 5).rounded(.up))
    ticks = stride(from: low, through: max(high, low + 1), by: step).map {
      Tick(value: pow(10, $0), label: NumberText.plain(pow(10, $0)))
    }
  }

  /// Where a number lies: 0 at the start, 1 at the end.
  func place(_ value: Double) -> Double {
    let map = { (value: Double) in isLogarithmic ? log10(max(value, .leastNormalMagnitude)) : value }
    let (low, high) = (map(domain.lowerBound), map(domain.upperBound))
    return min(max((map(value) - low) / (high - low), 0), 1)
  }

  /// A range that has an extent and does not overflow.
  private static func widened(_ range: ClosedRange<Double>) -> ClosedRange<Double> {
    let (low, high) = (max(range.lowerBound, -1e300), min(range.upperBound, 1e300))
    let extent = max(abs(low), abs(high))
    guard high - low <= extent * 1e-9 else { return low...high }
    let half = extent == 0 ? 0.5 : extent * 0.05
    return low - half...high + half
  }

  private static func niceStep(_ rough: Double) -> Double {
    let power = pow(10, log10(rough).rounded(.down))
    return power * ([1, 2, 5].first { rough <= $0 * power * 1.000_001 } ?? 10)
  }
}
