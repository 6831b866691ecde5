/// Where every value of a plan lies: in a leaf, in an output, in a block of the arena, or only in registers.
struct Layout {
  /// The slot of each value that lies in memory.
  private(set) var slots: [Int: Int] = [:]
  private(set) var leafSlots: [Int] = []
  private(set) var outputSlots: [Int] = []
  /// Numbers that were computed while the plan was made.
  private(set) var constants: [(slot: Int, storage: Storage)] = []
  private(set) var slotCount = 0
  /// Blocks of the arena and the slots that are placed in each.
  private(set) var blocks: [Block] = []
  private(set) var blockSlots: [[Int]] = []
  private(set) var allowedOverwrites: [Overwrite] = []
  /// The leaf value whose memory an output may take over, by the value that is written.
  private(set) var overwrittenLeaf: [Int: Int] = [:]
  /// The value whose block a value takes over, because it is read for the last time where the other is computed.
  private(set) var replaced: [Int: Int] = [:]

  init(_ graph: PlanGraph, _ groups: [Group], _ overwrites: [Overwrite], readers: LeafReaders) {
    let leaves = graph.values.indices.filter { graph.values[$0].leaf != nil }
    for value in leaves.sorted(by: { (graph.values[$0].leaf ?? 0) < (graph.values[$1].leaf ?? 0) }) {
      leafSlots.append(newSlot(for: value))
    }
    for (index, value) in graph.values.enumerated() {
      if let storage = value.folded { constants.append((newSlot(for: index), storage)) }
    }
    for output in graph.outputs { outputSlots.append(newSlot(for: graph.memory(of: output))) }

    var stepOf: [Int: Int] = [:]
    for (step, group) in groups.enumerated() { for value in group.values { stepOf[value] = step } }
    var lastRead: [Int: Int] = [:]
    for (step, group) in groups.enumerated() {
      for value in group.values {
        for input in graph.values[value].inputs { lastRead[graph.memory(of: input)] = step }
      }
    }
    findOverwrites(graph, groups, overwrites, readers, stepOf)

    var blockOf: [Int: Int] = [:]
    for (step, group) in groups.enumerated() {
      for value in group.values {
        let isRead = lastRead[value].map { $0 > step } ?? false
        guard slots[value] == nil, isRead || !group.isInProgram(value) else { continue }
        let slot = newSlot(for: value)
        let last = max(step, lastRead[value] ?? step)
        // an elementwise pass may write over what it reads for the last time, element for element
        if group.isInProgram(value),
          let old = dyingOperand(of: group, at: step, graph, lastRead, blockOf, for: value),
          let block = blockOf.removeValue(forKey: old)
        {
          blocks[block].lastStep = last
          blockSlots[block].append(slot)
          blockOf[value] = block
          replaced[value] = old
        } else {
          blockOf[value] = addBlock(
            Block(byteCount: graph.values[value].signature.byteCount, firstStep: step, lastStep: last), slots: [slot])
        }
      }
    }
  }

  private mutating func newSlot(for value: Int) -> Int {
    defer { slotCount += 1 }
    slots[value] = slotCount
    return slotCount
  }

  /// Scratch memory that one step needs while it runs; its slot.
  mutating func scratch(byteCount: Int, step: Int) -> Int {
    defer { slotCount += 1 }
    _ = addBlock(Block(byteCount: byteCount, firstStep: step, lastStep: step), slots: [slotCount])
    return slotCount
  }

  private mutating func addBlock(_ block: Block, slots: [Int]) -> Int {
    blocks.append(block)
    blockSlots.append(slots)
    return blocks.count - 1
  }

  /// An operand in the arena, read for the last time by this step and by it only element for element.
  private func dyingOperand(
    of group: Group, at step: Int, _ graph: PlanGraph, _ lastRead: [Int: Int], _ blockOf: [Int: Int], for value: Int
  ) -> Int? {
    let signature = graph.values[value].signature
    for member in group.peers(of: value) {
      for input in graph.values[member].inputs {
        let memory = graph.memory(of: input)
        guard lastRead[memory] == step, blockOf[memory] != nil,
          graph.values[memory].signature.byteCount == signature.byteCount,
          graph.mayOverwrite(memory, by: value, in: group)
        else { continue }
        return memory
      }
    }
    return nil
  }

  /// An overwrite is allowed where all that read the leaf run before it is written, or in the same pass element for
  /// element.
  private mutating func findOverwrites(
    _ graph: PlanGraph, _ groups: [Group], _ overwrites: [Overwrite], _ readers: LeafReaders,
    _ stepOf: [Int: Int]
  ) {
    var valueOfLeaf: [Int: Int] = [:]
    for (index, value) in graph.values.enumerated() { if let leaf = value.leaf { valueOfLeaf[leaf] = index } }
    for overwrite in overwrites {
      let value = graph.memory(of: graph.outputs[overwrite.output])
      guard let leaf = valueOfLeaf[overwrite.leaf], let step = stepOf[value] else { continue }
      let isSafe = (readers[overwrite.leaf] ?? []).allSatisfy { reader in
        guard let other = stepOf[reader] else { return true }
        return other < step || (other == step && graph.mayOverwrite(leaf, by: value, in: groups[step]))
      }
      if isSafe {
        allowedOverwrites.append(overwrite)
        overwrittenLeaf[value] = leaf
      }
    }
  }
}

extension PlanGraph {
  /// Whether a value may be written over a memory that its group reads: where only the same pass does, at the element
  /// that it computes, or where the value is a product that adds to it.
  func mayOverwrite(_ memory: Int, by value: Int, in group: Group) -> Bool {
    let peers = group.peers(of: value)
    let shape = values[value].signature.shape
    for member in group.values {
      for (place, input) in values[member].inputs.enumerated() where self.memory(of: input) == memory {
        guard peers.contains(member) else { return false }
        if group.isInProgram(member) {
          let isAligned =
            values[input].signature.shape.strides(broadcastTo: shape)
            == zip(shape, shape.contiguousStrides).map { $0 == 1 ? 0 : $1 }
          if !isAligned { return false }
        } else if !(values[member].operation is UpdateProduct && place == 2) {
          return false
        }
      }
    }
    return true
  }
}
