import DescentNetworks

/// Whether a network for few rows does better with little to hold it back: both are trained, and judged by the rows that
/// watch.
///
/// What keeps a network from learning noise by heart keeps it from a narrow wave as well, and which of both there is no
/// figure of the table tells. The lighter settings have a hundredth of the penalty and drop nothing. Few rows judge, and they
/// judge by chance: the lighter settings are taken only where they are better by far, a quantity's mean squared error below
/// ``lossMargin`` of the other one, or classes wrong for fewer rows by ``errorMargin`` of all.
public struct PenaltyTrial: Sendable {
  /// The settings that did better, with all else as it was.
  public let settings: TrainingSettings
  /// What the watching rows say of the settings that were asked for, and of the lighter ones: the share of wrong classes,
  /// or a quantity's loss; infinite where the training diverged.
  public let errors: (usual: Double, lighter: Double)

  /// How far a quantity's loss has to fall.
  public static let lossMargin = 0.8
  /// How far the share of wrong classes has to fall.
  public static let errorMargin = 0.05

  /// Trains twice.
  ///
  /// - Parameters:
  ///   - settings: what else is chosen.
  ///   - findsLearningRate: whether each finds its rate by a ``RangeTest``.
  /// - Throws: `NetworkDescriptionError` where no network can be made for the samples.
  public init(
    _ settings: TrainingSettings, _ samples: TrainingSamples, _ terms: LossTerms, findsLearningRate: Bool
  ) throws {
    var lighter = settings
    (lighter.l2, lighter.dropout) = (settings.l2 / 100, 0)
    let samples = samples.withoutTestPart
    let error = { (settings: TrainingSettings) in
      var session = try TrainingSession(samples, settings: settings, terms: terms)
      if findsLearningRate { _ = session.findLearningRate() }
      do {
        let epochs = try session.run().history.epochs
        guard let best = epochs.min(by: { $0.watchedLoss < $1.watchedLoss }) else { return Double.infinity }
        return best.validationAccuracy.map { 1 - $0 } ?? best.watchedLoss
      } catch is TrainingDiverged {
        return Double.infinity
      }
    }
    errors = (try error(settings), try error(lighter))
    let isFar =
      samples.dataset.task == .classification
      ? errors.lighter < errors.usual - Self.errorMargin : errors.lighter < errors.usual * Self.lossMargin
    self.settings = isFar ? lighter : settings
  }
}
