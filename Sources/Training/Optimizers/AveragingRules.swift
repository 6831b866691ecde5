import DescentTensors

/// Descent at a falling rate ηₜ = η / (1 + λ·η·(t − 1))^α with the average of all weights beside it (Polyak and Juditsky 1992):
/// w ← w·(1 − λ·ηₜ) − ηₜ·g; a ← a + μₜ·(w − a), μₜ = 1 / max(1, t − 1 − t₀), in PyTorch's form.
struct ASGDRule: UpdateRule {
  let decay, exponent, start: Double

  var memoryCount: Int { 1 }
  var averages: Bool { true }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    let past = moment.step - 1
    let rate = moment.learningRate / (1 + moment.learningRate * decay * past).power(exponent)
    let value = w * (1 - rate * decay) - rate * g
    let share = 1 / (past - start).maximum(1)
    memory[0] = memory[0] + (value - memory[0]) * share
    return value
  }

  func average(of parameter: Tensor, memory: [Tensor]) -> Tensor { memory[0] }
}

/// AdamW without a schedule: gradients are taken at y between the fast weights z and their average x, which is what to use:
/// y = β₁·x + (1 − β₁)·z; z ← z − η·(g / (√v̂ + ε) + λ·y); x ← (1 − c)·x + c·z with c = η² / Σ η² (Defazio and others 2024).
/// The parameter holds y.
struct ScheduleFreeRule: UpdateRule {
  let beta1, beta2, epsilon: Double

  var memoryCount: Int { 4 }
  var averages: Bool { true }

  /// z, v, Σ η², and the greatest η so far.
  func memoryShapes(for parameter: Shape) -> [Shape] { [parameter, parameter, [], []] }

  func updated(_ y: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    let rate = moment.learningRate
    // nothing has been summed up before the first step, when z is y
    let z = Tensor.select(memory[2] .> 0, memory[0], y)
    memory[1] = memory[1] * beta2 + g * g * (1 - beta2)
    memory[3] = memory[3].maximum(rate)
    let weight = memory[3].squared()
    memory[2] = memory[2] + weight
    let share = Tensor.select(memory[2] .> 0, weight / memory[2], Tensor(0, type: y.type))
    var direction = g / (memory[1].sqrt() * moment.biasCorrection(beta2).rsqrt() + epsilon)
    if moment.weightDecay != 0 { direction = direction + y * moment.weightDecay }
    memory[0] = z - rate * direction
    return y + (z - y) * share + rate * (beta1 * (1 - share) - 1) * direction
  }

  func average(of parameter: Tensor, memory: [Tensor]) -> Tensor {
    Tensor.select(memory[2] .> 0, parameter + (memory[0] - parameter) * (1 - 1 / beta1), parameter)
  }

  /// x = y = z: the y between them would lie elsewhere.
  func adopt(_ average: Tensor, memory: inout [Tensor]) { memory[0] = average }
}
