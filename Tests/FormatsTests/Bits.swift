@testable import DescentFormats

/// Writes deflate data by hand, right or wrong.
struct Bits {
  private(set) var bytes: [UInt8] = []
  private var used = 8

  enum Symbol {
    case literal(UInt8)
    case match(length: Int, distance: Int)
    /// Any symbol of the code for literals and lengths, or of the one for distances.
    case rawLength(Int)
    case rawDistance(Int)
    case end
  }

  /// These bits, lowest first.
  func number(_ value: Int, _ width: Int) -> Bits {
    var bits = self
    for shift in 0..<width { bits.append(value >> shift & 1) }
    return bits
  }

  /// These bits, highest first, as the codes of symbols are stored.
  func code(_ value: Int, _ width: Int) -> Bits {
    var bits = self
    for shift in (0..<width).reversed() { bits.append(value >> shift & 1) }
    return bits
  }

  private mutating func append(_ bit: Int) {
    if used == 8 {
      bytes.append(0)
      used = 0
    }
    bytes[bytes.count - 1] |= UInt8(bit << used)
    used += 1
  }

  func stored(_ content: [UInt8], isLast: Bool = true, complement: Int? = nil) -> Bits {
    var bits = number(isLast ? 1 : 0, 1).number(0, 2)
    bits.used = 8
    bits = bits.number(content.count, 16).number(complement ?? content.count ^ 0xFFFF, 16)
    bits.bytes += content
    return bits
  }

  func fixedBlock(_ symbols: [Symbol], isLast: Bool = true) -> Bits {
    var bits = number(isLast ? 1 : 0, 1).number(1, 2)
    for symbol in symbols + [.end] {
      switch symbol {
      case .literal(let byte): bits = bits.fixedSymbol(Int(byte))
      case .rawLength(let symbol): bits = bits.fixedSymbol(symbol)
      case .rawDistance(let symbol): bits = bits.code(symbol, 5)
      case .end: bits = bits.fixedSymbol(256)
      case .match(let length, let distance):
        let (symbol, extra, width) = Bits.split(length, DeflateSymbols.literalsAndLengths, 257...285)
        bits = bits.fixedSymbol(symbol).number(extra, width)
        let (far, farExtra, farWidth) = Bits.split(distance, DeflateSymbols.distances, 0...29)
        bits = bits.code(far, 5).number(farExtra, farWidth)
      }
    }
    return bits
  }

  private func fixedSymbol(_ symbol: Int) -> Bits {
    switch symbol {
    case ..<144: code(0b0011_0000 + symbol, 8)
    case ..<256: code(0b1_1001_0000 + symbol - 144, 9)
    case ..<280: code(symbol - 256, 7)
    default: code(0b1100_0000 + symbol - 280, 8)
    }
  }

  /// The last symbol whose smallest value is at most `value`.
  private static func split(
    _ value: Int, _ meanings: [HuffmanTable.Entry], _ symbols: ClosedRange<Int>
  ) -> (Int, Int, Int) {
    let symbol = symbols.last { Int(meanings[$0] >> 16) <= value } ?? symbols.lowerBound
    return (symbol, value - Int(meanings[symbol] >> 16), Int(meanings[symbol] >> 8 & 0x1F))
  }

  /// The beginning of a block with its own code: the counts, and the lengths of the code for lengths.
  func dynamicHeader(literals: Int = 257, distances: Int = 1, lengths: [Int: Int]) -> Bits {
    var bits = number(1, 1).number(2, 2).number(literals - 257, 5).number(distances - 1, 5).number(15, 4)
    for symbol in DeflateSymbols.codeLengthOrder { bits = bits.number(lengths[symbol] ?? 0, 3) }
    return bits
  }
}

/// A gzip member with this packed data, and the checksum and length of this content.
func member(
  header: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255], deflated: [UInt8], content: [UInt8]
) -> [UInt8] {
  let checksum = content.withUnsafeBytes { CRC32.checksum($0) }
  let trailer = [checksum, UInt32(content.count)].flatMap { word in
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
  }
  return header + deflated + trailer
}
