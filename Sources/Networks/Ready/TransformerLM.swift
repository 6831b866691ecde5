import DescentTensors

/// A transformer that tells the next symbol of a sequence: embedding and learned positions, blocks of causal attention and
/// two dense layers with GELU, normalisation before each part and behind the last, and a dense layer at every step (Radford
/// and others, "Language models are unsupervised multitask learners", 2019).
///
/// State names: `embedding.weight`, `positions.weight`, `layers.0.self_attn.in_proj_weight` and so on, as in PyTorch's
/// `TransformerEncoderLayer`, `norm.weight`, `norm.bias`, `head.weight`. With a tied head there is no `head.weight`: it is
/// `embedding.weight`.
///
/// - Shapes: input `[batch, time]` of whole numbers, time up to `context` → output `[batch, time, symbols]`, logits of the
///   symbol behind each.
public struct TransformerLM: Module, SequenceGenerator, NamedParts {
  /// A vector for each symbol.
  public let embedding: Embedding
  /// A vector for each place.
  public let positions: LearnedPositions
  /// The blocks.
  public let layers: [TransformerEncoderLayer]
  /// The normalisation behind the last block.
  public let norm: LayerNorm
  /// The dense layer at every step, nil where it is the embedding.
  public let head: Dense?
  private let dropout: Dropout

  /// How many symbols it sees at most.
  public var context: Int { positions.weight.shape[0] }

  /// A network with fresh parameters.
  ///
  /// - Parameters:
  ///   - symbols: how many different ones there are.
  ///   - context: how many it sees at most.
  ///   - features: numbers in a symbol's vector.
  ///   - heads: of attention, a divisor of the features.
  ///   - layers: how many blocks.
  ///   - hidden: units of the first dense layer of a block; four times the features where left out.
  ///   - dropout: its probability, also behind the embedding.
  ///   - tiesHead: whether the embedding's vectors are the last layer's weights too (Press and Wolf, "Using the output
  ///     embedding to improve language models", 2017).
  public init(
    symbols: Int, context: Int, features: Int, heads: Int, layers: Int, hidden: Int? = nil, dropout: Double = 0,
    tiesHead: Bool = false, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(layers > 0, "TransformerLM: needs one block or more, got \(layers)", file: file, line: line)
    embedding = Embedding(
      symbols, features, weights: .normal(standardDeviation: 0.02), type: type, file: file, line: line)
    positions = LearnedPositions(context, features, type: type, file: file, line: line)
    self.layers = (0..<layers).map { _ in
      TransformerEncoderLayer(
        features, heads: heads, hidden: hidden ?? 4 * features, dropout: dropout, activation: Activation.gelu,
        normalizesFirst: true, isCausal: true, type: type, file: file, line: line)
    }
    norm = LayerNorm(features, type: type, file: file, line: line)
    head =
      tiesHead
      ? nil
      : Dense(
        features, symbols, bias: false, weights: .normal(standardDeviation: 0.02), type: type, file: file, line: line)
    self.dropout = Dropout(dropout, file: file, line: line)
  }

  /// The logits of the symbol behind each.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(
      input.rank == 2 && input.shape[1] <= context,
      "TransformerLM expects input [batch, up to \(context)], got \(input.shape)")
    let start = dropout(positions(embedding(input, named: "embedding")))
    let blocks = layers.enumerated().reduce(start) { features, layer in
      layer.element(features, named: "layers.\(layer.offset)")
    }
    let found = norm(blocks, named: "norm")
    return head?(found) ?? found.matmul(embedding.weight.value, transposingOther: true)
  }

  /// Symbols that go on with a text, one by one; each sees the last ``context`` ones before it.
  public func generate(
    _ count: Int, after prompt: [Int], temperature: Double = 1, until end: Int? = nil, file: StaticString = #fileID,
    line: UInt = #line
  ) -> [Int] {
    let symbols = embedding.weight.shape[0]
    checkPrompt(prompt, symbols: symbols, temperature, in: "TransformerLM", file, line)
    var text = prompt
    return extended(by: count, temperature: temperature, until: end) { symbol in
      if let symbol { text.append(symbol) }
      let seen = text.suffix(context)
      // filled up to one length, so that one plan serves all; causal attention never sees what lies behind
      let filled = seen.map { Int64($0) } + [Int64](repeating: 0, count: context - seen.count)
      let logits = self(Tensor(filled, shape: [1, context]))
      return Array(logits.sliced(axis: 1, seen.count - 1..<seen.count).reals())
    }
  }

  /// The parts by their names.
  public var namedParts: [(name: String, part: Any)] {
    [("embedding", embedding), ("positions", positions), ("layers", layers), ("norm", norm)]
      + (head.map { [("head", $0)] } ?? [])
  }
}
