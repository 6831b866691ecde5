/// Numbers as people write them: `$1,036.00`, `-€5`, `1,036`, `49.6 %`.
///
/// A sign, one currency sign in front or behind, digits with or without commas between groups of three, a fraction behind a
/// point, a per cent sign behind. Per cent and currencies are units of the whole column: `49.6 %` is 49.6.
enum WrittenNumber {
  private static let currencies: [[UInt8]] = ["$", "€", "£", "¥"].map { Array($0.utf8) }
  private static let longest = 40

  /// The number that all of the bytes are; nil where they are none, or one without anything of the above.
  static func value(_ bytes: UnsafeBufferPointer<UInt8>) -> Double? {
    guard let last = bytes.last, bytes.count <= longest, isDigit(last) || isUnit(last) else { return nil }
    var rest = bytes[...]
    var plain: [UInt8] = []
    var isMarked = false
    var isSigned = takeSign(&rest, into: &plain)
    if takeCurrency(&rest) {
      isMarked = true
      if !isSigned { isSigned = takeSign(&rest, into: &plain) }
    }
    guard let grouped = takeDigits(&rest, into: &plain) else { return nil }
    if rest.first == UInt8(ascii: ".") {
      plain.append(rest.removeFirst())
      while let digit = rest.first, isDigit(digit) { plain.append(rest.removeFirst()) }
    }
    if rest.first == .space { rest.removeFirst() }
    if rest.first == UInt8(ascii: "%") {
      rest.removeFirst()
      isMarked = true
    } else if !isMarked {
      isMarked = takeCurrency(&rest)
    }
    guard rest.isEmpty, isMarked || grouped else { return nil }
    return Double(String(decoding: plain, as: UTF8.self))
  }

  private typealias Rest = Slice<UnsafeBufferPointer<UInt8>>

  private static func takeSign(_ rest: inout Rest, into plain: inout [UInt8]) -> Bool {
    guard let sign = rest.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") else { return false }
    plain.append(rest.removeFirst())
    return true
  }

  private static func takeCurrency(_ rest: inout Rest) -> Bool {
    guard let sign = currencies.first(where: { rest.starts(with: $0) }) else { return false }
    rest.removeFirst(sign.count)
    if rest.first == .space { rest.removeFirst() }
    return true
  }

  /// - Returns: whether commas stand between the digits; nil where there are none, or groups that are not of three.
  private static func takeDigits(_ rest: inout Rest, into plain: inout [UInt8]) -> Bool? {
    var (group, isGrouped) = (0, false)
    while let byte = rest.first {
      if isDigit(byte) {
        plain.append(byte)
        group += 1
      } else if byte == .comma, isGrouped ? group == 3 : 1...3 ~= group {
        (group, isGrouped) = (0, true)
      } else {
        break
      }
      rest.removeFirst()
    }
    return group == 0 || (isGrouped && group != 3) ? nil : isGrouped
  }

  /// Whether a byte may be the end of a unit.
  @inline(__always)
  static func isUnit(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "%") || byte == UInt8(ascii: "$") || byte >= 0x80 }

  private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }
}
