import DescentNetworks
import DescentTensors

/// Lowers an optimizer's learning rate when the watched loss, validation where there is any, stops getting better: PyTorch's
/// `ReduceLROnPlateau`. It has a memory, and so it watches a run as a callback instead of being a ``Schedule``.
///
///     try trainer.fit(data, epochs: 50, callbacks: [ReduceOnPlateau(trainer.optimizer, patience: 3)])
public final class ReduceOnPlateau: Callback {
  private let optimizer: Optimizer
  private let factor, threshold, minimum: Double
  private let patience, pause: Int
  private var best = Double.infinity
  private var badEpochs = 0
  private var pauseLeft = 0

  /// Lowers the rate of an optimizer.
  ///
  /// - Parameters:
  ///   - factor: what the rate is multiplied by, in (0, 1).
  ///   - patience: epochs without a better loss that are put up with, 0 or more.
  ///   - threshold: by what part a loss must be lower to be better, 0 or more.
  ///   - pause: epochs after a fall that do not count; `cooldown`.
  ///   - minimum: the least rate; `min_lr`.
  public init(
    _ optimizer: Optimizer, factor: Double = 0.1, patience: Int = 10, threshold: Double = 1e-4, pause: Int = 0,
    minimum: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      factor > 0 && factor < 1 && patience >= 0 && threshold >= 0 && pause >= 0 && minimum >= 0,
      "ReduceOnPlateau: the factor must lie in (0, 1) and all others be 0 or more, got "
        + "\(factor), \(patience), \(threshold), \(pause), \(minimum)", file: file, line: line)
    self.optimizer = optimizer
    (self.factor, self.threshold, self.minimum) = (factor, threshold, minimum)
    (self.patience, self.pause) = (patience, pause)
  }

  /// Forgets the run before.
  public func trainingStarted(of network: any Module) { (best, badEpochs, pauseLeft) = (.infinity, 0, 0) }

  /// Takes the epoch's loss into account.
  public func epochEnded(_ record: EpochRecord, of network: any Module) -> String? {
    observe(record.watchedLoss)
    return nil
  }

  /// Takes a loss into account, and lowers the rate where patience is over: for loops of one's own.
  public func observe(_ loss: Double) {
    if loss < best * (1 - threshold) {
      (best, badEpochs) = (loss, 0)
    } else {
      badEpochs += 1
    }
    if pauseLeft > 0 {
      pauseLeft -= 1
      badEpochs = 0
    }
    guard badEpochs > patience else { return }
    let rate = max(optimizer.learningRate * factor, minimum)
    // PyTorch's `eps`: a smaller change is none
    if optimizer.learningRate - rate > 1e-8 { optimizer.learningRate = rate }
    (pauseLeft, badEpochs) = (pause, 0)
  }
}
