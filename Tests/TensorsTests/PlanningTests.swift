import Testing

@testable import DescentTensors

@Suite struct ArenaTests {
  @Test(arguments: 0..<40)
  func livingBlocksNeverOverlap(_ seed: Int) {
    var random = Randomness(UInt64(seed))
    let steps = 1 + random.below(60)
    let blocks = (0..<random.below(120)).map { _ -> Block in
      let first = random.below(steps)
      return Block(
        byteCount: random.below(3) == 0 ? random.below(5) : random.below(5000), firstStep: first,
        lastStep: min(steps - 1, first + random.below(10)))
    }
    let arena = Arena(blocks)
    for (place, block) in blocks.enumerated() {
      #expect(arena.offsets[place] % Storage.alignment == 0)
      #expect(arena.offsets[place] + block.byteCount <= arena.byteCount)
      for (other, neighbour) in blocks.enumerated().dropFirst(place + 1) where block.isAlive(with: neighbour) {
        let isApart =
          arena.offsets[place] + block.byteCount <= arena.offsets[other]
          || arena.offsets[other] + neighbour.byteCount <= arena.offsets[place]
        #expect(isApart, "blocks \(place) and \(other)")
      }
    }
    let live = (0..<steps).map { step in
      blocks.filter { $0.firstStep <= step && step <= $0.lastStep }.reduce(0) { $0 + $1.byteCount }
    }
    #expect(blocks.liveByteCount(steps: steps) == live.max())
    #expect(arena.byteCount >= live.max() ?? 0)
  }

  @Test func memoryIsReused() {
    // a chain needs two blocks at a time
    let chain = (0..<50).map { Block(byteCount: 640, firstStep: $0, lastStep: $0 + 1) }
    #expect(Arena(chain).byteCount == 1280)
  }
}

/// Whatever sets, or depends on, the settings of the process, one after the other.
@Suite(.serialized) struct SettingsTests {
  @Test func equalStructuresShareAPlan() {
    let cache = PlanCache(capacity: 2)
    func graph(_ numbers: [Float], _ function: (Tensor) -> Tensor) -> PlanGraph {
      PlanGraph(roots: [function(Tensor(numbers)).node])
    }
    let exponentials = cache.plan(for: graph([1, 2]) { $0.exp() + 1 }, options: .standard)
    #expect(cache.plan(for: graph([3, 4]) { $0.exp() + 7 }, options: .standard) === exponentials)
    let others: [PlanGraph] = [
      graph([1, 2, 3]) { $0.exp() + 1 }, graph([1, 2]) { $0.exp() - 1 }, graph([1, 2]) { $0.log() + 1 },
      graph([1, 2]) { $0.exp() + $0 }, graph([1, 2]) { 1 + $0.exp() },
    ]
    for graph in others {
      #expect(PlanKey(graph, .standard) != PlanKey(others[0], .standard) || graph.leaves.count > 1)
    }
    // the third evicts the one that was used least recently
    let second = cache.plan(for: others[1], options: .standard)
    #expect(cache.plan(for: graph([5, 6]) { $0.exp() + 1 }, options: .standard) === exponentials)
    _ = cache.plan(for: others[2], options: .standard)
    #expect(cache.plan(for: graph([5, 6]) { $0.exp() + 1 }, options: .standard) === exponentials)
    #expect(cache.plan(for: others[1], options: .standard) !== second)
  }

  @Test func keysHoldStructureOnly() {
    func key(_ tensor: Tensor) -> PlanKey { PlanKey(PlanGraph(roots: [tensor.node]), .standard) }
    let (x, y) = (Tensor([1, 2] as [Float]), Tensor([3, 4] as [Float]))
    let source = RandomSource(seed: 1)
    #expect(key(x * 0.5) == key(y * 0.25))
    #expect(key(.randomUniform([3], source: source)) == key(.randomUniform([3], source: source)))
    #expect(key(.randomUniform([3], source: source)) != key(.randomNormal([3], source: source)))
    func own(_ x: Tensor) -> Tensor {
      .withCustomGradient(of: [x]) {
        $0[0] + 1
      } gradient: { _, _, g in
        [g]
      }
    }
    #expect(key(own(x)) == key(own(y)))
    // what is shared is part of the structure
    #expect(key(x + x) != key(x + y))
    #expect(key(x.sliced(axis: 0, 0..<1)) != key(x.sliced(axis: 0, 1..<2)))
    #expect(key(x.sum(axes: [0], keepsAxes: true)) != key(x.sum()))
    #expect(key(x.max()) != key(x.min()))
  }

  /// Every kernel on sizes that pay for a second thread, and a graph of all of them.
  @Test func resultsDoNotDependOnThreads() {
    let before = ExecutionSettings.current
    defer { ExecutionSettings.current = before }
    var random = Randomness(2)
    let (wide, tall) = (random.floats([130, 311]), random.floats([311, 257]))
    let source = RandomSource(seed: 4)
    let product = wide.matmul(tall)
    let noise = Tensor.randomNormal([130, 257], source: source) + .randomUniform([257], source: source)
    let hidden = (product * 0.05 + noise).tanh()
    let roots = [
      product, product.matmul(tall.transposed()), wide.transposed().matmul(wide), noise, hidden, hidden.softmax(),
      hidden.logSoftmax(), hidden.sum(), hidden.sum(axes: [0]), hidden.sum(axes: [1]), hidden.max(axes: [1]),
      hidden.exp() * wide.sum(axes: [1], keepsAxes: true), gradient(of: hidden.squared().mean(), with: wide),
      tall.reshaped(to: [1, 311, 257]).matmul(product.reshaped(to: [1, 130, 257]).transposed()),
    ]
    func run(threads: Int) -> [[UInt8]] {
      ExecutionSettings.current = ExecutionSettings(threads: threads)
      return planned(roots).outputs.map(\.bytes)
    }
    let once = run(threads: 1)
    #expect(run(threads: 1) == once)
    for threads in [2, 3] {
      for _ in 0..<3 { #expect(run(threads: threads) == once) }
    }
  }
}
