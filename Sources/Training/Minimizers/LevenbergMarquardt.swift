import DescentNetworks
import DescentTensors

/// Levenberg and Marquardt's method for least squares: ½·Σr² is lowered by δ that solves (JᵀJ + μ·D²)·δ = −Jᵀr, where J is the
/// Jacobian of the residuals, from the graph, D its greatest column norms so far, and μ falls while the linear model is good
/// (Marquardt, "An algorithm for least-squares estimation of nonlinear parameters", 1963; Moré, "The Levenberg–Marquardt
/// algorithm: implementation and theory", 1978; Nielsen, "Damping parameter in Marquardt's method", 1999).
///
///     let minimum = LevenbergMarquardt().minimize(over: [a, b]) { a.value * (-(b.value * x)).exp() - y }
///
/// The system is solved without forming JᵀJ. It is for up to some hundred parameters: J is a dense matrix.
public struct LevenbergMarquardt: Sendable {
  /// Steps at most, tried ones too.
  public let iterations: Int
  /// The change of the parameters, relative to them and measured by D, at which it ends.
  public let tolerance: Double
  /// μ of the first step.
  public let damping: Double

  /// A minimiser.
  ///
  /// - Parameters:
  ///   - iterations: steps at most, 0 or more.
  ///   - tolerance: the relative change of the parameters at which it ends, 0 or more.
  ///   - damping: μ of the first step, greater than 0.
  public init(
    iterations: Int = 1000, tolerance: Double = 1e-12, damping: Double = 1e-3, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(
      iterations >= 0 && tolerance >= 0 && damping > 0,
      "LevenbergMarquardt: iterations and tolerance must be 0 or more, damping above 0, got "
        + "\(iterations), \(tolerance), \(damping)", file: file, line: line)
    (self.iterations, self.tolerance, self.damping) = (iterations, tolerance, damping)
  }

  /// Moves parameters to where half the sum of the squared residuals is least, nearby.
  ///
  /// - Parameter residuals: computes the residuals, a tensor of any shape, from the parameters as they are; traced twice.
  @discardableResult
  public func minimize(over parameters: [Parameter], residuals: @escaping @Sendable () -> Tensor) -> Minimum {
    let function = compile { _ in [residuals()] }
    let jacobian = compile { _ in Self.jacobian(of: residuals(), parameters) }
    var evaluations = 0
    func values(at point: [Double]) -> [Double] {
      parameters.move(to: point)
      evaluations += 1
      return function()[0].reals()
    }
    func slopes(_ count: Int) -> Matrix {
      let parts = jacobian()
      let width = point.count
      var matrix = Matrix(rows: count, columns: width, numbers: Array(repeating: 0, count: count * width))
      for (index, part) in parts.map({ $0.reals() }).enumerated() {
        for (place, number) in part.enumerated() {
          // a part is a row or a column, whichever there are fewer of
          if count < width { matrix[index, place] = number } else { matrix[place, index] = number }
        }
      }
      return matrix
    }

    var point = parameters.flatMap { $0.value.reals() }
    var rest = values(at: point)
    var matrix = slopes(rest.count)
    var scale = matrix.columnNorms
    var (damping, growth) = (damping, 2.0)
    var (iterations, hasConverged) = (0, false)
    /// Whether residuals and Jacobian are numbers, with sums of squares to compare.
    func isFinite() -> Bool { dot(rest, rest).isFinite && dot(scale, scale).isFinite }
    while iterations < self.iterations, !hasConverged, isFinite() {
      iterations += 1
      let loss = dot(rest, rest) / 2
      let step = matrix.leastSquares(rest.map { -$0 }, damping: scale.map { $0 * damping.squareRoot() })
      let scaled = zip(step, scale).map { $0 * $1 }
      let promised = (damping * dot(scaled, scaled) - dot(step, matrix.transposed(times: rest))) / 2
      let length = dot(scaled, scaled).squareRoot()
      let reach = zip(point, scale).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }.squareRoot()
      hasConverged = length <= tolerance * reach || loss == 0
      let candidate = sum(point, 1, step)
      let next = values(at: candidate)
      let ratio = (loss - dot(next, next) / 2) / promised
      if ratio > 0 {
        (point, rest) = (candidate, next)
        matrix = slopes(rest.count)
        scale = zip(scale, matrix.columnNorms).map { max($0, $1) }
        let excess = 2 * ratio - 1
        damping *= max(1.0 / 3, 1 - excess * excess * excess)
        growth = 2
      } else {
        damping *= growth
        growth *= 2
      }
    }
    parameters.move(to: point)
    return Minimum(
      loss: dot(rest, rest) / 2, iterations: iterations, evaluations: evaluations,
      hasConverged: hasConverged && isFinite())
  }

  /// ∂r/∂w: a tensor a residual where they are fewer than the parameters, otherwise one a parameter.
  ///
  /// A row is a gradient. A column is one of Jᵀ·u, which is linear in u, by u: the gradient of a gradient.
  package static func jacobian(of residuals: Tensor, _ parameters: [Parameter]) -> [Tensor] {
    let count = residuals.elementCount
    func joint(_ weights: Tensor) -> Tensor {
      let parts = gradients(of: residuals, with: parameters.map(\.value), resultGradient: weights)
      return Tensor.concatenate(parts.map { $0.reshaped(to: [$0.elementCount]) })
    }
    if count < parameters.reduce(0, { $0 + $1.shape.reduce(1, *) }) {
      return (0..<count).map { place in
        var unit = Array(repeating: 0.0, count: count)
        unit[place] = 1
        return joint(Tensor(unit, shape: residuals.shape).cast(to: residuals.type))
      }
    }
    let weights = Tensor(Array(repeating: 0.0, count: count), shape: residuals.shape).cast(to: residuals.type)
    let product = joint(weights)
    return (0..<product.elementCount).map { place in
      gradient(of: product.sliced(axis: 0, place..<place + 1), with: weights).reshaped(to: [count])
    }
  }
}
