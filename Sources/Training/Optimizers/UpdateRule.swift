import DescentTensors

/// What an optimizer does to one parameter, written with tensor operations, so that it becomes part of the step's plan.
public protocol UpdateRule: Sendable {
  /// How many tensors of the parameter's shape the rule remembers; they start at zero.
  var memoryCount: Int { get }

  /// The parameter's new value.
  ///
  /// - Parameters:
  ///   - parameter: its value before the step.
  ///   - gradient: the gradient of the loss with respect to it.
  ///   - memory: what the rule remembers of this parameter; to be replaced by what it shall remember.
  ///   - moment: learning rate and step count.
  func updated(_ parameter: Tensor, gradient: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor
}

/// What all parameters of a step share, as scalar tensors.
public struct UpdateMoment: Sendable {
  /// The learning rate η.
  public let learningRate: Tensor
  /// The number t of this step, from 1.
  public let step: Tensor

  /// 1 − βᵗ, exact for β near 1 too.
  func biasCorrection(_ beta: Double) -> Tensor { -(step * Double.log(beta)).expm1() }
}
