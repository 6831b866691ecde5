import DescentDatasets

extension AutomaticSettings {
  /// Choices for pictures, recordings and sequences, for the ``FeatureLayers`` that suit them.
  ///
  /// - Batches let an epoch have about 50 steps, within 16 to 64 samples.
  /// - Epochs make about 6,000 steps, within 8 to 40 epochs; the rate rises to 0.003 and falls once in their course, and the
  ///   best epoch's weights are kept.
  /// - A third of the units before the output is dropped where samples are fewer than 20,000, a fifth of more.
  /// - Of up to 2,000 samples, those that watched are learnt too in the end, by a second run of as many epochs.
  init(for samples: TrainingSamples, as form: TrainingSamples.Form) {
    let rows = samples.split.training.count
    var settings = TrainingSettings()
    (settings.layers, settings.activation) = (nil, nil)
    var batch = 16
    while batch < 64, rows / batch > 50 { batch *= 2 }
    settings.batchSize = batch
    settings.epochs = min(40, max(8, 6_000 / max(1, rows / batch)))
    (settings.optimizer, settings.learningRate, settings.schedule) = ("adam", 0.003, "one-cycle")
    settings.earlyStopping = max(5, settings.epochs * 3 / 4)
    settings.dropout = rows < 20_000 ? 0.3 : 0.2
    settings.learnsValidation = rows <= 2_000
    let (noun, network) =
      switch form {
      case .pictures:
        ("pictures", "a convolutional network with batch normalisation and 128 dense units: neighbours belong together")
      case .recordings:
        (
          "recordings",
          "a convolutional network with batch normalisation and its features' mean over time: it does not matter when a "
            + "sound begins"
        )
      case .sequences: ("sequences", "a recurrent network that reads forwards and backwards: steps follow one another")
      }
    let size = "\(grouped(Double(rows))) \(noun) to learn from"
    self.init(
      settings: settings, findsLearningRate: false,
      reasons: [
        Reason(.network, network),
        Reason(.batchSize, "batches of \(batch)"), Reason(.epochs, "\(settings.epochs) epochs at most for \(size)"),
        Reason(.dropout, "\(settings.dropout) of the last units dropped"),
        Reason(
          .optimizer,
          "Adam with a rate that rises to \(settings.learningRate) and falls once, and the best of all epochs"),
      ])
  }
}
