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

  /// One result for each trial, the one of least loss and of equals that of more epochs, the best trial first: every result
  /// is that of a whole training, with a schedule made for its epochs. Those that diverged come last.
  public static func ranked(_ results: [TrialResult]) -> [TrialResult] {
    var best: [Int: TrialResult] = [:]
    for result in results where result.loss <= best[result.trial]?.loss ?? .infinity {
      best[result.trial] = result
    }
    return best.values.sorted { ($0.loss, $0.trial) < ($1.loss, $1.trial) }
  }
}
