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

  let leafSlots: [Int]
  let outputSlots: [Int]
  /// Slots in the arena, with their offsets.
  private let arenaSlots: [(slot: Int, offset: Int)]
  private let constants: [(slot: Int, storage: Storage)]
  private let slotCount: Int
  private let workspaces = Mutex<[Workspace]>([])

  init(
    _ captured: PlanGraph, overwrites: [Overwrite] = [], options: PlanOptions, settings: ExecutionSettings = .current
  ) {
    nodeCount = captured.values.count
    var graph = captured
    graph.simplify(fuses: options.fuses && options.usesKernels)
    let readers = graph.readersOfLeaves()
    let order = graph.order(overwrites: overwrites, readers: readers)
    let groups = graph.groups(
      order, overwrites: overwrites, readers: readers, fuses: options.fuses && options.usesKernels)
    let layout = Layout(graph, groups, overwrites, readers: readers)
    var builder = StepBuilder(layout: layout, graph: graph, options: options, settings: settings)
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
    constants = layout.constants
    slotCount = builder.layout.slotCount
  }

  /// Computes the outputs from the leaves.
  func run(leaves: [Storage], outputs: [Storage]) {
    let workspace = workspaces.withLock { $0.popLast() } ?? makeWorkspace()
    let slots = workspace.slots.pointer
    for (slot, storage) in zip(leafSlots, leaves) { slots[slot] = storage.address }
    for (slot, storage) in zip(outputSlots, outputs) { slots[slot] = storage.address }
    withExtendedLifetime((leaves, outputs)) { execute(slots) }
    workspaces.withLock { $0.append(workspace) }
  }

  /// Runs the steps over a workspace whose leaves and outputs have their addresses.
  func execute(_ slots: Slots) {
    calls.withUnsafeBufferPointer { calls in
      for call in calls { call.function(call.context.pointer, slots) }
    }
  }

  /// The mean seconds that each step takes, over a number of runs; the clock's own time is taken off.
  func stepTimes(_ slots: Slots, runs: Int) -> [Double] {
    let reading = FineClock.readingTime()
    var times = [Double](repeating: 0, count: calls.count)
    for _ in 0..<runs {
      var start = FineClock.now
      for (index, call) in calls.enumerated() {
        call.function(call.context.pointer, slots)
        let end = FineClock.now
        times[index] += max(0, end - start - reading)
        start = end
      }
    }
    return times.map { $0 / Double(max(1, runs)) }
  }

  func makeWorkspace() -> Workspace {
    let workspace = Workspace(arenaByteCount: arenaByteCount, slotCount: slotCount)
    for (slot, offset) in arenaSlots { workspace.slots.pointer[slot] = workspace.arena.address + offset }
    for (slot, storage) in constants { workspace.slots.pointer[slot] = storage.address }
    return workspace
  }
}

/// The memory of one run: the arena, and the address of every value.
final class Workspace: Sendable {
  let arena: Storage
  let slots: Address<UnsafeMutableRawPointer?>

  init(arenaByteCount: Int, slotCount: Int) {
    arena = Storage(byteCount: arenaByteCount)
    slots = Address(.allocate(capacity: max(slotCount, 1)))
    slots.pointer.initialize(repeating: nil, count: max(slotCount, 1))
  }

  deinit { slots.pointer.deallocate() }
}
