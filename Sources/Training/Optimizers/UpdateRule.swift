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
}

extension UpdateRule {
  /// Steps are counted.
  public var countsSteps: Bool { true }
}

/// What all parameters of a step share, as scalar tensors of the parameter's type.
public struct UpdateMoment: Sendable {
  /// The learning rate η.
  public let learningRate: Tensor
  /// The number t of this step, from 1; 0 for a rule that does not count steps.
  public let step: Tensor

  /// 1 − βᵗ, exact for β near 1 too.
  func biasCorrection(_ beta: Double) -> Tensor { -(step * log(beta)).expm1() }
}
