import DescentNetworks
import DescentTensors
import Synchronization

/// Moves parameters against their gradients.
///
/// Inside `compile { }` the update becomes part of the step's plan. What an optimizer remembers of a parameter is created
/// when it first meets it, and kept with the parameter for as long as the optimizer lives.
///
/// What goes beyond a rule is added behind it, and each addition gives a new optimizer that remembers nothing yet:
///
///     let optimizer = Optimizer.adamW(learningRate: 3e-4, clipping: .globalNorm(1))
///       .groups(of: network, [.frozen("embedding.*"), ParameterGroup("*bias", weightDecay: 0)])
///       .accumulating(4)
///       .averaging(.exponential(decay: 0.999))
public final class Optimizer: Sendable {
  /// How decay of the weights enters a step. It holds for every parameter, biases too, where no group says otherwise.
  public enum WeightDecay: Sendable, Hashable {
    /// None.
    case none
    /// λ·w is added to the gradient, behind the clipping.
    case coupled(Double)
    /// w shrinks by η·λ·w beside the step (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
    case decoupled(Double)
    /// The rule lets w decay in its own way: it finds λ in ``UpdateMoment/weightDecay``.
    case byRule(Double)
  }

  /// What is remembered of a parameter. Holding the parameter keeps its identity from being given to another one.
  private struct Memory: Sendable {
    let parameter: Parameter
    let slots: [Variable]
    /// Gradients since the last step, where they are accumulated.
    let sum: Variable?
    /// The average of the weights, where one is kept.
    let average: Variable?

    var variables: [Variable] { slots + [sum, average].compactMap { $0 } }
  }

  let configuration: Configuration
  /// η for float32 parameters and for float64 ones: a plan reads the one that it needs.
  private let rate: (single: Variable, double: Variable)
  private let steps = Variable(Tensor(Float(0)))
  /// Gradients that have been summed since the last step.
  private let summed = Variable(Tensor(Float(0)))
  /// Weights that the average is taken over.
  private let averaged = Variable(Tensor(Float(0)))
  private let memories = Mutex<[ObjectIdentifier: Memory]>([:])

  /// An optimizer of a rule.
  ///
  /// - Parameters:
  ///   - learningRate: η, greater than 0.
  ///   - weightDecay: how weights decay; λ is 0 or more.
  ///   - clipping: what is done to gradients before the rule sees them; its bound is greater than 0.
  public convenience init(
    _ rule: any UpdateRule, learningRate: Double, weightDecay: WeightDecay = .none, clipping: GradientClipping = .none,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      learningRate > 0 && Float(learningRate).isFinite,
      "Optimizer: the learning rate must be above 0, got \(learningRate)", file: file, line: line)
    check(
      weightDecay.isValid, "Optimizer: the weight decay must be 0 or more, got \(weightDecay)", file: file, line: line)
    check(clipping.isValid, "Optimizer: the clipping bound must be above 0, got \(clipping)", file: file, line: line)
    let settings = Settings(rule: rule, weightDecay: weightDecay, rateFactor: 1, isFrozen: false)
    self.init(Configuration(settings: settings, clipping: clipping), learningRate: learningRate)
  }

  init(_ configuration: Configuration, learningRate: Double) {
    self.configuration = configuration
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
    checkTakesGradientHere(file: file, line: line)
    let moving = moving(parameters)
    move(moving, with: gradients(of: loss, with: moving, file: file, line: line))
  }

  /// Moves parameters by one step against the gradient of the loss that the closure computes from them: what every
  /// optimizer takes, ``sharpnessAware(radius:file:line:)`` and ``noisyWeights(standardDeviation:file:line:)`` ones too.
  ///
  /// - Returns: the loss before the step, of weights with their noise where there is any.
  @discardableResult
  public func minimize(
    over parameters: [Parameter], file: StaticString = #fileID, line: UInt = #line, loss: () -> Tensor
  ) -> Tensor {
    let moving = moving(parameters)
    // held only where they are put back, so that others are updated in place
    let before = configuration.looksElsewhere ? moving.map(\.value) : []
    if configuration.weightNoise > 0 { addNoise(to: moving) }
    let value = loss()
    var found = gradients(of: value, with: moving, file: file, line: line)
    if let sharpness = configuration.sharpness {
      for (parameter, change) in zip(moving, sharpness.climbs(found)) { parameter.value = parameter.value + change }
      found = gradients(of: loss(), with: moving, file: file, line: line)
    }
    for (parameter, value) in zip(moving, before) { parameter.value = value }
    move(moving, with: found)
    return value
  }

  /// Moves parameters by one step, given a gradient for each.
  public func update(
    _ parameters: [Parameter], with gradients: [Tensor], file: StaticString = #fileID, line: UInt = #line
  ) {
    checkTakesGradientHere(file: file, line: line)
    check(
      parameters.count == gradients.count,
      "Optimizer: \(parameters.count) parameters and \(gradients.count) gradients", file: file, line: line)
    let moving = zip(parameters, gradients).filter { !configuration.settings(of: $0.0).isFrozen }
    move(moving.map(\.0), with: moving.map(\.1))
  }

  private func checkTakesGradientHere(file: StaticString, line: UInt) {
    check(
      !configuration.looksElsewhere,
      "Optimizer: this one takes the gradient at other weights (sharpness-aware steps, noise); give minimize(over:) a "
        + "closure that computes the loss", file: file, line: line)
  }

  /// Forgets everything but the learning rate: the next step is a first one.
  public func reset() {
    for count in [steps, summed, averaged] { count.value = Tensor(Float(0)) }
    memories.withLock { memories in
      for slot in memories.values.flatMap(\.variables) { slot.value = .zeros(slot.signature) }
    }
  }

  /// Forgets gradients that have not made a step yet.
  func dropAccumulated() {
    guard configuration.accumulation > 1 else { return }
    summed.value = Tensor(Float(0))
    memories.withLock { memories in
      for sum in memories.values.compactMap(\.sum) { sum.value = .zeros(sum.signature) }
    }
  }

  /// The numbers to use parameters with: their averages where the optimizer keeps some and has taken a step, otherwise
  /// what they hold.
  func averages(of parameters: [Parameter]) -> [Tensor] {
    guard hasAverages, steps.value.number > 0 else { return parameters.map(\.value) }
    let isAveraged = averaged.value.number > 0
    let values = parameters.map { parameter -> Tensor in
      let settings = configuration.settings(of: parameter)
      guard !settings.isFrozen, let memory = memories.withLock({ $0[ObjectIdentifier(parameter.variable)] }) else {
        return parameter.value
      }
      if memory.average != nil, !isAveraged { return parameter.value }
      let average =
        memory.average?.value ?? settings.rule.average(of: parameter.value, memory: memory.slots.map(\.value))
      // the mean of vectors of length 1 is shorter
      return settings.constraint?(average) ?? average
    }
    evaluate(values)
    return values
  }

  /// Gives parameters their averages, and lets the rules that made these know.
  func adopt(_ averages: [Tensor], for parameters: [Parameter]) {
    for (parameter, average) in zip(parameters, averages) {
      parameter.value = average
      guard let memory = memories.withLock({ $0[ObjectIdentifier(parameter.variable)] }), memory.average == nil else {
        continue
      }
      var slots = memory.slots.map(\.value)
      configuration.settings(of: parameter).rule.adopt(average, memory: &slots)
      for (slot, tensor) in zip(memory.slots, slots) { slot.value = tensor }
    }
  }

  private func moving(_ parameters: [Parameter]) -> [Parameter] {
    parameters.filter { !configuration.settings(of: $0).isFrozen }
  }

  private func move(_ parameters: [Parameter], with gradients: [Tensor]) {
    let memories = parameters.map(memory)
    var changed: [Tensor] = []
    var gradients = gradients
    // whether this call makes a step; nil where every call does
    var isStep: Tensor?
    if configuration.accumulation > 1 {
      let count = Double(configuration.accumulation)
      let number = summed.value + 1
      let isFull = number .>= count
      isStep = isFull
      summed.value = Tensor.select(isFull, Tensor(Float(0)), number)
      changed.append(summed.value)
      for (place, memory) in memories.enumerated() {
        guard let sum = memory.sum else { continue }
        gradients[place] = sum.value + gradients[place] / count
        sum.value = Tensor.select(isFull, Tensor(0, type: sum.signature.type), gradients[place])
        changed.append(sum.value)
      }
    }
    if configuration.countsSteps {
      steps.value = steps.value + (isStep.map { $0.cast(to: .float32) } ?? Tensor(Float(1)))
      changed.append(steps.value)
    }
    let mixing = configuration.averaging?.mixing(step: steps.value, averaged: averaged.value, isStep: isStep)
    if let mixing {
      averaged.value = mixing.averaged
      changed.append(mixing.averaged)
    }
    for (memory, gradient) in zip(memories, configuration.clipping.clipped(gradients)) {
      changed += move(memory, against: gradient, where: isStep)
      if let average = memory.average, let mixing {
        let share = mixing.share.cast(to: average.signature.type)
        average.value = average.value + (memory.parameter.value - average.value) * share
        changed.append(average.value)
      }
    }
    evaluateUnlessTraced(changed)
  }

  /// Gives a parameter its new value, and returns all that has changed with it.
  private func move(_ memory: Memory, against gradient: Tensor, where isStep: Tensor?) -> [Tensor] {
    let parameter = memory.parameter
    let settings = configuration.settings(of: parameter)
    let moment = moment(for: parameter.variable.signature.type, settings)
    var slots = memory.slots.map(\.value)
    var (value, gradient) = (parameter.value, gradient)
    switch settings.weightDecay {
    case .coupled(let decay) where decay != 0: gradient = gradient + value * decay
    case .decoupled(let decay) where decay != 0: value = value - value * (moment.learningRate * decay)
    default: break
    }
    value = settings.rule.updated(value, gradient: gradient, memory: &slots, at: moment)
    if let constraint = settings.constraint { value = constraint(value) }
    func held(_ new: Tensor, _ old: Tensor) -> Tensor { isStep.map { .select($0, new, old) } ?? new }
    parameter.value = held(value, parameter.value)
    for (slot, tensor) in zip(memory.slots, slots) { slot.value = held(tensor, slot.value) }
    return [parameter.value] + memory.slots.map(\.value)
  }

  private func moment(for type: ElementType, _ settings: Settings) -> UpdateMoment {
    let rate = type == .float32 ? rate.single.value : rate.double.value.cast(to: type)
    var decay = 0.0
    if case .byRule(let factor) = settings.weightDecay { decay = factor }
    return UpdateMoment(
      learningRate: settings.rateFactor == 1 ? rate : rate * settings.rateFactor,
      step: settings.rule.countsSteps ? steps.value.cast(to: type) : Tensor(0, type: type), weightDecay: decay)
  }

  private func memory(of parameter: Parameter) -> Memory {
    memories.withLock { memories in
      let identity = ObjectIdentifier(parameter.variable)
      if let memory = memories[identity] { return memory }
      let signature = parameter.variable.signature
      let shapes = configuration.settings(of: parameter).rule.memoryShapes(for: signature.shape)
      let memory = Memory(
        parameter: parameter, slots: shapes.map { Variable(.zeros($0, type: signature.type)) },
        sum: configuration.accumulation > 1 ? Variable(.zeros(signature)) : nil,
        average: configuration.averaging == nil ? nil : Variable(.zeros(signature)))
      memories[identity] = memory
      return memory
    }
  }
}

extension Tensor {
  fileprivate static func zeros(_ signature: Signature) -> Tensor { .zeros(signature.shape, type: signature.type) }
}
