/// The bits of a byte string, lowest first, as deflate packs them.
///
/// Up to 63 bits wait in a register, so that the decoder asks memory once for several symbols. Past
/// the end come zeros, and ``isExhausted`` tells when one of those was used: one check a symbol is
/// enough then.
struct BitReader {
  /// All bytes, or the part of a stream that is in memory.
  private var bytes: UnsafeRawBufferPointer
  /// What else there is; nil where the bytes are all.
  private let stream: ByteStream?
  /// Where ``bytes`` begin in the stream.
  private var base = 0
  /// The next byte that is not in the register yet.
  private var next: Int
  private(set) var bits: UInt64 = 0
  private var count = 0

  /// Starts at the byte with number `position`.
  init(_ bytes: UnsafeRawBufferPointer, at position: Int) {
    self.bytes = bytes
    stream = nil
    next = position
  }

  /// Starts at the beginning of a stream.
  init(_ stream: ByteStream) {
    self.stream = stream
    bytes = stream.window
    next = 0
  }

  /// Whether more bits were taken than there are.
  var isExhausted: Bool { count < 0 }

  /// The number of the first byte of which nothing has been taken.
  var position: Int { base + next - max(0, count) / 8 }

  /// Whether no byte follows, after ``alignToByte()``.
  mutating func isAtEnd() -> Bool {
    refill()
    return count <= 0
  }

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
      refillAtEnd()
    }
  }

  /// Fills the register where fewer bytes than a word are in memory.
  @inline(never)
  private mutating func refillAtEnd() {
    if next + 8 > bytes.count { readOn() }
    while count >= 0, count < 56, next < bytes.count {
      bits |= UInt64(bytes[next]) &<< UInt64(truncatingIfNeeded: count)
      next &+= 1
      count &+= 8
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

  /// Takes up to `length` whole bytes, after ``alignToByte()``: as many as are in memory, and none only at the end.
  mutating func takeBytes(_ length: Int) -> UnsafeRawBufferPointer {
    guard !isExhausted else { return UnsafeRawBufferPointer(start: nil, count: 0) }
    next -= count / 8
    bits = 0
    count = 0
    if next == bytes.count { readOn() }
    let start = next
    next += min(length, bytes.count - start)
    return UnsafeRawBufferPointer(rebasing: bytes[start..<next])
  }

  /// Has the stream bring the bytes behind those in memory. Those that the register may give back stay.
  private mutating func readOn() {
    guard let stream, !stream.isAtEnd else { return }
    let passed = max(0, next - 8)
    bytes = stream.advance(by: passed)
    base += passed
    next -= passed
  }
}
