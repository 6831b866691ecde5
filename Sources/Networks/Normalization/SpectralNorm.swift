import DescentTensors

/// A fully connected layer whose weights are divided by their largest singular value σ, so that the layer never makes
/// differences longer (Miyato and others, "Spectral normalization for generative adversarial networks", 2018):
/// y = x · (W/σ)ᵀ + b.
///
/// σ = uᵀ·W·v, where u and v come closer to the singular vectors by a step of power iteration at each call in training.
/// PyTorch: `spectral_norm(Linear)` of `torch.nn.utils`, whose names its state has.
///
/// - Shapes: input `[..., inputs]` → output `[..., outputs]`.
public struct SpectralNorm: Module, NamedParts {
  /// The layer, with its weights as they are learnt.
  public let layer: Dense
  private let left, right: State
  private let iterations: Int
  private let epsilon: Double

  /// A layer around a dense one.
  ///
  /// - Parameters:
  ///   - layer: whose weights are divided.
  ///   - iterations: of the power method at each call in training, 1 or more.
  ///   - epsilon: the least length that u and v are divided by.
  public init(
    _ layer: Dense, iterations: Int = 1, epsilon: Double = 1e-12, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(iterations > 0, "SpectralNorm: needs an iteration or more, got \(iterations)", file: file, line: line)
    self.layer = layer
    self.iterations = iterations
    self.epsilon = epsilon
    let (shape, type) = (layer.weight.shape, layer.weight.value.type)
    let unit = UnitNorm(epsilon: epsilon)
    let start = { (count: Int) in unit(Initializer.normal(standardDeviation: 1)([count], type: type)) }
    (left, right) = (State(start(shape[0])), State(start(shape[1])))
    evaluateUnlessTraced([left.value, right.value])
  }

  /// x · (W/σ)ᵀ + b.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    // the vectors converge to as many digits as they are multiplied with
    let weight = Precision.float32 {
      let weight = layer.weight.value
      if Mode.current == .training { iterate(weight.stopGradient()) }
      let (u, v) = (left.value.stopGradient(), right.value.stopGradient())
      return weight / (u * weight.matmul(v)).sum()
    }
    return layer(input, weight: weight)
  }

  private func iterate(_ weight: Tensor) {
    let unit = UnitNorm(epsilon: epsilon)
    var (u, v) = (left.value, right.value)
    for _ in 0..<iterations {
      v = unit(u.matmul(weight))
      u = unit(weight.matmul(v))
    }
    (left.value, right.value) = (u, v)
    evaluateUnlessTraced([u, v])
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] {
    [layer.bias.map { ("bias", $0 as Any) }, ("weight_orig", layer.weight), ("weight_u", left), ("weight_v", right)]
      .compactMap { $0 }
  }
}
