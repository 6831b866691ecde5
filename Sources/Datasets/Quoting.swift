/// A text from a file as a message shows it: in quotes, on one line, and not longer than a line.
func quoted(_ text: String) -> String {
  let line = String(text.prefix(40).map { $0.isNewline || $0 == "\0" ? " " : $0 })
  return text.count > 40 ? "'\(line)…'" : "'\(line)'"
}

/// `'a', 'b' and 3 more`: names for a message that stays on one line.
func quotedList(_ names: [String], limit: Int = 20) -> String {
  let shown = names.prefix(limit).map(quoted).joined(separator: ", ")
  return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}
