/// An element where the gradient by graph and the one by differences are not equal.
public struct GradientMismatch: Sendable, Equatable, CustomStringConvertible {
  /// Which of the inputs, from 0.
  public let input: Int
  /// The element's place on each axis of that input.
  public let place: [Int]
  /// The derivative that the graph gives.
  public let byGraph: Double
  /// The derivative by differences.
  public let byDifference: Double

  /// For example `∂/∂x0[1, 2]: 0.25 by graph, 0.5 by difference`.
  public var description: String { "∂/∂x\(input)\(place): \(byGraph) by graph, \(byDifference) by difference" }
}

/// Compares the gradient that a function's graph gives to central differences, element by element.
///
/// A result with more than one element is first summed with fixed weights that differ from place to place, so that no error
/// cancels another. Differences are taken over five points, whose error falls with the fourth power of the step:
/// (8·(f(x + h) − f(x − h)) − (f(x + 2h) − f(x − 2h))) / 12h (Fornberg, "Generation of finite difference formulas on
/// arbitrarily spaced grids", 1988). The points must lie further than 2h from where the function has an edge.
///
/// A function that takes gradients itself checks second derivatives:
///
///     gradientCheck(of: { x in gradient(of: x[0].tanh().sum(), with: x[0]) }, at: [points])
///
/// - Parameters:
///   - function: the same function at every call: it must not draw new random numbers.
///   - points: float64 tensors, the function's inputs.
///   - step: h, in units of max(1, |x|).
///   - relativeTolerance: the part of the larger of both that they may differ by.
///   - absoluteTolerance: what they may differ by in any case.
/// - Returns: the elements that differ, none where the gradient is right. NaN equals nothing.
public func gradientCheck(
  of function: ([Tensor]) -> Tensor, at points: [Tensor], step: Double = 1e-4, relativeTolerance: Double = 1e-6,
  absoluteTolerance: Double = 1e-9, file: StaticString = #fileID, line: UInt = #line
) -> [GradientMismatch] {
  for point in points {
    check(
      point.type == .float64, "gradientCheck(\(point.signature)): needs float64; use cast(to:)", file: file, line: line)
  }
  // given numbers: what the points were computed from is no part of the check
  let points = points.map { Tensor($0.reals(), shape: $0.shape) }
  let result = function(points)
  check(
    result.type == .float64, "gradientCheck: the function gives \(result.signature), and float64 is needed",
    file: file, line: line)
  let weights = Tensor((0..<result.elementCount).map { 1 + Double($0 * 7 % 11) / 16 }, shape: result.shape)
  let found = gradients(of: result, with: points, resultGradient: weights, file: file, line: line)
  let byGraph = found.map { $0.reals() }

  var mismatches: [GradientMismatch] = []
  for (input, point) in points.enumerated() {
    let numbers = point.reals()
    for element in numbers.indices {
      let width = step * max(1, numbers[element].magnitude)
      func value(_ steps: Double) -> Double {
        var moved = numbers
        moved[element] += steps * width
        var arguments = points
        arguments[input] = Tensor(moved, shape: point.shape)
        return (function(arguments) * weights).sum().item(Double.self)
      }
      let byDifference = (8 * (value(1) - value(-1)) - (value(2) - value(-2))) / (12 * width)
      let graph = byGraph[input][element]
      let allowed = absoluteTolerance + relativeTolerance * max(graph.magnitude, byDifference.magnitude)
      if !((graph - byDifference).magnitude <= allowed) {
        let place = zip(point.shape, point.shape.contiguousStrides).map { element / $1 % $0 }
        mismatches.append(
          GradientMismatch(input: input, place: place, byGraph: graph, byDifference: byDifference))
      }
    }
  }
  return mismatches
}
