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
  /// The file of each sample, as a path from the folder that they were read from; nil for other samples.
  public let files: [String]?
  /// What they are, where that says which network suits them; nil for built-in data and for rows.
  private let form: Form?
  private let isBuiltIn: Bool

  /// Samples whose numbers belong to each other by their places.
  enum Form {
    case pictures
    case recordings(SoundPreparation)
    case sequences
  }

  /// Data in memory: a share of the training part is held back, as the settings say, and each feature standardised.
  public init(_ dataset: Dataset, _ settings: TrainingSettings) {
    self.init(dataset, split: dataset.validationSplit(share: settings.validation, seed: settings.seed))
  }

  /// Data in memory, of known parts.
  ///
  /// - Parameter isBuiltIn: whether these are the data of examples, which are trained with the standard settings unless others
  ///   are given; for other data ``automaticSettings(_:)`` are chosen.
  public init(_ dataset: Dataset, split: Dataset.ValidationSplit, isBuiltIn: Bool = true) {
    (self.dataset, self.split, table, files, self.isBuiltIn) = (dataset, split, nil, nil, isBuiltIn)
    form = isBuiltIn || dataset.sampleShape.count == 1 ? nil : dataset.pixelRange == nil ? .sequences : .pictures
    preparation = .init(
      features: .automatic(for: dataset, rows: split.training),
      target: .fit(.standardise, toTargetOf: dataset, rows: split.training))
  }

  /// The pictures or recordings of a folder, of known parts.
  public init(_ folder: FolderSamples, _ parts: RowSplit.Parts) {
    dataset = folder.dataset.divided(training: parts.training, validation: parts.validation, test: parts.test)
    (split, table, files, isBuiltIn) = ((parts.training, parts.validation), nil, folder.files, false)
    form = folder.sound.map { .recordings($0) } ?? .pictures
    preparation = .init(
      features: .automatic(for: dataset, rows: parts.training),
      target: .fit(.standardise, toTargetOf: dataset, rows: parts.training), sound: folder.sound)
  }

  /// The rows of a table.
  public init(_ table: PreparedTable) {
    (dataset, split, self.table, files) = (table.dataset, table.split, table, nil)
    (form, isBuiltIn) = (nil, false)
    preparation = .init(
      features: .identity, target: .fit(.standardise, toTargetOf: table.dataset, rows: table.split.training),
      table: table.preparation)
  }

  /// What is chosen for them where the user leaves the choice; nil for built-in data.
  ///
  /// - Parameter steps: what samples go through before the network, which may make rows of pictures.
  public func automaticSettings(_ steps: InputSteps? = nil) -> AutomaticSettings? {
    if isBuiltIn { return nil }
    guard let form, steps?.keepShape != false else { return AutomaticSettings(for: self) }
    return AutomaticSettings(for: self, as: form)
  }

  /// The network that suits pictures, recordings and sequences where no hidden layers are named; nil for other samples.
  public func shaped(_ settings: TrainingSettings) -> NetworkDescription? {
    let steps = settings.steps
    guard let form, settings.layers == nil, steps?.keepShape != false else { return nil }
    let activation = settings.activation ?? "relu"
    let features: FeatureLayers =
      switch form {
      case .pictures: .pictures(dataset.schema.networkInput, croppedTo: settings.crop, activation)
      case .recordings(let sound): .sounds(sound, activation)
      case .sequences: .sequences
      }
    return .through(
      features, input: dataset.schema.networkInput, steps: steps, outputs: dataset.schema.outputCount,
      dropout: settings.dropout)
  }

  /// What is done to them at random in training; nil for nothing.
  ///
  /// - Throws: `AugmentationError` where the settings' words are none, or do not suit a table's columns.
  public func augmentation(_ settings: TrainingSettings) throws(AugmentationError) -> Augmentation? {
    guard let words = settings.augmentation else { return nil }
    let augmentation = try Augmentation(words: words)
    return try preparation.table.map { table throws(AugmentationError) in try augmentation.parts(of: table) }
      ?? augmentation
  }

  /// The same samples and parts, with nothing to test on.
  var withoutTestPart: TrainingSamples {
    var samples = self
    samples.dataset = dataset.divided(training: split.training, validation: split.validation, test: [])
    return samples
  }

  /// The network that suits them, with the hidden layers that the settings name.
  public func description(_ settings: TrainingSettings) -> NetworkDescription {
    if let description = shaped(settings) { return description }
    guard let table = preparation.table else { return .dense(for: dataset.schema, settings) }
    return .tabular(
      table, through: settings.steps, texts: settings.textLayers, hidden: settings.layers ?? [],
      outputs: dataset.schema.outputCount,
      activation: settings.activation.flatMap(Activation.named) ?? .relu, dropout: settings.dropout)
  }
}
