import DescentDatasets

/// How models do that were trained on all folds of the data but one, each on the one that it did not see.
public struct CrossValidation: Sendable {
  /// One model of each fold.
  public struct Model: Sendable {
    /// What it is called.
    public let name: String
    /// How it did, in the order of the folds.
    public fileprivate(set) var evaluations: [Evaluation] = []
  }

  /// The network first, then what it has to beat.
  public private(set) var models: [Model] = []

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

  /// Of no fold yet.
  public init() {}

  /// How many folds there are.
  public var count: Int { models.first?.evaluations.count ?? 0 }

  /// Takes in a fold.
  ///
  /// - Parameter baselines: those of the fold's own rows, of which the first is a constant that folds may differ in; nil where
  ///   nobody asks.
  public mutating func add(network: Evaluation, baselines: Baselines?) {
    let entries = baselines?.entries ?? []
    let names = ["this network"] + entries.enumerated().map { $0 == 0 ? "always the same" : $1.name }
    for (name, evaluation) in zip(names, [network] + entries.map(\.evaluation)) {
      let place = models.firstIndex { $0.name == name } ?? models.count
      if place == models.count { models.append(Model(name: name)) }
      models[place].evaluations.append(evaluation)
    }
  }
}

extension CrossValidation.Model {
  /// Every figure that all folds have, the most usual ones first.
  public var figures: [CrossValidation.Spread] {
    let folds = evaluations.map { $0.figures.flatMap { $0 } }
    return (folds.first ?? []).compactMap { first in
      let values = folds.compactMap { fold in fold.first { $0.key == first.key }?.value }
      guard values.count == folds.count else { return nil }
      let moments = Moments(values)
      return CrossValidation.Spread(
        name: first.name, key: first.key, mean: moments.mean, standardDeviation: moments.standardDeviation ?? 0)
    }
  }
}
