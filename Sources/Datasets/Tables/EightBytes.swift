/// Eight bytes of a text compared at a time, in one word; the first byte is the lowest. Source: H. Warren, "Hacker's
/// Delight", 6-1.
enum EightBytes {
  /// The highest bit of each byte.
  static let marks: UInt64 = 0x8080_8080_8080_8080

  /// Sets the highest bits of those bytes that differ from `byte`, and leaves any bits in the others' lower ones.
  @inline(__always)
  static func different(from byte: UInt8, in word: UInt64) -> UInt64 {
    let difference = word ^ (0x0101_0101_0101_0101 &* UInt64(byte))
    return ((difference & ~marks) &+ ~marks) | difference
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// How often a byte comes.
  func count(of byte: UInt8) -> Int {
    let raw = UnsafeRawBufferPointer(self)
    var (count, position) = (0, 0)
    // runs so short that a byte counts each place's hits
    while position + 8 <= raw.count {
      let end = Swift.min(position + 8 * 255, raw.count - 7)
      var hits: UInt64 = 0
      for place in stride(from: position, to: end, by: 8) {
        let word = raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        hits &+= (~EightBytes.different(from: byte, in: word) & EightBytes.marks) >> 7
      }
      for shift in stride(from: UInt64(0), to: 64, by: 8) { count += Int(hits >> shift & 0xFF) }
      position += (end - position + 7) / 8 * 8
    }
    while position < raw.count {
      count += raw[position] == byte ? 1 : 0
      position += 1
    }
    return count
  }
}
