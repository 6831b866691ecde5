import ArgumentParser
import Descent

/// `descent train`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network on data and saves it.",
    discussion: """
      The target of a table is classes where its column holds text, or at most 20 different whole numbers; otherwise it \
      is a quantity. What the other columns are is read from their values, printed, and can be said by --column: numbers \
      are standardised, categories become one input a value or an embedding, dates their cycles, and names of rows are \
      left out. A fifth of the rows is kept to test on, within each class; all is fitted on the training part only and \
      stored with the model. Layers, batches, epochs and the learning rate are chosen by the table where they are not \
      given, and the network is compared with a constant answer and a linear model. Short texts are read by a recurrent \
      network, longer ones by a convolution.

      A folder of pictures (PNG, JPEG) or recordings (WAV) has a folder for each class; folders train and test or \
      validation around those name the parts. Pictures are brought to the commonest size, recordings to log-mel \
      spectrograms of 16 kHz or, by --sound waveform, to waveforms, and a convolutional network is chosen. A folder of \
      texts (.txt) has a file for each class, with a text a line, or a folder for each class, with a text a file; it \
      becomes a table.

      A table's column of paths to pictures or recordings, from the table's own folder, becomes what they hold, and is \
      looked at by convolutions beside the other columns.

      NumPy's arrays are data too. An archive (.npz) holds x_train and y_train, with x_test and y_test where there is a \
      test part, or x and y (data or features, and target); whole numbers in y are classes where at most 20 differ, and \
      bytes of [count, height, width], with 1 or 3 colours behind or before these, are pictures, other numbers of \
      [count, steps, features] sequences, which a recurrent network reads. A single array (.npy) of \
      [rows, columns] is a table whose columns are called column 1, column 2 and so on.

      Built-in data and IDX folders bring their own target and mostly a test part, which the network does not see before \
      its training has ended; of other arrays a share is kept to test on. Their features are standardised, pictures by one map for all pixels.

      A quantity to predict is standardised too: its loss is that of standardised values (but for \
      mean-absolute-percentage and mean-squared-logarithmic); RMSE and MAE are in its own unit.

      The model file holds the last epoch's weights, with early stopping the best epoch's, and with --refit those of \
      another training with the watching rows, where these fit all the rows better.

      Examples:
        descent train digits
        descent train houses.csv --target price
        descent train houses.csv --target price --column zip=category --column id=leave-out --folds 5
        descent train photos
        descent train spiral:size=1000,noise=0.1 --layers 32,32 --seed 1
        descent train /data/fashion-mnist --network lenet.yaml --schedule one-cycle --learning-rate 0.01
      """)

  @Argument(
    help: """
      A built-in name ('descent datasets' lists them), a table with a header (separated by commas, tabs, semicolons or \
      bars; gzipped or not), NumPy's arrays (.npz, .npy), or a folder of IDX files, pictures, recordings or texts.
      """)
  var data: String

  @OptionGroup var tables: TableArguments

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Cross-validation: train so many networks, each tested on the part that it did not see; then one on all rows.",
      valueName: "n"))
  var folds: Int?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Units of the hidden layers, or none. (default: 64,32 of built-in data; else by the data, convolutional for pictures)",
      valueName: "n,n,..."))
  var layers: LayerSizes?

  @Option(
    help: .name(
      "What follows each hidden layer: \(Activation.all.map(\.name).joined(separator: ", ")). (default: relu)"))
  var activation: String?

  @Option(
    help: .name(
      "What reads a table's texts: \(TextLayers.allCases.map(\.rawValue).joined(separator: ", ")). "
        + "(default: recurrent up to 32 pieces)"))
  var textNetwork: TextLayers?

  @Option(
    help: .path(
      """
      A network file, YAML or JSON, in place of --layers, --activation and --dropout; 'descent layers' says what may \
      stand in it.
      """))
  var network: String?

  @Option(
    help: .name(
      """
      auto (cross-entropy for classes, mean-squared for a quantity), or one of \
      \(Loss.all.map(\.name).joined(separator: ", ")).
      """))
  var loss = "auto"

  @Option(
    help: .name(
      "\(TrainingSettings.optimizers.map(\.name).joined(separator: ", ")). (default: adam; of rows adamw)"))
  var optimizer: String?

  @Option(
    parsing: .unconditional,
    help: .number(
      "The size of a step, above 0. (default: 0.001 of built-in data, 0.003 of pictures, sounds and sequences, else by a "
        + "range test)"))
  var learningRate: Double?

  @Option(
    help: .name(
      "How the learning rate changes: \(TrainingSettings.schedules.map(\.name).joined(separator: ", ")). "
        + "The rate given is the greatest. (default: constant of built-in data, else one-cycle)"))
  var schedule: String?

  @Option(parsing: .unconditional, help: .count("Epochs in which the learning rate rises from nothing."))
  var warmUp = TrainingSettings().warmUp

  @Option(
    parsing: .unconditional,
    help: .count("Samples a step. (default: 32 of built-in data, else by how many there are)"))
  var batchSize: Int?

  @Option(
    parsing: .unconditional,
    help: .count(
      "Passes over the training part, at most. (default: 20 of built-in data, else by how many samples there are)"))
  var epochs: Int?

  @Option(
    parsing: .unconditional,
    help: .number("The share of the training part held back to watch the training: 0 or more, below 1."))
  var validation = TrainingSettings().validation

  @Option(
    parsing: .unconditional,
    help: .count(
      "End after so many epochs without a better loss, and keep the best epoch's weights. (default: never of built-in data, else a "
        + "third of the epochs)"))
  var earlyStopping: Int?

  @Option(
    parsing: .unconditional,
    help: .number("End when the training loss changes by less than this from one epoch to the next."))
  var minLossChange: Double?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Train once more in the end, on the rows that watched as well, for all epochs. (default: for small \
      tables and folders, where neither --early-stopping nor --min-loss-change is given)
      """)
  var refit: Bool?

  @Option(parsing: .unconditional, help: .number("The factor of the sum of absolute weights in the loss."))
  var l1 = 0.0

  @Option(
    parsing: .unconditional,
    help: .number(
      "The factor of the sum of squared weights in the loss. (default: 0; of rows 5 divided by how many learn, or a "
        + "hundredth of that where it does better)"))
  var l2: Double?

  @Option(
    parsing: .unconditional,
    help: .number(
      "The standard deviation of the noise that weights (not biases) have while a step's gradient is taken; 0.05 is "
        + "much."))
  var weightNoise = 0.0

  @Option(
    parsing: .unconditional,
    help: .number(
      "The share of hidden units dropped in a step: 0 or more, below 1. (default: 0 of built-in data, else by how many samples there are)"
    ))
  var dropout: Double?

  @Option(
    help: ArgumentHelp(
      "What is done to samples at random in training: "
        + Augmentation.known.map { "\($0.example) (\($0.meaning))" }.joined(separator: ", ") + ".",
      valueName: "step,step,..."))
  var augment: String?

  @Option(
    help: ArgumentHelp(
      "What a sample's numbers go through before the first layer: \(InputSteps.words).", valueName: "step,step,..."))
  var inputs: String?

  @Option(
    help: ArgumentHelp(
      "How much each class counts in training: balanced, or names and weights such as no=1,yes=5.",
      valueName: "weights"))
  var classWeights: String?

  @Option(
    help: .name(
      """
      Where classes differ in size: 'over' learns rows of the smaller ones several times an epoch, 'under' leaves rows of \
      the greater ones out.
      """))
  var sampling: ClassSampling?

  @Option(
    help: .name(
      """
      What products are computed in; bfloat16 keeps intermediate values in half the memory. Weights and the model file \
      are float32 in any case.
      """))
  var precision = TrainingSettings().precision

  @Option(parsing: .unconditional, help: .count("What all random numbers follow from."))
  var seed: UInt64 = 0

  @OptionGroup var machine: MachineOptions

  @Option(help: .path("Where the model is saved."))
  var output = "model.safetensors"

  @Option(help: .path("Where a line of JSON is written for every epoch, and a last one for the result."))
  var metrics: String?

  @Option(
    help: .path(
      """
      Where a page is written that shows the run: curves, confusion, calibration, what each column is worth, the worst \
      mistakes. One file of HTML that needs nothing else.
      """))
  var report: String?

  @Flag(help: "Print nothing on standard output.")
  var quiet = false

  func run() throws {
    try checkOptions()
    machine.apply()
    let input = try TrainingInput(data, tables, validation: validation, seed: seed)
    StandardOutput.outliveItsReader()
    say(input.heading)
    let samples = try input.samples(testShare: folds == nil ? nil : 0)
    say(samples.treatments)
    let plan = try checkedPlan(for: samples.samples)
    if let folds { try crossValidate(input, folds) }
    try train(samples.samples, plan)
  }

  /// What is trained and how, when all that can be checked beforehand is.
  private func checkedPlan(for samples: TrainingSamples) throws -> Plan {
    let plan = try plan(for: samples)
    let need = MemoryNeed(try summary(plan, samples), samples.dataset, plan.settings)
    try need.check()
    try checkBatches(plan, samples)
    try checkAugmentation(plan, samples)
    try Files.checkWritable(output, byteCount: need.fileBytes)
    if let report { try Files.checkWritable(report) }
    return plan
  }

  private func train(_ samples: TrainingSamples, _ checked: Plan) throws {
    let metricsFile = try metrics.map { try MetricsFile(path: $0) }
    let (plan, tried) = try tryingPenalties(checked, samples)
    var session = try session(samples, plan)
    let rate = plan.findsLearningRate ? session.findLearningRate() : nil
    let bar = isSilent ? nil : ProgressBar(epochCount: session.model.settings.epochs)
    let watchers: [(any Callback)?] = [bar, metricsFile]
    say(try session.summary)
    if let rate { say("rate \(rate.rate): found by a range test of \(rate.points.count) steps") }
    say(tried)
    if let reasons = plan.reasons { say(reasons) }
    var result: TrainingSession.Result
    do {
      result = try session.run(callbacks: watchers.compactMap { $0 })
    } catch let error as TrainingDiverged {
      bar?.clear()
      try save(session.model)
      throw error
    }
    say(result.summary)
    var comparison = isSilent && report == nil ? nil : Comparison(session)
    // rows that watched judge a network only as long as it has not learnt them
    let isTested = session.dataset.hasTestPart
    var page = report == nil || isTested ? nil : try TrainingReport(session, result.history, comparison).page()
    var isLearntAnew = false
    if session.model.settings.learnsValidation, !samples.split.validation.isEmpty {
      let final = try learnAll(session, after: result)
      say(refitted(session, isKept: final == nil))
      if let test = final?.test { comparison?.network = test }
      isLearntAnew = final != nil
      result = final ?? result
    }
    try save(session.model)
    say(comparison?.text ?? "")
    if comparison != nil { say(session.dataset.schema.positiveClassNote ?? "") }
    say(comparison == nil && !isSilent ? "no row is left to judge the network by; how good it is, nobody knows" : "")
    if let report {
      if isTested { page = try TrainingReport(session, result.history, comparison).page() }
      try page?.write(to: report, of: session, isLearntAnew: isLearntAnew)
    }
    say("saved to \(output)")
    try metricsFile?.finish(result)
  }

  /// What became of the second training.
  private func refitted(_ session: TrainingSession, isKept: Bool) -> String {
    let (split, dataset) = (session.split, session.dataset)
    let rows = counted(split.training.count + split.validation.count, "row")
    let which = dataset.hasTestPart ? "all \(rows) but the test part" : "all \(rows), those that watched among them"
    guard !isKept else { return "trained again on \(which), and it fits them worse: the network from before is saved" }
    return "trained again on \(which), for \(counted(session.model.settings.epochs, "epoch")); that network is saved"
      + (dataset.hasTestPart ? "" : ", and the figures are of the one before")
  }

  /// Trains again with the rows that watched; nil where that is no better or goes wrong, and the weights from before are
  /// kept.
  private func learnAll(
    _ session: TrainingSession, after watched: TrainingSession.Result
  ) throws -> TrainingSession.Result? {
    do { return try session.learnAll(after: watched) } catch is TrainingDiverged { return nil }
  }

  /// Trains a network for each fold, and says how they do.
  private func crossValidate(_ input: TrainingInput, _ folds: Int) throws {
    var evaluations: [Evaluation] = []
    try input.forEachFold(folds) { number, samples in
      let plan = try plan(for: samples)
      try checkBatches(plan, samples)
      var session = try session(samples, try tryingPenalties(plan, samples).plan)
      if plan.findsLearningRate { _ = session.findLearningRate() }
      let result = try session.run()
      let learnsAll = session.model.settings.learnsValidation && !session.split.validation.isEmpty
      let final = learnsAll ? try learnAll(session, after: result) : nil
      guard let test = final?.test ?? result.test else { return }
      evaluations.append(test)
      say("fold \(number) of \(folds): \(test.firstLine)")
    }
    say(CrossValidation(evaluations).summary)
  }

  /// The plan with the penalty that suits the rows better, where it is to be tried, and a sentence about it.
  private func tryingPenalties(_ plan: Plan, _ samples: TrainingSamples) throws -> (plan: Plan, sentence: String) {
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

  private func session(_ samples: TrainingSamples, _ plan: Plan) throws -> TrainingSession {
    try TrainingSession(samples, settings: plan.settings, terms: plan.terms, description: plan.description)
  }

  /// What is trained and how.
  private struct Plan {
    var settings: TrainingSettings
    let terms: LossTerms
    let description: NetworkDescription?
    let findsLearningRate: Bool
    let triesPenalties: Bool
    /// Why things were chosen as they were.
    let reasons: String?
  }

  private func plan(for samples: TrainingSamples) throws -> Plan {
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
  private func reasons(_ automatic: AutomaticSettings) -> String? {
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

  /// What goes to standard output by its name has it for itself.
  private var isSilent: Bool {
    quiet || Files.isStandardOutput(output) || metrics.map(Files.isStandardOutput) == true
  }

  private func say(_ text: String) {
    if !isSilent, !text.isEmpty { print(text) }
  }

  /// Saves the network; where that fails, in the folder for temporary files, so that the work is not lost.
  private func save(_ model: SavedModel) throws {
    do {
      try model.write(to: output)
    } catch let error as DataError {
      let name = "descent-\(String(UInt64.random(in: 0 ... .max), radix: 36)).safetensors"
      let refuge = "\(Files.temporaryFolder)/\(name)"
      guard (try? model.write(to: refuge)) != nil else { throw error }
      throw DataError.unwritable(error.place, "\(error.message); the network is saved to \(refuge) instead")
    }
  }

  /// What the network is made of; where that is wrong, the file and the line.
  private func summary(_ plan: Plan, _ samples: TrainingSamples) throws -> NetworkSummary {
    let whole = plan.description ?? samples.description(plan.settings)
    do { return try whole.summary(for: samples.dataset.schema) } catch {
      throw network.map { NetworkFile.failure(error, in: $0) } ?? UsageError("--layers: \(error.message)")
    }
  }

  /// The steps must be ones, and suit so many numbers.
  private func checkInputs(_ samples: TrainingSamples) throws {
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
  private func checkClasses(_ samples: TrainingSamples) throws {
    if let sampling, samples.dataset.task == .regression {
      throw UsageError("--sampling \(sampling.rawValue): the target is a quantity, and only classes can differ in size")
    }
    guard let classWeights else { return }
    do { _ = try ClassWeights(words: classWeights, samples.dataset, rows: samples.split.training) } catch {
      throw UsageError("--class-weights \(error)")
    }
  }

  /// Steps must suit the samples as the network takes them, and leave their shape as it is.
  private func checkAugmentation(_ plan: Plan, _ samples: TrainingSamples) throws {
    guard let augment else { return }
    do {
      guard let augmentation = try samples.augmentation(plan.settings) else { return }
      let network = plan.description ?? samples.description(plan.settings)
      let shape = network.input ?? samples.dataset.schema.networkInput
      if let objection = augmentation.objection(for: shape) { throw UsageError("--augment \(objection)") }
      guard augmentation.outputShape(for: shape) == shape else {
        throw UsageError(
          "--augment \(augment): samples of \(shape) would become \(augmentation.outputShape(for: shape)); pad before "
            + "cropping, such as crop=\(shape.last ?? 0)+4, so that they keep their shape, or begin a network file with "
            + "random-crop2d")
      }
    } catch let error as AugmentationError {
      throw UsageError("--augment: \(error)")
    }
  }

  /// A layer that normalises over a batch cannot be trained on batches of one sample.
  private func checkBatches(_ plan: Plan, _ samples: TrainingSamples) throws {
    let rows = samples.split.training.count
    let network = plan.description ?? samples.description(plan.settings)
    guard EpochBatches(rows: rows, size: plan.settings.batchSize).haveSingleRows,
      let objection = try network.objectionToSingleSamples(for: samples.dataset.schema)
    else { return }
    guard rows > 1 else { throw DataError.invalid(data, "has a single sample to train on: \(objection)") }
    throw UsageError("--batch-size \(plan.settings.batchSize): \(objection)")
  }

  /// The settings that are given, and for the others what suits the data.
  private func settings(_ standard: TrainingSettings) -> TrainingSettings {
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

  private func terms(for task: Dataset.Task) throws -> LossTerms {
    guard let named = Loss.named(loss) else { return .standard(for: task) }
    guard let terms = LossTerms(named, task: task) else {
      let objection = LossTerms.objection(to: named, for: task) ?? "it does not fit the target"
      throw UsageError("--loss \(loss): \(objection); use --loss auto")
    }
    return terms
  }

  private func checkOptions() throws {
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

  /// Words that mean nothing are wrong usage.
  private func checked(_ option: String, _ parse: () throws -> Void) throws {
    do { try parse() } catch { throw UsageError("\(option): \(error)") }
  }

  private func oneOf(_ names: [String], _ name: String, _ option: String) throws {
    guard names.contains(name) else {
      throw UsageError("\(option) \(name) is not known; it is one of \(names.joined(separator: ", "))")
    }
  }
}
