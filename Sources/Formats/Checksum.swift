/// The checksum that gzip, zip and PNG files end with: CRC-32 with the polynomial 0xEDB88320, bits
/// reversed, all ones before and after. Source: RFC 1952, section 8.
///
/// A value of this type takes bytes in piece by piece.
package struct CRC32: Sendable {
  private var state = ~UInt32(0)
  /// How many bytes it has taken in.
  package private(set) var count = 0

  /// Of no bytes.
  package init() {}

  /// The checksum of all bytes so far.
  package var value: UInt32 { ~state }

  /// Eight tables of 256: what a byte does to the checksum from eight places ahead.
  private static let tables: [UInt32] = {
    var tables = (0..<256).map { byte in
      (0..<8).reduce(UInt32(byte)) { value, _ in value >> 1 ^ (value & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    for index in 256..<2048 {
      let previous = tables[index - 256]
      tables.append(previous >> 8 ^ tables[Int(previous & 0xFF)])
    }
    return tables
  }()

  /// The checksum of `bytes`.
  package static func checksum(_ bytes: UnsafeRawBufferPointer) -> UInt32 {
    var checksum = CRC32()
    checksum.add(bytes)
    return checksum.value
  }

  /// Takes in one more byte.
  mutating func add(_ byte: UInt8) {
    state = state >> 8 ^ Self.tables[Int((state ^ UInt32(byte)) & 0xFF)]
    count += 1
  }

  /// Takes in more bytes.
  package mutating func add(_ bytes: UnsafeRawBufferPointer) {
    count += bytes.count
    state = Self.tables.withUnsafeBufferPointer { buffer in
      guard let table = buffer.baseAddress else { return 0 }
      var value = state
      var index = 0
      while index &+ 8 <= bytes.count {
        let low = value ^ UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt32.self))
        let high = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: index &+ 4, as: UInt32.self))
        value = table[0x700 &+ Int(low & 0xFF)] ^ table[0x600 &+ Int(low >> 8 & 0xFF)]
        value ^= table[0x500 &+ Int(low >> 16 & 0xFF)] ^ table[0x400 &+ Int(low >> 24)]
        value ^= table[0x300 &+ Int(high & 0xFF)] ^ table[0x200 &+ Int(high >> 8 & 0xFF)]
        value ^= table[0x100 &+ Int(high >> 16 & 0xFF)] ^ table[Int(high >> 24)]
        index &+= 8
      }
      while index < bytes.count {
        value = value >> 8 ^ table[Int((value ^ UInt32(bytes[index])) & 0xFF)]
        index &+= 1
      }
      return value
    }
  }
}
