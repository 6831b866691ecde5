import DescentNetworks
import DescentTensors

/// Conjugate gradients by Polak and Ribière's formula, which starts anew where it would turn back: d ← −g + β·d,
/// β = max(0, g·(g − g₋) / g₋·g₋) (Polak and Ribière 1969; Nocedal and Wright, "Numerical optimization", 2006, equation 5.45),
/// and a line search that meets the strong Wolfe conditions: for losses over all samples at once.
///
///     let minimum = ConjugateGradient().minimize(over: network.parameters) { loss(network(inputs), targets) }
public struct ConjugateGradient: Sendable {
  /// When to end.
  public let stopping: StoppingRule

  /// A minimiser.
  public init(stopping: StoppingRule = StoppingRule()) { self.stopping = stopping }

  /// Moves parameters to where the loss is least, nearby.
  ///
  /// - Parameter loss: computes the loss, a scalar, from the parameters as they are; traced once.
  @discardableResult
  public func minimize(over parameters: [Parameter], loss: @escaping @Sendable () -> Tensor) -> Minimum {
    var conjugate = Conjugate()
    // a closer search than L-BFGS's, as the next direction is built on it
    return LineDescent(stopping: stopping, search: LineSearch(c2: 0.1, tolerance: stopping.change))
      .run(parameters, loss, &conjugate)
  }
}

/// The direction before, and what it led to.
private struct Conjugate: SearchDirection {
  private var last: (way: [Double], gradient: [Double], step: Double, slope: Double)?

  mutating func next(_ gradient: [Double]) -> [Double] {
    let steepest = gradient.map { -$0 }
    guard let last else { return steepest }
    let beta = max(0, dot(gradient, sum(gradient, -1, last.gradient)) / dot(last.gradient, last.gradient))
    let way = sum(steepest, beta, last.way)
    return dot(way, gradient) < 0 ? way : steepest
  }

  /// As long a step as promises the same change of the loss as the one before (Nocedal and Wright, equation 3.60).
  func firstStep(slope: Double, gradient: [Double]) -> Double {
    guard let last else { return min(1, 1 / gradient.reduce(0) { $0 + $1.magnitude }) }
    return last.step * last.slope / slope
  }

  mutating func moved(
    by step: Double, along way: [Double], slope: Double, from before: [Double], to after: [Double]
  ) { last = (way, before, step, slope) }
}
