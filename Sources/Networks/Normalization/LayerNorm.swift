import DescentTensors

/// Layer normalisation: y = γ · (x − μ) / √(σ² + ε) + β, with mean and variance over the last axes of each sample (Ba, Kiros
/// and Hinton, "Layer normalization", 2016). PyTorch: `LayerNorm`.
///
/// - Shapes: input `[..., shape]` → output of the same shape; `weight` and `bias` are of the layer's shape.
public struct LayerNorm: Module, NamedParts {
  /// The last axes' extents.
  public let shape: Shape
  /// ε.
  public let epsilon: Double
  private let affine: Affine

  /// γ, where it is learnt.
  public var weight: Parameter? { affine.weight }
  /// β, where it is learnt.
  public var bias: Parameter? { affine.bias }

  /// A layer with γ = 1 and β = 0.
  ///
  /// - Parameters:
  ///   - shape: extents of the last axes, one axis or more.
  ///   - affine: whether γ and β are learnt.
  ///   - bias: whether β is, where γ is.
  public init(
    _ shape: Shape, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      !shape.isEmpty && shape.allSatisfy { $0 > 0 }, "LayerNorm(\(shape)): needs an axis or more, none of them empty",
      file: file, line: line)
    self.shape = shape
    self.epsilon = epsilon
    self.affine = Affine(shape, weight: affine, bias: affine && bias, type: type)
  }

  /// A layer over the last axis.
  public init(
    _ features: Int, epsilon: Double = 1e-5, affine: Bool = true, bias: Bool = true, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) { self.init([features], epsilon: epsilon, affine: affine, bias: bias, type: type, file: file, line: line) }

  /// The input, normalised.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    checkLastAxes(input, shape, in: "LayerNorm(\(shape))")
    return input.inFloat32 { affine($0.standardized(axes: lastAxes($0, shape), epsilon: epsilon)) }
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] { affine.parts }
}

/// Root mean square normalisation: y = γ · x / √(mean(x²) + ε) over the last axes (Zhang and Sennrich, "Root mean square
/// layer normalization", 2019). PyTorch: `RMSNorm`.
///
/// - Shapes: input `[..., shape]` → output of the same shape; `weight` is of the layer's shape.
public struct RMSNorm: Module, NamedParts {
  /// The last axes' extents.
  public let shape: Shape
  /// ε; nil is the distance from 1 to the next number of the type that is computed in.
  public let epsilon: Double?
  private let affine: Affine

  /// γ, where it is learnt.
  public var weight: Parameter? { affine.weight }

  /// A layer with γ = 1.
  ///
  /// - Parameters:
  ///   - shape: extents of the last axes, one axis or more.
  ///   - affine: whether γ is learnt.
  public init(
    _ shape: Shape, epsilon: Double? = nil, affine: Bool = true, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      !shape.isEmpty && shape.allSatisfy { $0 > 0 }, "RMSNorm(\(shape)): needs an axis or more, none of them empty",
      file: file, line: line)
    self.shape = shape
    self.epsilon = epsilon
    self.affine = Affine(shape, weight: affine, bias: false, type: type)
  }

  /// The input, normalised.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    checkLastAxes(input, shape, in: "RMSNorm(\(shape))")
    return input.inFloat32 { input in
      let square = input.squared().mean(axes: lastAxes(input, shape), keepsAxes: true)
      return affine(input * (square + (epsilon ?? input.type.ulpOfOne)).rsqrt())
    }
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] { affine.parts }
}

/// Each vector along an axis divided by its length: x / max(√Σx², ε). Keras: `UnitNormalization`; PyTorch: `normalize`.
///
/// - Shapes: input `[...]` → output of the same shape.
public struct UnitNorm: Module {
  /// The axis; negative ones count from the end.
  public let axis: Int
  /// ε, the least length that is divided by.
  public let epsilon: Double

  /// A layer that makes vectors along the axis of length 1.
  public init(axis: Int = -1, epsilon: Double = 1e-12) {
    self.axis = axis
    self.epsilon = epsilon
  }

  /// The input, of length 1.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    // held before the root, whose slope at 0 is infinite
    input.inFloat32 { $0 * $0.squared().sum(axes: [axis], keepsAxes: true).maximum(epsilon * epsilon).rsqrt() }
  }
}

private func lastAxes(_ input: Tensor, _ shape: Shape) -> [Int] { Array(input.rank - shape.count..<input.rank) }

private func checkLastAxes(_ input: Tensor, _ shape: Shape, in layer: @autoclosure () -> String) {
  check(
    input.rank >= shape.count && Array(input.shape.suffix(shape.count)) == Array(shape),
    "\(layer()) expects input [..., \(shape.map(String.init).joined(separator: ", "))], got \(input.shape)")
}
