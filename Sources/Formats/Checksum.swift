/// The checksum that gzip, zip and PNG files end with: CRC-32 with the polynomial 0xEDB88320, bits
/// reversed, all ones before and after. Source: RFC 1952, section 8.
package enum CRC32 {
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
    tables.withUnsafeBufferPointer { buffer in
      guard let table = buffer.baseAddress else { return 0 }
      var value = ~UInt32(0)
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
      return ~value
    }
  }
}
