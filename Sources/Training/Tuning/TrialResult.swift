/// What a trial came to at one rung of a search.
public struct TrialResult: Codable, Sendable, Equatable {
  /// The trial's number, from 0.
  public let trial: Int
  /// The rung, from 1.
  public let rung: Int
  /// The epochs that it was given.
  public let epochs: Int
  /// How the network was trained.
  public let settings: TrainingSettings
  /// The share of the validation part that is classified rightly; nil for quantities.
  public let accuracy: Double?
  /// R² on the validation part; nil for classes.
  public let r2: Double?
  /// Time that it took.
  public let seconds: Double
  // left out where there is none: JSON knows no infinity
  private let validationLoss: Double?

  private enum CodingKeys: String, CodingKey {
    case trial, rung, epochs, settings, accuracy, r2, seconds
    case validationLoss = "validation_loss"
  }

  /// A result; a loss that is not finite says that the training diverged.
  public init(
    trial: Int, rung: Int, settings: TrainingSettings, loss: Double, accuracy: Double? = nil, r2: Double? = nil,
    seconds: Double = 0
  ) {
    (self.trial, self.rung, self.settings, epochs) = (trial, rung, settings, settings.epochs)
    (self.accuracy, self.r2, self.seconds) = (accuracy, r2, seconds)
    validationLoss = loss.isFinite ? loss : nil
  }

  /// The loss on the validation part; infinite where the training diverged.
  public var loss: Double { validationLoss ?? .infinity }

  /// One result for each trial, that of its most epochs, the best trial first: those that went further before those that
  /// were left behind, then by their losses; those that diverged come last.
  public static func ranked(_ results: [TrialResult]) -> [TrialResult] {
    var last: [Int: TrialResult] = [:]
    for result in results where result.epochs >= last[result.trial]?.epochs ?? 0 { last[result.trial] = result }
    return last.values.sorted { first, second in
      if first.loss.isFinite != second.loss.isFinite { return first.loss.isFinite }
      if first.epochs != second.epochs { return first.epochs > second.epochs }
      return (first.loss, first.trial) < (second.loss, second.trial)
    }
  }
}
