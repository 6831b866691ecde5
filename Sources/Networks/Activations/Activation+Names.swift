extension Activation {
  /// One activation of each kind, with its usual parameters; maxout takes the greater of two.
  public static let all: [Activation] = [
    .step, .linear(), .sigmoid, .tanh, .relu, .leakyReLU(), .elu(), .softmax, .maxout(pieces: 2), .hardSigmoid,
    .logSigmoid, .hardTanh(), .softsign, .softplus(), .relu6, .thresholdedReLU(), .celu(), .selu, .gelu, .geluTanh,
    .silu, .hardSiLU, .mish, .squareplus(), .glu, .swiGLU, .softmin, .logSoftmax, .sparsemax, .hardShrink(),
    .softShrink(), .tanhShrink, .exponential, .sine,
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
    case .hardSigmoid: "hard-sigmoid"
    case .logSigmoid: "log-sigmoid"
    case .hardTanh: "hard-tanh"
    case .softsign: "softsign"
    case .softplus: "softplus"
    case .relu6: "relu6"
    case .thresholdedReLU: "thresholded-relu"
    case .celu: "celu"
    case .selu: "selu"
    case .gelu: "gelu"
    case .geluTanh: "gelu-tanh"
    case .silu: "silu"
    case .hardSiLU: "hard-silu"
    case .mish: "mish"
    case .squareplus: "squareplus"
    case .glu: "glu"
    case .swiGLU: "swiglu"
    case .softmin: "softmin"
    case .logSoftmax: "log-softmax"
    case .sparsemax: "sparsemax"
    case .hardShrink: "hard-shrink"
    case .softShrink: "soft-shrink"
    case .tanhShrink: "tanh-shrink"
    case .exponential: "exponential"
    case .sine: "sine"
    }
  }

  /// How many numbers of the last axis each output is made of, 1 where it is one.
  public var pieces: Int {
    switch self {
    case .maxout(let pieces): pieces
    case .glu, .swiGLU: 2
    default: 1
    }
  }

  /// What weights in front of it start from: He's variance for rectified units, which pass about half of their input,
  /// LeCun's for ``selu``, whose derivation asks for it, Glorot's otherwise.
  public var weights: Initializer {
    switch self {
    case .relu, .leakyReLU, .elu, .relu6, .thresholdedReLU, .celu, .gelu, .geluTanh, .silu, .hardSiLU, .mish: .heUniform
    case .selu: .leCunNormal
    default: .glorotUniform
    }
  }
}
