import DescentTensors

// Standard values and formulas are PyTorch's where it has the optimizer, otherwise the paper's.

extension Optimizer {
  /// Lion, which moves every weight by as much: w ← w − η·sign(β₁·m + (1 − β₁)·g) − η·λ·w; m ← β₂·m + (1 − β₂)·g (Chen and
  /// others, "Symbolic discovery of optimization algorithms", 2023).
  ///
  /// - Parameters:
  ///   - beta1: β₁, in [0, 1).
  ///   - beta2: β₂, in [0, 1).
  ///   - weightDecay: λ ≥ 0, beside the step.
  public static func lion(
    learningRate: Double = 1e-4, beta1: Double = 0.9, beta2: Double = 0.99, weightDecay: Double = 0,
    clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(beta1, "beta1", file: file, line: line)
    checkShare(beta2, "beta2", file: file, line: line)
    return Optimizer(
      LionRule(beta1: beta1, beta2: beta2), learningRate: learningRate,
      weightDecay: .decoupled(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// Muon, momentum whose direction is made orthogonal, for parameters with two axes; all others go by AdamW.
  ///
  /// b ← μ·b + (1 − μ)·g; o ≈ U·Vᵀ of the singular value decomposition of b, or with Nesterov's look-ahead of
  /// (1 − μ)·g + μ·b, by five steps of Newton and Schulz's iteration; w ← w − η·√max(1, rows / columns)·o − η·λ·w (Jordan,
  /// "Muon: an optimizer for hidden layers in neural networks", 2024). PyTorch iterates in bfloat16, this in the
  /// parameter's type. Embeddings and last layers are better given to AdamW by ``groups(of:_:file:line:)``.
  ///
  /// - Parameters:
  ///   - momentum: μ, in [0, 1).
  ///   - iterations: steps of the iteration, 1 or more; PyTorch's `ns_steps`.
  ///   - weightDecay: λ ≥ 0, beside the step.
  ///   - adamLearningRate: η of AdamW, greater than 0. It keeps its proportion to η when that changes.
  ///   - beta1: AdamW's β₁, in [0, 1).
  ///   - beta2: AdamW's β₂, in [0, 1).
  ///   - epsilon: AdamW's ε ≥ 0.
  public static func muon(
    learningRate: Double = 1e-3, momentum: Double = 0.95, nesterov: Bool = true, iterations: Int = 5,
    weightDecay: Double = 0.1, adamLearningRate: Double = 3e-4, beta1: Double = 0.9, beta2: Double = 0.95,
    epsilon: Double = 1e-8, clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(momentum, "momentum", file: file, line: line)
    checkShare(beta1, "beta1", file: file, line: line)
    checkShare(beta2, "beta2", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    check(
      iterations > 0 && adamLearningRate > 0 && learningRate > 0,
      "Optimizer: iterations and learning rates must be above 0, got \(iterations), \(adamLearningRate), \(learningRate)",
      file: file, line: line)
    let rule = MuonRule(
      momentum: momentum, isNesterov: nesterov, iterations: iterations,
      other: AdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon, isAMSGrad: false),
      otherRate: adamLearningRate / learningRate)
    return Optimizer(
      rule, learningRate: learningRate, weightDecay: .byRule(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// Rprop, by the signs of gradients alone, for training on all samples at once: a weight's step starts at η, grows by η₊
  /// while its gradient keeps its sign and shrinks by η₋ when it turns (Riedmiller and Braun, "A direct adaptive method for
  /// faster backpropagation learning: the RPROP algorithm", 1993). A learning rate that changes later changes nothing.
  ///
  /// - Parameters:
  ///   - shrinking: η₋, in (0, 1).
  ///   - growing: η₊ > 1.
  ///   - bounds: the least and the greatest step, above 0.
  public static func rprop(
    learningRate: Double = 0.01, shrinking: Double = 0.5, growing: Double = 1.2,
    bounds: ClosedRange<Double> = 1e-6...50, clipping: GradientClipping = .none, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Optimizer {
    check(
      shrinking > 0 && shrinking < 1 && growing > 1 && bounds.lowerBound > 0,
      "Optimizer: Rprop needs 0 < shrinking < 1 < growing and steps above 0, got \(shrinking), \(growing), \(bounds)",
      file: file, line: line)
    return Optimizer(
      RpropRule(shrinking: shrinking, growing: growing, bounds: bounds), learningRate: learningRate, clipping: clipping,
      file: file, line: line)
  }

  /// Averaged descent: ηₜ = η / (1 + λ·η·(t − 1))^α; w ← w·(1 − λ·ηₜ) − ηₜ·g, and beside it the mean of the weights from step
  /// t₀ on (Polyak and Juditsky, "Acceleration of stochastic approximation by averaging", 1992; Bottou, "Large-scale machine
  /// learning with stochastic gradient descent", 2010). ``withAverages(of:_:)`` and ``useAverages(of:)`` give the mean.
  ///
  /// - Parameters:
  ///   - decay: λ ≥ 0, PyTorch's `lambd`.
  ///   - exponent: α, PyTorch's `alpha`.
  ///   - start: t₀ ≥ 0, PyTorch's `t0`.
  ///   - weightDecay: λ·w that is added to the gradient.
  public static func asgd(
    learningRate: Double = 0.01, decay: Double = 1e-4, exponent: Double = 0.75, start: Double = 1e6,
    weightDecay: Double = 0, clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    check(
      decay >= 0 && decay.isFinite && exponent.isFinite && start >= 0,
      "Optimizer: decay and start must be 0 or more, got \(decay) and \(start)", file: file, line: line)
    return Optimizer(
      ASGDRule(decay: decay, exponent: exponent, start: start), learningRate: learningRate,
      weightDecay: .coupled(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// FTRL-Proximal, which sets weights to 0 that the data do not need: s ← s + g²; z ← z + g − (√s − √s before)·w / η; w ← 0
  /// where |z| ≤ λ₁, otherwise (sign(z)·λ₁ − z) / ((β + √s) / η + 2·λ₂) (McMahan and others, "Ad click prediction: a view from
  /// the trenches", 2013; Keras's `Ftrl`). A step forgets what the weights started from in part, as they are made from z.
  ///
  /// - Parameters:
  ///   - l1: λ₁ ≥ 0.
  ///   - l2: λ₂ ≥ 0.
  ///   - beta: β ≥ 0.
  ///   - initialSquares: what s starts at, 0 or more.
  public static func ftrl(
    learningRate: Double = 0.001, l1: Double = 0, l2: Double = 0, beta: Double = 0, initialSquares: Double = 0.1,
    clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    check(
      l1 >= 0 && l2 >= 0 && beta >= 0 && initialSquares >= 0,
      "Optimizer: l1, l2, beta and initialSquares must be 0 or more, got \([l1, l2, beta, initialSquares])", file: file,
      line: line)
    return Optimizer(
      FTRLRule(l1: l1, l2: l2, beta: beta, initialSquares: initialSquares), learningRate: learningRate,
      clipping: clipping, file: file, line: line)
  }
}
