/// What the symbols of deflate's codes mean, and its fixed code (RFC 1951, sections 3.2.5 to 3.2.7).
enum DeflateSymbols {
  /// Literals, the end of a block (256), lengths (257–285), and two that the fixed code has and
  /// nobody may use.
  static let literalsAndLengths: [HuffmanTable.Entry] = {
    let extraBits: [UInt32] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5]
    var entries = (0..<256).map { UInt32($0) << 16 | HuffmanTable.literal }
    // One marks the end: a code without a meaning has 0 here.
    entries.append(1 << 16 | HuffmanTable.exceptional)
    var length: UInt32 = 3
    for bits in extraBits {
      entries.append(length << 16 | bits << 8)
      length += 1 << bits
    }
    // The longest match has a symbol of its own, without extra bits.
    entries.append(258 << 16)
    return entries + [HuffmanTable.invalid, HuffmanTable.invalid]
  }()

  /// Distances (0–29), and two that the fixed code has and nobody may use.
  static let distances: [HuffmanTable.Entry] = {
    var entries: [HuffmanTable.Entry] = []
    var distance: UInt32 = 1
    for symbol in 0..<30 {
      let bits = UInt32(max(0, symbol / 2 - 1))
      entries.append(distance << 16 | bits << 8)
      distance += 1 << bits
    }
    return entries + [HuffmanTable.invalid, HuffmanTable.invalid]
  }()

  /// The symbols of the code that code lengths are packed with: a length, or a repetition (16–18).
  static let codeLengths: [HuffmanTable.Entry] = (0..<19).map { UInt32($0) << 16 }

  /// The order in which the lengths of that code are stored.
  static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

  /// The code lengths of a block with the fixed code.
  static let fixedLiteralLengths =
    [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
    + [UInt8](repeating: 8, count: 8)
  static let fixedDistanceLengths = [UInt8](repeating: 5, count: 32)
}
