/// Lines of columns that stand under each other, those of `numbers` to the right.
func alignedTable(_ header: [String], _ rows: [[String]], numbers: Set<Int>) -> [String] {
  let lines = [header] + rows
  let widths = header.indices.map { column in lines.map { displayWidth($0[column]) }.max() ?? 0 }
  return lines.map { line in
    var text = line.indices.map { column in
      let blanks = String(repeating: " ", count: widths[column] - displayWidth(line[column]))
      return numbers.contains(column) ? blanks + line[column] : line[column] + blanks
    }.joined(separator: "  ")
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// How many columns of a terminal a text takes: two for a wide character of East Asia and for an emoji, none for
/// combining marks by themselves.
func displayWidth(_ text: String) -> Int {
  text.reduce(0) { $0 + width(of: $1) }
}

private func width(of character: Character) -> Int {
  character.unicodeScalars.reduce(0) { widest, scalar in
    // with this selector a character is drawn as an emoji
    if scalar == "\u{FE0F}" { return 2 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control: return widest
    default: return max(widest, isWide(scalar.value) ? 2 : 1)
    }
  }
}

private func isWide(_ scalar: UInt32) -> Bool { scalar >= 0x1100 && wideScalars.contains { $0.contains(scalar) } }

/// What is wide (W) or full-width (F) by Unicode's Standard Annex 11, among it all that is drawn as an emoji by itself, and
/// the letters that make flags in pairs. Scalars that are not assigned go with their neighbours.
///
/// Source: EastAsianWidth.txt of Unicode 15.
private let wideScalars: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0, 0x23F3...0x23F3,
  0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F, 0x2693...0x2693, 0x26A1...0x26A1,
  0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA,
  0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B,
  0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
  0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x303E,
  0x3041...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
  0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x1B2FF, 0x1F004...0x1F004,
  0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F1E6...0x1F320, 0x1F32D...0x1F335, 0x1F337...0x1F37C,
  0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3, 0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E,
  0x1F440...0x1F440, 0x1F442...0x1F4FC, 0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A,
  0x1F595...0x1F596, 0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2,
  0x1F6D5...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945,
  0x1F947...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
]

/// A text from a file as a line of a terminal shows it: what would move the cursor or turn the direction of writing
/// around is a blank, and what is wider than `limit` columns ends with `…`.
func lineOfText(_ text: String, limit: Int = 32) -> String {
  var line = ""
  var width = 0
  for character in text {
    let shown: Character = character.unicodeScalars.contains(where: movesTheCursor) ? " " : character
    width += displayWidth(String(shown))
    if width > limit {
      while displayWidth(line) > limit - 1 { line.removeLast() }
      return line + "…"
    }
    line.append(shown)
  }
  return line
}

private func movesTheCursor(_ scalar: Unicode.Scalar) -> Bool {
  switch scalar.properties.generalCategory {
  case .control, .lineSeparator, .paragraphSeparator: true
  default: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
  }
}
