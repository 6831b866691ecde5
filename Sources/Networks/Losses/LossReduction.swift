import DescentTensors

/// How the losses of a batch's samples become one number.
public enum LossReduction: String, Sendable, Hashable, CaseIterable, Codable {
  /// Σ w·l / Σ w over the samples; without weights their arithmetic mean. 0 where every weight is 0.
  case mean
  /// Σ w·l over the samples.
  case sum
  /// w·l for each sample, not reduced.
  case none
}

/// What a loss says of the samples of a batch.
struct SampleLosses {
  /// The loss of each sample, weighted by what the loss itself gives weight to, such as classes: `[batch]`.
  let losses: Tensor
  /// How much of each sample counts in a mean, `[batch]`; 1 where left out.
  let weights: Tensor?

  init(_ losses: Tensor, weights: Tensor? = nil) {
    self.losses = losses
    self.weights = weights
  }
}

extension LossReduction {
  /// The samples' losses as this says: `[]`, or `[batch]` for ``none``.
  func reduce(
    _ samples: SampleLosses, sampleWeights: Tensor?, of name: String, file: StaticString, line: UInt
  ) -> Tensor {
    let losses = samples.losses
    check(
      sampleWeights == nil || sampleWeights?.shape == losses.shape,
      "loss \(name) expects sample weights \(losses.shape), got \(sampleWeights?.shape ?? [])", file: file, line: line)
    let given = sampleWeights?.cast(to: losses.type)
    let weighted = given.map { losses * $0 } ?? losses
    switch self {
    case .none: return weighted
    case .sum: return weighted.sum()
    case .mean:
      let weights = given.map { given in samples.weights.map { $0 * given } ?? given } ?? samples.weights
      return weights.map { weighted.sum().divided(orZeroBy: $0.sum()) } ?? losses.mean()
    }
  }
}
