import DescentTensors

// The optimizers by name. Their standard values are PyTorch's, and so is every formula, to the place of ε; with PyTorch's
// names: `momentum` is `momentum`, `smoothing` is `alpha` or `rho`, `weightDecay` is `weight_decay`.

extension Optimizer {
  /// Plain gradient descent: w ← w − η·g (Robbins and Monro, "A stochastic approximation method", 1951).
  ///
  /// - Parameter weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func sgd(
    learningRate: Double = 0.01, weightDecay: Double = 0, clipping: GradientClipping = .none,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    momentum(0, learningRate: learningRate, weightDecay: weightDecay, clipping: clipping, file: file, line: line)
  }

  /// Descent with momentum: v ← μ·v + g; w ← w − η·v (Polyak, "Some methods of speeding up the convergence of iteration
  /// methods", 1964), or with Nesterov's look-ahead w ← w − η·(g + μ·v) (Sutskever and others, "On the importance of
  /// initialization and momentum in deep learning", 2013).
  ///
  /// - Parameters:
  ///   - momentum: μ, in [0, 1).
  ///   - nesterov: whether the step looks ahead.
  ///   - weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func momentum(
    _ momentum: Double = 0.9, nesterov: Bool = false, learningRate: Double = 0.01, weightDecay: Double = 0,
    clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(momentum, "momentum", file: file, line: line)
    check(
      !nesterov || momentum > 0, "Optimizer: Nesterov's look-ahead needs a momentum above 0", file: file, line: line)
    return Optimizer(
      DescentRule(momentum: momentum, isNesterov: nesterov), learningRate: learningRate,
      weightDecay: .coupled(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// AdaGrad, where each weight's rate falls with the squares it has seen: s ← s + g²; w ← w − η·g / (√s + ε) (Duchi,
  /// Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011).
  ///
  /// - Parameters:
  ///   - epsilon: ε ≥ 0.
  ///   - weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func adaGrad(
    learningRate: Double = 0.01, epsilon: Double = 1e-10, weightDecay: Double = 0, clipping: GradientClipping = .none,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkEpsilon(epsilon, file: file, line: line)
    return Optimizer(
      AdaGradRule(epsilon: epsilon), learningRate: learningRate, weightDecay: .coupled(weightDecay),
      clipping: clipping, file: file, line: line)
  }

  /// AdaDelta, where steps have the size of the steps before: s ← ρ·s + (1 − ρ)·g²; Δ = g·√(d + ε) / √(s + ε);
  /// d ← ρ·d + (1 − ρ)·Δ²; w ← w − η·Δ (Zeiler, "ADADELTA: an adaptive learning rate method", 2012).
  ///
  /// - Parameters:
  ///   - smoothing: ρ, in [0, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func adaDelta(
    learningRate: Double = 1, smoothing: Double = 0.9, epsilon: Double = 1e-6, weightDecay: Double = 0,
    clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(smoothing, "smoothing", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    return Optimizer(
      AdaDeltaRule(smoothing: smoothing, epsilon: epsilon), learningRate: learningRate,
      weightDecay: .coupled(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// RMSProp, each weight's rate by a running mean of squares: s ← α·s + (1 − α)·g²; w ← w − η·g / (√s + ε), with momentum
  /// v ← μ·v + g / (√s + ε); w ← w − η·v (Hinton, "Neural networks for machine learning", lecture 6e, 2012). Centred, the
  /// variance s − ḡ² stands for s, with ḡ ← α·ḡ + (1 − α)·g (Graves, "Generating sequences with recurrent neural networks",
  /// 2013).
  ///
  /// - Parameters:
  ///   - smoothing: α, in [0, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - momentum: μ, in [0, 1).
  ///   - centred: whether the squares are taken about the mean gradient.
  ///   - weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func rmsProp(
    learningRate: Double = 0.01, smoothing: Double = 0.99, epsilon: Double = 1e-8, momentum: Double = 0,
    centred: Bool = false, weightDecay: Double = 0, clipping: GradientClipping = .none,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(smoothing, "smoothing", file: file, line: line)
    checkShare(momentum, "momentum", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    return Optimizer(
      RMSPropRule(smoothing: smoothing, epsilon: epsilon, momentum: momentum, isCentred: centred),
      learningRate: learningRate,
      weightDecay: .coupled(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// Adam, by running means of gradient and square, corrected for their start at 0: m ← β₁·m + (1 − β₁)·g;
  /// v ← β₂·v + (1 − β₂)·g²; w ← w − η·m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ) (Kingma and Ba, "Adam: a
  /// method for stochastic optimization", 2015).
  ///
  /// - Parameters:
  ///   - beta1: β₁, in [0, 1).
  ///   - beta2: β₂, in [0, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - amsgrad: whether the greatest v so far stands for v (Reddi, Kale and Kumar, "On the convergence of Adam and
  ///     beyond", 2018).
  ///   - weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func adam(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    amsgrad: Bool = false, weightDecay: Double = 0, clipping: GradientClipping = .none, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Optimizer {
    adam(
      beta1, beta2, epsilon, amsgrad, learningRate: learningRate, weightDecay: .coupled(weightDecay),
      clipping: clipping, file, line)
  }

  /// ``adam(learningRate:beta1:beta2:epsilon:amsgrad:weightDecay:clipping:file:line:)`` with the decay beside the step: w ← w −
  /// η·λ·w before it (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019).
  ///
  /// - Parameters:
  ///   - beta1: β₁, in [0, 1).
  ///   - beta2: β₂, in [0, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - amsgrad: whether the greatest v so far stands for v.
  ///   - weightDecay: λ ≥ 0.
  public static func adamW(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    amsgrad: Bool = false, weightDecay: Double = 0.01, clipping: GradientClipping = .none, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Optimizer {
    adam(
      beta1, beta2, epsilon, amsgrad, learningRate: learningRate,
      weightDecay: .decoupled(weightDecay), clipping: clipping, file, line)
  }

  private static func adam(
    _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ amsgrad: Bool, learningRate: Double,
    weightDecay: WeightDecay, clipping: GradientClipping, _ file: StaticString, _ line: UInt
  ) -> Optimizer {
    checkShare(beta1, "beta1", file: file, line: line)
    checkShare(beta2, "beta2", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    return Optimizer(
      AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon, isAMSGrad: amsgrad), learningRate: learningRate,
      weightDecay: weightDecay, clipping: clipping, file: file, line: line)
  }
}

func checkShare(_ value: Double, _ name: String, file: StaticString, line: UInt) {
  check(value >= 0 && value < 1, "Optimizer: \(name) must lie in [0, 1), got \(value)", file: file, line: line)
}

func checkEpsilon(_ value: Double, file: StaticString, line: UInt) {
  check(value >= 0 && value.isFinite, "Optimizer: epsilon must be 0 or more, got \(value)", file: file, line: line)
}
