import DescentTensors
import Dispatch
import Synchronization

/// What one step trains on.
struct Batch: Sendable {
  let inputs, targets: Tensor
  /// Samples.
  let count: Int
}

/// Hands out the batches of epochs one by one; while one trains, a thread gathers the next.
///
/// Rows are asked for in their order and each once. An epoch's first batch, and all batches that are too small to pay for
/// another thread, are gathered by the caller. The numbers are the same either way.
struct BatchLoader<Data: SampleSource> {
  /// A copy of fewer bytes than this takes the caller less time than having it made: handing a batch over took about 10 µs
  /// of the caller's time where both processors were busy, in which some 200 kB are gathered (Zen 3, 2026-11-21).
  static var smallestHandedOver: Int { 256 << 10 }
  /// Batches that may lie ready: with one more than the next, a batch that took long holds no step up.
  static var depth: Int { 2 }

  private let batchSize: Int
  private let isAhead: Bool
  private let gathering: Gathering<Data>
  private let exchange = Exchange()
  private var order: [Int32] = []
  /// Rows that were handed out, and rows whose gathering has begun.
  private var (taken, begun) = (0, 0)
  /// The batch that is being trained on. Its memory is used again where nobody kept it.
  private var lent: Batch?

  /// Batches of so many rows.
  ///
  /// - Parameter gathersAhead: whether another thread gathers; follows from the source where it is left out.
  init(_ data: Data, batchSize: Int, gathersAhead: Bool? = nil) {
    gathering = Gathering(data: data, exchange: exchange)
    self.batchSize = batchSize
    isAhead =
      gathersAhead ?? data.copiedByteCount(rows: batchSize).map { $0 >= Self.smallestHandedOver } ?? true
  }

  /// Starts an epoch.
  mutating func start(_ order: [Int32]) {
    self.order = order
    (taken, begun) = (0, 0)
  }

  /// The next batch of the epoch; nil behind the last one. The batch before it is to be let go of before the call.
  mutating func next() -> Batch? {
    if let lent { exchange.state.withLock { $0.spares.append(Spare(lent)) } }
    lent = nil
    guard taken < order.count else { return nil }
    if taken == begun {
      begun = min(begun + batchSize, order.count)
      lent = gathering.batch(of: order[taken..<begun])
    } else {
      lent = exchange.take()
    }
    taken += lent?.count ?? 0
    while isAhead, begun < min(taken + Self.depth * batchSize, order.count) { begin() }
    return lent
  }

  /// Ends the run, wherever it stands: when this returns, the source is not asked for anything any more.
  func stop() {
    exchange.state.withLock { $0.isStopped = true }
    exchange.queue.sync {}
  }

  /// Has the other thread gather the next rows.
  private mutating func begin() {
    let rows = order[begun..<min(begun + batchSize, order.count)]
    begun = rows.endIndex
    exchange.queue.async { [gathering] in gathering.run(rows) }
  }
}

/// What gathers, on either thread.
private struct Gathering<Data: SampleSource>: Sendable {
  let data: Data
  let exchange: Exchange
  // what a source draws at random, and how its layers behave, belongs to the task that trains
  private let mode = Mode.current
  private let random = RandomSource.current

  init(data: Data, exchange: Exchange) { (self.data, self.exchange) = (data, exchange) }

  /// Gathers a batch for the other thread to take.
  func run(_ rows: ArraySlice<Int32>) {
    guard !exchange.state.withLock({ $0.isStopped }) else { return }
    let batch = RandomSource.$current.withValue(random) { mode { self.batch(of: rows) } }
    evaluate(batch.inputs, batch.targets)
    exchange.put(batch)
  }

  func batch(of rows: ArraySlice<Int32>) -> Batch {
    guard let copying = data as? any CopyingSource else {
      return Batch(inputs: data.inputs(of: rows), targets: data.targets(of: rows), count: rows.count)
    }
    var spare = exchange.state.withLock { $0.spares.popLast() } ?? Spare()
    return Batch(
      inputs: copying.inputs(of: rows, reusing: &spare.inputs),
      targets: copying.targets(of: rows, reusing: &spare.targets), count: rows.count)
  }
}

/// A batch that was trained on.
private struct Spare {
  var inputs, targets: Tensor?

  init() {}
  init(_ batch: Batch) { (inputs, targets) = (batch.inputs, batch.targets) }
}

/// What the two threads share.
private final class Exchange: Sendable {
  struct State {
    var ready: [Batch] = []
    var spares: [Spare] = []
    var isStopped = false
  }

  let queue = DispatchQueue(label: "descent.batches")
  let state = Mutex(State())
  private let count = DispatchSemaphore(value: 0)

  func put(_ batch: Batch) {
    state.withLock { $0.ready.append(batch) }
    count.signal()
  }

  /// The first of the batches that are ready; waits where there is none.
  func take() -> Batch {
    count.wait()
    return state.withLock { $0.ready.removeFirst() }
  }
}
