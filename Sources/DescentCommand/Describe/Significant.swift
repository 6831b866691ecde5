import Descent

/// A number with five significant digits, or with all of its whole part; `–` where there is none.
func significant(_ number: Double?) -> String { number.map { significant($0) } ?? "–" }

/// A number with five significant digits, or with all of its whole part: `0.031416`, `3.1416`, `31,416`.
func significant(_ number: Double) -> String {
  guard number.isFinite else { return "–" }
  let sign = number < 0 ? "−" : ""
  let size = abs(number)
  if size == 0 { return "0" }
  var (mantissa, exponent) = (size, 0)
  while mantissa >= 10 { (mantissa, exponent) = (mantissa / 10, exponent + 1) }
  while mantissa < 1 { (mantissa, exponent) = (mantissa * 10, exponent - 1) }
  if exponent >= 15 || exponent < -4 {
    return "\(sign)\(fixed(mantissa, decimals: 4))e\(exponent < 0 ? "−" : "")\(abs(exponent))"
  }
  return sign + fixed(size, decimals: max(0, 4 - exponent))
}

/// A number of 0 or more with at most so many decimals, without zeros at the end.
private func fixed(_ size: Double, decimals: Int) -> String {
  let unit = (0..<decimals).reduce(1.0) { unit, _ in unit * 10 }
  let scaled = (size * unit).rounded()
  let whole = (scaled / unit).rounded(.down)
  let fraction = "\(Int(scaled - whole * unit))"
  var digits = String(repeating: "0", count: max(0, decimals - fraction.count)) + fraction
  while digits.hasSuffix("0") { digits.removeLast() }
  return grouped(whole) + (decimals == 0 || digits.isEmpty ? "" : ".\(digits)")
}
