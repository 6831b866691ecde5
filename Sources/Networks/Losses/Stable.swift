import DescentTensors

// Functions that the losses need, finite wherever their value is.

extension Tensor {
  /// √x for x ≥ 0, with gradient 0 at 0, where the root's own is infinite and would turn a perfect fit into NaN.
  func rootOrZero() -> Tensor {
    let isZero = self .== 0
    let zero = Tensor(0, type: type)
    return .select(isZero, zero, Tensor.select(isZero, Tensor(1, type: type), self).sqrt())
  }

  /// max(0, x), with gradient 0 at 0. NaN stays NaN.
  func positivePart() -> Tensor { .select(self .<= 0, Tensor(0, type: type), self) }

  /// max(0, x), with gradient 1 at 0, as PyTorch's `clamp_min`: what just meets a margin of 0 is still driven on.
  func heldToZero() -> Tensor { .select(self .< 0, Tensor(0, type: type), self) }

  /// (Σ |x|^p)^(1/p) over the last axis, with gradient 0 where it is 0.
  func length(power p: Double = 2) -> Tensor {
    if p == 1 { return absolute().sum(axes: [-1]) }
    if p == 2 { return squared().sum(axes: [-1]).rootOrZero() }
    let total = absolute().power(p).sum(axes: [-1])
    let isZero = total .== 0
    return .select(isZero, Tensor(0, type: type), Tensor.select(isZero, Tensor(1, type: type), total).power(1 / p))
  }

  /// x / y, and 0 where y is 0.
  func divided(orZeroBy divisor: Tensor) -> Tensor {
    let isZero = divisor .== 0
    let (zero, one) = (Tensor(0, type: type), Tensor(1, type: type))
    return .select(isZero, zero, self / Tensor.select(isZero, one, divisor))
  }

  /// ln(1 + eˣ) = max(x, 0) + ln(1 + e^(−|x|)), whose gradient is σ(x).
  ///
  /// The rule is given because the graph's own derivatives have an edge at 0.
  func softplus() -> Tensor {
    .withCustomGradient(of: [self]) { inputs in
      inputs[0].maximum(0) + (-inputs[0].absolute()).exp().log1p()
    } gradient: { inputs, _, gradient in
      [gradient * inputs[0].sigmoid()]
    }
  }

  /// ln(1 + eˣ) − t·x, the binary cross-entropy of a logit x and a target t.
  func binaryCrossEntropy(_ targets: Tensor) -> Tensor { softplus() - targets * self }

  /// ln cosh x = |x| + ln(1 + e^(−2|x|)) − ln 2, whose gradient is tanh x.
  ///
  /// The rule is given because the graph's own derivatives have an edge at 0.
  func logCosh() -> Tensor {
    .withCustomGradient(of: [self]) { inputs in
      let size = inputs[0].absolute()
      return size + (size * -2).exp().log1p() - 0.6931471805599453
    } gradient: { inputs, _, gradient in
      [gradient * inputs[0].tanh()]
    }
  }

  /// The mean over all axes but the first: `[batch, ...]` → `[batch]`.
  func sampleMean() -> Tensor { rank == 1 ? self : mean(axes: Array(1..<rank)) }

  /// The sum over all axes but the first: `[batch, ...]` → `[batch]`.
  func sampleSum() -> Tensor { rank == 1 ? self : sum(axes: Array(1..<rank)) }
}
