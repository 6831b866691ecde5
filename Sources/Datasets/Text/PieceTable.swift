/// Different strings of bytes, numbered in the order in which they came, and found again by their bytes.
///
/// They lie one behind the other in a single array, so that a hundred thousand words take little more than their letters.
struct PieceTable: Sendable {
  private var bytes: [UInt8] = []
  /// Where each piece ends.
  private var ends: [Int] = []
  /// Numbers plus one, each at its hash or the next free place behind it; 0 is free.
  private var slots = [Int32](repeating: 0, count: 64)

  /// How many pieces there are.
  var count: Int { ends.count }

  private func range(_ number: Int) -> Range<Int> { (number == 0 ? 0 : ends[number - 1])..<ends[number] }

  /// The bytes of a piece.
  subscript(number: Int) -> ArraySlice<UInt8> { bytes[range(number)] }

  /// The number of a piece; nil where it is not there.
  func number(of piece: UnsafeBufferPointer<UInt8>) -> Int? {
    let number = slots[slot(of: piece)]
    return number == 0 ? nil : Int(number) - 1
  }

  /// The number of a piece, which is added where it is not there.
  mutating func add(_ piece: UnsafeBufferPointer<UInt8>) -> Int {
    let place = slot(of: piece)
    if slots[place] != 0 { return Int(slots[place]) - 1 }
    bytes.append(contentsOf: piece)
    ends.append(bytes.count)
    slots[place] = Int32(ends.count)
    if ends.count * 2 > slots.count { grow() }
    return ends.count - 1
  }

  /// Where the piece is noted, or where it would be.
  private func slot(of piece: UnsafeBufferPointer<UInt8>) -> Int {
    var place = PieceHash.of(piece) & (slots.count - 1)
    while slots[place] != 0, !isEqual(Int(slots[place]) - 1, piece) { place = (place + 1) & (slots.count - 1) }
    return place
  }

  private func isEqual(_ number: Int, _ piece: UnsafeBufferPointer<UInt8>) -> Bool {
    let range = range(number)
    guard range.count == piece.count else { return false }
    for index in 0..<piece.count where bytes[range.lowerBound + index] != piece[index] { return false }
    return true
  }

  private mutating func grow() {
    slots = [Int32](repeating: 0, count: slots.count * 2)
    for number in 0..<count {
      let place = bytes[range(number)].withUnsafeBufferPointer { slot(of: $0) }
      slots[place] = Int32(number + 1)
    }
  }
}

extension PieceTable: Equatable {
  static func == (left: PieceTable, right: PieceTable) -> Bool { left.bytes == right.bytes && left.ends == right.ends }
}

extension PieceTable {
  func number(of piece: [UInt8]) -> Int? { piece.withUnsafeBufferPointer { number(of: $0) } }

  mutating func add(_ piece: [UInt8]) -> Int { piece.withUnsafeBufferPointer { add($0) } }
}
