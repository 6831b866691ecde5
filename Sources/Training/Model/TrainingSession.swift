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
    public internal(set) var test: Evaluation?
  }

  /// The data, their parts and their preparation.
  public let samples: TrainingSamples
  /// The network, its preparation and settings: what is saved. The network is trained in place.
  public private(set) var model: SavedModel
  private let terms: LossTerms
  /// Rows that features are fitted on at a time.
  private static let fittedRows = 512
  /// How much greater the loss of all rows may be when the network has learnt all of them: chance is at work in both.
  private static let mostLoss = 1.5

  /// The network as it was made.
  private let start: Snapshot

  /// A fresh network for the data: dense layers as the settings say, or what a description says. The preparation is fitted
  /// on the rows that it learns from.
  ///
  /// - Throws: `NetworkDescriptionError` where the description does not fit the data.
  public init(
    _ dataset: Dataset, settings: TrainingSettings, terms: LossTerms, description: NetworkDescription? = nil
  ) throws(NetworkDescriptionError) {
    try self.init(TrainingSamples(dataset, settings), settings: settings, terms: terms, description: description)
  }

  /// A fresh network for samples whose parts and preparation are known: dense layers as the settings say, or what a
  /// description says.
  ///
  /// - Throws: `NetworkDescriptionError` where the description does not fit the data.
  public init(
    _ samples: TrainingSamples, settings: TrainingSettings, terms: LossTerms, description: NetworkDescription? = nil
  ) throws(NetworkDescriptionError) {
    let dataset = samples.dataset
    self.samples = samples
    let (description, outputs) = (description ?? samples.description(settings), dataset.schema.outputCount)
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
      description: description, network: network, preparation: samples.preparation, schema: dataset.schema,
      settings: settings)
    let scaled = terms.scaled(by: model.preparation.target)
    let weights = settings.classWeights.flatMap { try? ClassWeights(words: $0, dataset, rows: samples.split.training) }
    self.terms = weights.map(scaled.weighted) ?? scaled
    let data = model.data(dataset)
    let rows = samples.split.training
    do throws(FeatureFittingError) {
      try network.fitFeatures(batches: (rows.count + Self.fittedRows - 1) / Self.fittedRows) { batch in
        data.inputs(of: rows[batch * Self.fittedRows..<min((batch + 1) * Self.fittedRows, rows.count)])
      }
    } catch { throw NetworkDescriptionError(error.description) }
    start = Snapshot(of: network.variables)
  }

  /// The data.
  public var dataset: Dataset { samples.dataset }
  /// Rows that the network learns from, and rows that watch it.
  public var split: Dataset.ValidationSplit { samples.split }

  /// Samples as the network takes them.
  public var data: TrainingData { model.data(dataset) }

  /// The model with what tells the data that it was made with: what is to be saved.
  ///
  /// - Parameter hasLearntAll: whether the rows that watched were learnt in the end, too.
  public func finishedModel(hasLearntAll: Bool = false) -> SavedModel {
    var model = model
    model.learnt = LearntData(dataset, learnt: split.training.count + (hasLearntAll ? split.validation.count : 0))
    return model
  }

  /// Finds a learning rate for the network and takes it into the settings.
  public mutating func findLearningRate() -> RangeTest {
    let settings = model.settings
    let test = RandomSource.$current.withValue(RandomSource(seed: ~settings.seed)) {
      RangeTest(
        trainer(settings), data, rows: split.training, batchSize: settings.batchSize,
        most: settings.layers == [] ? RangeTest.fastestLinear : RangeTest.fastest, seed: settings.seed)
    }
    model.settings.learningRate = test.rate
    return test
  }

  private func trainer(_ settings: TrainingSettings) -> Trainer {
    Trainer(
      model.network, loss: terms.batchLoss, optimizer: optimizer(settings), penalty: penalty(settings),
      precision: settings.precision)
  }

  /// Trains the network, and measures it on the test part.
  ///
  /// - Throws: ``TrainingDiverged``, with the last good weights in the network; and what a callback throws.
  public func run(callbacks: [any Callback] = []) throws -> Result {
    let settings = model.settings
    return try RandomSource.$current.withValue(RandomSource(seed: ~settings.seed)) {
      let trainer = trainer(settings)
      // callbacks see the run before a stop rule ends it
      var watchers = callbacks
      if let patience = settings.earlyStopping { watchers.append(EarlyStopping(patience: patience)) }
      if let change = settings.minLossChange { watchers.append(MinimumLossChange(change)) }
      let history = try fit(trainer, split.training, validation: split.validation, callbacks: watchers)
      return Result(history: history, test: testEvaluation)
    }
  }

  /// Trains the network from its start on the rows that watched as well, for all epochs, and measures it on the test part:
  /// what ``TrainingSettings/learnsValidation`` asks for. (To end at the epoch that was best cost up to 1.7 points of
  /// accuracy on small tables, in three times five folds.)
  ///
  /// - Parameter watched: the run before, whose history stays.
  /// - Returns: nil where the network fits all those rows clearly worse than the one of the run before, which then stays.
  /// - Throws: ``TrainingDiverged``, with the weights from before in the network.
  public func learnAll(after watched: Result) throws -> Result? {
    let settings = model.settings
    return try RandomSource.$current.withValue(RandomSource(seed: ~settings.seed)) {
      let before = Snapshot(of: model.network.variables)
      let trainer = trainer(settings)
      let rows = (split.training + split.validation).sorted()
      let loss = { trainer.evaluator.evaluate(data, rows: rows).loss }
      let known = loss()
      start.restore()
      do {
        _ = try fit(trainer, rows, validation: [], callbacks: [])
      } catch {
        before.restore()
        throw error
      }
      guard loss() <= Self.mostLoss * known else {
        before.restore()
        return nil
      }
      var result = watched
      result.test = testEvaluation
      return result
    }
  }

  private func fit(
    _ trainer: Trainer, _ rows: [Int32], validation: [Int32], callbacks: [any Callback]
  ) throws -> History {
    let settings = model.settings
    let plateau = settings.schedule == "plateau" ? [ReduceOnPlateau(trainer.optimizer)] : []
    guard let augmentation = try samples.augmentation(settings) else {
      return try fit(trainer, data, rows, validation, callbacks + plateau)
    }
    let augmented = AugmentedSamples(data, augmentation, seed: settings.seed)
    return try fit(trainer, augmented, rows, validation, callbacks + plateau)
  }

  /// How the network does on the test part, every row counting the same; nil where the data bring none.
  private var testEvaluation: Evaluation? {
    dataset.hasTestPart ? model.evaluator.evaluate(data, rows: dataset.testRows) : nil
  }

  private func fit(
    _ trainer: Trainer, _ data: some SampleSource, _ rows: [Int32], _ validation: [Int32], _ callbacks: [any Callback]
  ) throws -> History {
    let settings = model.settings
    let rows = settings.classSampling?.rows(rows, of: dataset, seed: settings.seed) ?? rows
    return try trainer.fit(
      data, rows: rows, validation: validation, epochs: settings.epochs, batchSize: settings.batchSize,
      seed: settings.seed, schedule: settings.schedule(rows: rows.count), callbacks: callbacks)
  }

  private func optimizer(_ settings: TrainingSettings) -> Optimizer {
    let make = TrainingSettings.optimizers.first { $0.name == settings.optimizer }?.make
    let optimizer = make?(settings.learningRate) ?? .adam(learningRate: settings.learningRate)
    return settings.weightNoise > 0 ? optimizer.noisyWeights(standardDeviation: settings.weightNoise) : optimizer
  }

  private func penalty(_ settings: TrainingSettings) -> (@Sendable (any Module) -> Tensor)? {
    guard settings.l1 > 0 || settings.l2 > 0 else { return nil }
    let penalty = Penalty.elastic(l1: settings.l1, l2: settings.l2)
    return { penalty($0) }
  }
}
