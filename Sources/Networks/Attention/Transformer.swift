import DescentTensors

/// One layer of a transformer's encoder: attention to itself, then two dense layers at each step, each with a shortcut, dropout
/// and layer normalisation (Vaswani and others, "Attention is all you need", 2017). PyTorch: `TransformerEncoderLayer` with
/// `batch_first=True`.
///
/// - Shapes: input `[batch, time, features]` → output of the same shape.
public struct TransformerEncoderLayer: Module, NamedParts {
  /// The attention to itself.
  public let attention: MultiHeadAttention
  private let feedForward: FeedForward
  private let norms: [LayerNorm]
  private let dropout: Dropout
  /// Whether normalisation comes before each part (Xiong and others, "On layer normalization", 2020), not behind it.
  public let normalizesFirst: Bool
  /// Whether each step looks at itself and those before only.
  public let isCausal: Bool

  /// A layer with fresh parameters.
  ///
  /// - Parameters:
  ///   - features: of each step.
  ///   - heads: a divisor of the features.
  ///   - hidden: units of the first dense layer.
  ///   - dropout: its probability, also of the weights of attention.
  ///   - activation: between the dense layers.
  ///   - normalizesFirst: whether normalisation comes before each part.
  ///   - isCausal: whether each step looks at itself and those before only.
  public init(
    _ features: Int, heads: Int, hidden: Int = 2048, dropout: Double = 0.1, activation: any Module = Activation.relu,
    normalizesFirst: Bool = false, isCausal: Bool = false, epsilon: Double = 1e-5, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    attention = MultiHeadAttention(features, heads: heads, dropout: dropout, type: type, file: file, line: line)
    feedForward = FeedForward(features, hidden, dropout, activation, type, file, line)
    norms = (0..<2).map { _ in LayerNorm(features, epsilon: epsilon, type: type) }
    self.dropout = Dropout(dropout, file: file, line: line)
    (self.normalizesFirst, self.isCausal) = (normalizesFirst, isCausal)
  }

  /// The sequence, each step having looked at the others.
  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, mask: nil, keyMask: nil) }

  /// The same with masks, as ``MultiHeadAttention`` takes them.
  public func callAsFunction(_ input: Tensor, mask: Tensor?, keyMask: Tensor?) -> Tensor {
    let block = Block(dropout: dropout, normalizesFirst: normalizesFirst)
    let attended = block(input, norms[0]) { attention($0, $0, $0, mask: mask, keyMask: keyMask, isCausal: isCausal) }
    return block(attended, norms[1]) { feedForward($0) }
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] {
    [("self_attn", attention)] + feedForward.parts + [("norm1", norms[0]), ("norm2", norms[1])]
  }
}

/// One layer of a transformer's decoder: causal attention to itself, attention to the encoder's output, and two dense layers at
/// each step. PyTorch: `TransformerDecoderLayer` with `batch_first=True` and a causal mask.
///
/// - Shapes: input `[batch, targets, features]`, memory `[batch, sources, features]` → `[batch, targets, features]`.
public struct TransformerDecoderLayer: NamedParts, Sendable {
  /// The attention to itself, and the one to the encoder's output.
  public let selfAttention, crossAttention: MultiHeadAttention
  private let feedForward: FeedForward
  private let norms: [LayerNorm]
  private let dropout: Dropout
  /// Whether normalisation comes before each part, not behind it.
  public let normalizesFirst: Bool

  /// A layer with fresh parameters; see ``TransformerEncoderLayer`` for what they mean.
  public init(
    _ features: Int, heads: Int, hidden: Int = 2048, dropout: Double = 0.1, activation: any Module = Activation.relu,
    normalizesFirst: Bool = false, epsilon: Double = 1e-5, type: ElementType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    func attention() -> MultiHeadAttention {
      MultiHeadAttention(features, heads: heads, dropout: dropout, type: type, file: file, line: line)
    }
    (selfAttention, crossAttention) = (attention(), attention())
    feedForward = FeedForward(features, hidden, dropout, activation, type, file, line)
    norms = (0..<3).map { _ in LayerNorm(features, epsilon: epsilon, type: type) }
    self.dropout = Dropout(dropout, file: file, line: line)
    self.normalizesFirst = normalizesFirst
  }

  /// The targets, each having looked at those before and at the memory.
  ///
  /// - Parameter memoryMask: bool `[batch, sources]`, true where the memory has a step.
  public func callAsFunction(_ input: Tensor, memory: Tensor, memoryMask: Tensor? = nil) -> Tensor {
    let block = Block(dropout: dropout, normalizesFirst: normalizesFirst)
    let own = block(input, norms[0]) { selfAttention($0, $0, $0, isCausal: true) }
    let crossed = block(own, norms[1]) { crossAttention($0, memory, memory, keyMask: memoryMask) }
    return block(crossed, norms[2]) { feedForward($0) }
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] {
    [("self_attn", selfAttention), ("multihead_attn", crossAttention)] + feedForward.parts
      + norms.enumerated().map { ("norm\($0 + 1)", $1) }
  }
}

/// A part of a transformer's layer with its shortcut, dropout and normalisation.
private struct Block {
  let dropout: Dropout
  let normalizesFirst: Bool

  func callAsFunction(_ input: Tensor, _ norm: LayerNorm, _ part: (Tensor) -> Tensor) -> Tensor {
    normalizesFirst ? input + dropout(part(norm(input))) : norm(input + dropout(part(input)))
  }
}

/// The two dense layers at each step.
private struct FeedForward: Sendable {
  let first, second: Dense
  let dropout: Dropout
  let activation: any Module

  init(
    _ features: Int, _ hidden: Int, _ dropout: Double, _ activation: any Module, _ type: ElementType,
    _ file: StaticString, _ line: UInt
  ) {
    first = Dense(features, hidden, type: type, file: file, line: line)
    second = Dense(hidden, features, type: type, file: file, line: line)
    self.dropout = Dropout(dropout, file: file, line: line)
    self.activation = activation
  }

  func callAsFunction(_ input: Tensor) -> Tensor { second(dropout(activation(first(input)))) }

  var parts: [(name: String, part: Any)] { [("linear1", first), ("linear2", second), ("activation", activation)] }
}
