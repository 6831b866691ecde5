import Descent

extension Train {
  /// What is trained and how.
  struct Plan {
    var settings: TrainingSettings
    let terms: LossTerms
    let description: NetworkDescription?
    let findsLearningRate: Bool
    let triesPenalties: Bool
    /// Why things were chosen as they were.
    let reasons: String?
  }

  func plan(for samples: TrainingSamples) throws -> Plan {
    // who names the layers of a network for pictures or recordings has the standard settings for the rest
    let areChosen = samples.preparation.table != nil || (layers == nil && network == nil)
    let automatic = areChosen ? samples.automaticSettings(inputs.flatMap { try? InputSteps(words: $0) }) : nil
    let terms = try terms(for: samples.dataset.task)
    var settings = settings(automatic?.settings ?? TrainingSettings())
    settings.loss = terms.loss.name
    try checkInputs(samples)
    try checkClasses(samples)
    let written = try network.map { try NetworkFile.read($0).taking(samples.dataset.schema.networkInput) }
    let description = written ?? (network == nil ? samples.shaped(settings) : nil)
    return Plan(
      settings: settings, terms: terms, description: description,
      findsLearningRate: learningRate == nil && automatic?.findsLearningRate == true,
      triesPenalties: [l2, dropout].allSatisfy { $0 == nil } && network == nil && automatic?.triesPenalties == true,
      reasons: automatic.flatMap(reasons))
  }

  /// Why what was not given was chosen as it was; nil where all was given.
  func reasons(_ automatic: AutomaticSettings) -> String? {
    let texts = automatic.reasons.filter { reason in
      switch reason.choice {
      case .network: layers == nil && network == nil
      case .texts: network == nil && textNetwork == nil
      case .batchSize: batchSize == nil
      case .epochs: epochs == nil
      case .penalty: l2 == nil
      case .dropout: dropout == nil && network == nil
      case .optimizer: optimizer == nil && learningRate == nil && schedule == nil
      case .schedule: schedule == nil
      }
    }.map(\.text)
    return texts.isEmpty ? nil : "chosen: " + texts.joined(separator: "; ")
  }

  /// The settings that are given, and for the others what suits the data.
  func settings(_ standard: TrainingSettings) -> TrainingSettings {
    var settings = standard
    settings.layers = network == nil ? layers?.sizes ?? settings.layers : nil
    settings.activation = network == nil ? activation ?? settings.activation : nil
    settings.schedule = schedule ?? settings.schedule
    settings.warmUp = warmUp
    settings.optimizer = optimizer ?? settings.optimizer
    settings.learningRate = learningRate ?? settings.learningRate
    settings.batchSize = batchSize ?? settings.batchSize
    settings.epochs = epochs ?? settings.epochs
    settings.validation = validation
    settings.earlyStopping = earlyStopping ?? settings.earlyStopping
    // who says when training ends wants the weights of that epoch
    let endsAsSaid = earlyStopping != nil || minLossChange != nil
    settings.learnsValidation = refit ?? (settings.learnsValidation && !endsAsSaid)
    settings.minLossChange = minLossChange
    settings.l1 = l1
    settings.augmentation = augment
    settings.inputSteps = inputs
    settings.textLayers = textNetwork
    settings.classWeights = classWeights
    settings.classSampling = sampling
    settings.l2 = l2 ?? settings.l2
    settings.weightNoise = weightNoise
    settings.dropout = network == nil ? dropout ?? settings.dropout : 0
    settings.precision = precision
    settings.seed = seed
    return settings
  }

  func terms(for task: Dataset.Task) throws -> LossTerms {
    guard let named = Loss.named(loss) else { return .standard(for: task) }
    guard let terms = LossTerms(named, task: task) else {
      let objection = LossTerms.objection(to: named, for: task) ?? "it does not fit the target"
      throw UsageError("--loss \(loss): \(objection); use --loss auto")
    }
    return terms
  }

  /// The plan with the penalty that suits the rows better, where it is to be tried, and a sentence about it.
  func tryingPenalties(_ plan: Plan, _ samples: TrainingSamples) throws -> (plan: Plan, sentence: String) {
    guard plan.triesPenalties, !samples.split.validation.isEmpty else { return (plan, "") }
    let trial = try PenaltyTrial(
      plan.settings, samples, plan.terms, findsLearningRate: plan.findsLearningRate)
    var chosen = plan
    chosen.settings = trial.settings
    let what =
      trial.settings == plan.settings
      ? "the penalty stays" : "the penalty falls to \(trial.settings.l2)·Σw², and no unit is dropped"
    let errors = (rounded(trial.errors.usual), rounded(trial.errors.lighter))
    let why =
      samples.dataset.task == .classification
      ? "\(errors.0) of the watching rows are wrong with it, \(errors.1) with a hundredth of it"
      : "the watching rows' loss is \(errors.0) with it, \(errors.1) with a hundredth of it"
    return (chosen, "\(what): \(why)")
  }

  /// What the network is made of; where that is wrong, the file and the line.
  func summary(_ plan: Plan, _ samples: TrainingSamples) throws -> NetworkSummary {
    let whole = plan.description ?? samples.description(plan.settings)
    do { return try whole.summary(for: samples.dataset.schema) } catch {
      throw network.map { NetworkFile.failure(error, in: $0) } ?? UsageError("--layers: \(error.message)")
    }
  }
}
