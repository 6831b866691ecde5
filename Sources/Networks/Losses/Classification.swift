import DescentTensors

// Losses of classes. The classes lie on the last axis, as softmax has them; axes between it and the batch, such as the
// time steps of a sequence, are averaged over. PyTorch has the classes on axis 1 there: `movedim(-1, 1)`.

extension Loss {
  /// −ln softmax(x) at the class, computed from logits x without overflow. With probabilities t as targets:
  /// −Σ t · ln softmax(x). PyTorch: `cross_entropy`.
  ///
  /// - Shapes: logits `[batch, ..., classes]`; targets `[batch, ...]` of whole numbers, or `[batch, ..., classes]`.
  public static let crossEntropy = ofClasses("cross-entropy", .logits) {
    $0.logSoftmax()
  } atClasses: {
    $0.softmaxCrossEntropy($1)
  }

  /// −ln p at the class, or −Σ t · ln p, from probabilities, which a softmax layer gives; from logits use
  /// ``crossEntropy``, which loses no digits. Probabilities below 1.2 · 10⁻³⁸ count as that, so the loss stays finite.
  /// PyTorch: `nll_loss(p.log(), t)`.
  ///
  /// - Shapes: probabilities `[batch, ..., classes]`; targets as for ``crossEntropy``.
  public static let crossEntropyOfProbabilities = ofClasses("cross-entropy-of-probabilities", .probabilities) {
    $0.clamped(from: Double(Float.leastNormalMagnitude), to: .infinity).log()
  }

  /// −x at the class, x the logarithm of its probability; with probabilities t as targets −Σ t · x. PyTorch: `nll_loss`.
  ///
  /// - Shapes: log-probabilities `[batch, ..., classes]`; targets as for ``crossEntropy``.
  public static let negativeLogLikelihood = ofClasses("negative-log-likelihood", .logProbabilities) { $0 }

  /// The cross-entropy of targets t and the logarithms that a function makes of predictions.
  ///
  /// - Parameter atClasses: the loss of each prediction for class indices, where it is not the logarithm picked out.
  private static func ofClasses(
    _ name: String, _ predictions: Predictions, _ logarithms: @escaping @Sendable (Tensor) -> Tensor,
    atClasses: (@Sendable (_ predictions: Tensor, _ classes: Tensor) -> Tensor)? = nil
  ) -> Loss {
    Loss(name, predictions: predictions, takesClassIndices: true) { predictions, targets in
      if targets.rank < predictions.rank {
        if let atClasses { return atClasses(predictions, targets).sampleMean() }
        let picked = logarithms(predictions).gather(targets.expandingAxis(at: -1), axis: -1)
        return (-picked).squeezed(axes: [-1]).sampleMean()
      }
      check(predictions.rank > 1, "loss \(name) expects [batch, ..., classes], got \(predictions.shape)")
      return (-(targets.cast(to: predictions.type) * logarithms(predictions)).sum(axes: [-1])).sampleMean()
    }
  }

  /// Mean of ln(1 + eˣ) − t·x = −(t · ln σ(x) + (1 − t) · ln(1 − σ(x))) over a sample's outputs, computed from logits x
  /// without overflow. PyTorch: `binary_cross_entropy_with_logits`.
  ///
  /// - Shapes: logits and targets from 0 to 1, or bool, `[batch, ...]`.
  public static let binaryCrossEntropy = Loss("binary-cross-entropy", predictions: .logits) { logits, targets in
    logits.binaryCrossEntropy(targets.cast(to: logits.type)).sampleMean()
  }

  /// Mean of −(t · ln p + (1 − t) · ln(1 − p)) over a sample's outputs, from probabilities p, which a sigmoid layer
  /// gives; from logits use ``binaryCrossEntropy``, which loses no digits. Logarithms below −100 count as −100, and in
  /// the gradient, (p − t) / (p · (1 − p)), the divisor is at least 10⁻¹². PyTorch: `binary_cross_entropy`.
  ///
  /// - Shapes: probabilities and targets from 0 to 1, or bool, `[batch, ...]`.
  public static let binaryCrossEntropyOfProbabilities = Loss(
    "binary-cross-entropy-of-probabilities", predictions: .probabilities
  ) { probabilities, targets in
    let inputs = [probabilities, targets.cast(to: probabilities.type)]
    let losses = Tensor.withCustomGradient(of: inputs) { inputs in
      let (p, t) = (inputs[0], inputs[1])
      return -(t * logarithm(of: p) + (1 - t) * logarithmOfRest(of: p))
    } gradient: { inputs, _, gradient in
      let (p, t) = (inputs[0], inputs[1])
      let divisor = (p * (1 - p)).clamped(from: 1e-12, to: .infinity)
      return [gradient * (p - t) / divisor, gradient * (logarithmOfRest(of: p) - logarithm(of: p))]
    }
    return losses.sampleMean()
  }

  /// ln p, −100 or more.
  private static func logarithm(of p: Tensor) -> Tensor { p.log().clamped(from: -100, to: .infinity) }

  /// ln(1 − p), −100 or more.
  private static func logarithmOfRest(of p: Tensor) -> Tensor { (-p).log1p().clamped(from: -100, to: .infinity) }

  /// Kullback–Leibler divergence Σ t · (ln t − x) over a sample's outputs, x the logarithm of the predicted probability
  /// and t the wanted one; 0 where t is 0 and x finite. PyTorch, for `.mean`: `kl_div(..., reduction="batchmean")`.
  ///
  /// - Shapes: log-probabilities and probabilities `[batch, ...]`.
  public static let kullbackLeibler = Loss("kullback-leibler", predictions: .logProbabilities) { predictions, targets in
    let t = targets.cast(to: predictions.type)
    let logarithms = Tensor.select(t .== 0, Tensor(1, type: t.type), t).log()
    return (t * (logarithms - predictions)).sampleSum()
  }
}
