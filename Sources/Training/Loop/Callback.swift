import DescentNetworks
import DescentTensors

/// Something that watches a training run, and may end it.
public protocol Callback: AnyObject {
  /// Called after every step.
  func stepEnded(_ progress: StepProgress)
  /// Called after every epoch. A reason that is returned ends the run.
  func epochEnded(_ record: EpochRecord, of network: any Module) throws -> String?
  /// Called once behind the last epoch; may put better weights back and say of which epoch they are.
  func trainingEnded(_ history: History, of network: any Module) -> Int?
}

extension Callback {
  /// Nothing.
  public func stepEnded(_ progress: StepProgress) {}
  /// Goes on.
  public func epochEnded(_ record: EpochRecord, of network: any Module) throws -> String? { nil }
  /// Keeps the weights.
  public func trainingEnded(_ history: History, of network: any Module) -> Int? { nil }
}

/// Ends a run when the watched loss, validation where there is any, has not improved for `patience` epochs, and puts the
/// best epoch's weights back (Prechelt, "Early stopping: but when?", 1998).
public final class EarlyStopping: Callback {
  private let patience: Int
  private var best: (epoch: Int, loss: Double, weights: Snapshot)?

  /// Waits for so many epochs without improvement, 1 or more.
  public init(patience: Int, file: StaticString = #fileID, line: UInt = #line) {
    check(patience > 0, "EarlyStopping: patience must be 1 or more, got \(patience)", file: file, line: line)
    self.patience = patience
  }

  /// Notes the best weights; ends the run when patience is over.
  public func epochEnded(_ record: EpochRecord, of network: any Module) -> String? {
    guard let best, record.watchedLoss >= best.loss else {
      best = (record.epoch, record.watchedLoss, Snapshot(of: network))
      return nil
    }
    guard record.epoch - best.epoch >= patience else { return nil }
    return "no better loss for \(patience) epoch\(patience == 1 ? "" : "s")"
  }

  /// Puts the best weights back.
  public func trainingEnded(_ history: History, of network: any Module) -> Int? {
    best?.weights.restore()
    return best?.epoch
  }
}

/// Ends a run when the training loss changes by less than a bound from one epoch to the next.
public final class MinimumLossChange: Callback {
  private let bound: Double
  private var last: Double?

  /// Ends the run below this change.
  public init(_ bound: Double) { self.bound = bound }

  /// Compares with the epoch before.
  public func epochEnded(_ record: EpochRecord, of network: any Module) -> String? {
    defer { last = record.loss }
    guard let last, abs(last - record.loss) < bound else { return nil }
    return "the loss changed by less than \(bound)"
  }
}

/// The numbers of a network at one moment. It holds the tensors; the next step writes elsewhere.
struct Snapshot {
  private let values: [(variable: NamedVariable, tensor: Tensor)]

  init(of network: any Module) { values = network.variables.map { ($0, $0.value) } }

  func restore() {
    for (variable, tensor) in values { variable.value = tensor }
  }
}
