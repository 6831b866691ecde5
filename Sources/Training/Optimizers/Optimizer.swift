import DescentNetworks
import DescentTensors
import Synchronization

/// Moves parameters against their gradients.
///
/// Inside `compile { }` the update becomes part of the step's plan. What an optimizer remembers of a parameter is created
/// when it first meets it, and kept with the parameter for as long as the optimizer lives.
public final class Optimizer: Sendable {
  /// How decay of the weights enters a step. It holds for every parameter, biases too.
  public enum WeightDecay: Sendable, Hashable {
    /// None.
    case none
    /// λ·w is added to the gradient, behind the clipping.
    case coupled(Double)
    /// w shrinks by η·λ·w beside the step (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
    case decoupled(Double)
  }

  /// What is remembered of a parameter. Holding the parameter keeps its identity from being given to another one.
  private struct Memory: Sendable {
    let parameter: Parameter
    let slots: [Variable]
  }

  private let rule: any UpdateRule
  private let weightDecay: WeightDecay
  private let clipping: GradientClipping
  /// η for float32 parameters and for float64 ones: a plan reads the one that it needs.
  private let rate: (single: Variable, double: Variable)
  private let steps = Variable(Tensor(Float(0)))
  private let memories = Mutex<[ObjectIdentifier: Memory]>([:])

  /// An optimizer of a rule.
  ///
  /// - Parameters:
  ///   - learningRate: η, greater than 0.
  ///   - weightDecay: how weights decay; λ is 0 or more.
  ///   - clipping: what is done to gradients before the rule sees them; its bound is greater than 0.
  public init(
    _ rule: any UpdateRule, learningRate: Double, weightDecay: WeightDecay = .none, clipping: GradientClipping = .none,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      learningRate > 0 && Float(learningRate).isFinite,
      "Optimizer: the learning rate must be above 0, got \(learningRate)", file: file, line: line)
    check(
      weightDecay.isValid, "Optimizer: the weight decay must be 0 or more, got \(weightDecay)", file: file, line: line)
    check(clipping.isValid, "Optimizer: the clipping bound must be above 0, got \(clipping)", file: file, line: line)
    self.rule = rule
    self.weightDecay = weightDecay
    self.clipping = clipping
    rate = (Variable(Tensor(Float(learningRate))), Variable(Tensor(learningRate)))
  }

  /// η, 0 or more. It may change between steps; a step that was compiled takes the new one.
  public var learningRate: Double {
    get { rate.double.value.item() }
    set {
      check(
        newValue >= 0 && Float(newValue).isFinite, "Optimizer: the learning rate must be 0 or more, got \(newValue)")
      rate.single.value = Tensor(Float(newValue))
      rate.double.value = Tensor(newValue)
    }
  }

  /// Moves parameters by one step against the gradient of the loss.
  ///
  /// Outside `compile { }` the new values are computed at once.
  public func minimize(
    _ loss: Tensor, over parameters: [Parameter], file: StaticString = #fileID, line: UInt = #line
  ) {
    update(parameters, with: gradients(of: loss, with: parameters, file: file, line: line), file: file, line: line)
  }

  /// Moves parameters by one step, given a gradient for each.
  public func update(
    _ parameters: [Parameter], with gradients: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      parameters.count == gradients.count,
      "Optimizer: \(parameters.count) parameters and \(gradients.count) gradients", file: file, line: line)
    var changed: [Tensor] = []
    if rule.countsSteps {
      steps.value = steps.value + 1
      changed.append(steps.value)
    }
    for (parameter, gradient) in zip(parameters, clipping.clipped(gradients)) {
      changed += move(parameter, against: gradient)
    }
    evaluateUnlessTraced(changed)
  }

  /// Forgets everything but the learning rate: the next step is a first one.
  public func reset() {
    steps.value = Tensor(Float(0))
    memories.withLock { memories in
      for slot in memories.values.flatMap(\.slots) { slot.value = .zeros(slot.signature) }
    }
  }

  /// Gives a parameter its new value, and returns all that has changed with it.
  private func move(_ parameter: Parameter, against gradient: Tensor) -> [Tensor] {
    let moment = moment(for: parameter.variable.signature.type)
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
    return [parameter.value] + memory
  }

  private func moment(for type: ElementType) -> UpdateMoment {
    UpdateMoment(
      learningRate: type == .float32 ? rate.single.value : rate.double.value.cast(to: type),
      step: rule.countsSteps ? steps.value.cast(to: type) : Tensor(0, type: type))
  }

  private func slots(of parameter: Parameter) -> [Variable] {
    memories.withLock { memories in
      let identity = ObjectIdentifier(parameter.variable)
      if let memory = memories[identity] { return memory.slots }
      let slots = (0..<rule.memoryCount).map { _ in Variable(.zeros(parameter.variable.signature)) }
      memories[identity] = Memory(parameter: parameter, slots: slots)
      return slots
    }
  }
}

extension Optimizer.WeightDecay {
  /// Whether λ, if there is one, shrinks weights.
  fileprivate var isValid: Bool {
    switch self {
    case .none: true
    case .coupled(let decay), .decoupled(let decay): decay >= 0 && decay.isFinite
    }
  }
}

extension Tensor {
  fileprivate static func zeros(_ signature: Signature) -> Tensor { .zeros(signature.shape, type: signature.type) }
}
