import DescentDatasets
import DescentNetworks
import DescentTensors

/// From data and settings to a trained network: what `descent train` does.
public struct TrainingSession: Sendable {
  /// What a run came to.
  public struct Result: Sendable {
    /// Every epoch.
    public let history: History
    /// How the network does on the test part; nil where the data bring none.
    public let test: Evaluation?
  }

  /// The data.
  public let dataset: Dataset
  /// Rows that the network learns from, and rows that watch it.
  public let split: Dataset.ValidationSplit
  /// The network, its preparation and settings: what is saved. The network is trained in place.
  public let model: SavedModel
  private let terms: LossTerms

  /// A fresh network for the data: dense layers as the settings say, or what a description says. The preparation is fitted
  /// on the rows that it learns from.
  ///
  /// - Throws: `NetworkDescriptionError` where the description does not fit the data.
  public init(
    _ dataset: Dataset, settings: TrainingSettings, terms: LossTerms, description: NetworkDescription? = nil
  ) throws(NetworkDescriptionError) {
    self.dataset = dataset
    let split = dataset.validationSplit(share: settings.validation, seed: settings.seed)
    self.split = split
    let (description, outputs) = (description ?? .dense(for: dataset.schema, settings), dataset.schema.outputCount)
    let made = Swift.Result {
      try RandomSource.withSeed(settings.seed) { try description.makeNetwork(outputs: outputs) }
    }
    let network: any Module
    switch made {
    case .success(let made): network = made
    case .failure(let error as NetworkDescriptionError): throw error
    case .failure(let error): programmerError("a network was refused with \(error)")
    }
    model = SavedModel(
      description: description, network: network,
      preparation: .init(
        features: .automatic(for: dataset, rows: split.training),
        target: .fit(.standardise, toTargetOf: dataset, rows: split.training)),
      schema: dataset.schema, settings: settings)
    self.terms = terms.scaled(by: model.preparation.target)
  }

  /// Samples as the network takes them.
  public var data: TrainingData { model.data(dataset) }

  /// Trains the network, and measures it on the test part.
  ///
  /// - Throws: ``TrainingDiverged``, with the last good weights in the network; and what a callback throws.
  public func run(callbacks: [any Callback] = []) throws -> Result {
    let settings = model.settings
    return try RandomSource.$current.withValue(RandomSource(seed: ~settings.seed)) {
      let optimizer = optimizer(settings)
      let trainer = Trainer(
        model.network, loss: terms.batchLoss, optimizer: optimizer, penalty: penalty(settings),
        precision: settings.precision)
      // callbacks see the run before a stop rule ends it
      var callbacks = callbacks
      if let patience = settings.earlyStopping { callbacks.append(EarlyStopping(patience: patience)) }
      if let change = settings.minLossChange { callbacks.append(MinimumLossChange(change)) }
      if settings.schedule == "plateau" { callbacks.append(ReduceOnPlateau(optimizer)) }
      let history = try trainer.fit(
        data, rows: split.training, validation: split.validation, epochs: settings.epochs,
        batchSize: settings.batchSize, seed: settings.seed, schedule: settings.schedule(rows: split.training.count),
        callbacks: callbacks)
      let test = dataset.hasTestPart ? trainer.evaluate(data, rows: dataset.testRows) : nil
      return Result(history: history, test: test)
    }
  }

  private func optimizer(_ settings: TrainingSettings) -> Optimizer {
    let make = TrainingSettings.optimizers.first { $0.name == settings.optimizer }?.make
    return make?(settings.learningRate) ?? .adam(learningRate: settings.learningRate)
  }

  private func penalty(_ settings: TrainingSettings) -> (@Sendable (any Module) -> Tensor)? {
    guard settings.l1 > 0 || settings.l2 > 0 else { return nil }
    let penalty = Penalty.elastic(l1: settings.l1, l2: settings.l2)
    return { penalty($0) }
  }
}
