import DescentTensors

/// softmax(Q·Kᵀ / √d) · V: for each query the mean of the values, weighted by how well their keys fit (Vaswani and others,
/// "Attention is all you need", 2017). PyTorch: `scaled_dot_product_attention`.
///
/// - Shapes: queries `[..., targets, d]`, keys `[..., sources, d]`, values `[..., sources, e]` → `[..., targets, e]`; leading
///   axes broadcast.
/// - Parameters:
///   - mask: bool, true where a query may look, or numbers that are added to the scores; `[..., targets, sources]`. A query
///     that may look nowhere gets zeros.
///   - isCausal: whether query i looks at keys 0 … i only.
///   - dropout: the probability with which weights are dropped, in training.
///   - scale: in place of 1/√d.
public func scaledDotProductAttention(
  _ queries: Tensor, _ keys: Tensor, _ values: Tensor, mask: Tensor? = nil, isCausal: Bool = false,
  dropout: Double = 0, scale: Double? = nil, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  let fits =
    queries.rank >= 2 && keys.rank >= 2 && values.rank >= 2 && queries.shape.last == keys.shape.last
    && keys.shape[keys.rank - 2] == values.shape[values.rank - 2]
  check(
    fits,
    "attention expects queries [..., targets, d], keys [..., sources, d] and values [..., sources, e], got "
      + "\(queries.shape), \(keys.shape) and \(values.shape)", file: file, line: line)
  let scale = scale ?? 1 / Double(keys.shape[keys.rank - 1]).squareRoot()
  var scores = (queries * scale).matmul(keys, transposingOther: true, file: file, line: line)
  check(
    mask.map { scores.shape.broadcast(with: $0.shape) == scores.shape } ?? true,
    "attention: the mask \(mask?.shape ?? []) does not fit the scores \(scores.shape)", file: file, line: line)
  var allowed = isCausal ? causalMask(scores.shape[scores.rank - 2], scores.shape[scores.rank - 1]) : nil
  if let mask {
    let seen = mask.type == .bool ? mask : mask .> -.infinity
    allowed = allowed.map { $0 .& seen } ?? seen
    if mask.type != .bool { scores = scores + mask }
  }
  let weights = allowed.map { scores.softmax(where: $0, rowsMayBeEmpty: mask != nil) } ?? scores.softmax()
  return Dropout(dropout, file: file, line: line)(weights).matmul(values, file: file, line: line)
}

/// True where the source is not behind the target: bool `[targets, sources]`.
private func causalMask(_ targets: Int, _ sources: Int) -> Tensor {
  Tensor.range(sources) .<= Tensor.range(targets).expandingAxis(at: 1)
}

extension Tensor {
  /// The softmax over those places of the last axis that are allowed, and 0 elsewhere.
  func softmax(where allowed: Tensor, rowsMayBeEmpty: Bool = true) -> Tensor {
    // not −∞, whose softmax has no gradient where a whole row is hidden
    let weights = Tensor.select(allowed, self, Tensor(-1e30, type: type)).softmax()
    return rowsMayBeEmpty ? .select(allowed, weights, Tensor(0, type: type)) : weights
  }

  /// `[batch, time, heads · d]` → `[batch, heads, time, d]`.
  func intoHeads(_ heads: Int) -> Tensor {
    reshaped(to: [shape[0], shape[1], heads, shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  /// `[batch, heads, time, d]` → `[batch, time, heads · d]`.
  func fromHeads() -> Tensor { permuted([0, 2, 1, 3]).reshaped(to: [shape[0], shape[2], shape[1] * shape[3]]) }
}
