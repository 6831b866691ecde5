import ArgumentParser
import Descent

/// `descent train`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network on data and saves it.",
    discussion: """
      The target of a table is classes where its column holds text, or at most 20 different whole numbers; otherwise it \
      is a quantity. Built-in data and IDX folders bring their own target and a test part, which the network does not \
      see before its training has ended.

      Each column is standardised by what the training part shows, pictures by one map for all pixels, and so is a \
      quantity to predict: its loss is that of standardised values (but for mean-absolute-percentage and \
      mean-squared-logarithmic); RMSE and MAE are in its own unit.

      The model file holds the last epoch's weights, with --early-stopping the best epoch's.

      Examples:
        descent train digits
        descent train houses.csv --target price --epochs 100 --early-stopping 5
        descent train spiral:size=1000,noise=0.1 --layers 32,32 --seed 1
        descent train /data/fashion-mnist --network lenet.yaml --schedule one-cycle --learning-rate 0.01
      """)

  @Argument(
    help: """
      A built-in name ('descent datasets' lists them), a table with a header (.csv, .csv.gz), or a folder of IDX files.
      """)
  var data: String

  @Option(help: ArgumentHelp("The column to predict, for a table.", valueName: "column"))
  var target: String?

  @Option(help: "Overrides what follows from the target.")
  var task: Dataset.Task?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Units of the hidden layers, or none. (default: 64,32)", valueName: "n,n,..."))
  var layers: LayerSizes?

  @Option(
    help: .name(
      "What follows each hidden layer: \(Activation.all.map(\.name).joined(separator: ", ")). (default: relu)"))
  var activation: String?

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

  @Option(help: .name("\(TrainingSettings.optimizers.map(\.name).joined(separator: ", "))."))
  var optimizer = TrainingSettings().optimizer

  @Option(parsing: .unconditional, help: .number("The size of a step, above 0."))
  var learningRate = TrainingSettings().learningRate

  @Option(
    help: .name(
      "How the learning rate changes: \(TrainingSettings.schedules.map(\.name).joined(separator: ", ")). "
        + "The rate given is the greatest."))
  var schedule = TrainingSettings().schedule

  @Option(parsing: .unconditional, help: .count("Epochs in which the learning rate rises from nothing."))
  var warmUp = TrainingSettings().warmUp

  @Option(parsing: .unconditional, help: .count("Samples a step."))
  var batchSize = TrainingSettings().batchSize

  @Option(parsing: .unconditional, help: .count("Passes over the training part, at most."))
  var epochs = TrainingSettings().epochs

  @Option(
    parsing: .unconditional,
    help: .number("The share of the training part held back to watch the training: 0 or more, below 1."))
  var validation = TrainingSettings().validation

  @Option(
    parsing: .unconditional,
    help: .count("End after so many epochs without a better loss, and keep the best epoch's weights."))
  var earlyStopping: Int?

  @Option(
    parsing: .unconditional,
    help: .number("End when the training loss changes by less than this from one epoch to the next."))
  var minLossChange: Double?

  @Option(parsing: .unconditional, help: .number("The factor of the sum of absolute weights in the loss."))
  var l1 = 0.0

  @Option(parsing: .unconditional, help: .number("The factor of the sum of squared weights in the loss."))
  var l2 = 0.0

  @Option(
    parsing: .unconditional,
    help: .number("The share of hidden units dropped in a step: 0 or more, below 1. (default: 0)"))
  var dropout: Double?

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

  @Flag(help: "Print nothing on standard output.")
  var quiet = false

  func run() throws {
    try checkOptions()
    machine.apply()
    let dataset = try Dataset.load(data, target: target, task: task)
    var settings = settings
    let terms = try terms(for: dataset.task)
    settings.loss = terms.loss.name
    let description = try network.map { try NetworkFile.read($0).taking(dataset.schema.networkInput) }
    let need = MemoryNeed(try summary(description, dataset.schema), dataset, settings)
    try need.check()
    try checkBatches(description ?? .dense(for: dataset.schema, settings), dataset)
    try Files.checkWritable(output, byteCount: need.fileBytes)
    let metricsFile = try metrics.map { try MetricsFile(path: $0) }

    StandardOutput.outliveItsReader()
    let session = try TrainingSession(dataset, settings: settings, terms: terms, description: description)
    let bar = isSilent ? nil : ProgressBar(epochCount: epochs)
    let watchers: [(any Callback)?] = [bar, metricsFile]
    say(try session.summary)
    let result: TrainingSession.Result
    do {
      result = try session.run(callbacks: watchers.compactMap { $0 })
    } catch let error as TrainingDiverged {
      bar?.clear()
      try save(session.model)
      throw error
    }
    try save(session.model)
    say(result.summary)
    say("saved to \(output)")
    try metricsFile?.finish(result)
  }

  /// What goes to standard output by its name has it for itself.
  private var isSilent: Bool {
    quiet || Files.isStandardOutput(output) || metrics.map(Files.isStandardOutput) == true
  }

  private func say(_ text: String) {
    if !isSilent { print(text) }
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
  private func summary(_ description: NetworkDescription?, _ schema: Dataset.Schema) throws -> NetworkSummary {
    let whole = description ?? .dense(for: schema, settings)
    do { return try whole.summary(for: schema) } catch {
      throw network.map { NetworkFile.failure(error, in: $0) } ?? UsageError("--layers: \(error.message)")
    }
  }

  /// A layer that normalises over a batch cannot be trained on batches of one sample.
  private func checkBatches(_ network: NetworkDescription, _ dataset: Dataset) throws {
    let rows = dataset.validationSplit(share: validation, seed: seed).training.count
    guard EpochBatches(rows: rows, size: batchSize).haveSingleRows,
      let objection = try network.objectionToSingleSamples(for: dataset.schema)
    else { return }
    guard rows > 1 else { throw DataError.invalid(data, "has a single sample to train on: \(objection)") }
    throw UsageError("--batch-size \(batchSize): \(objection)")
  }

  private var settings: TrainingSettings {
    var settings = TrainingSettings()
    settings.layers = network == nil ? layers?.sizes ?? settings.layers : nil
    settings.activation = network == nil ? activation ?? settings.activation : nil
    settings.schedule = schedule
    settings.warmUp = warmUp
    settings.optimizer = optimizer
    settings.learningRate = learningRate
    settings.batchSize = batchSize
    settings.epochs = epochs
    settings.validation = validation
    settings.earlyStopping = earlyStopping
    settings.minLossChange = minLossChange
    settings.l1 = l1
    settings.l2 = l2
    settings.dropout = dropout ?? 0
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
    if let activation { try oneOf(Activation.all.map(\.name), activation, "--activation") }
    if let network {
      let others = [("--layers", layers != nil), ("--activation", activation != nil), ("--dropout", dropout != nil)]
      for (name, isGiven) in others {
        try require(!isGiven, "--network \(network) says what the network is made of; leave out \(name)")
      }
      for (name, path) in [("--output", output), ("--metrics", metrics ?? "")] {
        try require(!Files.areSame(path, network), "\(name) \(path) would overwrite the network file")
      }
    }
    try oneOf(TrainingSettings.schedules.map(\.name), schedule, "--schedule")
    try oneOf(["auto"] + Loss.all.map(\.name), loss, "--loss")
    try oneOf(TrainingSettings.optimizers.map(\.name), optimizer, "--optimizer")
    try require(learningRate > 0, "--learning-rate must be above 0, got \(learningRate)")
    try require(
      Float(learningRate).isNormal, "--learning-rate \(learningRate) is beyond float32; use one from 1e-37 to 1e38")
    // so that products of two of them, such as all steps of a run, are still numbers
    let most = Int(Int32.max)
    for (name, value, least) in [("--warm-up", warmUp, 0), ("--batch-size", batchSize, 1), ("--epochs", epochs, 1)] {
      try require((least...most).contains(value), "\(name) must be from \(least) to \(most), got \(value)")
    }
    try require(validation >= 0 && validation < 1, "--validation must be in [0, 1), got \(validation)")
    try require((0..<1).contains(dropout ?? 0), "--dropout must be in [0, 1), got \(dropout ?? 0)")
    try require(earlyStopping ?? 1 > 0, "--early-stopping must be 1 or more, got \(earlyStopping ?? 0)")
    for (name, value) in [("--min-loss-change", minLossChange ?? 0), ("--l1", l1), ("--l2", l2)] {
      try require(value >= 0 && value.isFinite, "\(name) must be 0 or more and finite, got \(value)")
    }
    try require(!Files.areSame(output, data), "--output \(output) would overwrite the data")
    guard let metrics else { return }
    try require(!Files.areSame(metrics, data), "--metrics \(metrics) would overwrite the data")
    try require(!Files.areSame(metrics, output), "--metrics and --output both name \(output); one would be lost")
  }

  private func oneOf(_ names: [String], _ name: String, _ option: String) throws {
    guard names.contains(name) else {
      throw UsageError("\(option) \(name) is not known; it is one of \(names.joined(separator: ", "))")
    }
  }
}
