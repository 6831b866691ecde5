import DescentTensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What an optimizer does to one parameter, written with tensor operations, so that it becomes part of the step's plan.
public protocol UpdateRule: Sendable {
  /// How many tensors of the parameter's shape the rule remembers; they start at zero.
  var memoryCount: Int { get }

  /// The shapes of what the rule remembers of a parameter, where they are not the parameter's own: rows and columns, or
  /// a scalar. They have the parameter's element type, and start at zero.
  func memoryShapes(for parameter: Shape) -> [Shape]

  /// Whether the rule reads ``UpdateMoment/step``; a count that nobody reads costs every step its time.
  var countsSteps: Bool { get }

  /// The parameter's new value.
  ///
  /// - Parameters:
  ///   - parameter: its value before the step.
  ///   - gradient: the gradient of the loss with respect to it.
  ///   - memory: what the rule remembers of this parameter; to be replaced by what it shall remember.
  ///   - moment: learning rate and step count.
  func updated(_ parameter: Tensor, gradient: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor

  /// Whether the parameter is to be used with other numbers than those at which gradients are taken.
  var averages: Bool { get }

  /// The numbers to use the parameter with, where the rule ``averages``.
  func average(of parameter: Tensor, memory: [Tensor]) -> Tensor

  /// Changes what is remembered where a parameter takes its average for good, so that training can go on from there.
  func adopt(_ average: Tensor, memory: inout [Tensor])
}

extension UpdateRule {
  /// Steps are counted.
  public var countsSteps: Bool { true }

  /// As many of the parameter's shape as ``memoryCount`` says.
  public func memoryShapes(for parameter: Shape) -> [Shape] { Array(repeating: parameter, count: memoryCount) }

  /// It is used as it is.
  public var averages: Bool { false }

  /// The parameter itself.
  public func average(of parameter: Tensor, memory: [Tensor]) -> Tensor { parameter }

  /// Nothing changes.
  public func adopt(_ average: Tensor, memory: inout [Tensor]) {}
}

/// What all parameters of a step share, as scalar tensors of the parameter's type.
public struct UpdateMoment: Sendable {
  /// The learning rate η.
  public let learningRate: Tensor
  /// The number t of this step, from 1; 0 for a rule that does not count steps.
  public let step: Tensor
  /// λ where the rule itself lets weights decay (``Optimizer/WeightDecay/byRule(_:)``), 0 otherwise.
  public let weightDecay: Double

  /// 1 − βᵗ, exact for β near 1 too.
  func biasCorrection(_ beta: Double) -> Tensor { -(step * log(beta)).expm1() }
}
