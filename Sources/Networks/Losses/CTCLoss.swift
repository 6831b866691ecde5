import DescentTensors

/// −ln of the probability that a sequence of outputs spells the target, over all ways to spread the target's labels over
/// the steps: a label may be repeated and blanks may stand between (Graves and others, "Connectionist temporal
/// classification", 2006).
///
/// PyTorch: `ctc_loss`, whose log-probabilities are `[time, batch, classes]`, and whose mean divides each loss by the
/// length of its target first; `.sum` and `.none` are the same. Keras: `CTC`.
public struct CTCLoss: Sendable, Hashable {
  /// The loss's name in kebab-case.
  public static let name = "ctc"
  /// The class that stands for no label.
  public let blank: Int
  /// Whether a target that no spreading gives, because the steps are too few, costs 0 instead of ∞. Its gradient is 0
  /// in both cases. PyTorch: `zero_infinity`.
  public let ignoresImpossible: Bool

  /// A loss with this class for blanks.
  public init(
    blank: Int = 0, ignoresImpossible: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(blank >= 0, "CTCLoss(blank: \(blank)): must be a class, 0 or more", file: file, line: line)
    self.blank = blank
    self.ignoresImpossible = ignoresImpossible
  }

  /// The loss of a batch. It can be differentiated once.
  ///
  /// A length beyond its axis, or a label that is no class or the blank, stops the program when the numbers are computed.
  ///
  /// - Shapes: log-probabilities `[batch, time, classes]`, as ``DescentTensors/Tensor/logSoftmax(axes:file:line:)``
  ///   gives them; targets `[batch, labels]`, padded with anything; lengths and sample weights `[batch]` → `[]`, or
  ///   `[batch]` with ``LossReduction/none``.
  /// - Parameters:
  ///   - logProbabilities: the logarithm of each class's probability at each step.
  ///   - targets: the classes to spell, whole numbers.
  ///   - inputLengths: how many steps of each sample count.
  ///   - targetLengths: how many labels of each sample count.
  ///   - sampleWeights: how much each sample counts; 1 where left out.
  ///   - reduction: how samples become one number.
  public func callAsFunction(
    _ logProbabilities: Tensor, _ targets: Tensor, inputLengths: Tensor, targetLengths: Tensor,
    sampleWeights: Tensor? = nil, reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var losses = logProbabilities.alignmentLosses(
      targets, inputLengths: inputLengths, targetLengths: targetLengths, blank: blank, file: file, line: line)
    if ignoresImpossible { losses = .select(losses .== .infinity, Tensor(0, type: losses.type), losses) }
    return reduction.reduce(
      SampleLosses(losses), sampleWeights: sampleWeights, of: Self.name, file: file, line: line)
  }
}
