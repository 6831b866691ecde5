import DescentTensors

/// A vector for each of a number of things: row i of W for the whole number i. PyTorch: `Embedding`.
///
/// - Shapes: input `[...]` of whole numbers → output `[..., features]`; `weight` is `[count, features]`.
public struct Embedding: Module {
  /// W.
  public let weight: Parameter
  /// The number whose row is zeros and never learns, where there is one.
  public let paddingIndex: Int?

  /// A layer with rows drawn from a normal distribution.
  ///
  /// - Parameters:
  ///   - count: how many things, 1 or more.
  ///   - features: numbers in each vector, 1 or more.
  ///   - paddingIndex: a thing that stands for nothing.
  ///   - weights: what the rows start from.
  public init(
    _ count: Int, _ features: Int, paddingIndex: Int? = nil, weights: Initializer = .normal(standardDeviation: 1),
    type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      count > 0 && features > 0, "Embedding(\(count) → \(features)): needs a row and a feature or more", file: file,
      line: line)
    check(
      paddingIndex.map { (0..<count).contains($0) } ?? true,
      "Embedding(\(count) → \(features)): padding index \(paddingIndex ?? 0) is outside 0 ..< \(count)", file: file,
      line: line)
    self.paddingIndex = paddingIndex
    weight = Parameter(rowsKept(weights([count, features], type: type), paddingIndex))
    if !Initializer.isDeferred { evaluateUnlessTraced([weight.value]) }
  }

  /// The rows that the numbers name.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(
      input.type.isInteger,
      "Embedding(\(weight.shape[0]) → \(weight.shape[1])) expects whole numbers, got \(input.type)")
    let rows = weight.value.take(input)
    guard let paddingIndex else { return rows }
    // its row gets no gradient
    let stays = (input .!= Double(paddingIndex)).expandingAxis(at: -1)
    return .select(stays, rows, rows.stopGradient())
  }
}

/// The sum, mean or greatest of each bag's embeddings, computed bag by bag. PyTorch: `EmbeddingBag` with bags of one length.
///
/// - Shapes: input `[batch, count]` of whole numbers → output `[batch, features]`.
public struct EmbeddingBag: Module, NamedParts {
  /// How a bag becomes one vector.
  public enum Mode: Sendable, Hashable {
    /// Σ, weighted where weights are given.
    case sum
    /// The arithmetic mean.
    case mean
    /// The greatest of each feature.
    case maximum
  }

  /// The vectors.
  public let embedding: Embedding
  /// How a bag becomes one vector.
  public let mode: Mode

  /// A layer with rows drawn from a normal distribution; numbers equal to the padding index count for nothing.
  public init(
    _ count: Int, _ features: Int, mode: Mode = .mean, paddingIndex: Int? = nil,
    weights: Initializer = .normal(standardDeviation: 1), type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    embedding = Embedding(
      count, features, paddingIndex: paddingIndex, weights: weights, type: type, file: file, line: line)
    self.mode = mode
  }

  /// One vector a bag.
  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, weights: nil) }

  /// One vector a bag, its things weighted: `[batch, count]`, for sums only.
  public func callAsFunction(_ input: Tensor, weights: Tensor?) -> Tensor {
    check(input.rank == 2, "EmbeddingBag expects input [batch, count], got \(input.shape)")
    check(
      weights == nil || mode == .sum && weights?.shape == input.shape,
      "EmbeddingBag: weights go with sums and are \(input.shape), got \(weights?.shape ?? []) for \(mode)")
    let rows = embedding(input)
    let zero = Tensor(0, type: rows.type)
    let counts = embedding.paddingIndex.map { (input .!= Double($0)).expandingAxis(at: -1) }
    let present = counts.map { Tensor.select($0, rows, zero) } ?? rows
    switch mode {
    case .sum: return (weights.map { present * $0.expandingAxis(at: -1) } ?? present).sum(axes: [1])
    case .mean:
      guard let counts else { return rows.mean(axes: [1]) }
      return present.sum(axes: [1]) / counts.cast(to: rows.type).sum(axes: [1]).maximum(1)
    case .maximum:
      guard let counts else { return rows.max(axes: [1]) }
      let held = Tensor.select(counts, rows, Tensor(-.infinity, type: rows.type)).max(axes: [1])
      return .select(counts.cast(to: rows.type).max(axes: [1]) .> 0, held, zero)
    }
  }

  /// Under PyTorch's name.
  public var namedParts: [(name: String, part: Any)] { [("weight", embedding.weight)] }
}

private func rowsKept(_ rows: Tensor, _ paddingIndex: Int?) -> Tensor {
  guard let paddingIndex else { return rows }
  let stays = (Tensor.range(rows.shape[0]) .!= Double(paddingIndex)).expandingAxis(at: 1)
  return .select(stays, rows, Tensor(0, type: rows.type))
}
