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

/// s ← ρ·s + (1 − ρ)·g²; Δ = g · √(d + ε) / √(s + ε); d ← ρ·d + (1 − ρ)·Δ²; w ← w − η·Δ (Zeiler 2012).
struct AdaDeltaRule: UpdateRule {
  let smoothing, epsilon: Double

  var memoryCount: Int { 2 }
  var countsSteps: Bool { false }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] * smoothing + g * g * (1 - smoothing)
    let change = (memory[1] + epsilon).sqrt() / (memory[0] + epsilon).sqrt() * g
    memory[1] = memory[1] * smoothing + change * change * (1 - smoothing)
    return w - moment.learningRate * change
  }
}

/// s ← α·s + (1 − α)·g²; w ← w − η·g / (√s + ε), with momentum over the quotient where it is not 0; centred, s − ḡ² stands
/// for s, with ḡ ← α·ḡ + (1 − α)·g (Hinton, lecture 6e of "Neural networks for machine learning", 2012; Graves 2013).
struct RMSPropRule: UpdateRule {
  let smoothing, epsilon, momentum: Double
  let isCentred: Bool

  var memoryCount: Int { 1 + (momentum == 0 ? 0 : 1) + (isCentred ? 1 : 0) }
  var countsSteps: Bool { false }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] * smoothing + g * g * (1 - smoothing)
    var spread = memory[0]
    if isCentred {
      let mean = memory[memoryCount - 1]
      memory[memoryCount - 1] = mean + (g - mean) * (1 - smoothing)
      spread = spread - memory[memoryCount - 1].squared()
    }
    var direction = g / (spread.sqrt() + epsilon)
    if momentum != 0 {
      memory[1] = memory[1] * momentum + direction
      direction = memory[1]
    }
    return w - moment.learningRate * direction
  }
}
