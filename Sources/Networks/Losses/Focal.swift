import DescentTensors

// Cross-entropies in which what is predicted well counts less (Lin and others, "Focal loss for dense object detection",
// 2017).

extension Loss {
  /// ``focal(gamma:alpha:)`` with gamma 2 and alpha 0.25.
  public static let focal = focal(gamma: 2)

  /// −α · (1 − p)^γ · ln p at the class, p = softmax(x), computed from logits x; with probabilities t as targets
  /// Σ t · (the same). Source: Keras, `CategoricalFocalCrossentropy(from_logits=True)`.
  ///
  /// - Shapes: logits `[batch, ..., classes]`; targets `[batch, ...]` of class indices, or `[batch, ..., classes]`.
  /// - Parameters:
  ///   - gamma: γ, 0 or more: how much less counts what is predicted well.
  ///   - alpha: α, a factor of the whole.
  public static func focal(
    gamma: Double, alpha: Double = 0.25, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    check(
      gamma >= 0 && gamma.isFinite && alpha.isFinite,
      "Loss.focal(gamma: \(gamma), alpha: \(alpha)): gamma must be 0 or more, both finite", file: file, line: line)
    return Loss("focal", predictions: .logits, takesClassIndices: true) { logits, targets in
      check(logits.rank > 1, "loss focal expects [batch, ..., classes], got \(logits.shape)")
      func losses(_ logarithms: Tensor) -> Tensor {
        -(logarithms * focus(-logarithms.expm1(), gamma)) * alpha
      }
      let logarithms = logits.logSoftmax()
      if targets.rank < logits.rank {
        let picked = logarithms.gather(targets.expandingAxis(at: -1), axis: -1).squeezed(axes: [-1])
        return losses(picked).sampleMean()
      }
      return (targets.cast(to: logits.type) * losses(logarithms)).sum(axes: [-1]).sampleMean()
    }
  }

  /// ``binaryFocal(gamma:alpha:)`` with gamma 2 and both classes alike.
  public static let binaryFocal = binaryFocal(gamma: 2)

  /// Mean over a sample's outputs of α′ · (1 − q)^γ · the binary cross-entropy of x and t, with p = σ(x), the
  /// probability of the target q = t · p + (1 − t) · (1 − p), and α′ = t · α + (1 − t) · (1 − α). Source: Keras,
  /// `BinaryFocalCrossentropy(from_logits=True)`, with `apply_class_balancing` where alpha is given; torchvision:
  /// `sigmoid_focal_loss`.
  ///
  /// - Shapes: logits and targets from 0 to 1, or bool, `[batch, ...]`.
  /// - Parameters:
  ///   - gamma: γ, 0 or more: how much less counts what is predicted well.
  ///   - alpha: α, the share of the class 1, from 0 to 1; both classes count 1 where it is left out.
  public static func binaryFocal(
    gamma: Double, alpha: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    check(
      gamma >= 0 && gamma.isFinite && (0...1).contains(alpha ?? 0),
      "Loss.binaryFocal(gamma: \(gamma), alpha: \(alpha ?? 0)): gamma must be 0 or more, alpha from 0 to 1",
      file: file, line: line)
    return Loss("binary-focal", predictions: .logits) { logits, targets in
      let t = targets.cast(to: logits.type)
      let missed = logits.sigmoid() * (1 - t) + (-logits).sigmoid() * t
      var losses = focus(missed, gamma) * logits.binaryCrossEntropy(t)
      if let alpha { losses = losses * (t * alpha + (1 - t) * (1 - alpha)) }
      return losses.sampleMean()
    }
  }

  /// missed^γ for numbers from 0 to 1.
  private static func focus(_ missed: Tensor, _ gamma: Double) -> Tensor {
    if gamma == 0 { return Tensor(1, type: missed.type) }
    if gamma == 1 { return missed }
    if gamma == 2 { return missed.squared() }
    // below 1, the power's slope at 0 would be infinite
    let base = gamma < 1 ? missed.clamped(from: Double(Float.leastNormalMagnitude), to: .infinity) : missed
    return base.power(gamma)
  }
}
