import DescentTensors

/// A dense or convolutional layer whose weights are divided by their largest singular value σ, so that a dense one never
/// makes differences longer (Miyato and others, "Spectral normalization for generative adversarial networks", 2018).
///
/// σ = uᵀ·W·v with W as a matrix, a row for each output; u and v come closer to the singular vectors by a step of power
/// iteration at each call in training. PyTorch: `spectral_norm` of `torch.nn.utils`, whose names its state has.
///
/// - Shapes: the layer's.
public struct SpectralNorm: Module, NamedParts {
  /// The layer, with its weights as they are learnt.
  public let layer: any WeightedLayer
  private let left, right: State
  private let iterations: Int
  private let epsilon: Double

  /// A layer around a dense or convolutional one.
  ///
  /// - Parameters:
  ///   - layer: whose weights are divided.
  ///   - iterations: of the power method at each call in training, 1 or more.
  ///   - epsilon: the least length that u and v are divided by.
  public init(
    _ layer: some WeightedLayer, iterations: Int = 1, epsilon: Double = 1e-12, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(iterations > 0, "SpectralNorm: needs an iteration or more, got \(iterations)", file: file, line: line)
    self.layer = layer
    self.iterations = iterations
    self.epsilon = epsilon
    let (shape, type) = (layer.weightRows.shape, layer.weight.value.type)
    let unit = UnitNorm(epsilon: epsilon)
    let start = { (count: Int) in unit(Initializer.normal(standardDeviation: 1)([count], type: type)) }
    (left, right) = (State(start(shape[0])), State(start(shape[1])))
    evaluateUnlessTraced([left.value, right.value])
  }

  /// What the layer gives with W/σ.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    // the vectors converge to as many digits as they are multiplied with
    let weight = Precision.float32 {
      let rows = layer.weightRows
      if Mode.current == .training { iterate(rows.stopGradient()) }
      let (u, v) = (left.value.stopGradient(), right.value.stopGradient())
      return layer.weight.value / (u * rows.matmul(v)).sum()
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
