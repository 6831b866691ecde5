import DescentTraining

extension OptimizerTests {
  /// Rules beyond the first ones with other than their standard values; above each what makes it in
  /// Tests/References/training.py.
  static let furtherCases: [Case] = [
    // Adadelta(p, lr=1.0, rho=0.8, eps=1e-4, weight_decay=0.05)
    Case(name: "adadelta-decay") {
      .adaDelta(learningRate: 1, smoothing: 0.8, epsilon: 1e-4, weightDecay: 0.05)
    },
    // RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3, centered=True, momentum=0.5, weight_decay=0.05)
    Case(name: "rmsprop-centred-momentum") {
      .rmsProp(learningRate: 0.01, smoothing: 0.9, epsilon: 1e-3, momentum: 0.5, centred: true, weightDecay: 0.05)
    },
    // AdamW(p, lr=0.1, betas=(0.5, 0.6), amsgrad=True, weight_decay=0.3)
    Case(name: "amsgrad-adamw") {
      .adamW(learningRate: 0.1, beta1: 0.5, beta2: 0.6, amsgrad: true, weightDecay: 0.3)
    },
    // Adamax(p, lr=0.1, betas=(0.5, 0.9), weight_decay=0.05)
    Case(name: "adamax-decay") { .adaMax(learningRate: 0.1, beta1: 0.5, beta2: 0.9, weightDecay: 0.05) },
    // NAdam(p, lr=0.05, eps=1e-3, momentum_decay=0.1, weight_decay=0.05)
    Case(name: "nadam-decay") {
      .nAdam(learningRate: 0.05, epsilon: 1e-3, momentumDecay: 0.1, weightDecay: 0.05)
    },
    // RAdam(p, lr=0.1, betas=(0.8, 0.9), weight_decay=0.05)
    Case(name: "radam-decay") { .rAdam(learningRate: 0.1, beta1: 0.8, beta2: 0.9, weightDecay: 0.05) },
    // Adafactor(p, lr=0.05, beta2_decay=-0.5, d=1.1, weight_decay=0.1)
    Case(name: "adafactor-decay") {
      .adafactor(learningRate: 0.05, decayExponent: 0.5, threshold: 1.1, weightDecay: 0.1)
    },
    // Lion(p, lr=0.01, betas=(0.5, 0.8), weight_decay=0.3)
    Case(name: "lion-decay") { .lion(learningRate: 0.01, beta1: 0.5, beta2: 0.8, weightDecay: 0.3) },
    // LAMB(p, lr=0.1, betas=(0.8, 0.9), weight_decay=0.3)
    Case(name: "lamb-decay") { .lamb(learningRate: 0.1, beta1: 0.8, beta2: 0.9, weightDecay: 0.3) },
    // Muon([matrices], lr=0.1, momentum=0.8, nesterov=False, weight_decay=0) and AdamW([others], lr=0.01, weight_decay=0)
    Case(name: "muon-plain") {
      .muon(learningRate: 0.1, momentum: 0.8, nesterov: false, weightDecay: 0, adamLearningRate: 0.01)
    },
    // Rprop(p, lr=0.1, etas=(0.4, 1.5), step_sizes=(0.01, 0.2))
    Case(name: "rprop-bounds") { .rprop(learningRate: 0.1, shrinking: 0.4, growing: 1.5, bounds: 0.01...0.2) },
    // ASGD(p, lr=0.5, lambd=0.1, alpha=0.5, t0=5, weight_decay=0.05)
    Case(name: "asgd-decay") {
      .asgd(learningRate: 0.5, decay: 0.1, exponent: 0.5, start: 5, weightDecay: 0.05)
    },
    // FTRL(p, lr=0.5, l1=0.02, l2=0.01, beta=0.1, initial=0.5)
    Case(name: "ftrl-sparse") { .ftrl(learningRate: 0.5, l1: 0.02, l2: 0.01, beta: 0.1, initialSquares: 0.5) },
    // ScheduleFree(p, lr=0.1, betas=(0.8, 0.9), weight_decay=0.1)
    Case(name: "schedule-free-decay") {
      .scheduleFree(learningRate: 0.1, beta1: 0.8, beta2: 0.9, weightDecay: 0.1)
    },
    // ScheduleFree(p, lr=0.1), param_groups[0]["lr"] = 0.02 * (t + 1) if t < 5 else 0.1 - 0.004 * t
    Case(
      name: "schedule-free-rate", make: { .scheduleFree(learningRate: 0.1) },
      rates: { $0 < 5 ? 0.02 * Double($0 + 1) : 0.1 - 0.004 * Double($0) }),
  ]
}
