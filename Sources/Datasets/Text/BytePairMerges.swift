/// Which neighbouring pieces of a word are joined, and in which order.
struct BytePairMerges: Sendable {
  /// What two pieces become, and when.
  fileprivate struct Merge {
    var rank, result: Int32
  }

  /// The number of a byte is this more.
  static let firstByte: Int32 = 2
  /// The number of the end of a word.
  static let endOfWord = firstByte + 256
  /// No piece can be longer, in bytes with its end: no word is.
  static let longestPiece = TextUnits.longestWord + 1

  /// Left and right numbers in turn, in the order of joining.
  private(set) var pairs: [Int32] = []
  private var merges: [Merge] = []
  /// Ranks plus one, each at the hash of its pair or the next free place behind it; 0 is free.
  private var slots = [Int32](repeating: 0, count: 64)

  init() {}

  static func key(_ left: Int32, _ right: Int32) -> UInt64 {
    UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
  }

  /// The 256 bytes and the end of a word, as a table of pieces begins.
  static var firstPieces: PieceTable {
    var table = PieceTable()
    for byte in UInt8.min...UInt8.max { _ = table.add([byte, 0]) }
    _ = table.add([1])
    return table
  }

  /// Joins two pieces of a table, and adds what they become: a piece that may be there already. Nil where they can't be
  /// joined: numbers that aren't there, something behind a word's end, or more bytes than a word has.
  mutating func join(_ left: Int32, _ right: Int32, in table: inout PieceTable) -> Int32? {
    let known = Self.firstByte..<Int32(table.count) + Self.firstByte
    guard known.contains(left), known.contains(right) else { return nil }
    let (first, second) = (table[Int(left - Self.firstByte)], table[Int(right - Self.firstByte)])
    guard first.last == 0, first.count + second.count <= Self.longestPiece + 1 else { return nil }
    let result = Int32(table.add(first.dropLast() + second)) + Self.firstByte
    // where a pair comes once more, because one of its pieces was made in another way too, the first time holds
    if !contains(left, right) {
      merges.append(Merge(rank: Int32(merges.count), result: result))
      pairs += [left, right]
      slots[slot(of: left, right)] = Int32(merges.count)
      if merges.count * 2 > slots.count { grow() }
    }
    return result
  }

  /// Whether a pair is joined already.
  func contains(_ left: Int32, _ right: Int32) -> Bool { slots[slot(of: left, right)] != 0 }

  /// Where a pair is noted, or where it would be.
  @inline(__always)
  private func slot(of left: Int32, _ right: Int32) -> Int {
    let mask = slots.count - 1
    var place = PieceHash.of(Self.key(left, right)) & mask
    while true {
      let rank = Int(slots[place]) - 1
      if rank < 0 || (pairs[2 * rank] == left && pairs[2 * rank + 1] == right) { return place }
      place = (place + 1) & mask
    }
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for rank in merges.indices { slots[slot(of: pairs[2 * rank], pairs[2 * rank + 1])] = Int32(rank + 1) }
  }

  /// A word while it is put together; kept from word to word for its memory.
  struct Symbols {
    fileprivate(set) var numbers: [Int32] = []
    /// Of each number with the next one.
    fileprivate var found: [Merge] = []

    fileprivate static let none = Merge(rank: .max, result: 0)
  }

  /// Cuts a word into bytes and joins them again, each time the first of those pairs that were joined earliest in training.
  func apply(to word: UnsafeBufferPointer<UInt8>, _ symbols: inout Symbols) {
    symbols.numbers.removeAll(keepingCapacity: true)
    for byte in word { symbols.numbers.append(Int32(byte) + Self.firstByte) }
    symbols.numbers.append(Self.endOfWord)
    symbols.found.removeAll(keepingCapacity: true)
    for index in 0..<word.count {
      symbols.found.append(merge(symbols.numbers[index], symbols.numbers[index + 1]))
    }
    while true {
      var best = -1
      var rank = Int32.max
      for index in symbols.found.indices where symbols.found[index].rank < rank {
        (best, rank) = (index, symbols.found[index].rank)
      }
      guard best >= 0 else { return }
      symbols.numbers[best] = symbols.found[best].result
      symbols.numbers.remove(at: best + 1)
      symbols.found.remove(at: best)
      if best > 0 { symbols.found[best - 1] = merge(symbols.numbers[best - 1], symbols.numbers[best]) }
      if best < symbols.found.count {
        symbols.found[best] = merge(symbols.numbers[best], symbols.numbers[best + 1])
      }
    }
  }

  @inline(__always)
  private func merge(_ left: Int32, _ right: Int32) -> Merge {
    let rank = slots[slot(of: left, right)] - 1
    return rank < 0 ? Symbols.none : merges[Int(rank)]
  }
}
