/// Hashes of pieces and pairs for tables that live in this process: a few instructions, where the standard library's take
/// as long as all the rest of a look-up.
///
/// The secret is drawn anew in every process, so that no text can be made to collide. Nothing may depend on a hash but the
/// place where something is found again.
enum PieceHash {
  private static let secret = UInt64.random(in: 1...UInt64.max) | 1

  @inline(__always)
  static func of(_ number: UInt64) -> Int { Int(truncatingIfNeeded: mixed(number, secret)) }

  @inline(__always)
  static func of(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
    let (raw, secret) = (UnsafeRawBufferPointer(bytes), secret)
    var hash = mixed(UInt64(truncatingIfNeeded: raw.count), secret)
    var position = 0
    while position + 8 <= raw.count {
      hash = mixed(hash ^ raw.loadUnaligned(fromByteOffset: position, as: UInt64.self), secret)
      position += 8
    }
    var rest: UInt64 = 0
    while position < raw.count {
      rest = rest << 8 | UInt64(raw[position])
      position += 1
    }
    return Int(truncatingIfNeeded: mixed(hash ^ rest, secret))
  }

  /// Both halves of the product, so that every bit of the number reaches the lower ones.
  @inline(__always)
  private static func mixed(_ number: UInt64, _ secret: UInt64) -> UInt64 {
    let product = (number ^ 0x9E37_79B9_7F4A_7C15).multipliedFullWidth(by: secret)
    return product.high ^ product.low
  }
}
