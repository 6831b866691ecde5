import DescentDatasets
import DescentNetworks

/// A search for the network and the settings that suit data best: what `descent tune` does.
///
/// Trials are judged by their loss on the rows that watch; the test part is never looked at. All of them start from one
/// seed, and the best is trained as it was in its trial.
public struct Tuning: Sendable {
  /// The data, without their test part.
  private let samples: TrainingSamples
  private let terms: LossTerms
  /// What decides all trials.
  public let plan: TuningPlan
  /// The epochs that suit the data.
  public let epochs: Int
  /// Fewer tell nothing about a trial.
  public let leastEpochs: Int

  /// Steps in which a network shows what it may become.
  private static let leastSteps = 200

  /// A search over samples. Its trial 0 has the settings that `descent train` takes where nobody chooses: for a table
  /// ``AutomaticSettings``, with a learning rate by a range test.
  ///
  /// - Parameters:
  ///   - validation: the share of the training part that watches, for the settings that are saved.
  ///   - seed: what all draws and all networks' weights follow from.
  /// - Throws: `NetworkDescriptionError` where no network can be made for the data.
  public init(_ samples: TrainingSamples, validation: Double, seed: UInt64) throws {
    self.samples = samples.withoutTestPart
    terms = .standard(for: samples.dataset.task)
    let automatic = AutomaticSettings(for: samples)
    let isTable = samples.preparation.table != nil
    var standard = isTable ? automatic.settings : TrainingSettings()
    standard.loss = terms.loss.name
    (standard.validation, standard.seed) = (validation, seed)
    if isTable, automatic.findsLearningRate {
      var session = try TrainingSession(self.samples, settings: standard, terms: terms)
      standard.learningRate = session.findLearningRate().rate
    }
    let rows = samples.split.training.count
    let space = SearchSpace(rows: rows, features: samples.dataset.elementCount)
    plan = try TuningPlan(for: self.samples, seed: seed, space: space, standard: standard)
    epochs = automatic.settings.epochs
    let steps = max(1, EpochBatches(rows: rows, size: automatic.settings.batchSize).count)
    leastEpochs = max(2, (Self.leastSteps + steps - 1) / steps)
  }

  /// Trains a trial from fresh weights, as a plan says, and measures it on the rows that watch.
  public func measure(trial: Int, rung: Int, epochs: Int, plan: TuningPlan) throws -> TrialResult {
    let (clock, settings) = (ContinuousClock(), plan.settings(trial: trial, epochs: epochs))
    let start = clock.now
    let session = try TrainingSession(samples, settings: settings, terms: terms)
    var evaluation: Evaluation?
    do {
      _ = try session.run()
      evaluation = session.model.evaluator.evaluate(session.data, rows: samples.split.validation)
    } catch is TrainingDiverged {}
    return TrialResult(
      trial: trial, rung: rung, settings: settings, loss: evaluation?.loss ?? .infinity,
      accuracy: evaluation?.classification?.accuracy, r2: evaluation?.regression?.r2,
      seconds: (clock.now - start).seconds)
  }
}
