import DescentTensors

// Losses that compare several outputs of a network with each other. They take other arguments than predictions and
// targets, and share the reductions.

/// max(0, margin − t · (a − b)), the mean over a sample's outputs: a should rank above b where t is 1, below it where t
/// is −1. PyTorch: `margin_ranking_loss`.
public struct MarginRankingLoss: Sendable, Hashable {
  /// The loss's name in kebab-case.
  public static let name = "margin-ranking"
  /// By how much the one should be ahead.
  public let margin: Double

  /// A loss with this margin.
  public init(margin: Double = 0) { self.margin = margin }

  /// The loss of a batch.
  ///
  /// - Shapes: scores and targets `[batch, ...]`, sample weights `[batch]` → `[]`, or `[batch]` with
  ///   ``LossReduction/none``.
  /// - Parameters:
  ///   - first: a.
  ///   - second: b.
  ///   - targets: t, 1 or −1.
  ///   - sampleWeights: how much each sample counts; 1 where left out.
  ///   - reduction: how samples become one number.
  public func callAsFunction(
    _ first: Tensor, _ second: Tensor, _ targets: Tensor, sampleWeights: Tensor? = nil,
    reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    checkAlike(Self.name, [("first", first), ("second", second), ("targets", targets)], file: file, line: line)
    let losses = (margin - targets.cast(to: first.type) * (first - second)).heldToZero().sampleMean()
    return reduction.reduce(
      SampleLosses(losses), sampleWeights: sampleWeights, of: Self.name, file: file, line: line)
  }
}

/// max(0, d(a, p) − d(a, n) + margin): an anchor a should be nearer to the positive p, which is of its kind, than to the
/// negative n; d(a, b) = ‖a − b + 10⁻⁶‖ of a power over the last axis, the mean is taken over axes between (Balntas and
/// others, "Learning local feature descriptors with triplets", 2016). PyTorch: `triplet_margin_loss`.
public struct TripletLoss: Sendable, Hashable {
  /// The loss's name in kebab-case.
  public static let name = "triplet"
  /// By how much nearer the positive should be.
  public let margin: Double
  /// The power of the distance: 2 for Euclid's, 1 for the sum of differences.
  public let power: Double
  /// Whether the negative's distance is the lesser of that to the anchor and that to the positive.
  public let swaps: Bool

  /// A loss with this margin, above 0, and a distance of this power, 1 or more.
  public init(
    margin: Double = 1, power: Double = 2, swaps: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      margin > 0 && margin.isFinite && power >= 1 && power.isFinite,
      "TripletLoss(margin: \(margin), power: \(power)): margin must be above 0 and power 1 or more", file: file,
      line: line)
    self.margin = margin
    self.power = power
    self.swaps = swaps
  }

  /// The loss of a batch.
  ///
  /// - Shapes: anchors, positives and negatives `[batch, ..., features]`, sample weights `[batch]` → `[]`, or `[batch]`
  ///   with ``LossReduction/none``.
  /// - Parameters:
  ///   - anchors: a.
  ///   - positives: p.
  ///   - negatives: n.
  ///   - sampleWeights: how much each sample counts; 1 where left out.
  ///   - reduction: how samples become one number.
  public func callAsFunction(
    _ anchors: Tensor, positives: Tensor, negatives: Tensor, sampleWeights: Tensor? = nil,
    reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    checkAlike(
      Self.name, [("anchors", anchors), ("positives", positives), ("negatives", negatives)], rank: 2, file: file,
      line: line)
    func distance(_ a: Tensor, _ b: Tensor) -> Tensor { (a - b + 1e-6).length(power: power) }
    var away = distance(anchors, negatives)
    if swaps { away = away.minimum(distance(positives, negatives)) }
    let losses = (distance(anchors, positives) - away + margin).heldToZero().sampleMean()
    return reduction.reduce(
      SampleLosses(losses), sampleWeights: sampleWeights, of: Self.name, file: file, line: line)
  }
}

/// ½ · (t · d² + (1 − t) · max(0, margin − d)²), d = ‖a − b‖ over the last axis: two of a kind, t = 1, should lie
/// together, others, t = 0, at least the margin apart (Hadsell, Chopra and LeCun, "Dimensionality reduction by learning
/// an invariant mapping", 2006, where Y is 1 − t).
public struct ContrastiveLoss: Sendable, Hashable {
  /// The loss's name in kebab-case.
  public static let name = "contrastive"
  /// The distance from which on others cost nothing.
  public let margin: Double

  /// A loss with this margin, above 0.
  public init(margin: Double = 1, file: StaticString = #fileID, line: UInt = #line) {
    check(
      margin > 0 && margin.isFinite, "ContrastiveLoss(margin: \(margin)): margin must be above 0", file: file,
      line: line)
    self.margin = margin
  }

  /// The loss of a batch.
  ///
  /// - Shapes: first and second `[batch, features]`, targets and sample weights `[batch]` → `[]`, or `[batch]` with
  ///   ``LossReduction/none``.
  /// - Parameters:
  ///   - first: a.
  ///   - second: b.
  ///   - targets: t, 1 or true for two of a kind, else 0.
  ///   - sampleWeights: how much each sample counts; 1 where left out.
  ///   - reduction: how samples become one number.
  public func callAsFunction(
    _ first: Tensor, _ second: Tensor, _ targets: Tensor, sampleWeights: Tensor? = nil,
    reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    checkPairs(Self.name, first, second, targets, file: file, line: line)
    let t = targets.cast(to: first.type)
    let errors = first - second
    let apart = (margin - errors.length()).positivePart().squared()
    let losses = (t * errors.squared().sum(axes: [-1]) + (1 - t) * apart) * 0.5
    return reduction.reduce(
      SampleLosses(losses), sampleWeights: sampleWeights, of: Self.name, file: file, line: line)
  }
}

/// 1 − cos where t is 1, max(0, cos − margin) where t is −1, of the angle between a and b over the last axis; 10⁻¹² is
/// added to the squares of both lengths. PyTorch: `cosine_embedding_loss`.
public struct CosineEmbeddingLoss: Sendable, Hashable {
  /// The loss's name in kebab-case.
  public static let name = "cosine-embedding"
  /// The cosine up to which two of different kinds cost nothing, from −1 to 1.
  public let margin: Double

  /// A loss with this margin, from −1 to 1.
  public init(margin: Double = 0, file: StaticString = #fileID, line: UInt = #line) {
    check(
      (-1...1).contains(margin), "CosineEmbeddingLoss(margin: \(margin)): margin must be from −1 to 1", file: file,
      line: line)
    self.margin = margin
  }

  /// The loss of a batch.
  ///
  /// - Shapes: first and second `[batch, features]`, targets and sample weights `[batch]` → `[]`, or `[batch]` with
  ///   ``LossReduction/none``.
  /// - Parameters:
  ///   - first: a.
  ///   - second: b.
  ///   - targets: t, 1 for two of a kind, else −1.
  ///   - sampleWeights: how much each sample counts; 1 where left out.
  ///   - reduction: how samples become one number.
  public func callAsFunction(
    _ first: Tensor, _ second: Tensor, _ targets: Tensor, sampleWeights: Tensor? = nil,
    reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    checkPairs(Self.name, first, second, targets, file: file, line: line)
    func inverseLength(_ x: Tensor) -> Tensor { (x.squared().sum(axes: [-1]) + 1e-12).rsqrt() }
    let cosine = (first * second).sum(axes: [-1]) * inverseLength(first) * inverseLength(second)
    let losses = Tensor.select(
      targets.cast(to: first.type) .> 0, 1 - cosine, (cosine - margin).heldToZero())
    return reduction.reduce(
      SampleLosses(losses), sampleWeights: sampleWeights, of: Self.name, file: file, line: line)
  }
}

/// Stops unless all tensors have one shape of this rank or more, and the first is of floating point.
func checkAlike(
  _ name: String, _ tensors: [(name: String, tensor: Tensor)], rank: Int = 1, file: StaticString, line: UInt
) {
  let first = tensors[0].tensor
  let shapes = tensors.map { "\($0.name) \($0.tensor.type)\($0.tensor.shape)" }.joined(separator: ", ")
  check(
    first.type.isFloatingPoint && first.rank >= rank && tensors.allSatisfy { $0.tensor.shape == first.shape },
    "loss \(name) expects floating-point tensors of one shape \(rank == 1 ? "[batch, ...]" : "[batch, ..., features]"), "
      + "got \(shapes)", file: file, line: line)
}

private func checkPairs(
  _ name: String, _ first: Tensor, _ second: Tensor, _ targets: Tensor, file: StaticString, line: UInt
) {
  checkAlike(name, [("first", first), ("second", second)], rank: 2, file: file, line: line)
  check(
    first.rank == 2 && targets.shape == [first.shape[0]],
    "loss \(name) expects pairs [batch, features] and targets [batch], got \(first.shape) and \(targets.shape)",
    file: file, line: line)
}
