import DescentDatasets
import DescentNetworks

/// Samples with all that a training run must know of them: which of them learn, which watch, and what they pass through.
public struct TrainingSamples: Sendable {
  /// The samples.
  public private(set) var dataset: Dataset
  /// Rows that the network learns from, and rows that watch it.
  public let split: Dataset.ValidationSplit
  /// What was fitted on the rows to learn from.
  public let preparation: SavedModel.Preparation
  /// The table whose rows they are; nil for samples in memory.
  public let table: PreparedTable?
  /// Whether they are pictures or recordings from files, for which a convolutional network is the standard.
  private let areFiles: Bool

  /// Data in memory: a share of the training part is held back, as the settings say, and each feature standardised.
  public init(_ dataset: Dataset, _ settings: TrainingSettings) {
    self.init(dataset, split: dataset.validationSplit(share: settings.validation, seed: settings.seed))
  }

  /// Data in memory, of known parts.
  public init(_ dataset: Dataset, split: Dataset.ValidationSplit) {
    (self.dataset, self.split, areFiles, table) = (dataset, split, false, nil)
    preparation = .init(
      features: .automatic(for: dataset, rows: split.training),
      target: .fit(.standardise, toTargetOf: dataset, rows: split.training))
  }

  /// The pictures or recordings of a folder, of known parts.
  public init(_ folder: FolderSamples, _ parts: RowSplit.Parts) {
    dataset = folder.dataset.divided(training: parts.training, validation: parts.validation, test: parts.test)
    (split, areFiles, table) = ((parts.training, parts.validation), true, nil)
    preparation = .init(
      features: .automatic(for: dataset, rows: parts.training),
      target: .fit(.standardise, toTargetOf: dataset, rows: parts.training), sound: folder.sound)
  }

  /// The rows of a table.
  public init(_ table: PreparedTable) {
    (dataset, split, areFiles, self.table) = (table.dataset, table.split, false, table)
    preparation = .init(
      features: .identity, target: .fit(.standardise, toTargetOf: table.dataset, rows: table.split.training),
      table: table.preparation)
  }

  /// What is chosen for them where the user leaves the choice; nil for built-in data and IDX folders.
  public var automaticSettings: AutomaticSettings? {
    if areFiles { return AutomaticSettings(forFiles: self) }
    return preparation.table == nil ? nil : AutomaticSettings(for: self)
  }

  /// The network that suits pictures and recordings where no hidden layers are named; nil for other samples.
  public func convolutional(_ settings: TrainingSettings) -> NetworkDescription? {
    let steps = settings.steps
    guard areFiles, settings.layers == nil, steps?.keepShape != false else { return nil }
    let (outputs, activation) = (dataset.schema.outputCount, settings.activation ?? "relu")
    let description: NetworkDescription =
      preparation.sound.map { .sounds($0, outputs: outputs, activation: activation, dropout: settings.dropout) }
      ?? .pictures(dataset.sampleShape, outputs: outputs, activation: activation, dropout: settings.dropout)
    return steps.map { description.preceded(by: $0.layers(for: dataset.schema.networkInput)) } ?? description
  }

  /// The same samples and parts, with nothing to test on.
  var withoutTestPart: TrainingSamples {
    var samples = self
    samples.dataset = dataset.divided(training: split.training, validation: split.validation, test: [])
    return samples
  }

  /// The network that suits them, with the hidden layers that the settings name.
  public func description(_ settings: TrainingSettings) -> NetworkDescription {
    if let description = convolutional(settings) { return description }
    guard let table = preparation.table else { return .dense(for: dataset.schema, settings) }
    return .tabular(
      table, through: settings.steps, hidden: settings.layers ?? [], outputs: dataset.schema.outputCount,
      activation: settings.activation.flatMap(Activation.named) ?? .relu, dropout: settings.dropout)
  }
}
