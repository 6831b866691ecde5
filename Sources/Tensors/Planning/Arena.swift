/// A stretch of memory that is alive from one step to another.
struct Block {
  let byteCount: Int
  var firstStep: Int
  var lastStep: Int

  func isAlive(with other: Block) -> Bool { firstStep <= other.lastStep && other.firstStep <= lastStep }
}

extension [Block] {
  /// The most bytes that are alive at one step.
  func liveByteCount(steps: Int) -> Int {
    var changes = [Int](repeating: 0, count: steps + 1)
    for block in self {
      changes[block.firstStep] += block.byteCount
      changes[block.lastStep + 1] -= block.byteCount
    }
    var (live, most) = (0, 0)
    for change in changes {
      live += change
      most = Swift.max(most, live)
    }
    return most
  }
}

/// Blocks placed in one stretch of memory so that no two that are alive together overlap.
struct Arena {
  /// Where each block starts, in bytes.
  private(set) var offsets: [Int]
  /// The size of the whole.
  private(set) var byteCount = 0

  /// Places the largest blocks first, each into the smallest gap that takes it (greedy by size; Pisarchyk and Lee,
  /// "Efficient memory management for deep neural net inference", 2020).
  init(_ blocks: [Block], alignment: Int = Storage.alignment) {
    offsets = [Int](repeating: 0, count: blocks.count)
    var placed: [(offset: Int, size: Int, block: Block)] = []
    let bySize = blocks.indices.sorted { (blocks[$1].byteCount, $0) < (blocks[$0].byteCount, $1) }
    for index in bySize {
      let block = blocks[index]
      let size = (max(block.byteCount, 1) + alignment - 1) / alignment * alignment
      var best: (gap: Int, offset: Int)?
      var end = 0
      for other in placed where other.block.isAlive(with: block) {
        let gap = other.offset - end
        if gap >= size, gap < best?.gap ?? .max { best = (gap, end) }
        end = max(end, other.offset + other.size)
      }
      let offset = best?.offset ?? end
      offsets[index] = offset
      byteCount = max(byteCount, offset + size)
      // kept sorted by offset, so that gaps are found in one pass
      var (low, high) = (0, placed.count)
      while low < high {
        let middle = (low + high) / 2
        if placed[middle].offset > offset { high = middle } else { low = middle + 1 }
      }
      placed.insert((offset, size, block), at: low)
    }
  }
}
