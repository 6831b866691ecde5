import DescentNetworks
import DescentTensors

/// L-BFGS, Newton's method with the curvature of the last steps in place of second derivatives, and a line search that meets
/// the strong Wolfe conditions (Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989): for
/// losses over all samples at once. PyTorch's `LBFGS(line_search_fn="strong_wolfe")`.
///
///     let minimum = LBFGS().minimize(over: network.parameters) { loss(network(inputs), targets) }
public struct LBFGS: Sendable {
  /// Steps whose curvature is remembered.
  public let historySize: Int
  /// When to end.
  public let stopping: StoppingRule

  /// A minimiser.
  ///
  /// - Parameter historySize: steps whose curvature is remembered, 1 or more.
  public init(
    historySize: Int = 100, stopping: StoppingRule = StoppingRule(), file: StaticString = #fileID, line: UInt = #line
  ) {
    check(historySize > 0, "LBFGS: needs a history of 1 step or more, got \(historySize)", file: file, line: line)
    self.historySize = historySize
    self.stopping = stopping
  }

  /// Moves parameters to where the loss is least, nearby.
  ///
  /// - Parameter loss: computes the loss, a scalar, from the parameters as they are; traced once.
  @discardableResult
  public func minimize(over parameters: [Parameter], loss: @escaping @Sendable () -> Tensor) -> Minimum {
    var curvature = Curvature(capacity: historySize)
    return LineDescent(stopping: stopping, search: LineSearch(c2: 0.9, tolerance: stopping.change))
      .run(parameters, loss, &curvature)
  }
}

/// The inverse of the second derivatives, by what gradients changed over the last steps.
private struct Curvature: SearchDirection {
  private struct Pair {
    let step, change: [Double]
    let inverse: Double
  }

  let capacity: Int
  private var pairs: [Pair] = []
  private var scale = 1.0
  private var isFirst = true

  init(capacity: Int) { self.capacity = capacity }

  mutating func next(_ gradient: [Double]) -> [Double] {
    var way = gradient.map { -$0 }
    var shares: [Double] = []
    for pair in pairs.reversed() {
      let share = pair.inverse * dot(pair.step, way)
      shares.append(share)
      way = sum(way, -share, pair.change)
    }
    way = way.map { $0 * scale }
    for (pair, share) in zip(pairs, shares.reversed()) {
      way = sum(way, share - pair.inverse * dot(pair.change, way), pair.step)
    }
    return way
  }

  func firstStep(slope: Double, gradient: [Double]) -> Double {
    isFirst ? min(1, 1 / gradient.reduce(0) { $0 + $1.magnitude }) : 1
  }

  mutating func moved(
    by step: Double, along way: [Double], slope: Double, from before: [Double], to after: [Double]
  ) {
    isFirst = false
    let pair = (step: way.map { $0 * step }, change: sum(after, -1, before))
    let product = dot(pair.step, pair.change)
    // without curvature there is nothing to learn from the step
    guard product > 1e-10 else { return }
    if pairs.count == capacity { pairs.removeFirst() }
    pairs.append(Pair(step: pair.step, change: pair.change, inverse: 1 / product))
    scale = product / dot(pair.change, pair.change)
  }
}
