import DescentDatasets

/// What is chosen for a training run where the user leaves the choice, and why.
public struct AutomaticSettings: Sendable {
  /// The choices.
  public let settings: TrainingSettings
  /// Whether the learning rate is to be found by a ``RangeTest``.
  public let findsLearningRate: Bool
  /// Whether other penalties are to be tried beside the one here: a ``PenaltyTrial``.
  public let triesPenalties: Bool
  /// Why, a clause a choice.
  public private(set) var reasons: [Reason]

  /// Why something was chosen.
  public struct Reason: Sendable {
    /// What was chosen.
    public let choice: Choice
    /// Why, as a clause.
    public let text: String

    init(_ choice: Choice, _ text: String) { (self.choice, self.text) = (choice, text) }
  }

  /// What is chosen where the user does not say it.
  public enum Choice: Sendable, Hashable {
    case network, texts, batchSize, epochs, penalty, dropout, optimizer, schedule
  }

  init(
    settings: TrainingSettings, findsLearningRate: Bool, triesPenalties: Bool = false, reasons: [Reason]
  ) {
    (self.settings, self.findsLearningRate, self.triesPenalties) = (settings, findsLearningRate, triesPenalties)
    self.reasons = reasons
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
  ///   epochs, and other penalties are tried: a ``PenaltyTrial``.
  public init(for samples: TrainingSamples) {
    let rows = samples.split.training.count
    var settings = TrainingSettings()
    let layers = rows < 1_000 ? [64, 32] : rows < 20_000 ? [128, 64] : [256, 128]
    settings.layers = layers
    var batch = 16
    while batch < 512, rows / batch > 50 { batch *= 2 }
    settings.batchSize = batch
    // these are read by convolutions or step by step, at a hundred times the cost of a row of numbers and more
    let texts = samples.preparation.table?.texts ?? []
    let convolves = !texts.isEmpty || samples.preparation.table?.files.isEmpty == false
    let steps = max(1, rows / batch)
    settings.epochs = convolves ? min(40, max(8, 600 / steps)) : min(150, max(15, 4_000 / steps))
    settings.optimizer = "adamw"
    settings.schedule = "one-cycle"
    // not while the rate is high: what is learnt then is mended when it falls
    settings.earlyStopping = max(10, settings.epochs * 3 / 4)
    settings.dropout = rows < 20_000 ? 0.1 : 0
    settings.l2 = Double("\(Float(twoDigits: 5 / Double(rows)))") ?? 0
    settings.learnsValidation = rows <= 10_000 && !convolves
    self.settings = settings
    (findsLearningRate, triesPenalties) = (true, rows <= 10_000 && !convolves)
    let size = "for \(grouped(Double(rows))) rows to learn from"
    reasons = [
      Reason(.network, "hidden layers of \(layers[0]) and \(layers[1]) units")
    ]
    for length in Set(texts.map(\.length)).sorted() {
      let reader = TextLayers.suiting(length: length)
      reasons.append(
        Reason(.texts, "a \(reader.rawValue) network for texts of \(length) pieces, which are \(reader.reason)"))
    }
    reasons += [
      Reason(.batchSize, "batches of \(batch)"), Reason(.epochs, "\(settings.epochs) epochs at most \(size)"),
      Reason(.penalty, "a penalty of \(settings.l2)·Σw², 5 by the rows"),
    ]
    reasons += settings.dropout > 0 ? [Reason(.dropout, "a tenth of the units dropped")] : []
    reasons += [Reason(.schedule, "a rate that rises and falls once, and the best of all epochs")]
  }
}
