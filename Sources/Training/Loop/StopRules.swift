import DescentNetworks
import DescentTensors

/// Ends a run when the watched loss, validation where there is any, has not improved for `patience` epochs, and puts the
/// best epoch's weights and states back, however the run ended (Prechelt, "Early stopping: but when?", 1998).
public final class EarlyStopping: Callback {
  private let patience: Int
  private var best: (epoch: Int, loss: Double, weights: Snapshot)?

  /// Waits for so many epochs without improvement, 1 or more.
  public init(patience: Int, file: StaticString = #fileID, line: UInt = #line) {
    check(patience > 0, "EarlyStopping: patience must be 1 or more, got \(patience)", file: file, line: line)
    self.patience = patience
  }

  /// Forgets the run before.
  public func trainingStarted(of network: any Module) { best = nil }

  /// Notes the best weights; ends the run when patience is over.
  public func epochEnded(_ record: EpochRecord, of network: any Module) -> String? {
    guard let best, record.watchedLoss >= best.loss else {
      best = (record.epoch, record.watchedLoss, Snapshot(of: network.variables))
      return nil
    }
    guard record.epoch - best.epoch >= patience else { return nil }
    return "no better loss for \(patience) epoch\(patience == 1 ? "" : "s")"
  }

  /// Puts the best weights back.
  public func trainingEnded(_ history: History, of network: any Module) -> Int? {
    defer { best = nil }
    best?.weights.restore()
    return best?.epoch
  }
}

/// Ends a run when the training loss changes by less than a bound from one epoch to the next.
public final class MinimumLossChange: Callback {
  private let bound: Double
  private var last: Double?

  /// Ends the run below this change, 0 or more; the change is |loss − loss of the epoch before|.
  public init(_ bound: Double, file: StaticString = #fileID, line: UInt = #line) {
    check(bound >= 0, "MinimumLossChange: the bound must be 0 or more, got \(bound)", file: file, line: line)
    self.bound = bound
  }

  /// Forgets the run before.
  public func trainingStarted(of network: any Module) { last = nil }

  /// Compares with the epoch before.
  public func epochEnded(_ record: EpochRecord, of network: any Module) -> String? {
    defer { last = record.loss }
    guard let last, abs(last - record.loss) < bound else { return nil }
    return "the loss changed by less than \(bound)"
  }
}
