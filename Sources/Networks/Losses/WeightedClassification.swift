import DescentTensors

// Classification losses with smoothed labels, weights of classes, and targets that do not count.

extension Loss {
  /// ``crossEntropy`` with smoothed labels, weights of classes and an ignored index. PyTorch: `cross_entropy(x, t,
  /// weight=..., ignore_index=..., label_smoothing=...)`.
  ///
  /// A target class becomes 1 − s plus s / classes, every other class s / classes; each class's term counts with its
  /// weight. With class indices, `.mean` divides by the weights of the targets that count, so that over a sequence every
  /// step counts alike; it is 0 where none does. With probabilities as targets it divides by the samples, and no target
  /// is ignored.
  ///
  /// - Shapes: logits and targets as for ``crossEntropy``.
  /// - Parameters:
  ///   - labelSmoothing: s, from 0 to 1 (Szegedy and others, "Rethinking the Inception architecture", 2015).
  ///   - classWeights: how much each class counts, 0 or more, one number a class; 1 where left out.
  ///   - ignoredIndex: the class index of targets that do not count, such as padding. PyTorch's is −100.
  public static func crossEntropy(
    labelSmoothing: Double = 0, classWeights: [Double]? = nil, ignoredIndex: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    check(
      (0...1).contains(labelSmoothing), "Loss.crossEntropy(labelSmoothing: \(labelSmoothing)): must be from 0 to 1",
      file: file, line: line)
    // the plain loss is one pass over the logits
    if labelSmoothing == 0, classWeights == nil, ignoredIndex == nil { return .crossEntropy }
    let terms = ClassTerms("cross-entropy", labelSmoothing, classWeights, ignoredIndex, file: file, line: line)
    return Loss("cross-entropy", predictions: .logits, takesClassIndices: true) {
      terms.losses($0, $1) {
        $0.logSoftmax()
      } atClasses: {
        $0.softmaxCrossEntropy($1)
      }
    }
  }

  /// ``negativeLogLikelihood`` with weights of classes and an ignored index. PyTorch: `nll_loss(x, t, weight=...,
  /// ignore_index=...)`.
  ///
  /// - Shapes: log-probabilities and targets as for ``negativeLogLikelihood``.
  /// - Parameters:
  ///   - classWeights: as for ``crossEntropy(labelSmoothing:classWeights:ignoredIndex:file:line:)``.
  ///   - ignoredIndex: as for ``crossEntropy(labelSmoothing:classWeights:ignoredIndex:file:line:)``.
  public static func negativeLogLikelihood(
    classWeights: [Double]? = nil, ignoredIndex: Int? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    let terms = ClassTerms("negative-log-likelihood", 0, classWeights, ignoredIndex, file: file, line: line)
    return Loss("negative-log-likelihood", predictions: .logProbabilities, takesClassIndices: true) {
      terms.losses($0, $1) {
        $0
      } atClasses: {
        -$0.gather($1.expandingAxis(at: -1), axis: -1).squeezed(axes: [-1])
      }
    }
  }

  /// ``binaryCrossEntropy`` with smoothed labels and a weight of the class 1: the mean of
  /// −(w · t′ · ln σ(x) + (1 − t′) · ln σ(−x)), t′ = t · (1 − s) + s/2. PyTorch:
  /// `binary_cross_entropy_with_logits(x, t, pos_weight=w)`; Keras: `BinaryCrossentropy(label_smoothing=s)`.
  ///
  /// - Shapes: logits and targets from 0 to 1, or bool, `[batch, ...]`.
  /// - Parameters:
  ///   - labelSmoothing: s, from 0 to 1.
  ///   - positiveWeight: w, 0 or more.
  public static func binaryCrossEntropy(
    labelSmoothing: Double = 0, positiveWeight: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    check(
      (0...1).contains(labelSmoothing) && positiveWeight >= 0 && positiveWeight.isFinite,
      "Loss.binaryCrossEntropy(labelSmoothing: \(labelSmoothing), positiveWeight: \(positiveWeight)): smoothing must "
        + "be from 0 to 1 and the weight 0 or more", file: file, line: line)
    return Loss("binary-cross-entropy", predictions: .logits) { logits, targets in
      let t = targets.cast(to: logits.type) * (1 - labelSmoothing) + labelSmoothing / 2
      let losses = t * (-logits).softplus() * positiveWeight + (1 - t) * logits.softplus()
      return losses.sampleMean()
    }
  }
}

/// What is changed about the terms of a classification loss.
private struct ClassTerms: Sendable {
  let name: String
  let labelSmoothing: Double
  /// `[classes]`, float64.
  let classWeights: Tensor?
  let ignoredIndex: Int?

  init(
    _ name: String, _ labelSmoothing: Double, _ classWeights: [Double]?, _ ignoredIndex: Int?,
    file: StaticString, line: UInt
  ) {
    check(
      classWeights?.allSatisfy { $0 >= 0 && $0.isFinite } ?? true,
      "loss \(name): class weights must be 0 or more, got \(classWeights ?? [])", file: file, line: line)
    self.name = name
    self.labelSmoothing = labelSmoothing
    self.classWeights = classWeights.map { Tensor($0) }
    self.ignoredIndex = ignoredIndex
  }

  /// The samples' losses.
  ///
  /// - Parameters:
  ///   - logarithms: of probabilities, from predictions.
  ///   - atClasses: their negatives at class indices.
  func losses(
    _ predictions: Tensor, _ targets: Tensor, logarithms: (Tensor) -> Tensor, atClasses: (Tensor, Tensor) -> Tensor
  ) -> SampleLosses {
    check(predictions.rank > 1, "loss \(name) expects [batch, ..., classes], got \(predictions.shape)")
    let count = predictions.shape[predictions.rank - 1]
    check(
      classWeights == nil || classWeights?.shape == [count],
      "loss \(name): \(classWeights?.elementCount ?? 0) class weights for \(count) classes")
    let weights = classWeights?.cast(to: predictions.type)
    func weighted(_ logarithms: Tensor) -> Tensor { weights.map { logarithms * $0 } ?? logarithms }

    guard targets.rank < predictions.rank else {
      let shares = targets.cast(to: predictions.type) * (1 - labelSmoothing) + labelSmoothing / Double(count)
      return SampleLosses((-(shares * weighted(logarithms(predictions))).sum(axes: [-1])).sampleMean())
    }
    let given = targets.cast(to: .int64)
    let counts = ignoredIndex.map { given .!= Double($0) }
    let classes = counts.map { .select($0, given, Tensor(0, type: .int64)) } ?? given
    var sizes = weights?.take(classes)
    var losses = atClasses(predictions, classes)
    if let sizes { losses = losses * sizes }
    if labelSmoothing > 0 {
      losses = losses * (1 - labelSmoothing) - weighted(logarithms(predictions)).mean(axes: [-1]) * labelSmoothing
    }
    if let counts {
      let (zero, one) = (Tensor(0, type: losses.type), Tensor(1, type: losses.type))
      losses = .select(counts, losses, zero)
      sizes = .select(counts, sizes ?? one, zero)
    }
    return SampleLosses(losses.sampleMean(), weights: sizes?.sampleMean())
  }
}
