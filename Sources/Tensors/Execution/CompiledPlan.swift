import Synchronization

/// One traced function: a plan, where its leaves come from, and where its results go.
package final class CompiledPlan: Sendable {
  struct Binding: Sendable {
    let variable: Variable
    /// Where the plan reads it, if it does, and where it writes its new value.
    let leafSlot, outputSlot: Int?
    /// Whether the plan may write the new value over the old one.
    let mayOverwrite: Bool
  }

  struct Result: Sendable {
    let signature: Signature
    let slot: Int
  }

  /// What one run at a time works with; it is kept from run to run, so that a run allocates nothing.
  private struct Frame {
    let workspace: Workspace
    /// What the last run gave back. Where nobody holds it any more, the next run writes into the same memory.
    var results: [Tensor]
    /// The nodes of the variables while a run has them.
    var nodes: [Node?]
    /// New memory of variables whose old value somebody else holds.
    var replacements: [Storage?]

    init(_ workspace: Workspace, variableCount: Int) {
      self.workspace = workspace
      results = []
      nodes = Array(repeating: nil, count: variableCount)
      replacements = Array(repeating: nil, count: variableCount)
    }
  }

  package let plan: Plan
  let argumentSlots: [(argument: Int, slot: Int)]
  let randomKeySlots: [Int]
  private let constants: [(storage: Storage, slot: Int)]
  let bindings: [Binding]
  let results: [Result]
  private let frame: Mutex<Frame>

  init(tracing body: @Sendable ([Tensor]) -> [Tensor], arguments: [Signature], options: PlanOptions) {
    let trace = Trace()
    let placeholders = arguments.map(Trace.placeholder)
    let traced = Trace.$current.withValue(trace) { body(placeholders.map { Tensor($0) }) }
    let uses = trace.uses.sorted { $0.variable.number < $1.variable.number }

    var roots = traced.map(\.node)
    var outputs: [Int?] = []
    for use in uses {
      outputs.append(use.written.map { _ in roots.count })
      if let written = use.written { roots.append(written.node) }
    }
    let graph = PlanGraph(roots: roots, keepsLeaves: true)
    let leafOfUse = uses.map { use in graph.leaves.firstIndex { $0.number == use.placeholder.number } }
    let overwrites = zip(leafOfUse, outputs).compactMap { leaf, output in
      leaf.flatMap { leaf in output.map { Overwrite(leaf: leaf, output: $0) } }
    }
    let plan = Plan(graph, overwrites: overwrites, options: options)
    self.plan = plan

    let argumentOf = Dictionary(uniqueKeysWithValues: placeholders.enumerated().map { ($1.number, $0) })
    let variables = Set(uses.map(\.placeholder.number))
    var argumentSlots: [(Int, Int)] = []
    var randomKeySlots: [Int] = []
    var constants: [(Storage, Int)] = []
    for (leaf, slot) in zip(graph.leaves, plan.leafSlots) where !variables.contains(leaf.number) {
      if let argument = argumentOf[leaf.number] {
        argumentSlots.append((argument, slot))
      } else if leaf.number == trace.randomKey?.number {
        randomKeySlots.append(slot)
      } else if let storage = leaf.storage {
        constants.append((storage, slot))
      } else {
        programmerError("compile: the function uses a tensor that belongs to another function being compiled")
      }
    }
    self.argumentSlots = argumentSlots
    self.randomKeySlots = randomKeySlots
    self.constants = constants
    let allowed = Set(plan.allowedOverwrites.map(\.output))
    bindings = uses.indices.map { index in
      // what the plan never reads it may always write over
      let mayOverwrite = outputs[index].map { allowed.contains($0) || leafOfUse[index] == nil } ?? false
      return Binding(
        variable: uses[index].variable, leafSlot: leafOfUse[index].map { plan.leafSlots[$0] },
        outputSlot: outputs[index].map { plan.outputSlots[$0] }, mayOverwrite: mayOverwrite)
    }
    results = zip(traced, plan.outputSlots).map { Result(signature: $0.signature, slot: $1) }
    frame = Mutex(Frame(Self.makeWorkspace(plan, constants), variableCount: bindings.count))
  }

  /// Runs the plan: variables are taken in order, read or overwritten, and given back.
  func run(_ argument: (Int) -> Tensor, randomKey: () -> Storage) -> [Tensor] {
    if let results = frame.withLockIfAvailable({ run(in: &$0, argument, randomKey) }) { return results }
    // another task runs the same plan now
    var frame = Frame(makeWorkspace(), variableCount: bindings.count)
    return run(in: &frame, argument, randomKey)
  }

  /// Memory for a run, with the constants in their places.
  func makeWorkspace() -> Workspace { Self.makeWorkspace(plan, constants) }

  private static func makeWorkspace(_ plan: Plan, _ constants: [(storage: Storage, slot: Int)]) -> Workspace {
    let workspace = plan.makeWorkspace()
    for (storage, slot) in constants { workspace.slots.pointer[slot] = storage.address }
    return workspace
  }

  private func run(in frame: inout Frame, _ argument: (Int) -> Tensor, _ randomKey: () -> Storage) -> [Tensor] {
    let slots = frame.workspace.slots.pointer
    placeResults(in: &frame, slots)
    takeVariables(into: &frame, slots)
    for (argument:place, slot) in argumentSlots { slots[slot] = argument(place).computedAddress() }
    let key = randomKeySlots.isEmpty ? nil : randomKey()
    for slot in randomKeySlots { slots[slot] = key?.address }
    withExtendedLifetime(key) { plan.execute(slots) }
    giveVariablesBack(from: &frame)
    return frame.results
  }

  private func placeResults(in frame: inout Frame, _ slots: Slots) {
    for (place, result) in results.enumerated() {
      if place < frame.results.count {
        if isKnownUniquelyReferenced(&frame.results[place].node), let memory = frame.results[place].node.memory,
          memory.isAlone
        {
          slots[result.slot] = memory.address
          continue
        }
        frame.results[place] = .unwritten(result.signature)
      } else {
        frame.results.append(.unwritten(result.signature))
      }
      slots[result.slot] = frame.results[place].node.memory?.address
    }
  }

  private func takeVariables(into frame: inout Frame, _ slots: Slots) {
    for index in bindings.indices {
      let binding = bindings[index]
      guard let outputSlot = binding.outputSlot else {
        let node = binding.variable.held.node
        if let slot = binding.leafSlot { slots[slot] = Tensor(node).computedAddress() }
        frame.nodes[index] = node
        continue
      }
      frame.nodes[index] = binding.variable.take()
      var memory = frame.nodes[index]?.memory
      if memory == nil, let node = frame.nodes[index] {
        evaluate(Tensor(node))
        memory = node.memory
      }
      if let slot = binding.leafSlot { slots[slot] = memory?.address }
      if binding.mayOverwrite, memory?.isAlone == true, isKnownUniquelyReferenced(&frame.nodes[index]) {
        slots[outputSlot] = memory?.address
      } else {
        let storage = Storage(byteCount: binding.variable.signature.byteCount)
        frame.replacements[index] = storage
        slots[outputSlot] = storage.address
      }
    }
  }

  private func giveVariablesBack(from frame: inout Frame) {
    for index in bindings.indices {
      guard let node = frame.nodes[index].take() else { continue }
      guard bindings[index].outputSlot != nil else { continue }
      if let storage = frame.replacements[index].take() {
        bindings[index].variable.give(Node(storage: storage, signature: bindings[index].variable.signature))
      } else {
        bindings[index].variable.give(node)
      }
    }
  }
}

extension Tensor {
  /// Memory for numbers that the caller writes before anybody reads them.
  fileprivate static func unwritten(_ signature: Signature) -> Tensor {
    Tensor(Node(storage: Storage(byteCount: signature.byteCount), signature: signature))
  }

  /// Where its numbers lie, computed now if they have not been. It is the caller's to keep the tensor meanwhile.
  fileprivate func computedAddress() -> UnsafeMutableRawPointer { node.memory?.address ?? computedStorage().address }
}
