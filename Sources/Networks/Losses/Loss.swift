import DescentTensors

/// How far predictions are from targets: one number a sample, and a reduction over samples.
///
///     let loss = Loss.crossEntropy(network(pictures), digits)
///
/// The first axis is the batch. What happens on the other axes is part of the loss: a mean, as in ``meanSquared``, or a
/// sum, as in ``sumOfSquares``; its name says which. So that a sample weighs the same whatever the shape of the rest,
/// and the mean over batches of different sizes, weighted by their sizes, is the mean over the data (except for
/// ``rootMeanSquared``).
///
/// Against PyTorch: where a loss takes the mean over the other axes, `.mean` is `reduction="mean"`, and `.sum` is
/// `reduction="sum"` divided by the number of elements a sample; where it takes the sum, `.sum` is `reduction="sum"`,
/// and `.mean` is that divided by the batch's size (`"batchmean"` of `kl_div`).
///
/// - Shapes: predictions `[batch, ...]`, targets of the same shape, or class indices where the loss takes them; sample
///   weights `[batch]` → `[]`, or `[batch]` with ``LossReduction/none``.
public struct Loss: Sendable {
  /// What a network must give for this loss.
  public enum Predictions: String, Sendable, Hashable, CaseIterable {
    /// Numbers of any kind.
    case values
    /// Scores from −∞ to ∞ that a sigmoid or a softmax would make probabilities.
    case logits
    /// Numbers from 0 to 1; over classes they add up to 1.
    case probabilities
    /// Logarithms of probabilities, as ``DescentTensors/Tensor/logSoftmax(axes:file:line:)`` gives them.
    case logProbabilities
    /// Expected counts, above 0.
    case rates
    /// Logarithms of expected counts.
    case logRates
  }

  /// The loss's name in kebab-case, as the command line and files write it.
  public let name: String
  /// What a network must give.
  public let predictions: Predictions
  /// Whether targets may be class indices.
  public let takesClassIndices: Bool

  private let sampleLosses: @Sendable (_ predictions: Tensor, _ targets: Tensor) -> SampleLosses
  /// Applied to what the reduction gives.
  private let finish: @Sendable (Tensor) -> Tensor

  /// A loss from a function of predictions and targets.
  ///
  /// - Parameters:
  ///   - name: what messages call it.
  ///   - predictions: what it expects a network to give.
  ///   - takesClassIndices: whether targets may be class indices.
  ///   - sampleLosses: one number a sample: `[batch]`.
  public init(
    _ name: String, predictions: Predictions = .values, takesClassIndices: Bool = false,
    sampleLosses: @escaping @Sendable (_ predictions: Tensor, _ targets: Tensor) -> Tensor
  ) {
    self.init(
      name, predictions: predictions, takesClassIndices: takesClassIndices,
      weighted: { SampleLosses(sampleLosses($0, $1)) })
  }

  init(
    _ name: String, predictions: Predictions, takesClassIndices: Bool,
    weighted sampleLosses: @escaping @Sendable (Tensor, Tensor) -> SampleLosses,
    finish: @escaping @Sendable (Tensor) -> Tensor = { $0 }
  ) {
    self.name = name
    self.predictions = predictions
    self.takesClassIndices = takesClassIndices
    self.sampleLosses = sampleLosses
    self.finish = finish
  }

  /// The loss of a batch.
  ///
  /// - Parameters:
  ///   - predictions: what the network gives, float32 or float64, `[batch, ...]`.
  ///   - targets: what it should give, of the same shape and any element type, or class indices.
  ///   - sampleWeights: how much each sample counts, `[batch]`; 1 where left out.
  ///   - reduction: how samples become one number.
  /// - Returns: `[]`, or `[batch]` with ``LossReduction/none``. Shapes that do not fit stop the program with a message.
  public func callAsFunction(
    _ predictions: Tensor, _ targets: Tensor, sampleWeights: Tensor? = nil, reduction: LossReduction = .mean,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      predictions.type.isFloatingPoint && predictions.rank > 0,
      "loss \(name) expects floating-point predictions [batch, ...], got \(predictions.type)\(predictions.shape)",
      file: file, line: line)
    if let problem = mismatch(predictions, targets) {
      programmerError("loss \(name) \(problem)", file: file, line: line)
    }
    let samples = sampleLosses(predictions, targets)
    check(
      samples.losses.shape == [predictions.shape[0]],
      "loss \(name) must give one number a sample, \([predictions.shape[0]]), and gives \(samples.losses.shape)",
      file: file, line: line)
    return finish(reduction.reduce(samples, sampleWeights: sampleWeights, of: name, file: file, line: line))
  }

  /// Why targets do not fit predictions, if they don't.
  private func mismatch(_ predictions: Tensor, _ targets: Tensor) -> String? {
    if targets.shape == predictions.shape { return nil }
    guard takesClassIndices else {
      return "expects targets of the predictions' shape \(predictions.shape), got \(targets.shape)"
    }
    let indices = Shape(predictions.shape.dropLast())
    let isWhole = !targets.type.isFloatingPoint && targets.type != .bool
    if predictions.rank > 1, targets.shape == indices, isWhole { return nil }
    return "expects class indices \(indices) or probabilities \(predictions.shape) as targets for predictions "
      + "\(predictions.shape), got \(targets.type)\(targets.shape)"
  }
}
