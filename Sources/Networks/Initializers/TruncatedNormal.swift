import DescentTensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension Initializer {
  /// Normal, with all numbers within bounds: the same as drawing anew what falls outside. Keras: `TruncatedNormal`;
  /// PyTorch: `trunc_normal_`, whose bounds are numbers too, −2 and 2 where none are given.
  ///
  /// - Parameters:
  ///   - mean: of the whole distribution.
  ///   - standardDeviation: of the whole distribution, greater than 0; that of the numbers is smaller.
  ///   - bounds: mean ± 2 standard deviations where they are left out, as in Keras.
  public static func truncatedNormal(
    mean: Double = 0, standardDeviation: Double = 0.05, within bounds: ClosedRange<Double>? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Initializer {
    check(
      standardDeviation > 0 && standardDeviation.isFinite,
      "Initializer.truncatedNormal: the standard deviation must be above 0, got \(standardDeviation)", file: file,
      line: line)
    let bounds = bounds ?? mean - 2 * standardDeviation...mean + 2 * standardDeviation
    let normal = TruncatedNormal(
      mean: mean, standardDeviation: standardDeviation, from: bounds.lowerBound, to: bounds.upperBound)
    check(
      normal.mass > 0,
      "Initializer.truncatedNormal: no number of mean \(mean) and standard deviation \(standardDeviation) lies in \(bounds)",
      file: file, line: line)
    return Initializer("truncated-normal") { normal.draw($0, type: $1) }
  }
}

/// A normal distribution within bounds.
struct TruncatedNormal: Sendable {
  private let mean, standardDeviation: Double
  private let bounds: ClosedRange<Double>
  /// The bounds in standard deviations from the mean. Where both lie above the mean they are mirrored: numbers far below a
  /// mean have exact probabilities, those far above are 1 to the last digit.
  private let low, high: Double
  private let isMirrored: Bool

  init(mean: Double, standardDeviation: Double, from low: Double, to high: Double) {
    (self.mean, self.standardDeviation) = (mean, standardDeviation)
    bounds = low...high
    let (below, above) = ((low - mean) / standardDeviation, (high - mean) / standardDeviation)
    isMirrored = below > 0
    (self.low, self.high) = isMirrored ? (-above, -below) : (below, above)
  }

  /// The share of the whole distribution that lies within.
  var mass: Double { cumulative(high) - cumulative(low) }

  /// The variance of what lies within: σ²·(1 + (a·φ(a) − b·φ(b)) / Z − ((φ(a) − φ(b)) / Z)²), with a and b the bounds in
  /// standard deviations, and Z the mass between them (Johnson, Kotz and Balakrishnan, "Continuous univariate
  /// distributions", 1994, section 13.10.1).
  var variance: Double {
    let (first, last) = (density(low), density(high))
    let shift = (first - last) / mass
    return standardDeviation * standardDeviation * (1 + (low * first - high * last) / mass - shift * shift)
  }

  /// Numbers drawn from it, times a scale. Each is the quantile of one uniform number, so that as many are drawn as are
  /// needed.
  func draw(_ shape: Shape, scale: Double = 1, type: ElementType) -> Tensor {
    let (start, mass) = (cumulative(low), mass)
    let numbers = Tensor.randomUniform(shape, type: .float64).reals().map { share in
      let place = min(max(quantile(start + share * mass), low), high)
      let number = mean + (isMirrored ? -place : place) * standardDeviation
      // the bounds hold to the last digit
      return scale * min(max(number, bounds.lowerBound), bounds.upperBound)
    }
    return Tensor(numbers, shape: shape).cast(to: type)
  }

  private func density(_ x: Double) -> Double { exp(-x * x / 2) / (2 * Double.pi).squareRoot() }

  private func cumulative(_ x: Double) -> Double { erfc(-x / 2.0.squareRoot()) / 2 }

  /// Where the cumulative probability reaches p, by Newton's method from 0: on each side of it the curve bends one way
  /// only, so that the steps never pass the place that they look for.
  private func quantile(_ p: Double) -> Double {
    var x = 0.0
    for _ in 0..<1000 {
      // p above ½ is met from its other end, whose digits are not lost
      let error = x > 0 ? (1 - p) - cumulative(-x) : cumulative(x) - p
      let step = error / density(x)
      guard step.magnitude > 1e-13 * max(1, x.magnitude), (x - step).isFinite else { break }
      x -= step
    }
    return x
  }
}
