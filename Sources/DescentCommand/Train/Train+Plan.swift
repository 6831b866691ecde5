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
    var reasons: [AutomaticSettings.Reason]
  }

  func plan(for samples: TrainingSamples) throws -> Plan {
    // who names the layers of a network for pictures or recordings has the standard settings for the rest
    let areChosen = samples.preparation.table != nil || (layers == nil && network == nil)
    let automatic = areChosen ? samples.automaticSettings(inputs.flatMap { try? InputSteps(words: $0) }) : nil
    let terms = try terms(for: samples.dataset.task)
    var settings = settings(automatic?.settings ?? TrainingSettings())
    settings.loss = terms.loss.name
    // a network from a file says itself how large its pictures are
    if network == nil, samples.preparation.table == nil { settings.takeCrop(ofPictures: samples.dataset.schema) }
    try checkInputs(samples)
    try checkClasses(samples)
    let written = try network.map { try NetworkFile.read($0).taking(samples.dataset.schema.networkInput) }
    let description = written ?? (network == nil ? samples.shaped(settings) : nil)
    return Plan(
      settings: settings, terms: terms, description: description,
      findsLearningRate: learningRate == nil && automatic?.findsLearningRate == true,
      triesPenalties: [l2, dropout].allSatisfy { $0 == nil } && network == nil && automatic?.triesPenalties == true,
      reasons: automatic.map(reasons) ?? [])
  }

  /// Why what was not given was chosen as it was.
  func reasons(_ automatic: AutomaticSettings) -> [AutomaticSettings.Reason] {
    automatic.reasons.filter { reason in
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
    }
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
    let what: String
    if trial.settings == plan.settings {
      what = "the penalty stays \(plan.settings.l2)·Σw²"
    } else {
      let isLighter = trial.settings.l2 < plan.settings.l2
      what =
        "the penalty \(isLighter ? "falls" : "rises") to \(trial.settings.l2)·Σw²"
        + (isLighter ? ", and no unit is dropped" : "")
      chosen.reasons.removeAll { $0.choice == .penalty || (isLighter && $0.choice == .dropout) }
    }
    let losses = trial.trials.map {
      $0.factor == 1
        ? rounded($0.loss) : "\(rounded($0.loss)) with \($0.factor < 1 ? "\($0.factor)" : "\(Int($0.factor))") of it"
    }
    return (chosen, "\(what): the watching rows' loss is \(losses.joined(separator: ", "))")
  }

  /// What the network is made of; where that is wrong, the file and the line.
  func summary(_ plan: Plan, _ samples: TrainingSamples) throws -> NetworkSummary {
    let whole = plan.description ?? samples.description(plan.settings)
    do { return try whole.summary(for: samples.dataset.schema) } catch {
      throw network.map { NetworkFile.failure(error, in: $0) } ?? UsageError("--layers: \(error.message)")
    }
  }
}
