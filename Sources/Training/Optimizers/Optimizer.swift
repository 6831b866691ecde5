import DescentNetworks
import DescentTensors
import Synchronization

/// Moves parameters against their gradients.
///
/// Inside `compile { }` the update becomes part of the step's plan. What an optimizer remembers of a parameter is created
/// when it first meets it.
public final class Optimizer: Sendable {
  /// How decay of the weights enters a step.
  public enum WeightDecay: Sendable, Hashable {
    /// None.
    case none
    /// λ·w is added to the gradient.
    case coupled(Double)
    /// w shrinks by η·λ·w beside the step (Loshchilov and Hutter 2019).
    case decoupled(Double)
  }

  private struct Memory {
    var step: Variable?
    var slots: [ObjectIdentifier: [Variable]] = [:]
  }

  private let rule: any UpdateRule
  private let weightDecay: WeightDecay
  private let clipping: GradientClipping
  private let rate: Variable
  private let memory = Mutex(Memory())

  /// An optimizer of a rule.
  ///
  /// - Parameters:
  ///   - learningRate: η, greater than 0.
  ///   - clipping: what is done to gradients before the rule sees them.
  public init(
    _ rule: any UpdateRule, learningRate: Double, weightDecay: WeightDecay = .none, clipping: GradientClipping = .none,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      learningRate > 0 && learningRate.isFinite, "Optimizer: the learning rate must be above 0, got \(learningRate)",
      file: file, line: line)
    self.rule = rule
    self.weightDecay = weightDecay
    self.clipping = clipping
    rate = Variable(Tensor(Float(learningRate)))
  }

  /// η. It may change between steps; a step that was compiled takes the new one.
  public var learningRate: Double {
    get { Double(rate.value.item(Float.self)) }
    set { rate.value = Tensor(Float(newValue)) }
  }

  /// Moves parameters by one step against the gradient of the loss.
  ///
  /// Outside `compile { }` the new values are computed at once.
  public func minimize(_ loss: Tensor, over parameters: [Parameter]) {
    update(parameters, with: gradients(of: loss, with: parameters))
  }

  /// Moves parameters by one step, given a gradient for each.
  public func update(_ parameters: [Parameter], with gradients: [Tensor]) {
    check(
      parameters.count == gradients.count,
      "Optimizer: \(parameters.count) parameters and \(gradients.count) gradients")
    let count = stepCount
    count.value = count.value + 1
    let moment = UpdateMoment(learningRate: rate.value, step: count.value)
    var changed = [count.value]
    for (parameter, gradient) in zip(parameters, clipping.clipped(gradients)) {
      let type = parameter.value.type
      let moment = UpdateMoment(
        learningRate: moment.learningRate.cast(to: type), step: moment.step.cast(to: type))
      let slots = slots(of: parameter)
      var memory = slots.map(\.value)
      var (value, gradient) = (parameter.value, gradient)
      switch weightDecay {
      case .none: break
      case .coupled(let decay): gradient = gradient + value * decay
      case .decoupled(let decay): value = value - value * (moment.learningRate * decay)
      }
      parameter.value = rule.updated(value, gradient: gradient, memory: &memory, at: moment)
      for (slot, tensor) in zip(slots, memory) { slot.value = tensor }
      changed += [parameter.value] + memory
    }
    evaluateUnlessTraced(changed)
  }

  private var stepCount: Variable {
    memory.withLock { memory in
      let step = memory.step ?? Variable(Tensor(Float(0)))
      memory.step = step
      return step
    }
  }

  private func slots(of parameter: Parameter) -> [Variable] {
    memory.withLock { memory in
      let identity = ObjectIdentifier(parameter.variable)
      if let slots = memory.slots[identity] { return slots }
      let signature = parameter.variable.signature
      let slots = (0..<rule.memoryCount).map { _ in Variable(.zeros(signature.shape, type: signature.type)) }
      memory.slots[identity] = slots
      return slots
    }
  }
}

/// What is done to gradients that are too large.
public enum GradientClipping: Sendable, Hashable {
  /// Nothing.
  case none
  /// All gradients are scaled together so that √Σg² over all of them is at most this (Pascanu and others 2013).
  case globalNorm(Double)
  /// Every element is held to ± this.
  case value(Double)

  /// The gradients after clipping.
  public func clipped(_ gradients: [Tensor]) -> [Tensor] {
    switch self {
    case .none: return gradients
    case .value(let bound): return gradients.map { $0.clamped(from: -bound, to: bound) }
    case .globalNorm(let bound):
      guard let type = gradients.first?.type else { return gradients }
      let squares = gradients.map { $0.squared().sum().cast(to: type) }
      let norm = squares.dropFirst().reduce(squares[0], +).sqrt()
      // as in PyTorch: a gradient of 0 divides by nothing, and small ones stay as they are
      let factor = (bound / (norm + 1e-6)).minimum(1)
      return gradients.map { $0 * factor.cast(to: $0.type) }
    }
  }
}

extension Optimizer {
  /// Plain gradient descent: w ← w − η·g.
  public static func sgd(
    learningRate: Double = 0.01, weightDecay: Double = 0, clipping: GradientClipping = .none
  ) -> Optimizer { momentum(0, learningRate: learningRate, weightDecay: weightDecay, clipping: clipping) }

  /// Descent with momentum μ: v ← μ·v + g; w ← w − η·v (Polyak 1964), with Nesterov's look-ahead where asked for.
  public static func momentum(
    _ momentum: Double = 0.9, nesterov: Bool = false, learningRate: Double = 0.01, weightDecay: Double = 0,
    clipping: GradientClipping = .none
  ) -> Optimizer {
    Optimizer(
      DescentRule(momentum: momentum, isNesterov: nesterov), learningRate: learningRate,
      weightDecay: weightDecay == 0 ? .none : .coupled(weightDecay), clipping: clipping)
  }

  /// AdaGrad: each weight's rate falls with the squares it has seen (Duchi, Hazan and Singer 2011).
  public static func adaGrad(
    learningRate: Double = 0.01, epsilon: Double = 1e-10, clipping: GradientClipping = .none
  ) -> Optimizer { Optimizer(AdaGradRule(epsilon: epsilon), learningRate: learningRate, clipping: clipping) }

  /// RMSProp: each weight's rate by a running mean of squares (Hinton 2012).
  public static func rmsProp(
    learningRate: Double = 0.01, smoothing: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    clipping: GradientClipping = .none
  ) -> Optimizer {
    Optimizer(
      RMSPropRule(smoothing: smoothing, epsilon: epsilon, momentum: momentum), learningRate: learningRate,
      clipping: clipping)
  }

  /// Adam: running means of gradient and square, corrected for their start (Kingma and Ba 2015).
  public static func adam(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, clipping: GradientClipping = .none
  ) -> Optimizer {
    Optimizer(
      AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate,
      weightDecay: weightDecay == 0 ? .none : .coupled(weightDecay), clipping: clipping)
  }

  /// Adam with weight decay beside the step (Loshchilov and Hutter 2019).
  public static func adamW(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0.01, clipping: GradientClipping = .none
  ) -> Optimizer {
    Optimizer(
      AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate,
      weightDecay: .decoupled(weightDecay), clipping: clipping)
  }
}
