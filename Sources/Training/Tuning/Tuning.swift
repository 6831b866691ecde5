import DescentDatasets
import DescentNetworks

/// A search for the network and the settings that suit data best: what `descent tune` does.
///
/// Trials are judged by their loss on the rows that watch; the test part is never looked at. Where rows are few, each trial
/// is trained once for every fold and judged by all of them. All trials start from one seed.
public struct Tuning: Sendable {
  /// What each trial is trained and judged on, without a test part: one split of the rows, or several.
  private let judges: [TrainingSamples]
  private let terms: LossTerms
  /// What decides all trials.
  public let plan: TuningPlan
  /// The epochs that suit the data.
  public let epochs: Int
  /// Fewer tell nothing about a trial.
  public let leastEpochs: Int

  /// Steps in which a network shows what it may become.
  private static let leastSteps = 200

  /// A search over samples. Its trial 0 has the settings that `descent train` takes where nobody chooses: those of
  /// ``TrainingSamples/automaticSettings(_:)``, for a table with the rate of a range test and the penalty of a
  /// ``PenaltyTrial``.
  ///
  /// - Parameters:
  ///   - folds: the same rows divided in other ways, to judge each trial by all of them; none for the samples' own division.
  ///   - validation: the share of the training part that watches, for the settings that are saved.
  ///   - seed: what all draws and all networks' weights follow from.
  /// - Throws: `NetworkDescriptionError` where no network can be made for the data.
  public init(
    _ samples: TrainingSamples, folds: [TrainingSamples] = [], validation: Double, seed: UInt64
  ) throws {
    let samples = samples.withoutTestPart
    judges = folds.isEmpty ? [samples] : folds.map(\.withoutTestPart)
    terms = .standard(for: samples.dataset.task)
    let automatic = samples.automaticSettings()
    var standard = automatic?.settings ?? TrainingSettings()
    standard.loss = terms.loss.name
    (standard.validation, standard.seed) = (validation, seed)
    let findsLearningRate = automatic?.findsLearningRate == true
    if automatic?.triesPenalties == true, !samples.split.validation.isEmpty {
      standard = try PenaltyTrial(standard, samples, terms, findsLearningRate: findsLearningRate).settings
    }
    if findsLearningRate {
      var session = try TrainingSession(samples, settings: standard, terms: terms)
      standard.learningRate = session.findLearningRate().rate
    }
    let rows = samples.split.training.count
    let space = SearchSpace(rows: rows, features: samples.dataset.elementCount)
    plan = try TuningPlan(for: [samples] + judges, seed: seed, space: space, standard: standard)
    let suiting = automatic?.settings ?? AutomaticSettings(for: samples).settings
    epochs = suiting.epochs
    let steps = max(1, EpochBatches(rows: rows, size: suiting.batchSize).count)
    leastEpochs = max(2, (Self.leastSteps + steps - 1) / steps)
  }

  /// How many rows judge a trial.
  public var judgingRows: Int { judges.reduce(0) { $0 + $1.split.validation.count } }

  /// A trial was ended by the time that a search has.
  public struct TimeIsUp: Error {}

  /// Trains a trial from fresh weights, as a plan says, and measures it on the rows that watch.
  ///
  /// - Parameter deadline: when the trial is to end, measured or not; the standard settings are tried out in any case.
  /// - Throws: ``TimeIsUp``, and what training throws but ``TrainingDiverged``.
  public func measure(
    trial: Int, rung: Int, epochs: Int, plan: TuningPlan, until deadline: ContinuousClock.Instant? = nil
  ) throws -> TrialResult {
    let (clock, settings) = (ContinuousClock(), plan.settings(trial: trial, epochs: epochs))
    let start = clock.now
    var evaluations: [Evaluation] = []
    do {
      for samples in judges {
        let session = try TrainingSession(samples, settings: settings, terms: terms)
        let watch = AfterEpoch { _ in
          if trial > 0, let deadline, ContinuousClock.now >= deadline { throw TimeIsUp() }
          return nil
        }
        _ = try session.run(callbacks: [watch])
        evaluations.append(session.model.evaluator.evaluate(session.data, rows: samples.split.validation))
      }
    } catch is TrainingDiverged { evaluations = [] }
    // every row counts the same
    let rows = evaluations.reduce(0) { $0 + $1.samples }
    func mean(_ figure: (Evaluation) -> Double?) -> Double? {
      let figures = evaluations.compactMap { evaluation in figure(evaluation).map { $0 * Double(evaluation.samples) } }
      return figures.count == evaluations.count && rows > 0 ? figures.reduce(0, +) / Double(rows) : nil
    }
    return TrialResult(
      trial: trial, rung: rung, settings: settings, loss: mean(\.loss) ?? .infinity,
      accuracy: mean { $0.classification?.accuracy }, r2: mean { $0.regression?.r2 },
      seconds: (clock.now - start).seconds)
  }
}
