import DescentTensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// m ← β₁·m + (1 − β₁)·g; v ← β₂·v + (1 − β₂)·g²; w ← w − η·m̂ / (√v̂ + ε) with m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ)
/// (Kingma and Ba 2015); AMSGrad divides by the greatest v so far (Reddi, Kale and Kumar 2018).
struct AdamRule: UpdateRule {
  let beta1, beta2, epsilon: Double
  let isAMSGrad: Bool

  var memoryCount: Int { isAMSGrad ? 3 : 2 }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] + (g - memory[0]) * (1 - beta1)
    memory[1] = memory[1] * beta2 + g * g * (1 - beta2)
    // the corrections are two scalars, so that each element needs one division only
    let rate = moment.learningRate / moment.biasCorrection(beta1)
    let correction = moment.biasCorrection(beta2).rsqrt()
    if isAMSGrad { memory[2] = memory[2].maximum(memory[1]) }
    return w - rate * memory[0] / (memory[isAMSGrad ? 2 : 1].sqrt() * correction + epsilon)
  }
}

/// m as Adam's; u ← max(β₂·u, |g| + ε); w ← w − η·m̂ / u (Kingma and Ba 2015, section 7.1).
struct AdaMaxRule: UpdateRule {
  let beta1, beta2, epsilon: Double

  var memoryCount: Int { 2 }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] + (g - memory[0]) * (1 - beta1)
    memory[1] = (memory[1] * beta2).maximum(g.absolute() + epsilon)
    return w - moment.learningRate / moment.biasCorrection(beta1) * memory[0] / memory[1]
  }
}

/// Adam with Nesterov's look-ahead: μₜ = β₁·(1 − ½·0.96^(t·ψ)); w ← w − η·(μₜ₊₁·m / (1 − ∏μ up to t + 1) + (1 − μₜ)·g /
/// (1 − ∏μ up to t)) / (√v̂ + ε) (Dozat 2016).
struct NAdamRule: UpdateRule {
  let beta1, beta2, epsilon, momentumDecay: Double

  var memoryCount: Int { 3 }

  /// m, v, and 1 − ∏μ, which starts at 0 as all memory does.
  func memoryShapes(for parameter: Shape) -> [Shape] { [parameter, parameter, []] }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    let (now, next) = (momentum(at: moment.step), momentum(at: moment.step + 1))
    memory[0] = memory[0] + (g - memory[0]) * (1 - beta1)
    memory[1] = memory[1] * beta2 + g * g * (1 - beta2)
    memory[2] = 1 - now * (1 - memory[2])
    let denominator = memory[1].sqrt() * moment.biasCorrection(beta2).rsqrt() + epsilon
    let fresh = moment.learningRate * (1 - now) / memory[2]
    let running = moment.learningRate * next / (1 - next * (1 - memory[2]))
    return w - (fresh * g + running * memory[0]) / denominator
  }

  private func momentum(at step: Tensor) -> Tensor { beta1 * (1 - 0.5 * (step * (momentumDecay * log(0.96))).exp()) }
}

/// Adam whose step is rectified for the variance of v̂ while few gradients have been seen, and is plain momentum before:
/// ρ∞ = 2 / (1 − β₂) − 1; ρ = ρ∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ); where ρ > 5: w ← w − η·m̂·r / (√v + ε) · √(1 − β₂ᵗ) with
/// r = √((ρ − 4)(ρ − 2)·ρ∞ / ((ρ∞ − 4)(ρ∞ − 2)·ρ)), otherwise w ← w − η·m̂ (Liu and others 2020).
struct RAdamRule: UpdateRule {
  let beta1, beta2, epsilon: Double

  var memoryCount: Int { 2 }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] + (g - memory[0]) * (1 - beta1)
    memory[1] = memory[1] * beta2 + g * g * (1 - beta2)
    // the first ρ are small differences of large numbers
    let step = moment.step.cast(to: .float64)
    let correction = -(step * log(beta2)).expm1()
    let limit = 2 / (1 - beta2) - 1
    let length = limit - 2 * step * (1 - correction) / correction
    let isTractable = length .> 5
    let product = (length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length)
    let scale = (product.maximum(0) * correction).sqrt().cast(to: w.type)
    let divisor = Tensor.select(isTractable, memory[1].sqrt() + epsilon, Tensor(1, type: w.type))
    let factor = Tensor.select(isTractable, scale, Tensor(1, type: w.type))
    return w - moment.learningRate / moment.biasCorrection(beta1) * factor * memory[0] / divisor
  }
}

/// u = m̂ / (√v̂ + ε) + λ·w; w ← w − η·(‖w‖ / ‖u‖)·u, the quotient 1 where a norm is 0 (You and others 2020).
struct LAMBRule: UpdateRule {
  let beta1, beta2, epsilon: Double

  var memoryCount: Int { 2 }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    memory[0] = memory[0] + (g - memory[0]) * (1 - beta1)
    memory[1] = memory[1] * beta2 + g * g * (1 - beta2)
    let denominator = memory[1].sqrt() * moment.biasCorrection(beta2).rsqrt() + epsilon
    var direction = memory[0] / (moment.biasCorrection(beta1) * denominator)
    if moment.weightDecay != 0 { direction = direction + w * moment.weightDecay }
    let (weights, change) = (w.squared().sum().sqrt(), direction.squared().sum().sqrt())
    let one = Tensor(1, type: w.type)
    let trust = Tensor.select((weights .> 0) .& (change .> 0), weights / change, one)
    return w - moment.learningRate * trust * direction
  }
}
