import DescentTensors

/// Gradient descent, with momentum where it is not 0: v ← μ·v + g; w ← w − η·v, or w − η·(g + μ·v) with Nesterov's
/// look-ahead (Sutskever and others 2013, in PyTorch's form).
struct DescentRule: UpdateRule {
  let momentum: Double
  let isNesterov: Bool

  var memoryCount: Int { momentum == 0 ? 0 : 1 }
  var countsSteps: Bool { false }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    guard momentum != 0 else { return w - moment.learningRate * g }
    // v starts at 0, so that the first step is plain descent
    memory[0] = memory[0] * momentum + g
    let direction = isNesterov ? g + memory[0] * momentum : memory[0]
    return w - moment.learningRate * direction
  }
}

/// s ← s + g²; w ← w − η·g / (√s + ε) (Duchi, Hazan and Singer 2011).
struct AdaGradRule: UpdateRule {
  let epsilon: Double

  var memoryCount: Int { 1 }
  var countsSteps: Bool { false }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] + g * g
    return w - moment.learningRate * g / (memory[0].sqrt() + epsilon)
  }
}

/// s ← α·s + (1 − α)·g²; w ← w − η·g / (√s + ε), with momentum over the quotient where it is not 0 (Hinton, lecture 6e of
/// "Neural networks for machine learning", 2012).
struct RMSPropRule: UpdateRule {
  let smoothing, epsilon, momentum: Double

  var memoryCount: Int { momentum == 0 ? 1 : 2 }
  var countsSteps: Bool { false }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] * smoothing + g * g * (1 - smoothing)
    var direction = g / (memory[0].sqrt() + epsilon)
    if momentum != 0 {
      memory[1] = memory[1] * momentum + direction
      direction = memory[1]
    }
    return w - moment.learningRate * direction
  }
}

/// m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − η·m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
/// (Kingma and Ba 2015).
struct AdamRule: UpdateRule {
  let beta1, beta2, epsilon: Double

  var memoryCount: Int { 2 }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] + (g - memory[0]) * (1 - beta1)
    memory[1] = memory[1] * beta2 + g * g * (1 - beta2)
    // the corrections are two scalars, so that each element needs one division only
    let rate = moment.learningRate / moment.biasCorrection(beta1)
    let correction = moment.biasCorrection(beta2).rsqrt()
    return w - rate * memory[0] / (memory[1].sqrt() * correction + epsilon)
  }
}
