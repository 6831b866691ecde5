import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How plans are executed. Plans made under other settings are not shared.
public struct ExecutionSettings: Sendable, Hashable {
  /// How many threads a step may use.
  public var threads: Int
  /// Whether every sum runs in one order whatever the number of threads, so that results are the same to the last bit.
  public var isDeterministic: Bool
  /// Who computes matrix products.
  public var products = ProductLibrary.automatic

  /// Who computes matrix products of float32.
  public enum ProductLibrary: Sendable, Hashable {
    /// oneDNN where it is there and its vectors are wider than those of our own kernels (AVX-512), and the product is
    /// large; our own kernels otherwise, which are as fast or faster elsewhere.
    case automatic
    /// Our own kernels, whose sums run in the same order on any number of threads.
    case own
    /// oneDNN where it is there.
    case oneDNN
  }

  /// Settings for a number of threads, all processors where none is given.
  public init(threads: Int = processorCount, isDeterministic: Bool = false) {
    check(threads > 0, "ExecutionSettings: threads must be 1 or more, got \(threads)")
    self.threads = threads
    self.isDeterministic = isDeterministic
  }

  /// Processors of this machine.
  public static let processorCount = Swift.max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  private static let shared = Mutex(ExecutionSettings())

  /// The settings of the process.
  public static var current: ExecutionSettings {
    get { shared.withLock { $0 } }
    set { shared.withLock { $0 = newValue } }
  }
}
