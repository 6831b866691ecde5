/// A prefix code of deflate as a table: the next bits of the input are the index of what they mean.
///
/// The first level is indexed by `rootBits` bits; a longer code leads on to a second level. Source:
/// RFC 1951, section 3.2.2, for the code; the two levels are zlib's idea.
struct HuffmanTable {
  /// What a run of bits means, in one word.
  ///
  /// | bits  | content                                                                             |
  /// |-------|-------------------------------------------------------------------------------------|
  /// | 0–7   | bits of the code, to be dropped                                                     |
  /// | 8–12  | how many extra bits follow the code, or how many bits index the second level        |
  /// | 13–15 | what it is: one of the flags below, or none for a length or a distance              |
  /// | 16–31 | the literal, the smallest length or distance, or where the second level starts      |
  typealias Entry = UInt32

  static let literal: Entry = 1 << 13
  static let secondLevel: Entry = 1 << 14
  /// The end of a block or, with no bits of its own, a code that means nothing.
  static let exceptional: Entry = 1 << 15
  /// What bits mean that belong to no code.
  static let invalid: Entry = exceptional
  /// The longest code that deflate has.
  static let longestCode = 15

  /// Whether a code may leave bits without a meaning.
  enum Completeness {
    case required
    /// A single code of one bit may stand alone, as encoders write where one distance is in use.
    case oneCodeMayStandAlone
    /// No code at all may be there as well: a block of nothing but literals has no distances.
    case mayBeEmpty
  }

  let rootBits: Int
  private(set) var entries: [Entry] = []

  init(rootBits: Int) {
    self.rootBits = rootBits
  }

  /// Builds the table for the canonical code with these lengths, one a symbol (0: not in use).
  ///
  /// - Parameters:
  ///   - meanings: For every symbol its entry, without the bits of the code.
  /// - Returns: Whether the lengths make a code: none over-subscribed, none incomplete but where
  ///   `completeness` allows it.
  mutating func build(
    _ lengths: ArraySlice<UInt8>, meanings: [Entry], completeness: Completeness
  ) -> Bool {
    var counts = [Int](repeating: 0, count: Self.longestCode + 1)
    for length in lengths { counts[Int(length)] += 1 }
    let used = lengths.count - counts[0]
    counts[0] = 0
    var room = 1
    for length in 1...Self.longestCode {
      room = room << 1 - counts[length]
      if room < 0 { return false }
    }
    if room > 0 {
      switch completeness {
      case .required: return false
      case .oneCodeMayStandAlone: guard used == 1, counts[1] == 1 else { return false }
      case .mayBeEmpty: guard used == 0 || used == 1 && counts[1] == 1 else { return false }
      }
    }

    // The symbols in the order of their codes: by length, then by number.
    var starts = [Int](repeating: 0, count: Self.longestCode + 2)
    for length in 1...Self.longestCode { starts[length + 1] = starts[length] + counts[length] }
    var sorted = [Int](repeating: 0, count: used)
    for (symbol, length) in lengths.enumerated() where length != 0 {
      sorted[starts[Int(length)]] = symbol
      starts[Int(length)] += 1
    }

    entries.removeAll(keepingCapacity: true)
    entries.append(contentsOf: repeatElement(Self.invalid, count: 1 << rootBits))
    fill(sorted, counts: counts, meanings: meanings)
    return true
  }

  private mutating func fill(_ sorted: [Int], counts: [Int], meanings: [Entry]) {
    var counts = counts
    var code = 0
    var index = 0
    var subtable = (root: -1, start: 0, bits: 0)
    for length in 1...Self.longestCode {
      while counts[length] > 0 {
        // Codes are packed from their highest bit, everything else from the lowest.
        let reversed = Int(UInt16(truncatingIfNeeded: code << (16 - length)).bitReversed)
        let meaning = meanings[sorted[index]]
        if length <= rootBits {
          let entry = meaning | Entry(length)
          for slot in stride(from: reversed, to: 1 << rootBits, by: 1 << length) { entries[slot] = entry }
        } else {
          let root = reversed & (1 << rootBits - 1)
          if root != subtable.root {
            subtable = (root, entries.count, subtableBits(at: length, counts: counts))
            entries.append(contentsOf: repeatElement(Self.invalid, count: 1 << subtable.bits))
            entries[root] =
              Entry(subtable.start) << 16 | Self.secondLevel | Entry(subtable.bits) << 8 | Entry(rootBits)
          }
          let entry = meaning | Entry(length - rootBits)
          let slots = stride(from: reversed >> rootBits, to: 1 << subtable.bits, by: 1 << (length - rootBits))
          for slot in slots { entries[subtable.start + slot] = entry }
        }
        counts[length] -= 1
        code += 1
        index += 1
      }
      code <<= 1
    }
  }

  /// How many bits a second level needs that begins with a code of this length: enough for the codes
  /// still to come to fill it.
  private func subtableBits(at length: Int, counts: [Int]) -> Int {
    var bits = length - rootBits
    var room = 1 << bits
    while bits + rootBits < Self.longestCode {
      room -= counts[bits + rootBits]
      if room <= 0 { break }
      bits += 1
      room <<= 1
    }
    return bits
  }
}

extension UInt16 {
  /// The same bits in the opposite order.
  fileprivate var bitReversed: UInt16 {
    var value = self
    value = (value >> 1) & 0x5555 | (value & 0x5555) << 1
    value = (value >> 2) & 0x3333 | (value & 0x3333) << 2
    value = (value >> 4) & 0x0F0F | (value & 0x0F0F) << 4
    return value >> 8 | value << 8
  }
}
