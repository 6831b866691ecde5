import DescentTensors

extension Activation {
  /// The function of x.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    check(problem == nil, "\(name): \(problem ?? "")")
    checkPieces(x)
    return switch self {
    case .step: (x .>= 0).cast(to: x.type)
    case .linear(let slope): slope == 1 ? x : x * slope
    case .sigmoid: x.sigmoid()
    case .tanh: x.tanh()
    case .hardSigmoid: (x * (1.0 / 6) + 0.5).held(from: 0, to: 1)
    case .logSigmoid: -(-x).softplus()
    case .hardTanh(let low, let high): x.held(from: low, to: high)
    case .softsign: x / (x.absolute() + 1)

    case .relu: .select(x .<= 0, Tensor(0, type: x.type), x)
    case .relu6: x.held(from: 0, to: 6)
    case .thresholdedReLU(let threshold): .select(x .<= threshold, Tensor(0, type: x.type), x)
    case .leakyReLU(let slope): .select(x .> 0, x, x * slope)
    case .elu(let alpha): x.exponentialUnit(alpha: alpha)
    case .celu(let alpha): x.exponentialUnit(alpha: alpha, width: alpha)
    case .selu: x.exponentialUnit(alpha: 1.6732632423543772) * 1.0507009873554805
    case .softplus(let beta): beta == 1 ? x.softplus() : (x * beta).softplus() * (1 / beta)
    case .squareplus(let b): x.squareplus(b)
    case .gelu: x * ((x * 0.5.squareRoot()).erf() + 1) * 0.5
    case .geluTanh: x.tanhGELU()
    case .silu: x * x.sigmoid()
    case .hardSiLU: x * ((x.held(from: -3, to: 3) + 3) * (1.0 / 6))
    case .mish: x * x.softplus().tanh()

    case .glu: x.half(0) * x.half(1).sigmoid()
    case .swiGLU: x.half(0) * x.half(0).sigmoid() * x.half(1)

    case .softmax: x.softmax()
    case .softmin: (-x).softmax()
    case .logSoftmax: x.logSoftmax()
    case .sparsemax: x.sparsemax()
    case .maxout(let pieces):
      x.reshaped(to: x.shape.dropLast() + [x.shape[x.rank - 1] / pieces, pieces]).max(axes: [-1])

    case .hardShrink(let threshold): .select(x.absolute() .<= threshold, Tensor(0, type: x.type), x)
    case .softShrink(let threshold): x - x.clamped(from: -threshold, to: threshold)
    case .tanhShrink: x - x.tanh()
    case .exponential: x.exp()
    case .sine: x.sin()
    }
  }

  /// Stops where the last axis is not made of as many pieces as the function takes together.
  private func checkPieces(_ x: Tensor) {
    guard pieces > 1 || isMaxout else { return }
    check(
      x.rank > 0 && x.shape[x.rank - 1] % pieces == 0,
      "\(name)\(isMaxout ? "(pieces: \(pieces))" : "") expects input [..., k · \(pieces)], got \(x.shape)")
  }

  private var isMaxout: Bool { if case .maxout = self { true } else { false } }
}

extension Tensor {
  /// x held to [low, high], with gradient 0 at both ends, unlike ``clamped(from:to:file:line:)``. NaN stays NaN.
  fileprivate func held(from low: Double, to high: Double) -> Tensor {
    .select(self .<= low, Tensor(low, type: type), .select(self .>= high, Tensor(high, type: type), self))
  }

  /// x where x > 0, else alpha · (e^(x/width) − 1).
  fileprivate func exponentialUnit(alpha: Double, width: Double = 1) -> Tensor {
    let isPositive = self .> 0
    // e^x of a large x would be infinite, and its gradient there 0 · ∞
    let rest = Tensor.select(isPositive, Tensor(0, type: type), self)
    return .select(isPositive, self, (width == 1 ? rest : rest / width).expm1() * alpha)
  }

  /// (x + √(x² + b)) / 2. With s = |x| + √(x² + b) it is s/2 for x ≥ 0 and b/2s below, where the sum would cancel.
  fileprivate func squareplus(_ b: Double) -> Tensor {
    let isPositive = self .>= 0
    let size = Tensor.select(isPositive, self, -self)
    // a unit that the root does not depend on keeps the square finite
    let unit = size.maximum(1).stopGradient()
    let sum = size + unit * ((self / unit).squared() + (b.squareRoot() / unit).squared()).sqrt()
    return .select(isPositive, sum * 0.5, 0.5 * b / sum)
  }

  /// ½ · x · (1 + tanh(√(2/π) · (x + 0.044715 · x³))).
  fileprivate func tanhGELU() -> Tensor {
    // beyond ±10 the tangent is ±1 to the last bit of float64, and the cube may be infinite
    let held = clamped(from: -10, to: 10)
    let inner = (held + held * held * held * 0.044715) * (2 / Double.pi).squareRoot()
    return self * (inner.tanh() + 1) * 0.5
  }

  /// The first or the second half of the last axis.
  fileprivate func half(_ index: Int) -> Tensor {
    let count = shape[rank - 1] / 2
    return sliced(axis: rank - 1, index * count..<(index + 1) * count)
  }
}
