import DescentDatasets
import DescentNetworks
import Synchronization
import Testing

@testable import DescentTensors
@testable import DescentTraining

/// Batches that are gathered while others train.
@Suite struct BatchLoaderTests {
  /// A source of the user's own, which says when it may be asked from another thread, and writes down what it is asked.
  private struct Own: SampleSource {
    final class Log: Sendable {
      let batches = Mutex<[[Int32]]>([])
      let isAsked = Atomic<Bool>(false)
      let overlaps = Atomic<Int>(0)
    }

    var data: TrainingData
    var copies: Int?
    let log = Log()

    var count: Int { data.count }
    var classCount: Int? { data.classCount }
    func inputs(of rows: ArraySlice<Int32>) -> Tensor {
      if log.isAsked.exchange(true, ordering: .relaxed) { log.overlaps.add(1, ordering: .relaxed) }
      defer { log.isAsked.store(false, ordering: .relaxed) }
      log.batches.withLock { $0.append(Array(rows)) }
      return data.inputs(of: rows)
    }
    func targets(of rows: ArraySlice<Int32>) -> Tensor { data.targets(of: rows) }
    func classes(of rows: ArraySlice<Int32>) -> [Int32] { data.classes(of: rows) }
    func values(of rows: ArraySlice<Int32>) -> [Float] { data.values(of: rows) }
    func values(fromOutputs outputs: [Float]) -> [Float] { data.values(fromOutputs: outputs) }
    func copiedByteCount(rows: Int) -> Int? { copies }
  }

  private func data(_ count: Int = 23, task: Dataset.Task = .classification) -> TrainingData {
    TrainingData(BatchSource(sample(count, task: task)))
  }

  /// All batches of some epochs, as the steps see them.
  private func epochs(
    _ orders: [[Int32]], of data: some SampleSource, batchSize: Int, ahead: Bool
  ) -> [[[Double]]] {
    let loader = BatchLoader(data, batchSize: batchSize, gathersAhead: ahead)
    defer { loader.stop() }
    return orders.map { order in
      loader.start(order)
      var batches: [[Double]] = []
      while let batch = loader.next() {
        #expect(batch.count == batch.inputs.shape[0])
        #expect(batch.count == batch.targets.shape[0])
        batches.append(batch.inputs.reals() + batch.targets.reals())
      }
      #expect(loader.next()?.count == nil)
      return batches
    }
  }

  /// Rows cut into batches, a single row behind them joined to the one before.
  private func cut(_ order: [Int32], _ size: Int) -> [ArraySlice<Int32>] {
    let parts = batches(order, of: size)
    guard size > 1, parts.count > 1, parts.last?.count == 1 else { return parts }
    return parts.dropLast(2) + [order[parts[parts.count - 2].startIndex...]]
  }

  @Test(arguments: [
    (10, 3, [3, 3, 4]), (11, 3, [3, 3, 3, 2]), (9, 3, [3, 3, 3]), (3, 2, [3]), (3, 1, [1, 1, 1]), (1, 1, [1]),
    (1, 5, [1]), (6, 5, [6]), (5, .max, [5]),
  ])
  func aSingleRowLeftOverJoinsTheBatchBeforeIt(rows: Int, size: Int, counts: [Int]) {
    let batches = EpochBatches(rows: rows, size: size)
    #expect(batches.count == counts.count && batches.haveSingleRows == counts.contains(1))
    var start = 0
    for count in counts {
      #expect(batches.end(from: start) == start + count)
      start += count
    }
    #expect(start == rows)
  }

  @Test func batchesAreTheSameOnAnotherThread() {
    let orders: [[Int32]] = [Array(0..<23), Array((0..<23).reversed()), [5], []]
    for form in [TrainingData.TargetForm.classIndices, .oneHot] {
      let data = TrainingData(BatchSource(sample(23, task: .classification)), targetForm: form)
      let tensors = TensorSamples(
        inputs: data.inputs(of: data.rows[...]), targets: data.targets(of: data.rows[...]), task: .classification)
      for batchSize in [1, 2, 7, 22, 23, 64] {
        let expected = orders.map { order in
          cut(order, batchSize).map { data.inputs(of: $0).reals() + data.targets(of: $0).reals() }
        }
        for ahead in [false, true] {
          #expect(epochs(orders, of: data, batchSize: batchSize, ahead: ahead) == expected)
          #expect(epochs(orders, of: tensors, batchSize: batchSize, ahead: ahead) == expected)
          #expect(epochs(orders, of: Own(data: data), batchSize: batchSize, ahead: ahead) == expected)
        }
      }
    }
  }

  @Test func weightsAreTheSameOnAnotherThread() throws {
    func weights(copies: Int?, batchSize: Int) throws -> [[UInt64]] {
      try RandomSource.withSeed(9) {
        let network = smallNetwork(outputs: 2, dropout: 0.3)
        let own = Own(data: data(), copies: copies)
        try Trainer(network, loss: crossEntropy, optimizer: .adam())
          .fit(own, validation: [0, 1, 2], epochs: 3, batchSize: batchSize, seed: 4)
        #expect(own.log.overlaps.load(ordering: .relaxed) == 0)
        return bits(network)
      }
    }
    for batchSize in [1, 5, 22, 23, 64] {
      let direct = try weights(copies: 0, batchSize: batchSize)
      #expect(try weights(copies: nil, batchSize: batchSize) == direct, "batches of \(batchSize)")
      #expect(try weights(copies: .max, batchSize: batchSize) == direct, "batches of \(batchSize)")
    }
  }

  @Test func everyRowIsAskedForOnceAnEpochInOrder() throws {
    let own = Own(data: data())
    try Trainer(smallNetwork(outputs: 2), loss: crossEntropy, optimizer: .sgd())
      .fit(own, epochs: 4, batchSize: 5, seed: 8)
    var (order, generator) = (own.rows, SplitMix64(seed: 8))
    var wanted: [[Int32]] = []
    for _ in 0..<4 {
      generator.shuffle(&order)
      wanted += batches(order, of: 5).map { Array($0) }
    }
    #expect(own.log.batches.withLock { $0 } == wanted)
  }

  @Test func whatTheTaskDrawsFromReachesTheSource() throws {
    /// Adds noise to the samples, another one every time.
    struct Noisy: SampleSource {
      let data: TrainingData
      let copies: Int?
      var count: Int { data.count }
      var classCount: Int? { data.classCount }
      func inputs(of rows: ArraySlice<Int32>) -> Tensor {
        let inputs = data.inputs(of: rows)
        // not computed when it is handed over
        return Mode.current == .training ? inputs + .randomNormal(inputs.shape) : inputs
      }
      func targets(of rows: ArraySlice<Int32>) -> Tensor { data.targets(of: rows) }
      func classes(of rows: ArraySlice<Int32>) -> [Int32] { data.classes(of: rows) }
      func values(of rows: ArraySlice<Int32>) -> [Float] { data.values(of: rows) }
      func values(fromOutputs outputs: [Float]) -> [Float] { data.values(fromOutputs: outputs) }
      func copiedByteCount(rows: Int) -> Int? { copies }
    }
    func weights(seed: UInt64, copies: Int?) throws -> [[UInt64]] {
      let network = smallNetwork(outputs: 2)
      let trainer = Trainer(network, loss: crossEntropy, optimizer: .adam())
      try RandomSource.withSeed(seed) {
        _ = try Mode.training {
          try trainer.fit(Noisy(data: data(), copies: copies), epochs: 2, batchSize: 5)
        }
      }
      return bits(network)
    }
    let direct = try weights(seed: 1, copies: 0)
    #expect(try weights(seed: 1, copies: nil) == direct)
    #expect(try weights(seed: 2, copies: nil) != direct)
  }

  // MARK: Memory

  @Test func memoryIsUsedAgain() {
    for ahead in [false, true] {
      let loader = BatchLoader(data(1000), batchSize: 10, gathersAhead: ahead)
      defer { loader.stop() }
      var (inputs, targets): (Set<UInt>, Set<UInt>) = ([], [])
      for _ in 0..<2 {
        loader.start(Array(0..<1000))
        while let batch = loader.next() {
          inputs.insert(batch.inputs.address)
          targets.insert(batch.targets.address)
        }
      }
      // the one that trains, those that lie ready, and what the allocator gave for the first of them
      let most = BatchLoader<TrainingData>.depth + 2
      #expect(inputs.count <= most, "ahead: \(ahead)")
      #expect(targets.count <= most, "ahead: \(ahead)")
    }
  }

  @Test func whatIsKeptStaysAsItWas() {
    let data = data(200)
    for ahead in [false, true] {
      let loader = BatchLoader(data, batchSize: 10, gathersAhead: ahead)
      defer { loader.stop() }
      var kept: [(rows: ArraySlice<Int32>, inputs: Tensor, targets: Tensor, sum: Tensor)] = []
      let order = Array(Int32(0)..<200)
      loader.start(order)
      var place = 0
      while let batch = loader.next() {
        // every third batch, and a graph that reads every second one
        let rows = order[place..<place + 10]
        if place % 30 == 0 || place % 20 == 0 {
          kept.append((rows, batch.inputs, batch.targets, (batch.inputs * 2).sum()))
        }
        place += 10
      }
      for batch in kept {
        #expect(batch.inputs.reals() == data.inputs(of: batch.rows).reals())
        #expect(batch.targets.reals() == data.targets(of: batch.rows).reals())
        #expect(batch.sum.reals() == (data.inputs(of: batch.rows) * 2).sum().reals())
      }
    }
  }

  @Test func onlyMemoryThatNobodyHoldsIsTaken() {
    func tensor(_ spare: inout Tensor?, _ shape: Shape = [4]) -> Tensor {
      Tensor(shape: shape, reusing: &spare) { (elements: UnsafeMutableBufferPointer<Float>) in
        elements.update(repeating: 1)
      }
    }
    var spare: Tensor?
    var first: Tensor? = tensor(&spare)
    let address = first?.address
    spare = first
    first = nil
    let second = tensor(&spare)
    #expect(second.address == address)
    #expect(spare?.shape == nil)

    spare = second
    let third = tensor(&spare)
    #expect(third.address != second.address)
    #expect(spare?.shape == nil)

    // a part of the graph that has not been computed holds it too
    var leaf: Tensor? = Tensor([Float](repeating: 3, count: 4))
    let graph = leaf.map { $0 + 1 }
    spare = leaf
    leaf = nil
    _ = tensor(&spare)
    #expect(graph?.reals() == [4, 4, 4, 4])

    var other: Tensor? = Tensor([Float](repeating: 3, count: 5))
    #expect(tensor(&other).elementCount == 4)
    #expect(other?.shape == nil)
  }

  // MARK: Ends

  @Test func anEarlyEndLeavesNobodyWaiting() throws {
    struct Full: Error {}
    let own = Own(data: data())
    for round in 0..<200 {
      let trainer = Trainer(smallNetwork(outputs: 2), loss: crossEntropy, optimizer: .sgd())
      switch round % 3 {
      case 0:
        try trainer.fit(own, epochs: 9, batchSize: 5, callbacks: [AfterEpoch { _ in "enough" }])
      case 1:
        #expect(throws: Full.self) {
          try trainer.fit(own, epochs: 9, batchSize: 5, callbacks: [AfterEpoch { _ in throw Full() }])
        }
      default:
        let inputs = Tensor([Float](repeating: .infinity, count: 46), shape: [23, 2])
        let targets = Tensor([Int32](repeating: 0, count: 23))
        #expect(throws: TrainingDiverged.self) {
          try trainer.fit(Endless(samples: TensorSamples(inputs: inputs, targets: targets)), epochs: 9, batchSize: 2)
        }
      }
    }
    // one epoch each, and not a batch behind it
    #expect(own.log.batches.withLock { $0.count } == 134 * 5)
  }

  @Test func aStoppedLoaderAsksForNothing() {
    for taken in 0..<5 {
      let own = Own(data: data())
      let loader = BatchLoader(own, batchSize: 2)
      loader.start(Array(0..<23))
      for _ in 0..<taken { _ = loader.next() }
      loader.stop()
      let asked = own.log.batches.withLock { $0.count }
      #expect(asked >= taken)
      #expect(asked <= taken + BatchLoader<Own>.depth)
      loader.stop()
      #expect(own.log.batches.withLock { $0.count } == asked)
    }
  }

  /// Values that may not be finite, in any case on another thread.
  private struct Endless: SampleSource {
    let samples: TensorSamples
    var count: Int { samples.count }
    var classCount: Int? { samples.classCount }
    func inputs(of rows: ArraySlice<Int32>) -> Tensor { samples.inputs(of: rows) }
    func targets(of rows: ArraySlice<Int32>) -> Tensor { samples.targets(of: rows) }
    func classes(of rows: ArraySlice<Int32>) -> [Int32] { samples.classes(of: rows) }
    func values(of rows: ArraySlice<Int32>) -> [Float] { samples.values(of: rows) }
    func values(fromOutputs outputs: [Float]) -> [Float] { outputs }
  }

  @Test func manyRunsAtATimeComeToTheirEnd() async throws {
    let expected = try weights()
    try await withThrowingTaskGroup(of: [[UInt64]].self) { group in
      for _ in 0..<24 { group.addTask { try weights() } }
      for try await weights in group { #expect(weights == expected) }
    }

    @Sendable func weights() throws -> [[UInt64]] {
      let network = smallNetwork(outputs: 2)
      try Trainer(network, loss: crossEntropy, optimizer: .adam())
        .fit(Own(data: data()), epochs: 3, batchSize: 4, seed: 2)
      return bits(network)
    }
  }

  @Test func rowsThatAreNotThereStopTheProgram() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let loader = BatchLoader(
        TrainingData(BatchSource(sample(5))), batchSize: 2, gathersAhead: true)
      loader.start([0, 1, 2, 3, 4, 99])
      while loader.next() != nil {}
    }
    #expect(message(result).contains("has no row 99"))
  }
}

extension Tensor {
  /// Where its numbers lie.
  fileprivate var address: UInt { withElements { UInt(bitPattern: $0.address) } }
}
