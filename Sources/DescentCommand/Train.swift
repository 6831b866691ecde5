import ArgumentParser
import Descent

/// `descent train`.
struct Train: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Trains a network on data and saves it.",
    discussion: """
      Features are standardised, and pictures scaled to [0, 1], by what the training part shows. The model file holds \
      the last epoch's weights; with --early-stopping the best epoch's.
      """)

  @Argument(help: "A built-in name, a table with a header (.csv, .csv.gz), or a folder of IDX files.")
  var data: String

  @Option(help: "The column to predict, for a table.")
  var target: String?

  @Option(help: "classification or regression, where the target's own kind is not what is wanted.")
  var task: Dataset.Task?

  @Option(help: "Units of the hidden layers, or none.")
  var layers = LayerSizes(TrainingSettings().layers)

  @Option(help: "The hidden layers' activation: \(Activation.all.map(\.name).joined(separator: ", ")).")
  var activation = TrainingSettings().activation

  @Option(help: "auto, or one of \(Loss.all.map(\.name).joined(separator: ", ")).")
  var loss = "auto"

  @Option(help: "\(TrainingSettings.optimizers.map(\.name).joined(separator: ", ")).")
  var optimizer = TrainingSettings().optimizer

  @Option(help: "The size of a step, above 0.")
  var learningRate = TrainingSettings().learningRate

  @Option(help: "Samples a step.")
  var batchSize = TrainingSettings().batchSize

  @Option(help: "Passes over the training part, at most.")
  var epochs = TrainingSettings().epochs

  @Option(help: "The share of the training part held back to watch the training, from [0, 1).")
  var validation = TrainingSettings().validation

  @Option(help: "End after so many epochs without a better loss, and keep the best epoch's weights.")
  var earlyStopping: Int?

  @Option(help: "End when the training loss changes by less than this from one epoch to the next.")
  var minLossChange: Double?

  @Option(help: "The factor of the sum of absolute weights in the loss.")
  var l1 = 0.0

  @Option(help: "The factor of the sum of squared weights in the loss.")
  var l2 = 0.0

  @Option(help: "The share of hidden units dropped in a training step, from [0, 1).")
  var dropout = 0.0

  @Option(help: "What all random numbers follow from.")
  var seed: UInt64 = 0

  @OptionGroup var machine: MachineOptions

  @Option(help: "Where the model is saved.")
  var output = "model.safetensors"

  @Option(help: "Where a line of JSON is written for every epoch, and a last one for the result.")
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
    try Files.checkWritable(output)
    let metricsFile = try metrics.map { try MetricsFile(path: $0) }

    let session = TrainingSession(dataset, settings: settings, terms: terms)
    if !quiet { print(session.summary) }
    let bar = ProgressBar(epochCount: epochs)
    var callbacks: [any Callback] = quiet ? [] : [bar]
    if let metricsFile { callbacks.append(metricsFile) }
    let result: TrainingSession.Result
    do {
      result = try session.run(callbacks: callbacks)
    } catch let error as TrainingDiverged {
      if !quiet { bar.clear() }
      try session.model.write(to: output)
      throw error
    }
    try session.model.write(to: output)
    try metricsFile?.finish(result)
    if !quiet {
      print(result.summary)
      print("saved to \(output)")
    }
  }

  private var settings: TrainingSettings {
    var settings = TrainingSettings()
    settings.layers = layers.sizes
    settings.activation = activation
    settings.optimizer = optimizer
    settings.learningRate = learningRate
    settings.batchSize = batchSize
    settings.epochs = epochs
    settings.validation = validation
    settings.earlyStopping = earlyStopping
    settings.minLossChange = minLossChange
    settings.l1 = l1
    settings.l2 = l2
    settings.dropout = dropout
    settings.seed = seed
    return settings
  }

  private func terms(for task: Dataset.Task) throws -> LossTerms {
    if loss == "auto" { return .standard(for: task) }
    guard let terms = LossTerms(named: loss, task: task) else {
      throw UsageError("--loss \(loss) is for classes, and this target is a quantity; use --loss auto")
    }
    return terms
  }

  private func checkOptions() throws {
    func require(_ condition: Bool, _ message: String) throws {
      if !condition { throw UsageError(message) }
    }
    let widest = 1_000_000
    try require(
      layers.sizes.allSatisfy { (1...widest).contains($0) },
      "--layers \(layers): every layer needs from 1 to \(widest) units")
    try oneOf(Activation.all.map(\.name), activation, "--activation")
    try oneOf(["auto"] + Loss.all.map(\.name), loss, "--loss")
    try oneOf(TrainingSettings.optimizers.map(\.name), optimizer, "--optimizer")
    try require(
      learningRate > 0 && Float(learningRate).isFinite && Float(learningRate) > 0,
      "--learning-rate must be above 0, got \(learningRate)")
    try require(batchSize > 0 && batchSize <= Int(Int32.max), "--batch-size must be 1 or more, got \(batchSize)")
    try require(epochs > 0, "--epochs must be 1 or more, got \(epochs)")
    try require(validation >= 0 && validation < 1, "--validation must be in [0, 1), got \(validation)")
    try require(dropout >= 0 && dropout < 1, "--dropout must be in [0, 1), got \(dropout)")
    try require(earlyStopping ?? 1 > 0, "--early-stopping must be 1 or more, got \(earlyStopping ?? 0)")
    for (name, value) in [("--min-loss-change", minLossChange ?? 0), ("--l1", l1), ("--l2", l2)] {
      try require(value >= 0 && value.isFinite, "\(name) must be 0 or more, got \(value)")
    }
  }

  private func oneOf(_ names: [String], _ name: String, _ option: String) throws {
    guard names.contains(name) else {
      throw UsageError("\(option) \(name) is not known; it is one of \(names.joined(separator: ", "))")
    }
  }
}
