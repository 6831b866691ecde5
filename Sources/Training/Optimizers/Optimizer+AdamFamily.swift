import DescentTensors

// Relatives of Adam. Standard values and formulas are PyTorch's where it has the optimizer, otherwise the paper's.

extension Optimizer {
  /// AdaMax, Adam with the greatest gradient in place of the mean square: u ← max(β₂·u, |g| + ε); w ← w − η·m̂ / u (Kingma
  /// and Ba, "Adam: a method for stochastic optimization", 2015, section 7.1).
  ///
  /// - Parameters:
  ///   - beta1: β₁, in [0, 1).
  ///   - beta2: β₂, in [0, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func adaMax(
    learningRate: Double = 0.002, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(beta1, "beta1", file: file, line: line)
    checkShare(beta2, "beta2", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    return Optimizer(
      AdaMaxRule(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate,
      weightDecay: .coupled(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// NAdam, Adam with Nesterov's look-ahead: μₜ = β₁·(1 − ½·0.96^(t·ψ)); w ← w − η·(μₜ₊₁·m / (1 − ∏μ up to t + 1) +
  /// (1 − μₜ)·g / (1 − ∏μ up to t)) / (√v̂ + ε) (Dozat, "Incorporating Nesterov momentum into Adam", 2016).
  ///
  /// - Parameters:
  ///   - beta1: β₁, in [0, 1).
  ///   - beta2: β₂, in [0, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - momentumDecay: ψ ≥ 0, PyTorch's `momentum_decay`.
  ///   - weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func nAdam(
    learningRate: Double = 0.002, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    momentumDecay: Double = 0.004, weightDecay: Double = 0, clipping: GradientClipping = .none,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(beta1, "beta1", file: file, line: line)
    checkShare(beta2, "beta2", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    check(
      momentumDecay >= 0 && momentumDecay.isFinite,
      "Optimizer: the momentum's decay must be 0 or more, got \(momentumDecay)", file: file, line: line)
    return Optimizer(
      NAdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon, momentumDecay: momentumDecay), learningRate: learningRate,
      weightDecay: .coupled(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// RAdam, Adam that starts as plain momentum and rectifies its steps for the variance of v̂ (Liu and others, "On the
  /// variance of the adaptive learning rate and beyond", 2020): with ρ∞ = 2 / (1 − β₂) − 1 and ρ = ρ∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ),
  /// w ← w − η·m̂ where ρ ≤ 5, otherwise w ← w − η·m̂·√((ρ − 4)(ρ − 2)·ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)·ρ)) · √(1 − β₂ᵗ) / (√v + ε).
  ///
  /// - Parameters:
  ///   - beta1: β₁, in [0, 1).
  ///   - beta2: β₂, in (½, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - weightDecay: λ ≥ 0; λ·w is added to the gradient.
  public static func rAdam(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(beta1, "beta1", file: file, line: line)
    checkShare(beta2, "beta2", file: file, line: line)
    check(beta2 > 0.5, "Optimizer: beta2 of RAdam must be above 0.5, got \(beta2)", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    return Optimizer(
      RAdamRule(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate,
      weightDecay: .coupled(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// LAMB, Adam whose step has the length of the weights that it moves, a parameter at a time: u = m̂ / (√v̂ + ε) + λ·w;
  /// w ← w − η·(‖w‖ / ‖u‖)·u, the quotient 1 where a norm is 0 (You and others, "Large batch optimization for deep learning:
  /// training BERT in 76 minutes", 2020).
  ///
  /// - Parameters:
  ///   - beta1: β₁, in [0, 1).
  ///   - beta2: β₂, in [0, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - weightDecay: λ ≥ 0, in u.
  public static func lamb(
    learningRate: Double = 0.001, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-6,
    weightDecay: Double = 0.01, clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(beta1, "beta1", file: file, line: line)
    checkShare(beta2, "beta2", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    return Optimizer(
      LAMBRule(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate,
      weightDecay: .byRule(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// Adafactor, Adam without momentum that keeps its squares as means of rows and columns, so that it remembers [rows] +
  /// [columns] numbers of a [rows, columns] parameter (Shazeer and Stern, "Adafactor: adaptive learning rates with sublinear
  /// memory cost", 2018).
  ///
  /// 1 − βₜ = t^−c; v = rows · columns / mean(rows) of the running means of g²; u = g / √v; w ← w − min(η, 1/√t) · max(ε,
  /// rms(w)) · u / max(1, rms(u) / d), after w ← w − η·λ·w.
  ///
  /// - Parameters:
  ///   - decayExponent: c > 0, PyTorch's `-beta2_decay`.
  ///   - smallestScale: ε ≥ 0, the least size of weights that steps are measured by; the second of PyTorch's `eps`.
  ///   - threshold: d ≥ 1, the size of u that is not exceeded.
  ///   - weightDecay: λ ≥ 0, beside the step.
  public static func adafactor(
    learningRate: Double = 0.01, decayExponent: Double = 0.8, smallestScale: Double = 1e-3, threshold: Double = 1,
    weightDecay: Double = 0, clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkEpsilon(smallestScale, file: file, line: line)
    check(
      decayExponent > 0 && threshold >= 1,
      "Optimizer: the exponent must be above 0 and the threshold 1 or more, got \(decayExponent) and \(threshold)",
      file: file, line: line)
    return Optimizer(
      AdafactorRule(decayExponent: decayExponent, smallestScale: smallestScale, threshold: threshold),
      learningRate: learningRate, weightDecay: .byRule(weightDecay), clipping: clipping, file: file, line: line)
  }

  /// AdamW that needs no schedule: gradients are taken at y = β₁·x + (1 − β₁)·z, between fast weights z ← z − η·(g / (√v̂ + ε)
  /// + λ·y) and their average x ← (1 − c)·x + c·z, c = η² / Σ η² (Defazio and others, "The road less scheduled", 2024).
  ///
  /// Parameters hold y while they are trained; x is what to use: ``withAverages(of:_:)``, ``useAverages(of:)``.
  ///
  /// - Parameters:
  ///   - beta1: β₁, in (0, 1).
  ///   - beta2: β₂, in [0, 1).
  ///   - epsilon: ε ≥ 0.
  ///   - weightDecay: λ ≥ 0, of y.
  public static func scheduleFree(
    learningRate: Double = 0.0025, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0, clipping: GradientClipping = .none, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    checkShare(beta1, "beta1", file: file, line: line)
    checkShare(beta2, "beta2", file: file, line: line)
    check(beta1 > 0, "Optimizer: beta1 of a schedule-free optimizer must be above 0", file: file, line: line)
    checkEpsilon(epsilon, file: file, line: line)
    return Optimizer(
      ScheduleFreeRule(beta1: beta1, beta2: beta2, epsilon: epsilon), learningRate: learningRate,
      weightDecay: .byRule(weightDecay), clipping: clipping, file: file, line: line)
  }
}
