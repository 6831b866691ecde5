import DescentTensors

/// Attention by several heads, each with its own projections: concat(headᵢ) · Wₒᵀ + bₒ with headᵢ = attention(Q·Wᵢᵀ, …)
/// (Vaswani and others, "Attention is all you need", 2017). PyTorch: `MultiheadAttention` with `batch_first=True`.
///
/// - Shapes: queries `[batch, targets, features]`, keys `[batch, sources, keyFeatures]`, values `[batch, sources,
///   valueFeatures]` → `[batch, targets, features]`.
public struct MultiHeadAttention: Module, NamedParts {
  /// The heads, a divisor of the features.
  public let heads: Int
  /// The projection behind the heads.
  public let output: Dense
  private let projections: Projections
  private let dropout: Double

  /// The weights of queries, keys and values: one matrix, or three where they are of different widths.
  private enum Projections: Sendable {
    case joined(Parameter)
    case apart(query: Parameter, key: Parameter, value: Parameter)
  }
  private let bias: Parameter?
  private let features: Int

  /// A layer with fresh parameters: Glorot's uniform weights, biases of 0.
  ///
  /// - Parameters:
  ///   - features: of queries and output.
  ///   - heads: a divisor of the features.
  ///   - keyFeatures: of keys; the queries' where left out.
  ///   - valueFeatures: of values; the queries' where left out.
  ///   - dropout: the probability with which weights of attention are dropped, in training.
  public init(
    _ features: Int, heads: Int, keyFeatures: Int? = nil, valueFeatures: Int? = nil, bias: Bool = true,
    dropout: Double = 0, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      features > 0 && heads > 0 && features % heads == 0,
      "MultiHeadAttention: \(features) features cannot be divided among \(heads) heads", file: file, line: line)
    self.features = features
    self.heads = heads
    self.dropout = dropout
    func weight(_ shape: Shape) -> Parameter { Parameter(Initializer.glorotUniform(shape, type: type)) }
    if (keyFeatures ?? features, valueFeatures ?? features) == (features, features) {
      projections = .joined(weight([3 * features, features]))
    } else {
      projections = .apart(
        query: weight([features, features]), key: weight([features, keyFeatures ?? features]),
        value: weight([features, valueFeatures ?? features]))
    }
    self.bias = bias ? Parameter(Initializer.zeros([3 * features], type: type)) : nil
    output = Dense(features, features, bias: bias, type: type, file: file, line: line)
  }

  /// A sequence's attention to itself.
  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, input, input) }

  /// Queries' attention to keys and values.
  ///
  /// - Parameters:
  ///   - mask: bool, true where a query may look, or numbers to add: `[targets, sources]`, `[heads, targets, sources]` or
  ///     `[batch, heads, targets, sources]`.
  ///   - keyMask: bool `[batch, sources]`, true where there is a key. PyTorch's `key_padding_mask` says the contrary.
  ///   - isCausal: whether target i looks at sources 0 … i only.
  public func callAsFunction(
    _ queries: Tensor, _ keys: Tensor, _ values: Tensor, mask: Tensor? = nil, keyMask: Tensor? = nil,
    isCausal: Bool = false
  ) -> Tensor {
    check(
      queries.rank == 3 && keys.rank == 3 && values.rank == 3 && queries.shape[2] == features,
      "MultiHeadAttention(\(features), \(heads) heads) expects queries [batch, targets, \(features)], keys and values "
        + "[batch, sources, ...], got \(queries.shape), \(keys.shape) and \(values.shape)")
    check(
      keyMask.map { $0.type == .bool && $0.shape == Shape(keys.shape.prefix(2)) } ?? true,
      "MultiHeadAttention: the key mask must be bool\(Shape(keys.shape.prefix(2))), got "
        + "\(keyMask.map { "\($0.type)\($0.shape)" } ?? "")")
    let parts = projected(queries, keys, values).map { $0.intoHeads(heads) }
    let attended = scaledDotProductAttention(
      parts[0], parts[1], parts[2], mask: joined(mask, keyMask), isCausal: isCausal, dropout: dropout)
    return output(attended.fromHeads())
  }

  private func projected(_ queries: Tensor, _ keys: Tensor, _ values: Tensor) -> [Tensor] {
    let inputs = [queries, keys, values]
    let third = { (tensor: Tensor, part: Int) in tensor.sliced(axis: 0, part * features..<(part + 1) * features) }
    let weights: [Tensor]
    switch projections {
    case .apart(let query, let key, let value): weights = [query.value, key.value, value.value]
    case .joined(let weight):
      if queries.node === keys.node && keys.node === values.node {
        // one product for all three
        let all = queries.matmul(weight.value, transposingOther: true)
        return (bias.map { all.adding($0) } ?? all).split(sizes: [features, features, features], axis: 2)
      }
      weights = (0..<3).map { third(weight.value, $0) }
    }
    return inputs.indices.map { index in
      let product = inputs[index].matmul(weights[index], transposingOther: true)
      return bias.map { product + third($0.value.cast(to: product.type), index) } ?? product
    }
  }

  private func joined(_ mask: Tensor?, _ keyMask: Tensor?) -> Tensor? {
    guard let keyMask else { return mask }
    let keys = keyMask.expandingAxis(at: 1).expandingAxis(at: 1)
    guard let mask else { return keys }
    if mask.type == .bool { return mask .& keys }
    return .select(keys, mask, Tensor(-.infinity, type: mask.type))
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] {
    var parts: [(String, Any)]
    switch projections {
    case .joined(let weight): parts = [("in_proj_weight", weight)]
    case .apart(let query, let key, let value):
      parts = [("q_proj_weight", query), ("k_proj_weight", key), ("v_proj_weight", value)]
    }
    if let bias { parts.append(("in_proj_bias", bias)) }
    return parts + [("out_proj", output)]
  }
}

/// Attention by several heads of queries that share fewer heads of keys and values (Ainslie and others, "GQA", 2023); with one
/// of those it is multi-query attention (Shazeer, "Fast transformer decoding", 2019).
///
/// - Shapes: input `[batch, time, features]` → output of the same shape.
public struct GroupedQueryAttention: Module, NamedParts {
  /// Heads of queries, and of keys and values: a divisor of them.
  public let heads, keyHeads: Int
  /// The projections.
  public let query, key, value, output: Dense
  /// Turns queries and keys by their place, where given.
  public let rotary: RotaryPositions?
  /// Whether each step looks at itself and those before only.
  public let isCausal: Bool

  /// A layer with fresh parameters.
  public init(
    _ features: Int, heads: Int, keyHeads: Int, bias: Bool = false, isCausal: Bool = false,
    rotary: RotaryPositions? = nil, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      heads > 0 && keyHeads > 0 && features % heads == 0 && heads % keyHeads == 0,
      "GroupedQueryAttention: \(features) features, \(heads) heads and \(keyHeads) of keys must divide each other",
      file: file, line: line)
    (self.heads, self.keyHeads, self.isCausal, self.rotary) = (heads, keyHeads, isCausal, rotary)
    let narrow = features / heads * keyHeads
    func dense(_ outputs: Int) -> Dense { Dense(features, outputs, bias: bias, type: type, file: file, line: line) }
    (query, key, value, output) = (dense(features), dense(narrow), dense(narrow), dense(features))
  }

  /// The sequence's attention to itself.
  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, mask: nil) }

  /// The sequence's attention to itself; the mask is as for ``scaledDotProductAttention(_:_:_:mask:isCausal:dropout:scale:file:line:)``.
  public func callAsFunction(_ input: Tensor, mask: Tensor?) -> Tensor {
    check(
      input.rank == 3 && input.shape[2] == query.weight.shape[1],
      "GroupedQueryAttention expects input [batch, time, \(query.weight.shape[1])], got \(input.shape)")
    let (batch, time, group) = (input.shape[0], input.shape[1], heads / keyHeads)
    var queries = query(input).intoHeads(heads)
    var keys = key(input).intoHeads(keyHeads)
    if let rotary { (queries, keys) = (rotary(queries), rotary(keys)) }
    let width = queries.shape[3]
    // heads that share a key lie behind each other
    let spread = { (tensor: Tensor) in
      tensor.expandingAxis(at: 2).expanded(to: [batch, keyHeads, group, time, width])
        .reshaped(to: [batch, heads, time, width])
    }
    let attended = scaledDotProductAttention(
      queries, spread(keys), spread(value(input).intoHeads(keyHeads)), mask: mask, isCausal: isCausal)
    return output(attended.fromHeads())
  }

  /// Under the names of the Llama family.
  public var namedParts: [(name: String, part: Any)] {
    [("q_proj", query), ("k_proj", key), ("v_proj", value), ("o_proj", output)]
  }
}

/// Additive attention: the weight of a source is softmax over sources of vᵀ · tanh(W·query + U·key) (Bahdanau, Cho and Bengio,
/// "Neural machine translation by jointly learning to align and translate", 2015). Keras: `AdditiveAttention`, without W, U.
///
/// - Shapes: queries `[batch, targets, features]`, keys `[batch, sources, keyFeatures]`, values `[batch, sources, e]` → `[batch,
///   targets, e]`.
public struct AdditiveAttention: Sendable {
  /// W, U and v.
  public let query, key, score: Dense

  /// A layer with fresh parameters and so many hidden units.
  public init(
    _ features: Int, keyFeatures: Int, hidden: Int, type: ElementType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    func dense(_ inputs: Int, _ outputs: Int) -> Dense {
      Dense(inputs, outputs, bias: false, type: type, file: file, line: line)
    }
    (query, key, score) = (dense(features, hidden), dense(keyFeatures, hidden), dense(hidden, 1))
  }

  /// For each query the mean of the values by their weights; mask: bool `[batch, targets, sources]`, true where it may look; a query
  /// that may look nowhere gets zeros.
  public func callAsFunction(_ queries: Tensor, _ keys: Tensor, _ values: Tensor, mask: Tensor? = nil) -> Tensor {
    let hidden = (query(queries).expandingAxis(at: 2) + key(keys).expandingAxis(at: 1)).tanh()
    let scores = score(hidden).squeezed(axes: [3])
    return (mask.map { scores.softmax(where: $0) } ?? scores.softmax()).matmul(values)
  }
}
