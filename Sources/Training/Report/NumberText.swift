#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Numbers as people read them, the same on every machine.
enum NumberText {
  /// A number with so many significant digits: `0.9737`, `1,797`, `−12.5`, `1.2 × 10⁻⁷`.
  static func plain(_ number: Double, digits: Int = 4) -> String {
    guard number.isFinite else { return number.isNaN ? "not a number" : number > 0 ? "∞" : "−∞" }
    guard number != 0 else { return "0" }
    var exponent = Int(log10(abs(number)).rounded(.down))
    // 9.9996 has one digit more once it is rounded
    if abs(number) / pow(10, Double(exponent)) >= 10 - 0.5 * pow(10, 1 - Double(digits)) { exponent += 1 }
    guard (-5..<9).contains(exponent) else {
      let mantissa = number / pow(10, Double(exponent))
      return "\(trimmed(fixed(mantissa, decimals: digits - 1))) × 10\(superscript(exponent))"
    }
    return trimmed(fixed(number, decimals: max(digits - 1 - exponent, 0)))
  }

  /// A share in percent: `97.4 %`.
  static func percent(_ share: Double, decimals: Int = 1) -> String {
    share.isFinite ? "\(fixed(100 * share, decimals: decimals))\u{A0}%" : plain(share)
  }

  /// A count: `1,797`.
  static func count(_ count: Int) -> String { grouped("\(count)") }

  /// A count with its noun: `1 row`, `1,797 rows`.
  static func count(_ count: Int, _ noun: String) -> String { "\(self.count(count)) \(noun)\(count == 1 ? "" : "s")" }

  /// A number with so many decimals, thousands apart.
  static func fixed(_ number: Double, decimals: Int) -> String {
    let scale = pow(10, Double(decimals))
    let scaled = (abs(number) * scale).rounded(.toNearestOrAwayFromZero)
    guard scaled < 9e15 else { return "\(number)" }
    let digits = "\(Int(scaled))"
    let padded = String(repeating: "0", count: max(decimals + 1 - digits.count, 0)) + digits
    let whole = grouped(String(padded.dropLast(decimals)))
    let sign = number < 0 && scaled > 0 ? "−" : ""
    return sign + whole + (decimals == 0 ? "" : "." + padded.suffix(decimals))
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var end = text.endIndex
    while text[text.index(before: end)] == "0" { end = text.index(before: end) }
    if text[text.index(before: end)] == "." { end = text.index(before: end) }
    return String(text[..<end])
  }

  private static func grouped(_ digits: String) -> String {
    var result = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, (digits.count - place).isMultiple(of: 3), digit.isNumber, result != "-" { result += "," }
      result.append(digit)
    }
    return result
  }

  private static func superscript(_ number: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return (number < 0 ? "⁻" : "") + String("\(abs(number))".compactMap(\.wholeNumberValue).map { digits[$0] })
  }
}
