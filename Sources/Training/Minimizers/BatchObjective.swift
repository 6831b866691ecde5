import DescentNetworks
import DescentTensors

/// Where a minimisation ended.
public struct Minimum: Sendable, Hashable {
  /// The loss there; of least squares ½·Σr².
  public let loss: Double
  /// Steps that were made.
  public let iterations: Int
  /// How often the loss was computed.
  public let evaluations: Int
  /// Whether a tolerance was reached: neither the last iteration allowed, nor numbers that are not finite, nor a place from
  /// where a search found nothing lower.
  public let hasConverged: Bool

  /// The end of a minimisation.
  public init(loss: Double, iterations: Int, evaluations: Int, hasConverged: Bool) {
    (self.loss, self.iterations, self.evaluations) = (loss, iterations, evaluations)
    self.hasConverged = hasConverged
  }
}

/// When a minimisation ends.
public struct StoppingRule: Sendable, Hashable {
  /// Steps at most.
  public var iterations: Int
  /// The greatest |∂loss/∂w| at which it ends.
  public var gradient: Double
  /// The greatest change of a weight, and the change of the loss, at which it ends.
  public var change: Double

  /// A rule; all numbers are 0 or more. The standard values are PyTorch's for `LBFGS` but for the iterations.
  public init(
    iterations: Int = 100, gradient: Double = 1e-7, change: Double = 1e-9, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(
      iterations >= 0 && gradient >= 0 && change >= 0,
      "StoppingRule: all numbers must be 0 or more, got \(iterations), \(gradient), \(change)", file: file, line: line)
    (self.iterations, self.gradient, self.change) = (iterations, gradient, change)
  }
}

/// A loss as a function of one vector: all numbers of its parameters, one parameter behind the other.
final class BatchObjective {
  /// The loss at a point.
  struct Value {
    let loss: Double
    let gradient: [Double]

    var isFinite: Bool { loss.isFinite && greatest(gradient).isFinite }
  }

  private let parameters: [Parameter]
  private let function: CompiledFunction
  private(set) var evaluations = 0

  init(_ parameters: [Parameter], _ loss: @escaping @Sendable () -> Tensor) {
    self.parameters = parameters
    function = compile { _ in
      let value = loss()
      return [value] + gradients(of: value, with: parameters)
    }
  }

  /// Where the parameters are.
  var point: [Double] { parameters.flatMap { $0.value.reals() } }

  /// Puts the parameters at a point.
  func move(to point: [Double]) { parameters.move(to: point) }

  /// Loss and gradient at a point, where the parameters then are.
  func callAsFunction(_ point: [Double]) -> Value {
    move(to: point)
    evaluations += 1
    let results = function()
    return Value(loss: results[0].number, gradient: results.dropFirst().flatMap { $0.reals() })
  }
}

extension [Parameter] {
  /// Gives the parameters a point's numbers, one parameter behind the other.
  func move(to point: [Double]) {
    var start = 0
    for parameter in self {
      let numbers = point[start..<start + parameter.shape.reduce(1, *)]
      start = numbers.endIndex
      if parameter.variable.signature.type == .float64 {
        parameter.variable.write([Double](numbers))
      } else {
        parameter.variable.write(numbers.map { Float($0) })
      }
    }
  }
}

// MARK: Vectors

func dot(_ left: [Double], _ right: [Double]) -> Double { zip(left, right).reduce(0) { $0 + $1.0 * $1.1 } }

/// x + t·d.
func sum(_ x: [Double], _ t: Double, _ d: [Double]) -> [Double] { zip(x, d).map { $0 + t * $1 } }

/// The greatest magnitude; NaN where an element is.
func greatest(_ x: [Double]) -> Double { x.reduce(0) { $0.isNaN || $1.magnitude <= $0 ? $0 : $1.magnitude } }
