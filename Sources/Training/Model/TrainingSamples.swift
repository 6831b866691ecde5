import DescentDatasets
import DescentNetworks

/// Samples with all that a training run must know of them: which of them learn, which watch, and what they pass through.
public struct TrainingSamples: Sendable {
  /// The samples.
  public let dataset: Dataset
  /// Rows that the network learns from, and rows that watch it.
  public let split: Dataset.ValidationSplit
  /// What was fitted on the rows to learn from.
  public let preparation: SavedModel.Preparation
  /// The table whose rows they are; nil for samples in memory.
  public let table: PreparedTable?

  /// Data in memory: a share of the training part is held back, as the settings say, and each feature standardised.
  public init(_ dataset: Dataset, _ settings: TrainingSettings) {
    self.init(dataset, split: dataset.validationSplit(share: settings.validation, seed: settings.seed))
  }

  /// Data in memory, of known parts.
  public init(_ dataset: Dataset, split: Dataset.ValidationSplit) {
    (self.dataset, self.split, table) = (dataset, split, nil)
    preparation = .init(
      features: .automatic(for: dataset, rows: split.training),
      target: .fit(.standardise, toTargetOf: dataset, rows: split.training))
  }

  /// The rows of a table.
  public init(_ table: PreparedTable) {
    (dataset, split, self.table) = (table.dataset, table.split, table)
    preparation = .init(
      features: .identity, target: .fit(.standardise, toTargetOf: table.dataset, rows: table.split.training),
      table: table.preparation)
  }

  /// The network that suits them, with the hidden layers that the settings name.
  public func description(_ settings: TrainingSettings) -> NetworkDescription {
    guard let table = preparation.table else { return .dense(for: dataset.schema, settings) }
    return .tabular(
      table, hidden: settings.layers ?? [], outputs: dataset.schema.outputCount,
      activation: settings.activation.flatMap(Activation.named) ?? .relu, dropout: settings.dropout)
  }
}
