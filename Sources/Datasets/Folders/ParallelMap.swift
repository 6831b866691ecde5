import DescentTensors
import Dispatch
import Synchronization

/// The results of so many pieces of work, in their order, done on as many threads as the settings allow.
///
/// - Throws: the failure of the first piece that fails, on any number of threads: pieces are begun in their order, so that
///   all before it are done.
func parallelMap<Value: Sendable, Failure: Error>(
  _ count: Int, _ body: @Sendable (Int) throws(Failure) -> Value
) throws(Failure) -> [Value] {
  guard count > 0 else { return [] }
  let allocated = UnsafeMutableBufferPointer<Result<Value, Failure>?>.allocate(capacity: count)
  allocated.initialize(repeating: nil)
  defer {
    allocated.deinitialize()
    allocated.deallocate()
  }
  // every piece has a place of its own
  nonisolated(unsafe) let places = allocated
  let next = Atomic<Int>(0)
  let hasFailed = Atomic<Bool>(false)
  DispatchQueue.concurrentPerform(iterations: min(ExecutionSettings.current.threads, count)) { _ in
    while !hasFailed.load(ordering: .relaxed) {
      let piece = next.add(1, ordering: .relaxed).oldValue
      guard piece < count else { return }
      do throws(Failure) {
        let value = try body(piece)
        places[piece] = .success(value)
      } catch {
        places[piece] = .failure(error)
        hasFailed.store(true, ordering: .relaxed)
      }
    }
  }
  var values: [Value] = []
  values.reserveCapacity(count)
  for place in places {
    guard let place else { break }
    values.append(try place.get())
  }
  return values
}
