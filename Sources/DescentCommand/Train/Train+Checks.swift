import Descent

/// What is wrong with a command line, or with what it asks of its data.
extension Train {
  func checkOptions() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw UsageError(message) }
    }
    let widest = 1_000_000
    if let layers {
      try require(
        layers.sizes.allSatisfy { (1...widest).contains($0) },
        "--layers \(layers): every layer needs from 1 to \(widest) units")
    }
    if let inputs { try checked("--inputs") { _ = try InputSteps(words: inputs) } }
    if let augment { try checked("--augment") { _ = try Augmentation(words: augment) } }
    if let activation { try oneOf(Activation.all.map(\.name), activation, "--activation") }
    if let network {
      let others = [
        ("--layers", layers != nil), ("--activation", activation != nil), ("--dropout", dropout != nil),
        ("--text-network", textNetwork != nil), ("--inputs", inputs != nil),
      ]
      for (name, isGiven) in others {
        try require(!isGiven, "--network \(network) says what the network is made of; leave out \(name)")
      }
      for (name, path) in [("--output", output), ("--metrics", metrics ?? "")] {
        try require(!Files.areSame(path, network), "\(name) \(path) would overwrite the network file")
      }
    }
    if let schedule { try oneOf(TrainingSettings.schedules.map(\.name), schedule, "--schedule") }
    try oneOf(["auto"] + Loss.all.map(\.name), loss, "--loss")
    if let optimizer { try oneOf(TrainingSettings.optimizers.map(\.name), optimizer, "--optimizer") }
    if let learningRate {
      try require(learningRate > 0, "--learning-rate must be above 0, got \(learningRate)")
      try require(
        Float(learningRate).isNormal, "--learning-rate \(learningRate) is beyond float32; use one from 1e-37 to 1e38")
    }
    // so that products of two of them, such as all steps of a run, are still numbers
    let most = Int(Int32.max)
    for (name, value, least) in [
      ("--warm-up", warmUp, 0), ("--batch-size", batchSize ?? 1, 1), ("--epochs", epochs ?? 1, 1),
    ] {
      try require((least...most).contains(value), "\(name) must be from \(least) to \(most), got \(value)")
    }
    try require(tables.test >= 0 && tables.test < 1, "--test must be in [0, 1), got \(tables.test)")
    try require((2...1000).contains(folds ?? 2), "--folds must be from 2 to 1000, got \(folds ?? 0)")
    try require(validation >= 0 && validation < 1, "--validation must be in [0, 1), got \(validation)")
    try require((0..<1).contains(dropout ?? 0), "--dropout must be in [0, 1), got \(dropout ?? 0)")
    try require(earlyStopping ?? 1 > 0, "--early-stopping must be 1 or more, got \(earlyStopping ?? 0)")
    for (name, value) in [
      ("--min-loss-change", minLossChange ?? 0), ("--l1", l1), ("--l2", l2 ?? 0), ("--weight-noise", weightNoise),
    ] {
      try require(value >= 0 && value.isFinite, "\(name) must be 0 or more and finite, got \(value)")
    }
    try require(!Files.areSame(output, data), "--output \(output) would overwrite the data")
    for (name, path) in [("--output", output), ("--metrics", metrics ?? "")] {
      guard let report, Files.areSame(report, path) else { continue }
      throw UsageError("--report and \(name) both name \(report); one would be lost")
    }
    if let report { try require(!Files.areSame(report, data), "--report \(report) would overwrite the data") }
    guard let metrics else { return }
    try require(!Files.areSame(metrics, data), "--metrics \(metrics) would overwrite the data")
    try require(!Files.areSame(metrics, output), "--metrics and --output both name \(output); one would be lost")
  }

  /// The steps must be ones, and suit so many numbers.
  func checkInputs(_ samples: TrainingSamples) throws {
    guard let inputs else { return }
    let count = samples.preparation.table?.quantityCount ?? samples.dataset.elementCount
    guard count > 0 else {
      throw UsageError("--inputs \(inputs): no column becomes a number that they could be taken of")
    }
    if let objection = try InputSteps(words: inputs).objection(features: count) {
      throw UsageError("--inputs \(inputs): \(objection)")
    }
  }

  /// Weights and sampling are for classes.
  func checkClasses(_ samples: TrainingSamples) throws {
    if let sampling, samples.dataset.task == .regression {
      throw UsageError("--sampling \(sampling.rawValue): the target is a quantity, and only classes can differ in size")
    }
    guard let classWeights else { return }
    do { _ = try ClassWeights(words: classWeights, samples.dataset, rows: samples.split.training) } catch {
      throw UsageError("--class-weights \(error)")
    }
  }

  /// Steps must suit the samples as the network takes them, and leave their shape as it is.
  func checkAugmentation(_ plan: Plan, _ samples: TrainingSamples) throws {
    guard let augment else { return }
    do {
      guard let augmentation = try samples.augmentation(plan.settings) else { return }
      let network = plan.description ?? samples.description(plan.settings)
      let shape = network.input ?? samples.dataset.schema.networkInput
      if let objection = augmentation.objection(for: shape) { throw UsageError("--augment \(objection)") }
      guard augmentation.outputShape(for: shape) == shape else {
        throw UsageError(
          "--augment \(augment): samples of \(shape) would become \(augmentation.outputShape(for: shape)); pad before "
            + "cropping, such as crop=\(shape.last ?? 0)+4, so that they keep their shape; or put the crop last, without "
            + "--network, or begin a network file with random-crop2d")
      }
    } catch let error as AugmentationError {
      throw UsageError("--augment: \(error)")
    }
  }

  /// A layer that normalises over a batch cannot be trained on batches of one sample.
  func checkBatches(_ plan: Plan, _ samples: TrainingSamples) throws {
    let rows = samples.split.training.count
    let network = plan.description ?? samples.description(plan.settings)
    guard EpochBatches(rows: rows, size: plan.settings.batchSize).haveSingleRows,
      let objection = try network.objectionToSingleSamples(for: samples.dataset.schema)
    else { return }
    guard rows > 1 else { throw DataError.invalid(data, "has a single sample to train on: \(objection)") }
    throw UsageError("--batch-size \(plan.settings.batchSize): \(objection)")
  }

  /// Words that mean nothing are wrong usage.
  func checked(_ option: String, _ parse: () throws -> Void) throws {
    do { try parse() } catch { throw UsageError("\(option): \(error)") }
  }

  func oneOf(_ names: [String], _ name: String, _ option: String) throws {
    guard names.contains(name) else {
      throw UsageError("\(option) \(name) is not known; it is one of \(names.joined(separator: ", "))")
    }
  }
}
