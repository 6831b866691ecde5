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
    default: return max(widest, wideScalars.contains { $0.contains(scalar.value) } ? 2 : 1)
    }
  }
}

/// The blocks that are wide or full-width, or emoji, by Unicode's Standard Annex 11.
private let wideScalars: [ClosedRange<UInt32>] = [
  0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF,
  0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x1F1E6...0x1F1FF, 0x1F300...0x1F64F, 0x1F680...0x1F6FF,
  0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD,
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
