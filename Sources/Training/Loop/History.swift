/// What one epoch of training came to.
public struct EpochRecord: Sendable, Hashable, Encodable {
  /// Counted from 1.
  public let epoch: Int
  /// The mean loss over the epoch's training samples, each as it was when its batch was trained on.
  public let loss: Double
  /// The share of those samples that were classified rightly; nil for values.
  public let accuracy: Double?
  /// The mean loss over the validation part after the epoch; nil where there is none.
  public let validationLoss: Double?
  /// The share of the validation part that is classified rightly.
  public let validationAccuracy: Double?
  /// Time that the epoch took, in seconds, validation included.
  public let seconds: Double
  /// Training samples a second, validation left out.
  public let samplesPerSecond: Double

  private enum CodingKeys: String, CodingKey {
    case epoch, loss, accuracy, seconds
    case validationLoss = "validation_loss"
    case validationAccuracy = "validation_accuracy"
    case samplesPerSecond = "samples_per_second"
  }

  /// The loss that tells how good the network is: on the validation part where there is one.
  public var watchedLoss: Double { validationLoss ?? loss }
}

/// What a training run came to.
public struct History: Sendable {
  /// Every epoch, in order.
  public internal(set) var epochs: [EpochRecord] = []
  /// The epoch whose weights the network holds; 0 is the state before training.
  public internal(set) var bestEpoch = 0
  /// Why training ended before its last epoch; nil where it did not.
  public internal(set) var stopReason: String?
}

/// Where a training run stands within an epoch.
public struct StepProgress: Sendable {
  /// Counted from 1.
  public let epoch: Int
  /// Epochs that were asked for.
  public let epochCount: Int
  /// Steps done in this epoch.
  public let step: Int
  /// Steps that an epoch has.
  public let stepCount: Int
  /// Training samples a second since the epoch began.
  public let samplesPerSecond: Double
  /// The mean loss since the epoch began.
  public let loss: Double
}

/// Training stopped because numbers were no longer finite. The network holds the last good weights again.
public struct TrainingDiverged: Error, Sendable, CustomStringConvertible {
  /// The epoch in which it happened, from 1.
  public let epoch: Int
  /// The step within it, from 1.
  public let step: Int
  /// What was no longer finite.
  public let what: String
  /// Whether any weight had been moved before.
  public let hasMoved: Bool
  /// The learning rate.
  public let learningRate: Double
  /// The epochs before. The best one's weights are kept: the last that are known to give a finite loss.
  public let history: History

  /// What happened, where, why, and what to do.
  public var description: String {
    let rate = Float(learningRate)
    let cause =
      hasMoved
      ? "the learning rate \(rate) may be too high: try \(rate / 10)"
      : "no weight had moved yet, so the data hold numbers too large for float32 or for this loss"
    let kept = history.bestEpoch == 0 ? "the start" : "epoch \(history.bestEpoch)"
    return "training diverged in epoch \(epoch), step \(step): \(what); \(cause). The weights of \(kept) are kept"
  }
}
