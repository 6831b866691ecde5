import DescentDatasets

/// How networks do that were trained on all folds of the data but one, each on the one that it did not see.
public struct CrossValidation: Sendable {
  /// How each did, in the order of the folds.
  public let evaluations: [Evaluation]

  /// A figure over the folds.
  public struct Spread: Sendable, Hashable {
    /// The figure's name, for people.
    public let name: String
    /// In snake case, for files.
    public let key: String
    /// The mean over the folds.
    public let mean: Double
    /// The sample standard deviation over the folds.
    public let standardDeviation: Double
  }

  /// Of evaluations on folds.
  public init(_ evaluations: [Evaluation]) { self.evaluations = evaluations }

  /// Every figure that all folds have, the most usual ones first.
  public var figures: [Spread] {
    let folds = evaluations.map { $0.figures.flatMap { $0 } }
    return (folds.first ?? []).compactMap { first in
      let values = folds.compactMap { fold in fold.first { $0.key == first.key }?.value }
      guard values.count == folds.count else { return nil }
      let moments = Moments(values)
      return Spread(
        name: first.name, key: first.key, mean: moments.mean, standardDeviation: moments.standardDeviation ?? 0)
    }
  }
}
