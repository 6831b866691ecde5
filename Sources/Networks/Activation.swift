import DescentTensors

/// An activation function as a layer: applied to each element, softmax and maxout to the last axis.
///
/// - Shapes: input `[...]` → output of the same shape; maxout `[..., k · pieces]` → `[..., k]`.
public enum Activation: Module, Hashable {
  /// 1 where x ≥ 0, else 0 (Rosenblatt's perceptron); its gradient is 0.
  case step
  /// slope · x.
  case linear(slope: Double = 1)
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// tanh x.
  case tanh
  /// max(0, x).
  case relu
  /// x where x > 0, else slope · x.
  case leakyReLU(slope: Double = 0.01)
  /// x where x > 0, else alpha · (eˣ − 1).
  case elu(alpha: Double = 1)
  /// eˣ / Σ eˣ over the last axis.
  case softmax
  /// The greatest of each run of `pieces` neighbours on the last axis (Goodfellow and others 2013).
  case maxout(pieces: Int)

  /// The function of x.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let zero = Tensor(0, type: x.type)
    switch self {
    case .step: return (x .>= 0).cast(to: x.type)
    case .linear(let slope): return slope == 1 ? x : x * slope
    case .sigmoid: return x.sigmoid()
    case .tanh: return x.tanh()
    case .relu: return .select(x .> 0, x, zero)
    case .leakyReLU(let slope): return .select(x .> 0, x, x * slope)
    case .elu(let alpha): return .select(x .> 0, x, x.minimum(0).expm1() * alpha)
    case .softmax: return x.softmax()
    case .maxout(let pieces):
      check(
        pieces > 0 && x.rank > 0 && x.shape[x.rank - 1] % pieces == 0,
        "maxout(pieces: \(pieces)) expects input [..., k · \(pieces)], got \(x.shape)")
      return x.reshaped(to: x.shape.dropLast() + [x.shape[x.rank - 1] / pieces, pieces]).max(axes: [-1])
    }
  }
}
