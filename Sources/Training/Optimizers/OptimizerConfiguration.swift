import DescentNetworks
import DescentTensors

extension Optimizer {
  /// How a group of parameters is moved.
  struct Settings: Sendable {
    var rule: any UpdateRule
    var weightDecay: WeightDecay
    /// The group's learning rate as a multiple of the optimizer's.
    var rateFactor: Double
    var isFrozen: Bool
    /// What holds for the parameters behind every step.
    var constraint: Constraint?
  }

  /// All that an optimizer is but what it remembers.
  struct Configuration: Sendable {
    var settings: Settings
    var clipping: GradientClipping
    /// Gradients that make a step.
    var accumulation = 1
    var averaging: WeightAveraging?
    var sharpness: Sharpness?
    /// The standard deviation of the noise that weights have while the gradient is taken.
    var weightNoise = 0.0
    /// The parameters that have settings of their own. Holding them keeps their identities from others.
    var groups: [ObjectIdentifier: (parameter: Parameter, settings: Settings)] = [:]

    init(settings: Settings, clipping: GradientClipping) {
      self.settings = settings
      self.clipping = clipping
    }

    func settings(of parameter: Parameter) -> Settings {
      groups.isEmpty ? settings : groups[ObjectIdentifier(parameter.variable)]?.settings ?? settings
    }

    /// Whether gradients are taken at other weights than those that the step is made from.
    var looksElsewhere: Bool { sharpness != nil || weightNoise > 0 }

    /// Whether anything reads the number of steps: a count that nobody reads costs every step its time.
    var countsSteps: Bool {
      averaging != nil || settings.rule.countsSteps || groups.values.contains { $0.settings.rule.countsSteps }
    }

    /// Whether parameters are to be used with other numbers than they are trained with.
    var averages: Bool {
      averaging != nil || settings.rule.averages || groups.values.contains { $0.settings.rule.averages }
    }
  }

  /// The optimizer with something changed, and without what it remembers.
  func with(_ change: (inout Configuration) -> Void) -> Optimizer {
    var configuration = configuration
    change(&configuration)
    return Optimizer(configuration, learningRate: learningRate)
  }

  /// The optimizer, making one step of the mean of the gradients of so many batches: what one batch of their joint size
  /// does, with the memory of one. A smaller batch among them weighs as much as the others. The calls in between leave the
  /// parameters as they are; gradients that have not made a step when a run of a ``Trainer`` ends are dropped.
  public func accumulating(_ count: Int, file: StaticString = #fileID, line: UInt = #line) -> Optimizer {
    check(count > 0, "Optimizer: a step needs a batch or more, got \(count)", file: file, line: line)
    return with { $0.accumulation = count }
  }
}

extension Optimizer.WeightDecay {
  /// Whether λ, if there is one, shrinks weights.
  var isValid: Bool {
    switch self {
    case .none: true
    case .coupled(let decay), .decoupled(let decay), .byRule(let decay): decay >= 0 && decay.isFinite
    }
  }

  /// The same way of decay with another λ; where there was none, λ·w is added to the gradient.
  func with(_ decay: Double) -> Self {
    switch self {
    case .none, .coupled: .coupled(decay)
    case .decoupled: .decoupled(decay)
    case .byRule: .byRule(decay)
    }
  }
}
