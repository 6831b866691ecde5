/// In what a network computes: everything in float32, or what costs most in bfloat16 (mixed precision; Micikevicius and
/// others, "Mixed precision training", 2018; PyTorch's `autocast`).
///
/// Under ``bfloat16`` matrix products and convolutions take float32 operands rounded to bfloat16 and give bfloat16, summed
/// up in float32, so that what is kept for the way back takes half the memory. Parameters stay as they are: gradients come
/// back to them through the rounding, in float32. Float64 stays float64.
///
///     let output = Precision.bfloat16 { network(input) }.cast(to: .float32)
///
/// It saves memory, not time: products widen what they read, since processors without instructions for bfloat16 have no
/// faster way. With AVX2 a training step of `descent bench mlp` takes 1.1 times as long as in float32; a step of two 5 × 5
/// convolutions and two dense layers takes 1.04 times as long, in 0.46 of the memory. Where the weights are more than what
/// is kept of a batch, as in `mlp`, their rounded and widened copies take more memory than is saved.
///
/// It belongs to the task, as ``Mode`` does, and is read while operations are recorded. Gradients are taken in the types
/// that the operations were recorded in.
public enum Precision: String, Sendable, Hashable, Codable, CaseIterable {
  /// Everything as it is given: the default.
  case float32
  /// Products in bfloat16.
  case bfloat16

  /// The precision of the current task.
  @TaskLocal public static var current: Precision = .float32

  /// Runs the body with this precision as ``current``.
  public func callAsFunction<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self, operation: body)
  }
}

/// What an operation does with its operands under ``Precision/bfloat16``.
enum PrecisionRule {
  /// float32 is rounded to bfloat16.
  case rounds
  /// bfloat16 is widened to float32, and so is the result.
  case widens
  /// Where both come together, bfloat16 is widened.
  case joins
  /// All as they come.
  case leaves
}

extension Operation {
  /// The table of what runs in which type; PyTorch's `autocast` has the same lists.
  fileprivate var precisionRule: PrecisionRule {
    switch self {
    case is Product, is Convolve, is ConvolveToInput, is ConvolveToWeights: .rounds
    case is Softmax, is Sparsemax, is SoftmaxCrossEntropy, is AlignmentLoss: .widens
    case let reduction as Reduction: reduction.kind == .sum || reduction.kind == .product ? .widens : .joins
    case is any AliasOperation, is Cast: .leaves
    default: .joins
    }
  }

  /// Whether the rule for gradients computes something, and does not only move numbers or hand them on to products: then
  /// it runs in float32 for bfloat16, and its results are rounded once.
  var widensGradients: Bool {
    switch self {
    case is any AliasOperation, is any MovingOperation, is Product, is Cast, is Fold, is TakeBack, is GatherBack: false
    case is Convolve, is ConvolveToInput, is ConvolveToWeights: false
    default: true
    }
  }
}

extension Precision {
  /// The operands of an operation in the types that it takes.
  func operands(_ inputs: [Tensor], of operation: some Operation) -> [Tensor] {
    guard self == .bfloat16 else { return inputs }
    func cast(_ type: ElementType, to other: ElementType) -> [Tensor] {
      inputs.map { $0.type == type ? $0.cast(to: other) : $0 }
    }
    switch operation.precisionRule {
    case .rounds: return cast(.float32, to: .bfloat16)
    case .widens: return cast(.bfloat16, to: .float32)
    case .joins:
      return inputs.contains { $0.type == .float32 } ? cast(.bfloat16, to: .float32) : inputs
    case .leaves: return inputs
    }
  }
}

extension Tensor {
  /// A function of several operations, computed in float32 where this tensor is of bfloat16, and rounded once.
  package func inFloat32(_ body: (Tensor) -> Tensor) -> Tensor {
    type == .bfloat16 ? body(cast(to: .float32)).cast(to: .bfloat16) : body(self)
  }
}
