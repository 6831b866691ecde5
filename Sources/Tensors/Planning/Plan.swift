import Synchronization

/// A graph made ready to run: a flat list of steps over one table of addresses. Immutable; every run takes a workspace.
package final class Plan: Sendable {
  /// Steps in order, each with what it is called in a profile.
  package let steps: [Step]
  private let calls: [Step.Call]
  /// Bytes of the one stretch of memory that holds everything between leaves and outputs.
  package let arenaByteCount: Int
  /// The most bytes of intermediate values that are alive at one step: no arena can be smaller.
  package let liveByteCount: Int
  /// Nodes of the graph that was planned, leaves among them.
  package let nodeCount: Int
  /// The overwrites that are safe when nobody else holds the leaf.
  let allowedOverwrites: [Overwrite]

  private let leafSlots: [Int]
  private let outputSlots: [Int]
  /// Slots in the arena, with their offsets.
  private let arenaSlots: [(slot: Int, offset: Int)]
  private let slotCount: Int
  private let workspaces = Mutex<[Workspace]>([])

  init(_ captured: PlanGraph, overwrites: [Overwrite] = [], options: PlanOptions) {
    nodeCount = captured.values.count
    var graph = captured
    graph.simplify()
    let order = graph.order(overwrites: overwrites)
    let groups = graph.groups(order, overwrites: overwrites, fuses: options.fuses && options.usesKernels)
    let layout = Layout(graph, groups, overwrites)
    var builder = StepBuilder(layout: layout, graph: graph, options: options, settings: .current)
    steps = groups.indices.map { builder.step(groups[$0], at: $0) }
    calls = steps.map(\.call)

    let arena = Arena(builder.layout.blocks)
    arenaByteCount = arena.byteCount
    liveByteCount = builder.layout.blocks.liveByteCount(steps: groups.count)
    allowedOverwrites = layout.allowedOverwrites
    leafSlots = layout.leafSlots
    outputSlots = layout.outputSlots
    arenaSlots = builder.layout.blockSlots.enumerated().flatMap { block, slots in
      slots.map { ($0, arena.offsets[block]) }
    }
    slotCount = builder.layout.slotCount
  }

  /// Computes the outputs from the leaves.
  func run(leaves: [Storage], outputs: [Storage]) {
    let workspace = workspaces.withLock { $0.popLast() } ?? makeWorkspace()
    let slots = workspace.slots.pointer
    for (slot, storage) in zip(leafSlots, leaves) { slots[slot] = storage.address }
    for (slot, storage) in zip(outputSlots, outputs) { slots[slot] = storage.address }
    withExtendedLifetime((leaves, outputs)) {
      calls.withUnsafeBufferPointer { calls in
        for call in calls { call.function(call.context.pointer, slots) }
      }
    }
    workspaces.withLock { $0.append(workspace) }
  }

  /// The mean seconds that each step takes, over a number of runs; the clock's own time is taken off.
  func stepTimes(leaves: [Storage], outputs: [Storage], runs: Int) -> [Double] {
    let workspace = makeWorkspace()
    let slots = workspace.slots.pointer
    for (slot, storage) in zip(leafSlots, leaves) { slots[slot] = storage.address }
    for (slot, storage) in zip(outputSlots, outputs) { slots[slot] = storage.address }
    let reading = FineClock.readingTime()
    var times = [Double](repeating: 0, count: calls.count)
    withExtendedLifetime((leaves, outputs)) {
      for _ in 0..<runs {
        var start = FineClock.now
        for (index, call) in calls.enumerated() {
          call.function(call.context.pointer, slots)
          let end = FineClock.now
          times[index] += max(0, end - start - reading)
          start = end
        }
      }
    }
    return times.map { $0 / Double(max(1, runs)) }
  }

  private func makeWorkspace() -> Workspace {
    let workspace = Workspace(arenaByteCount: arenaByteCount, slotCount: slotCount)
    for (slot, offset) in arenaSlots { workspace.slots.pointer[slot] = workspace.arena.address + offset }
    return workspace
  }
}

/// The memory of one run: the arena, and the address of every value.
private final class Workspace: Sendable {
  let arena: Storage
  let slots: Address<UnsafeMutableRawPointer?>

  init(arenaByteCount: Int, slotCount: Int) {
    arena = Storage(byteCount: arenaByteCount)
    slots = Address(.allocate(capacity: max(slotCount, 1)))
    slots.pointer.initialize(repeating: nil, count: max(slotCount, 1))
  }

  deinit { slots.pointer.deallocate() }
}
