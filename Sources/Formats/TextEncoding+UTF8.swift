/// UTF-8 (RFC 3629) as bytes: which of them are characters, and where they stop being any.
public enum UTF8Text {
  /// Where the first byte lies that begins no character; nil where all are UTF-8. What is cut short by the end counts as
  /// wrong, from its first byte on.
  ///
  /// Runs of ASCII are passed over 32 bytes at a time.
  public static func firstInvalid(in bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    let end = wholeCharacters(in: bytes)
    return end == bytes.count ? nil : end
  }

  /// Where the bytes stop being whole characters, from the start on: their count where all are.
  static func wholeCharacters(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    var position = 0
    while position < bytes.count {
      if bytes[position] < 0x80 {
        position += asciiCount(in: UnsafeBufferPointer(rebasing: bytes[position...]))
      } else {
        let length = sequenceLength(bytes, at: position)
        guard length > 0 else { break }
        position += length
      }
    }
    return position
  }

  /// How many bytes of ASCII come before any other.
  @inline(__always)
  static func asciiCount(in bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let raw = UnsafeRawBufferPointer(bytes)
    var position = 0
    while position + 32 <= raw.count {
      let next = raw.loadUnaligned(fromByteOffset: position, as: SIMD4<UInt64>.self)
      if next & SIMD4(repeating: 0x8080_8080_8080_8080) != .zero { break }
      position += 32
    }
    while position < raw.count, raw[position] < 0x80 { position += 1 }
    return position
  }

  /// How many bytes the character at a position takes: 0 where there is none, -1 where the end cuts off one that is right
  /// so far.
  @inline(__always)
  package static func sequenceLength(_ bytes: UnsafeBufferPointer<UInt8>, at position: Int) -> Int {
    let lead = bytes[position]
    if lead < 0x80 { return 1 }
    guard 0xC2...0xF4 ~= lead else { return 0 }
    let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
    // what is longer than it need be, half of a surrogate pair, or beyond U+10FFFF shows in the second byte
    let second: ClosedRange<UInt8> =
      switch lead {
      case 0xE0: 0xA0...0xBF
      case 0xED: 0x80...0x9F
      case 0xF0: 0x90...0xBF
      case 0xF4: 0x80...0x8F
      default: 0x80...0xBF
      }
    for index in 1..<length {
      guard position + index < bytes.count else { return -1 }
      guard (index == 1 ? second : 0x80...0xBF) ~= bytes[position + index] else { return 0 }
    }
    return length
  }

  /// The character at a position and its length in bytes; nil for a byte that is part of none.
  @inline(__always)
  package static func scalar(
    _ bytes: UnsafeBufferPointer<UInt8>, at position: Int
  ) -> (value: Unicode.Scalar, length: Int)? {
    let length = sequenceLength(bytes, at: position)
    guard length > 0 else { return nil }
    let lead = UInt32(bytes[position])
    var value = length == 1 ? lead : lead & (0x7F >> UInt32(length))
    for index in 1..<max(length, 1) { value = value << 6 | UInt32(bytes[position + index] & 0x3F) }
    return Unicode.Scalar(value).map { ($0, length) }
  }
}
