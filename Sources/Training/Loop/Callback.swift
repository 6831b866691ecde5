import DescentNetworks

/// Something that watches a training run, and may end it.
///
/// A callback may change the optimizer's learning rate, too: the next step takes it. Where a schedule sets the rate, all
/// its rates from there on are multiplied by as much.
public protocol Callback: AnyObject {
  /// Called once before the first epoch.
  func trainingStarted(of network: any Module)
  /// Called after every step.
  func stepEnded(_ progress: StepProgress)
  /// Called after every epoch. A reason that is returned ends the run; the callbacks behind this one still see the epoch.
  func epochEnded(_ record: EpochRecord, of network: any Module) throws -> String?
  /// Called once behind the last epoch; may put better weights back and say of which epoch they are. Not called when a
  /// run ends by an error.
  func trainingEnded(_ history: History, of network: any Module) -> Int?
}

extension Callback {
  /// Nothing.
  public func trainingStarted(of network: any Module) {}
  /// Nothing.
  public func stepEnded(_ progress: StepProgress) {}
  /// Goes on.
  public func epochEnded(_ record: EpochRecord, of network: any Module) throws -> String? { nil }
  /// Keeps the weights.
  public func trainingEnded(_ history: History, of network: any Module) -> Int? { nil }
}

/// Calls a function after every epoch.
///
///     AfterEpoch { record in
///       optimizer.learningRate *= 0.95
///       return record.loss < 0.01 ? "the loss is below 0.01" : nil
///     }
public final class AfterEpoch: Callback {
  private let body: (EpochRecord) throws -> String?

  /// A function that may give a reason to end the run.
  public init(_ body: @escaping (EpochRecord) throws -> String?) { self.body = body }

  /// Calls the function.
  public func epochEnded(_ record: EpochRecord, of network: any Module) throws -> String? { try body(record) }
}
