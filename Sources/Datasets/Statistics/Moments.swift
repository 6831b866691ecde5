import DescentTensors

/// Weight, mean, variance, skewness and range of numbers, gathered in one pass and without the numbers themselves.
///
/// Central sums are kept, not sums of powers, so that a small variance far from zero is not lost. A value of weight 2
/// counts as the value twice; parts that were gathered apart can be merged.
///
/// Source: D. West, "Updating mean and variance estimates", 1979; P. Pébay, "Formulas for robust, one-pass parallel
/// computation of covariances and arbitrary-order statistical moments", 2008.
public struct Moments: Sendable, Equatable {
  /// Σ w, without weights the number of values.
  public private(set) var weight = 0.0
  /// Σ w·x / Σ w, in the values' unit; 0 while there is no value.
  public private(set) var mean = 0.0
  /// The smallest value; +∞ while there is none.
  public private(set) var minimum = Double.infinity
  /// The largest value; −∞ while there is none.
  public private(set) var maximum = -Double.infinity
  /// Σ w·(x − mean)².
  private var squares = 0.0
  /// Σ w·(x − mean)³.
  private var cubes = 0.0

  /// Of no values yet.
  public init() {}

  /// Of these values, each of weight 1.
  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// Takes in a value. Both numbers must be finite, and the weight not negative; a weight of 0 adds nothing.
  public mutating func add(_ value: Double, weight: Double = 1) {
    check(value.isFinite, "Moments.add: the value must be finite, got \(value)")
    checkWeight(weight, "Moments.add")
    guard weight > 0 else { return }
    // what ``merge(_:)`` comes to where the other part is a single value
    let old = self.weight
    let total = old + weight
    let difference = value - mean
    let share = weight / total
    let product = difference * difference * old * share
    cubes += product * difference * (old - weight) / total - 3 * difference * share * squares
    squares += product
    mean = old > 0 ? mean + difference * share : value
    self.weight = total
    minimum = min(minimum, value)
    maximum = max(maximum, value)
  }

  /// Takes in what was gathered elsewhere, as if all its values had been added here.
  @inline(__always)
  public mutating func merge(_ other: Moments) {
    guard other.weight > 0 else { return }
    guard weight > 0 else {
      self = other
      return
    }
    let total = weight + other.weight
    let difference = other.mean - mean
    let share = other.weight / total
    let product = weight * share
    cubes +=
      other.cubes + difference * difference * difference * product * (weight - other.weight) / total
      + 3 * difference * (weight / total * other.squares - share * squares)
    squares += other.squares + difference * difference * product
    mean += difference * share
    weight = total
    minimum = min(minimum, other.minimum)
    maximum = max(maximum, other.maximum)
  }

  /// The sample variance Σ w·(x − mean)² / (Σ w − 1), in the unit's square. Nil where the weights are not above 1, and
  /// where it is beyond double precision.
  public var variance: Double? { weight > 1 ? finite(squares / (weight - 1)) : nil }

  /// The variance of a whole population, Σ w·(x − mean)² / Σ w; nil where there is no value.
  public var populationVariance: Double? { weight > 0 ? finite(squares / weight) : nil }

  /// The sample standard deviation: the root of ``variance``, in the values' unit.
  public var standardDeviation: Double? { variance?.squareRoot() }

  /// How far one tail is longer than the other: m₃ / m₂^1.5 with mₖ = Σ w·(x − mean)ᵏ / Σ w, without a unit. Nil where
  /// all values are equal. (`scipy.stats.skew`, not corrected for small samples.)
  public var skewness: Double? {
    guard let variance = populationVariance, variance > 0 else { return nil }
    return finite(cubes / weight / variance / variance.squareRoot())
  }

  private func finite(_ number: Double) -> Double? { number.isFinite ? number : nil }
}

/// Stops the program at a weight that means nothing.
@inline(__always)
func checkWeight(_ weight: Double, _ operation: String) {
  check(weight >= 0 && weight < .infinity, "\(operation): a weight must be finite and 0 or more, got \(weight)")
}
