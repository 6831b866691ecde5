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
  // not −∞, whose softmax has no gradient where a whole row is hidden
  let hidden = Tensor(-1e30, type: scores.type)
  if isCausal {
    scores = .select(causalMask(scores.shape[scores.rank - 2], scores.shape[scores.rank - 1]), scores, hidden)
  }
  if let mask { scores = mask.type == .bool ? .select(mask, scores, hidden) : scores + mask }
  var weights = scores.softmax()
  if let mask, mask.type == .bool { weights = .select(mask, weights, Tensor(0, type: weights.type)) }
  return Dropout(dropout, file: file, line: line)(weights).matmul(values, file: file, line: line)
}

/// True where the source is not behind the target: bool `[targets, sources]`.
private func causalMask(_ targets: Int, _ sources: Int) -> Tensor {
  Tensor.range(sources) .<= Tensor.range(targets).expandingAxis(at: 1)
}

extension Tensor {
  /// `[batch, time, heads · d]` → `[batch, heads, time, d]`.
  func intoHeads(_ heads: Int) -> Tensor {
    reshaped(to: [shape[0], shape[1], heads, shape[2] / heads]).permuted([0, 2, 1, 3])
  }

  /// `[batch, heads, time, d]` → `[batch, time, heads · d]`.
  func fromHeads() -> Tensor { permuted([0, 2, 1, 3]).reshaped(to: [shape[0], shape[2], shape[1] * shape[3]]) }
}
