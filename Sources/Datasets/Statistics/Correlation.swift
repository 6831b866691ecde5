import DescentTensors

/// The linear relation of two quantities, gathered in one pass over their pairs.
///
/// Source: P. Pébay, "Formulas for robust, one-pass parallel computation of covariances and arbitrary-order statistical
/// moments", 2008.
public struct Correlation: Sendable, Equatable {
  /// Σ w, without weights the number of pairs.
  public private(set) var weight = 0.0
  /// The means of both quantities, weighted, over the pairs.
  public private(set) var means = (x: 0.0, y: 0.0)
  private var squaresX = 0.0
  private var squaresY = 0.0
  private var products = 0.0

  /// Of no pairs yet.
  public init() {}

  /// Takes in a pair. All numbers must be finite, and the weight not negative; a weight of 0 adds nothing.
  @inline(__always)
  public mutating func add(_ x: Double, _ y: Double, weight: Double = 1) {
    check(x.isFinite && y.isFinite, "Correlation.add: both values must be finite, got \(x) and \(y)")
    checkWeight(weight, "Correlation.add")
    var single = Correlation()
    (single.weight, single.means) = (weight, (x, y))
    merge(single)
  }

  /// Takes in what was gathered elsewhere, as if all its pairs had been added here.
  @inline(__always)
  public mutating func merge(_ other: Correlation) {
    guard other.weight > 0 else { return }
    let total = weight + other.weight
    let share = other.weight / total
    let product = weight * share
    let (x, y) = (other.means.x - means.x, other.means.y - means.y)
    squaresX += other.squaresX + x * x * product
    squaresY += other.squaresY + y * y * product
    products += other.products + x * y * product
    means.x += x * share
    means.y += y * share
    weight = total
  }

  /// The sample covariance Σ w·(x − mean x)·(y − mean y) / (Σ w − 1), in the product of both units; nil where the
  /// weights are not above 1.
  public var covariance: Double? { weight > 1 ? products / (weight - 1) : nil }

  /// Pearson's r, from −1 to 1. Nil where one of the quantities is constant, or beyond double precision.
  public var coefficient: Double? {
    guard squaresX > 0, squaresY > 0 else { return nil }
    let r = products / squaresX.squareRoot() / squaresY.squareRoot()
    return r.isFinite ? min(max(r, -1), 1) : nil
  }

  /// Whether the same pairs were gathered, in the same order.
  public static func == (left: Correlation, right: Correlation) -> Bool {
    left.weight == right.weight && left.means == right.means && left.squaresX == right.squaresX
      && left.squaresY == right.squaresY && left.products == right.products
  }
}
