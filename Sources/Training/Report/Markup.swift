/// A piece of a page: whatever is put into it as text is escaped.
///
///     let cell: Markup = "<td>\(columnName)</td>"
///
/// Names and values come from hostile files: only markup is taken as markup, and only where it is written in the program.
struct Markup: Sendable, ExpressibleByStringInterpolation {
  private(set) var text: String

  init(stringLiteral value: String) { text = value }

  init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

  static func + (left: Markup, right: Markup) -> Markup { "\(left)\(right)" }

  static func += (left: inout Markup, right: Markup) { left.text += right.text }

  struct Interpolation: StringInterpolationProtocol {
    fileprivate var text = ""

    init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

    mutating func appendLiteral(_ literal: String) { text += literal }
    mutating func appendInterpolation(_ string: String) { text += escaped(string) }
    mutating func appendInterpolation(_ number: Int) { text += "\(number)" }
    mutating func appendInterpolation(_ markup: Markup) { text += markup.text }
    mutating func appendInterpolation(_ parts: [Markup]) { for part in parts { text += part.text } }
    mutating func appendInterpolation(_ part: Markup?) { text += part?.text ?? "" }
    /// A coordinate: a tenth of a point is enough.
    mutating func appendInterpolation(at coordinate: Double) { text += "\((coordinate * 10).rounded() / 10)" }
  }
}

/// Text as HTML and XML take it, between tags and in attributes.
private func escaped(_ string: String) -> String {
  var result = ""
  result.reserveCapacity(string.utf8.count)
  for scalar in string.unicodeScalars {
    switch scalar {
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    case "'": result += "&#39;"
    case "\n", "\t": result.unicodeScalars.append(scalar)
    // neither may hold control characters, nor what is no character
    case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}

extension String {
  /// The text, cut to so many characters: a field of a file may be of any length. Counted in Unicode scalars, because a
  /// character may have any number of marks.
  func shortened(to most: Int) -> String {
    guard let end = unicodeScalars.index(unicodeScalars.startIndex, offsetBy: most, limitedBy: unicodeScalars.endIndex),
      end < unicodeScalars.endIndex
    else { return self }
    return String(unicodeScalars[..<unicodeScalars.index(before: end)]) + "…"
  }
}
