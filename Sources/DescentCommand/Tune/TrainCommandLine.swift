import Descent

/// The `descent train` that trains the network which a search has found, to the last bit where the number of threads is the
/// same or the results do not depend on it.
struct TrainCommandLine {
  private let words: [String]

  init(_ tune: Tune, _ settings: TrainingSettings) {
    var words = ["descent", "train", tune.data]
    func give(_ option: String, _ value: (some Any)?) {
      if let value { words += [option, "\(value)"] }
    }
    give("--target", tune.tables.target)
    give("--task", tune.tables.task?.rawValue)
    for column in tune.tables.column { give("--column", column) }
    give("--split", tune.tables.split)
    give("--sound", tune.tables.sound?.rawValue)
    give("--encoding", tune.tables.text.encoding)
    if !tune.tables.text.hasHeader { words.append("--no-header") }
    let isUsual = tune.tables.target == nil && tune.tables.test == TableArguments.usualTestShare
    give("--test", isUsual ? nil : tune.tables.test)
    give("--validation", settings.validation == TrainingSettings().validation ? nil : settings.validation)
    give("--layers", settings.layers.map { LayerSizes($0) })
    give("--activation", settings.activation)
    give("--optimizer", settings.optimizer)
    give("--learning-rate", settings.learningRate)
    give("--schedule", settings.schedule)
    give("--batch-size", settings.batchSize)
    give("--epochs", settings.epochs)
    give("--early-stopping", settings.earlyStopping)
    words.append(settings.learnsValidation ? "--refit" : "--no-refit")
    give("--dropout", settings.dropout)
    give("--l2", settings.l2)
    give("--seed", settings.seed == 0 ? nil : settings.seed)
    give("--threads", tune.machine.threads)
    if tune.machine.deterministic { words.append("--deterministic") }
    give("--output", tune.output)
    self.words = words
  }

  /// The words, as a shell reads them.
  var text: String { words.map(quotedForShell).joined(separator: " ") }
}
