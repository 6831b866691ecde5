import DescentTensors

/// An activation function as a layer: applied to each element, softmax and maxout to the last axis.
///
/// - Shapes: input `[...]` → output of the same shape; maxout `[..., k · pieces]` → `[..., k]`.
public enum Activation: Module, Hashable {
  /// 1 where x ≥ 0, else 0 (Rosenblatt, "The perceptron", 1958). Its gradient is 0 everywhere, so nothing before it
  /// learns by descent.
  case step
  /// slope · x.
  case linear(slope: Double = 1)
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// tanh x.
  case tanh
  /// max(0, x); NaN stays NaN, and the gradient at 0 is 0. PyTorch: `relu`.
  case relu
  /// x where x > 0, else slope · x (Maas and others, "Rectifier nonlinearities improve neural network acoustic models",
  /// 2013). PyTorch: `leaky_relu`.
  case leakyReLU(slope: Double = 0.01)
  /// x where x > 0, else alpha · (eˣ − 1) (Clevert and others, "Fast and accurate deep network learning by exponential
  /// linear units", 2015). PyTorch: `elu`.
  case elu(alpha: Double = 1)
  /// eˣ / Σ eˣ over the last axis.
  case softmax
  /// The greatest of each run of `pieces` neighbours on the last axis; equal ones share the gradient (Goodfellow and
  /// others, "Maxout networks", 2013).
  case maxout(pieces: Int)

  /// The function of x.
  public func callAsFunction(_ x: Tensor) -> Tensor {
    let zero = Tensor(0, type: x.type)
    switch self {
    case .step: return (x .>= 0).cast(to: x.type)
    case .linear(let slope): return slope == 1 ? x : x * slope
    case .sigmoid: return x.sigmoid()
    case .tanh: return x.tanh()
    case .relu: return .select(x .<= 0, zero, x)
    case .leakyReLU(let slope): return .select(x .> 0, x, x * slope)
    case .elu(let alpha):
      let isPositive = x .> 0
      // e^x of a large x would be infinite, and its gradient there 0 · ∞
      return .select(isPositive, x, Tensor.select(isPositive, zero, x).expm1() * alpha)
    case .softmax: return x.softmax()
    case .maxout(let pieces):
      check(
        pieces > 0 && x.rank > 0 && x.shape[x.rank - 1] % pieces == 0,
        "maxout(pieces: \(pieces)) expects input [..., k · \(pieces)], got \(x.shape)")
      return x.reshaped(to: x.shape.dropLast() + [x.shape[x.rank - 1] / pieces, pieces]).max(axes: [-1])
    }
  }
}

// MARK: Names

extension Activation {
  /// One activation of each kind, with its usual parameters; maxout takes the greater of two.
  public static let all: [Activation] = [
    .step, .linear(), .sigmoid, .tanh, .relu, .leakyReLU(), .elu(), .softmax, .maxout(pieces: 2),
  ]

  /// The activation of this name in kebab-case, such as `leaky-relu`, with its usual parameters, or nil.
  public static func named(_ name: String) -> Activation? { all.first { $0.name == name } }

  /// The name in kebab-case, as the command line and files write it.
  public var name: String {
    switch self {
    case .step: "step"
    case .linear: "linear"
    case .sigmoid: "sigmoid"
    case .tanh: "tanh"
    case .relu: "relu"
    case .leakyReLU: "leaky-relu"
    case .elu: "elu"
    case .softmax: "softmax"
    case .maxout: "maxout"
    }
  }

  /// How many inputs each output is made of.
  var pieces: Int {
    if case .maxout(let pieces) = self { pieces } else { 1 }
  }

  /// What weights in front of it start from: He's variance for rectified units, which pass about half of their input,
  /// Glorot's otherwise.
  public var weights: Initializer {
    switch self {
    case .relu, .leakyReLU, .elu: .heUniform
    default: .glorotUniform
    }
  }
}
