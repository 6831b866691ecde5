import DescentDatasets

/// What is chosen for a training run where the user leaves the choice, and why.
public struct AutomaticSettings: Sendable {
  /// The choices.
  public let settings: TrainingSettings
  /// Whether the learning rate is to be found by a ``RangeTest``.
  public let findsLearningRate: Bool
  /// Why, a sentence a choice.
  public let reasons: [String]

  init(settings: TrainingSettings, findsLearningRate: Bool, reasons: [String]) {
    (self.settings, self.findsLearningRate, self.reasons) = (settings, findsLearningRate, reasons)
  }

  /// Choices for the rows of a table.
  ///
  /// - Hidden layers grow with the rows there are to learn from.
  /// - Batches let an epoch have about 50 steps, within 16 to 512 rows.
  /// - Epochs make about 4,000 steps, within 15 to 150 epochs; with texts, pictures or recordings 600, within 8 to 40; the
  ///   rate rises and falls once in their course, and the best epoch's weights are kept.
  /// - The loss grows by 5/rows · Σw², a prior that weighs less the more rows there are; units are dropped where rows are
  ///   fewer than 20,000. On iris, wine, breast-cancer, digits and diabetes, 5/rows did best of 0.5, 1.5, 5 and 15 in
  ///   three times five folds.
  /// - Of up to 10,000 rows without such columns, those that watched are learnt too in the end, by a second run of as many
  ///   epochs.
  public init(for samples: TrainingSamples) {
    let rows = samples.split.training.count
    var settings = TrainingSettings()
    let layers = rows < 1_000 ? [64, 32] : rows < 20_000 ? [128, 64] : [256, 128]
    settings.layers = layers
    var batch = 16
    while batch < 512, rows / batch > 50 { batch *= 2 }
    settings.batchSize = batch
    // these are read by convolutions, at a hundred times the cost of a row of numbers and more
    let convolves = samples.preparation.table.map { !$0.texts.isEmpty || !$0.files.isEmpty } ?? false
    let steps = max(1, rows / batch)
    settings.epochs = convolves ? min(40, max(8, 600 / steps)) : min(150, max(15, 4_000 / steps))
    settings.optimizer = "adamw"
    settings.schedule = "one-cycle"
    settings.earlyStopping = max(10, settings.epochs / 3)
    settings.dropout = rows < 20_000 ? 0.1 : 0
    settings.l2 = Double("\(Float(twoDigits: 5 / Double(rows)))") ?? 0
    settings.learnsValidation = rows <= 10_000 && !convolves
    self.settings = settings
    findsLearningRate = true
    let size = "\(grouped(Double(rows))) rows to learn from"
    reasons = [
      "hidden layers of \(layers[0]) and \(layers[1]) units, batches of \(batch), \(settings.epochs) epochs: \(size)",
      "a penalty of \(settings.l2)·Σw², 5 by the rows\(settings.dropout > 0 ? ", and a tenth of the units dropped" : "")",
      "a rate that rises and falls once, and the best of all epochs",
    ]
  }
}
