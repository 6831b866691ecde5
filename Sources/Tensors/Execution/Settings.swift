import Synchronization

/// How plans are executed. Plans made under other settings are not shared.
public struct ExecutionSettings: Sendable, Hashable {
  /// How many threads a step may use.
  public var threads: Int
  /// Whether every sum runs in one order whatever the number of threads, so that results are the same to the last bit.
  public var isDeterministic: Bool

  /// Settings for a number of threads, all processors where none is given.
  public init(threads: Int = processorCount, isDeterministic: Bool = false) {
    check(threads > 0, "ExecutionSettings: threads must be 1 or more, got \(threads)")
    self.threads = threads
    self.isDeterministic = isDeterministic
  }

  private static let shared = Mutex(ExecutionSettings())

  /// The settings of the process.
  public static var current: ExecutionSettings {
    get { shared.withLock { $0 } }
    set { shared.withLock { $0 = newValue } }
  }
}
