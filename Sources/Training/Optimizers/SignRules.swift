import DescentTensors

/// w ← w − η·sign(β₁·m + (1 − β₁)·g); m ← β₂·m + (1 − β₂)·g (Chen and others 2023).
struct LionRule: UpdateRule {
  let beta1, beta2: Double

  var memoryCount: Int { 1 }
  var countsSteps: Bool { false }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    let direction = (memory[0] * beta1 + g * (1 - beta1)).sign()
    memory[0] = memory[0] * beta2 + g * (1 - beta2)
    return w - moment.learningRate * direction
  }
}

/// Each weight has its own step s, which grows by η₊ where the gradient keeps its sign and shrinks by η₋ where it turns, when
/// the weight waits for one step; w ← w − s·sign(g) (Riedmiller and Braun 1993), in PyTorch's form.
struct RpropRule: UpdateRule {
  let shrinking, growing: Double
  let bounds: ClosedRange<Double>

  var memoryCount: Int { 2 }
  var countsSteps: Bool { false }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    let agreement = g * memory[0]
    let (zero, one) = (Tensor(0, type: w.type), Tensor(1, type: w.type))
    let hasTurned = agreement .< 0
    let factor = Tensor.select(
      hasTurned, Tensor(shrinking, type: w.type),
      Tensor.select(agreement .> 0, Tensor(growing, type: w.type), one))
    // a step of 0 has not begun: steps never get below the bound
    let step = Tensor.select(memory[1] .> 0, memory[1], moment.learningRate)
    memory[1] = (step * factor).clamped(from: bounds.lowerBound, to: bounds.upperBound)
    memory[0] = Tensor.select(hasTurned, zero, g)
    return w - memory[0].sign() * memory[1]
  }
}

/// Follow the regularised leader, each weight by its own rate: s ← s + g²; z ← z + g − (√s − √s before)·w / η;
/// w ← 0 where |z| ≤ λ₁, otherwise (sign(z)·λ₁ − z) / ((β + √s) / η + 2·λ₂) (McMahan and others 2013), in Keras's form.
struct FTRLRule: UpdateRule {
  let l1, l2, beta, initialSquares: Double

  var memoryCount: Int { 2 }
  var countsSteps: Bool { false }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    // memory starts at 0, and s at another number
    let before = (memory[0] + initialSquares).sqrt()
    memory[0] = memory[0] + g.squared()
    let root = (memory[0] + initialSquares).sqrt()
    memory[1] = memory[1] + g - (root - before) / moment.learningRate * w
    let z = memory[1]
    let value = (z.sign() * l1 - z) / ((root + beta) / moment.learningRate + 2 * l2)
    return Tensor.select(z.absolute() .> l1, value, Tensor(0, type: w.type))
  }
}
