/// A number of 16 bits, the upper half of a Float: its range, and 8 significant bits (Kalamkar and others, "A study of
/// BFLOAT16 for deep learning training", 2019; PyTorch's `bfloat16`).
///
/// It is for storage: arithmetic goes through Float.
public struct BFloat16: Sendable {
  /// Sign, eight bits of exponent and seven of the fraction.
  public let bitPattern: UInt16

  /// The number of these bits.
  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest number, of two equally near the one whose last bit is 0; beyond the greatest it is infinite. NaN stays
  /// NaN.
  public init(_ value: Float) {
    let bits = value.bitPattern
    // a NaN whose lower half alone says so would become infinite
    self.init(
      bitPattern: UInt16(
        truncatingIfNeeded: value.isNaN ? bits >> 16 | 0x40 : (bits &+ 0x7FFF &+ (bits >> 16 & 1)) >> 16))
  }

  /// The same of a Double, rounded to Float on the way, as every cast is.
  public init(_ value: Double) { self.init(Float(value)) }
}

extension BFloat16: Hashable {
  /// As numbers: 0 is −0, and NaN is nothing.
  public static func == (left: BFloat16, right: BFloat16) -> Bool { Float(left) == Float(right) }
  /// Agrees with ==.
  public func hash(into hasher: inout Hasher) { hasher.combine(Float(self)) }
}

// No literals: every number that is written in a program would be one more guess for the compiler.
extension BFloat16: CustomStringConvertible {
  /// As Float writes it.
  public var description: String { "\(Float(self))" }
}

extension Float {
  /// The same number.
  public init(_ value: BFloat16) { self.init(bitPattern: UInt32(value.bitPattern) << 16) }
}
