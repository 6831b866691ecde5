/// The bits of a byte string, lowest first, as deflate packs them.
///
/// Up to 63 bits wait in a register, so that the decoder asks memory once for several symbols. Past
/// the end come zeros, and ``isExhausted`` tells when one of those was used: one check a symbol is
/// enough then.
struct BitReader {
  private let bytes: UnsafeRawBufferPointer
  /// The next byte that is not in the register yet.
  private var next: Int
  private(set) var bits: UInt64 = 0
  private var count = 0

  /// Starts at the byte with number `position`.
  init(_ bytes: UnsafeRawBufferPointer, at position: Int) {
    self.bytes = bytes
    next = position
  }

  /// Whether more bits were taken than there are.
  var isExhausted: Bool { count < 0 }

  /// The number of the first byte of which nothing has been taken.
  var position: Int { next - max(0, count) / 8 }

  /// Fills the register to at least 56 bits, as far as there is input.
  @inline(__always)
  mutating func refill() {
    if next &+ 8 <= bytes.count, count >= 0 {
      let word = UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: next, as: UInt64.self))
      // The bits above `count` are the input's own already, so a second "or" of them changes nothing.
      bits |= word &<< UInt64(truncatingIfNeeded: count)
      next &+= (63 &- count) >> 3
      count |= 56
    } else {
      while count >= 0, count < 56, next < bytes.count {
        bits |= UInt64(bytes[next]) &<< UInt64(truncatingIfNeeded: count)
        next &+= 1
        count &+= 8
      }
    }
  }

  /// The next `width` bits, which stay.
  @inline(__always)
  func peek(_ width: Int) -> Int {
    Int(truncatingIfNeeded: bits & (1 &<< UInt64(truncatingIfNeeded: width) &- 1))
  }

  /// Drops `width` bits, at most as many as ``refill()`` promised.
  @inline(__always)
  mutating func drop(_ width: Int) {
    bits &>>= UInt64(truncatingIfNeeded: width)
    count &-= width
  }

  /// Takes the next `width` bits, at most 32.
  mutating func take(_ width: Int) -> Int {
    refill()
    let value = peek(width)
    drop(width)
    return value
  }

  /// Moves on to the next whole byte.
  mutating func alignToByte() {
    drop(count & 7)
  }

  /// Takes `length` whole bytes, after ``alignToByte()``; nil where there are fewer.
  mutating func takeBytes(_ length: Int) -> UnsafeRawBufferPointer? {
    let start = position
    guard !isExhausted, bytes.count - start >= length else { return nil }
    next = start + length
    bits = 0
    count = 0
    return UnsafeRawBufferPointer(rebasing: bytes[start..<next])
  }
}
