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
/// Rows are asked for in their order, each once, and by one thread at a time. A batch that the other thread has not begun
/// when it is wanted, because it has no processor, is gathered by the caller: only one that is being gathered is waited
/// for. An epoch's first batch, and batches too small to pay for another thread, are the caller's as well. The numbers are
/// the same whoever gathers.
final class BatchLoader<Data: SampleSource>: Sendable {
  private struct State {
    var order: [Int32] = []
    var epoch = 1
    /// Rows that were handed out, and rows whose gathering has begun.
    var (taken, begun) = (0, 0)
    var ready: [Batch] = []
    /// The batch that is being trained on, and those behind it, whose memory is used again where nobody kept it.
    var lent: Batch?
    var spares: [Spare] = []
    /// Whether a batch is being gathered, whether the caller waits for it, and whether the other thread has been called.
    var (isGathering, isAwaited, isCalled, isStopped) = (false, false, false, false)

    /// The rows of the next batch, which the caller of this is to gather.
    mutating func claim(_ size: Int) -> ArraySlice<Int32>? {
      guard !isGathering, begun < order.count else { return nil }
      isGathering = true
      let start = begun
      begun = EpochBatches(rows: order.count, size: size).end(from: start)
      return order[start..<begun]
    }
  }

  /// A copy of fewer bytes than this takes the caller less time than having it made: handing a batch over took about 10 µs
  /// of the caller's time where both processors were busy, in which some 200 kB are gathered (Zen 3, 2026-11-21).
  static var smallestHandedOver: Int { 256 << 10 }
  /// Batches that may lie ready: with one more than the next, a batch that took long holds no step up.
  static var depth: Int { 2 }

  private let data: Data
  private let batchSize: Int
  private let isAhead: Bool
  // what a source draws at random, and how its layers behave, belongs to the task that trains
  private let mode = Mode.current
  private let random = RandomSource.current
  private let queue = DispatchQueue(label: "descent.batches")
  private let arrival = DispatchSemaphore(value: 0)
  private let state = Mutex(State())

  /// Batches of so many rows.
  ///
  /// - Parameter gathersAhead: whether another thread gathers; follows from the source where it is left out.
  init(_ data: Data, batchSize: Int, gathersAhead: Bool? = nil) {
    self.data = data
    self.batchSize = batchSize
    isAhead =
      gathersAhead ?? data.copiedByteCount(rows: batchSize).map { $0 >= Self.smallestHandedOver } ?? true
  }

  /// Starts an epoch, counted from 1, the one before being over.
  func start(_ order: [Int32], epoch: Int = 1) {
    state.withLock { state in
      (state.order, state.epoch) = (order, epoch)
      (state.taken, state.begun) = (0, 0)
    }
  }

  /// The next batch of the epoch; nil behind the last one. The batch before it is to be let go of before the call.
  func next() -> Batch? {
    let isOver = state.withLock { state in
      if let lent = state.lent { state.spares.append(Spare(lent)) }
      state.lent = nil
      return state.taken == state.order.count
    }
    if isOver { return nil }
    let batch = readyBatch() ?? ownBatch() ?? awaitedBatch()
    let calls = state.withLock { state in
      state.lent = batch
      state.taken += batch.count
      guard isAhead, !state.isCalled, state.begun < state.order.count else { return false }
      state.isCalled = true
      return true
    }
    if calls { queue.async { self.fill() } }
    return batch
  }

  /// Ends the run, wherever it stands: when this returns, the source is not asked for anything any more.
  func stop() {
    state.withLock { $0.isStopped = true }
    queue.sync {}
  }

  private func readyBatch() -> Batch? { state.withLock { $0.ready.isEmpty ? nil : $0.ready.removeFirst() } }

  /// The next batch, gathered by the caller, unless the other thread is about it or has just finished it.
  private func ownBatch() -> Batch? {
    guard let rows = state.withLock({ $0.ready.isEmpty ? $0.claim(batchSize) : nil }) else { return nil }
    let batch = gather(rows)
    state.withLock { $0.isGathering = false }
    return batch
  }

  private func awaitedBatch() -> Batch {
    let waits = state.withLock { state in
      state.isAwaited = state.ready.isEmpty
      return state.isAwaited
    }
    if waits { arrival.wait() }
    return state.withLock { $0.ready.removeFirst() }
  }

  /// Gathers what may lie ready: the other thread's work.
  private func fill() {
    while let rows = claimAhead() {
      let batch = RandomSource.$current.withValue(random) { mode { gather(rows) } }
      evaluate(batch.inputs, batch.targets)
      let isAwaited = state.withLock { state in
        state.isGathering = false
        state.ready.append(batch)
        defer { state.isAwaited = false }
        return state.isAwaited
      }
      if isAwaited { arrival.signal() }
    }
  }

  /// Rows for the other thread; with none, it is free to be called again.
  private func claimAhead() -> ArraySlice<Int32>? {
    state.withLock { state in
      let hasRoom = state.begun < state.taken + Self.depth * batchSize
      let rows = hasRoom && !state.isStopped ? state.claim(batchSize) : nil
      state.isCalled = rows != nil
      return rows
    }
  }

  private func gather(_ rows: ArraySlice<Int32>) -> Batch {
    if let changing = data as? any EpochSource {
      let epoch = state.withLock { $0.epoch }
      var spare = takeSpare()
      let (inputs, targets) = changing.trainingBatch(of: rows, epoch: epoch, reusing: &spare.inputs, &spare.targets)
      return Batch(inputs: inputs, targets: targets, count: rows.count)
    }
    guard let copying = data as? any CopyingSource else {
      return Batch(inputs: data.inputs(of: rows), targets: data.targets(of: rows), count: rows.count)
    }
    var spare = takeSpare()
    return Batch(
      inputs: copying.inputs(of: rows, reusing: &spare.inputs),
      targets: copying.targets(of: rows, reusing: &spare.targets), count: rows.count)
  }

  private func takeSpare() -> Spare { state.withLock { $0.spares.popLast() } ?? Spare() }
}

/// A batch that was trained on.
private struct Spare {
  var inputs, targets: Tensor?

  init() {}
  init(_ batch: Batch) { (inputs, targets) = (batch.inputs, batch.targets) }
}
