import DescentFormats
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
  guard let base = allocated.baseAddress else { return [] }
  // every piece has a place of its own
  let places = Address(base)
  let next = Atomic<Int>(0)
  let hasFailed = Atomic<Bool>(false)
  DispatchQueue.concurrentPerform(iterations: min(ExecutionSettings.current.threads, count)) { _ in
    while !hasFailed.load(ordering: .relaxed) {
      let piece = next.add(1, ordering: .relaxed).oldValue
      guard piece < count else { return }
      do throws(Failure) {
        let value = try body(piece)
        places.pointer[piece] = .success(value)
      } catch {
        places.pointer[piece] = .failure(error)
        hasFailed.store(true, ordering: .relaxed)
      }
    }
  }
  var values: [Value] = []
  values.reserveCapacity(count)
  for place in allocated {
    guard let place else { break }
    values.append(try place.get())
  }
  return values
}

/// As many numbers for each of so many pieces of work, in their order, each of which fills its own; on as many threads as
/// the settings allow.
///
/// - Throws: the failure of the first piece that fails.
func parallelFill<Number: Sendable & ExpressibleByIntegerLiteral>(
  _ count: Int, each size: Int,
  _ body: @Sendable (_ piece: Int, _ out: UnsafeMutableBufferPointer<Number>) throws(DataError) -> Void
) throws(DataError) -> [Number] {
  var numbers = [Number](repeating: 0, count: count * size)
  try numbers.withUnsafeMutableBufferPointer { buffer throws(DataError) in
    guard let base = buffer.baseAddress else { return }
    let all = Address(base)
    _ = try parallelMap(count) { piece throws(DataError) in
      try body(piece, UnsafeMutableBufferPointer(start: all.pointer + piece * size, count: size))
    }
  }
  return numbers
}
