import DescentTensors

/// ½ · (ln v + (m − t)²/v), the mean over a sample's outputs, of a network that gives a mean m and a variance v for each
/// target t (Nix and Weigend, "Estimating the mean and variance of the target probability distribution", 1994).
/// Variances below 10⁻⁶ count as that, but their gradient passes. PyTorch: `gaussian_nll_loss`.
public struct GaussianNegativeLogLikelihood: Sendable, Hashable {
  /// The loss's name in kebab-case.
  public static let name = "gaussian-negative-log-likelihood"
  /// Whether ½ · ln 2π is added, which no prediction changes.
  public let full: Bool

  /// A loss, with or without the constant.
  public init(full: Bool = false) { self.full = full }

  /// The loss of a batch.
  ///
  /// - Shapes: means and targets `[batch, ...]`; variances of the same shape, or with 1 on the last axis; sample weights
  ///   `[batch]` → `[]`, or `[batch]` with ``LossReduction/none``.
  /// - Parameters:
  ///   - means: m.
  ///   - targets: t.
  ///   - variances: v, 0 or more.
  ///   - sampleWeights: how much each sample counts; 1 where left out.
  ///   - reduction: how samples become one number.
  public func callAsFunction(
    _ means: Tensor, _ targets: Tensor, variances: Tensor, sampleWeights: Tensor? = nil,
    reduction: LossReduction = .mean, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    checkAlike(Self.name, [("means", means), ("targets", targets)], file: file, line: line)
    check(
      variances.shape == means.shape || means.rank > 1 && variances.shape == means.shape.dropLast() + [1],
      "loss \(Self.name) expects variances \(means.shape) or one for the last axis, got \(variances.shape)",
      file: file, line: line)
    let v = Tensor.withCustomGradient(of: [variances]) {
      $0[0].maximum(1e-6)
    } gradient: { _, _, gradient in
      [gradient]
    }
    let losses = (v.log() + (means - targets.cast(to: means.type)).squared() / v) * 0.5
    let mean = (full ? losses + 0.5 * 1.8378770664093453 : losses).sampleMean()
    return reduction.reduce(SampleLosses(mean), sampleWeights: sampleWeights, of: Self.name, file: file, line: line)
  }
}
