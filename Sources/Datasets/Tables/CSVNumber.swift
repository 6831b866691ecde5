/// What the content of a field means as a number.
enum CSVNumber {
  case finite(Double)
  /// NaN or infinity in any spelling that C's `strtod` takes, or a number beyond double precision.
  case notFinite
  case text

  /// Reads a decimal number: digits with an optional sign, point and exponent, or a ``WrittenNumber``.
  ///
  /// Up to 19 digits with a small power of ten are computed right here: exact where the digits fit 53 bits
  /// (W. Clinger, "How to read floating point numbers accurately", 1990), else within one unit in the last
  /// place of double precision, far below what float32 keeps. All others go to the standard library.
  @inline(__always)
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    var position = 0
    guard let base = bytes.baseAddress, let fast = Self.decimal(base, &position, bytes.count), position == bytes.count
    else {
      self = Self.slow(bytes)
      return
    }
    self = .finite(fast)
  }

  /// The number that begins at `position`, which then is behind its last character; nil where there is none or
  /// it is not one for the quick way.
  @inline(__always)
  static func decimal(_ base: UnsafePointer<UInt8>, _ position: inout Int, _ count: Int) -> Double? {
    var isNegative = false
    if position < count, base[position] == .minus || base[position] == .plus {
      isNegative = base[position] == .minus
      position += 1
    }
    var mantissa: UInt64 = 0
    var digits = 0
    var exponent = 0
    while position < count, base[position] &- .zero <= 9 {
      mantissa = mantissa &* 10 &+ UInt64(base[position] &- .zero)
      digits += 1
      position += 1
    }
    if position < count, base[position] == .point {
      position += 1
      let fraction = position
      while position < count, base[position] &- .zero <= 9 {
        mantissa = mantissa &* 10 &+ UInt64(base[position] &- .zero)
        position += 1
      }
      exponent = fraction - position
      digits += position - fraction
    }
    // More digits may have overflowed the mantissa.
    guard digits > 0, digits <= 19 else { return nil }
    if position < count, base[position] | 0x20 == .exponent {
      position += 1
      var isDown = false
      if position < count, base[position] == .minus || base[position] == .plus {
        isDown = base[position] == .minus
        position += 1
      }
      let first = position
      var written = 0
      while position < count, base[position] &- .zero <= 9, position - first < 4 {
        written = written * 10 + Int(base[position] &- .zero)
        position += 1
      }
      guard position > first else { return nil }
      exponent += isDown ? -written : written
    }
    guard exponent >= -22, exponent <= 22 else { return nil }
    let magnitude = Double(mantissa)
    let value =
      exponent < 0 ? magnitude / powersOfTen[-exponent] : exponent == 0 ? magnitude : magnitude * powersOfTen[exponent]
    return isNegative ? -value : value
  }

  /// Whether a text is a finite number.
  static func isNumber(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { if case .finite = CSVNumber($0) { true } else { false } }
  }

  @inline(never)
  private static func slow(_ bytes: UnsafeBufferPointer<UInt8>) -> CSVNumber {
    guard mayBeNumber(bytes) else { return WrittenNumber.value(bytes).map { .finite($0) } ?? .text }
    // Hexadecimal is no number that a table means: it is an identifier.
    guard !bytes.contains(where: { $0 | 0x20 == UInt8(ascii: "x") || $0 == UInt8(ascii: "_") }),
      let value = Double(String(decoding: bytes, as: UTF8.self))
    else { return isSpelledNaN(bytes) ? .notFinite : .text }
    return value.isFinite ? .finite(value) : .notFinite
  }

  /// False for dates, words and all else that `strtod` need not be asked about.
  private static func mayBeNumber(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    let start = bytes.first == .minus || bytes.first == .plus ? 1 : 0
    guard start < bytes.count else { return false }
    // infinity or NaN
    if bytes[start] | 0x20 == UInt8(ascii: "i") || bytes[start] | 0x20 == UInt8(ascii: "n") { return true }
    return bytes.indices[start...].allSatisfy { place in
      switch bytes[place] {
      case .zero...(.zero + 9), .point, .exponent, .exponent & ~0x20: true
      case .minus, .plus: bytes[place - (place > start ? 1 : 0)] | 0x20 == .exponent
      default: false
      }
    }
  }

  /// `nan` and `nan(anything)` with or without a sign, in any case: C takes payloads that Swift does not.
  private static func isSpelledNaN(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var rest = bytes[...]
    if rest.first == .minus || rest.first == .plus { rest = rest.dropFirst() }
    guard rest.prefix(3).map({ $0 | 0x20 }) == Array("nan".utf8) else { return false }
    rest = rest.dropFirst(3)
    return rest.isEmpty || (rest.first == UInt8(ascii: "(") && rest.last == UInt8(ascii: ")"))
  }
}

/// 10⁰ … 10²²: the powers of ten that double precision holds exactly.
private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]

extension UInt8 {
  fileprivate static let plus = UInt8(ascii: "+")
  fileprivate static let minus = UInt8(ascii: "-")
  fileprivate static let point = UInt8(ascii: ".")
  fileprivate static let zero = UInt8(ascii: "0")
  fileprivate static let exponent = UInt8(ascii: "e")
}
