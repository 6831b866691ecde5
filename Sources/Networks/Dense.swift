import DescentTensors

/// A fully connected layer: y = x · Wᵀ + b.
///
/// - Shapes: input `[..., inputs]` → output `[..., outputs]`; `weight` is `[outputs, inputs]`, `bias` is `[outputs]`.
public struct Dense: WeightedLayer {
  /// W.
  public let weight: Parameter
  /// b, where there is one.
  public let bias: Parameter?

  /// A layer with fresh parameters.
  ///
  /// - Parameters:
  ///   - inputs: features of the input, 1 or more.
  ///   - outputs: units of the layer, 1 or more.
  ///   - bias: whether a bias is added.
  ///   - weights: what the weights start from.
  ///   - biases: what the biases start from.
  public init(
    _ inputs: Int, _ outputs: Int, bias: Bool = true, weights: Initializer = .glorotUniform,
    biases: Initializer = .zeros, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(inputs > 0 && outputs > 0, "Dense(\(inputs) → \(outputs)): needs one unit or more", file: file, line: line)
    weight = Parameter(weights([outputs, inputs], type: type))
    self.bias = bias ? Parameter(biases([outputs], type: type)) : nil
  }

  /// A layer with given parameters, for weights that are set by hand.
  public init(weight: Tensor, bias: Tensor? = nil, file: StaticString = #fileID, line: UInt = #line) {
    check(
      weight.rank == 2 && (bias == nil || bias?.shape == [weight.shape[0]]),
      "Dense: weight must be [outputs, inputs] and bias [outputs], got \(weight.shape) and \(bias?.shape ?? [])",
      file: file, line: line)
    self.weight = Parameter(weight)
    self.bias = bias.map { Parameter($0) }
  }

  /// x · Wᵀ + b.
  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, weight: weight.value) }

  /// The same with other weights of W's shape, made from W.
  public func callAsFunction(_ input: Tensor, weight: Tensor) -> Tensor {
    check(
      input.shape.last == weight.shape[1],
      "Dense(\(weight.shape[1]) → \(weight.shape[0])) expects input [..., \(weight.shape[1])], got \(input.shape)")
    let product = input.matmul(weight, transposingOther: true)
    return bias.map { product.adding($0) } ?? product
  }
}
