import DescentTensors

// Losses that ask for a margin between right and wrong, from scores.

extension Loss {
  /// −1 for targets of 0 or false, which count as the other class; targets of ±1 as they are.
  private static func signs(_ targets: Tensor, like predictions: Tensor) -> Tensor {
    let t = targets.cast(to: predictions.type)
    return .select(t .== 0, Tensor(-1, type: t.type), t)
  }

  /// Mean of max(0, 1 − t · p) over a sample's outputs (Rosasco and others, "Are loss functions all the same?", 2004).
  /// Source: Keras, `Hinge`.
  ///
  /// - Shapes: scores and targets `[batch, ...]`; targets of 1 and −1, or of 1 and 0, or bool: 0 counts as −1.
  public static let hinge = Loss("hinge", predictions: .logits) { scores, targets in
    (1 - signs(targets, like: scores) * scores).positivePart().sampleMean()
  }

  /// Mean of max(0, 1 − t · p)² over a sample's outputs. Source: Keras, `SquaredHinge`.
  ///
  /// - Shapes: as for ``hinge``.
  public static let squaredHinge = Loss("squared-hinge", predictions: .logits) { scores, targets in
    (1 - signs(targets, like: scores) * scores).positivePart().squared().sampleMean()
  }

  /// Mean of ln(1 + e^(−t · p)) over a sample's outputs, without overflow. PyTorch: `soft_margin_loss`.
  ///
  /// - Shapes: as for ``hinge``.
  public static let softMargin = Loss("soft-margin", predictions: .logits) { scores, targets in
    (-signs(targets, like: scores) * scores).softplus().sampleMean()
  }

  /// Targets as shares of classes, and the score of the right one, `[..., 1]`: a class outside the last axis stops the
  /// program when the numbers are computed.
  private static func sharesAndRight(_ scores: Tensor, _ targets: Tensor) -> (shares: Tensor, right: Tensor) {
    guard targets.rank < scores.rank else {
      let shares = targets.cast(to: scores.type)
      return (shares, (shares * scores).sum(axes: [-1], keepsAxes: true))
    }
    let shares = targets.oneHot(count: scores.shape[scores.rank - 1], type: scores.type)
    return (shares, scores.gather(targets.expandingAxis(at: -1), axis: -1))
  }

  /// max(0, 1 + the greatest of (1 − t) · p − Σ t · p) over the last axis. Source: Keras, `CategoricalHinge`.
  ///
  /// - Shapes: scores `[batch, ..., classes]`; targets `[batch, ...]` of class indices, or of 1 for the class and 0 for
  ///   the others, `[batch, ..., classes]`.
  public static let categoricalHinge = Loss(
    "categorical-hinge", predictions: .logits, takesClassIndices: true
  ) { scores, targets in
    check(scores.rank > 1, "loss categorical-hinge expects [batch, ..., classes], got \(scores.shape)")
    let (shares, right) = sharesAndRight(scores, targets)
    let wrong = ((1 - shares) * scores).max(axes: [-1])
    return (wrong - right.squeezed(axes: [-1]) + 1).positivePart().sampleMean()
  }

  /// ``multiMargin(power:margin:)`` with power 1 and margin 1.
  public static let multiMargin = multiMargin(power: 1)

  /// Σ max(0, margin − x[class] + x[i])^power / classes over the other classes i (Crammer and Singer, "On the
  /// algorithmic implementation of multiclass kernel-based vector machines", 2001, take the greatest instead of the
  /// sum). PyTorch: `multi_margin_loss`.
  ///
  /// - Shapes: scores `[batch, ..., classes]`; targets as for ``categoricalHinge``.
  /// - Parameters:
  ///   - power: 1 or 2.
  ///   - margin: by how much the right score should be ahead.
  public static func multiMargin(
    power: Int, margin: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    check(
      [1, 2].contains(power) && margin.isFinite,
      "Loss.multiMargin(power: \(power), margin: \(margin)): power must be "
        + "1 or 2 and margin finite", file: file, line: line)
    return Loss("multi-margin", predictions: .logits, takesClassIndices: true) { scores, targets in
      check(scores.rank > 1, "loss multi-margin expects [batch, ..., classes], got \(scores.shape)")
      let (shares, right) = sharesAndRight(scores, targets)
      let missing = (scores - right + margin).positivePart()
      return ((1 - shares) * (power == 2 ? missing.squared() : missing)).mean(axes: [-1]).sampleMean()
    }
  }

  /// Σ max(0, 1 − x[j] + x[i]) / classes over every pair of a class j that the sample has and a class i that it has not.
  /// It takes memory for all pairs of classes. PyTorch: `multilabel_margin_loss`, whose targets are lists of the classes.
  ///
  /// - Shapes: scores `[batch, ..., classes]`; targets of the same shape, 1 for each class that the sample has, else 0.
  public static let multiLabelMargin = Loss("multi-label-margin", predictions: .logits) { scores, targets in
    check(scores.rank > 1, "loss multi-label-margin expects [batch, ..., classes], got \(scores.shape)")
    let t = targets.cast(to: scores.type)
    let missing = (1 - scores.expandingAxis(at: -1) + scores.expandingAxis(at: -2)).positivePart()
    let pairs = t.expandingAxis(at: -1) * (1 - t).expandingAxis(at: -2)
    return ((missing * pairs).sum(axes: [-2, -1]) / Double(max(scores.shape[scores.rank - 1], 1))).sampleMean()
  }

  /// Mean of −(t · ln σ(x) + (1 − t) · ln σ(−x)) over classes, each judged by itself: the same as
  /// ``binaryCrossEntropy``. PyTorch: `multilabel_soft_margin_loss`.
  ///
  /// - Shapes: logits and targets `[batch, ..., classes]`, targets as for ``multiLabelMargin``.
  public static let multiLabelSoftMargin = Loss("multi-label-soft-margin", predictions: .logits) { logits, targets in
    logits.binaryCrossEntropy(targets.cast(to: logits.type)).sampleMean()
  }
}
