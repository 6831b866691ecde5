import Synchronization

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// A piece of work in which a failed ``check(_:_:file:line:)`` ends the work and not the program.
///
/// Layers say what they expect through checks, because to a programmer a wrong shape is a mistake in the program. Where
/// somebody's file says which layers there are, the same sentence is to reach that person, and the rules should not be
/// written twice: the work runs on a thread of its own, and a failed check keeps its message and ends that thread. What
/// the thread held is not released then, some kilobytes for each failure; so this is for descriptions of networks, not
/// for work that computes.
package final class Attempt: Sendable {
  /// What a check said.
  package struct Failure: Error {
    package let message: String
  }

  @TaskLocal private static var current: Attempt?

  private let message = Mutex<String?>(nil)

  private init() {}

  /// What the work gives.
  ///
  /// - Throws: ``Failure`` where a check failed, and what the work throws.
  package static func run<Result: Sendable>(_ work: @escaping @Sendable () throws -> Result) throws -> Result {
    let attempt = Attempt()
    let result = Box<Swift.Result<Result, any Error>>()
    let thread = Thread {
      Self.$current.withValue(attempt) {
        result.value.withLock { $0 = nil }
        let found = Swift.Result { try work() }
        result.value.withLock { $0 = found }
      }
    }
    thread.join()
    if let found = result.value.withLock({ $0 }) { return try found.get() }
    throw Failure(message: attempt.message.withLock { $0 } ?? "the attempt ended early")
  }

  /// Ends the attempt that is under way, if one is.
  static func fail(_ message: String) {
    guard let current else { return }
    current.message.withLock { $0 = message }
    pthread_exit(nil)
  }

  private final class Box<Value: Sendable>: Sendable {
    let value = Mutex<Value?>(nil)
  }
}

/// A thread with room for deep recursion, that can end in the middle.
private struct Thread {
  private let thread: pthread_t

  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  init(_ body: @escaping @Sendable () -> Void) {
    var attributes = pthread_attr_t()
    pthread_attr_init(&attributes)
    pthread_attr_setstacksize(&attributes, 8 << 20)
    defer { pthread_attr_destroy(&attributes) }
    let work = Unmanaged.passRetained(Work(body)).toOpaque()
    #if canImport(Glibc)
      var thread = pthread_t()
      let status = pthread_create(
        &thread, &attributes,
        { work in
          guard let work else { return nil }
          Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
          return nil
        }, work)
    #else
      var started: pthread_t?
      let status = pthread_create(
        &started, &attributes,
        { work in
          Unmanaged<Work>.fromOpaque(work).takeRetainedValue().body()
          return nil
        }, work)
      guard let thread = started else { programmerError("no thread could be started: error \(status)") }
    #endif
    check(status == 0, "no thread could be started: error \(status)")
    self.thread = thread
  }

  func join() { pthread_join(thread, nil) }
}
