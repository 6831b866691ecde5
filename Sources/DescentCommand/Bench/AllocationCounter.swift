#if os(Linux) && canImport(Glibc)
  import Glibc
#endif

/// The library that counts allocations, loaded in front of the C library (`Sources/MallocCounter`).
struct AllocationCounter {
  /// Allocations by who made them.
  struct Counts {
    let own, oneDNN: Int
  }

  private let start, stop: @convention(c) () -> Void
  private let own, oneDNN: @convention(c) () -> Int64

  #if os(Linux) && canImport(Glibc)
    /// The counter, where it has been loaded.
    init?() {
      guard let start = dlsym(nil, "descent_malloc_counter_start"),
        let stop = dlsym(nil, "descent_malloc_counter_stop"), let own = dlsym(nil, "descent_malloc_counter_own"),
        let oneDNN = dlsym(nil, "descent_malloc_counter_onednn")
      else { return nil }
      self.start = unsafeBitCast(start, to: (@convention(c) () -> Void).self)
      self.stop = unsafeBitCast(stop, to: (@convention(c) () -> Void).self)
      self.own = unsafeBitCast(own, to: (@convention(c) () -> Int64).self)
      self.oneDNN = unsafeBitCast(oneDNN, to: (@convention(c) () -> Int64).self)
    }

    /// Set for the process that the program becomes, so that it tries once.
    private static let sign = "DESCENT_MALLOC_COUNTER"

    /// Starts the program again with the counter loaded, where it lies beside the program and is not loaded yet. Returns
    /// where nothing is to be done, or can be.
    static func load() {
      guard Self() == nil, getenv(sign) == nil, let program = realpath("/proc/self/exe", nil) else { return }
      defer { free(program) }
      let path = String(cString: program)
      let library = path.prefix(through: path.lastIndex(of: "/") ?? path.startIndex) + "libMallocCounter.so"
      // the loader would take these characters for the end of a name, or for a variable
      guard access(String(library), R_OK) == 0, !library.contains(where: { " :$".contains($0) }) else { return }
      let others = getenv("LD_PRELOAD").map { ":" + String(cString: $0) } ?? ""
      setenv("LD_PRELOAD", library + others, 1)
      setenv(sign, "1", 1)
      execv(program, CommandLine.unsafeArgv)
    }
  #else
    /// There is none here.
    init?() { return nil }
    static func load() {}
  #endif

  /// The allocations that all threads make while a function runs.
  func count(_ body: () -> Void) -> Counts {
    start()
    body()
    stop()
    return Counts(own: Int(own()), oneDNN: Int(oneDNN()))
  }
}
