import Testing

@testable import DescentCommand

/// How many columns of a terminal a text takes.
@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("✅", 2), ("⭐", 2), ("⚡", 2), ("⌚", 2), ("⏰", 2), ("☕", 2), ("♈", 2), ("⚽", 2), ("✨", 2), ("❌", 2), ("❓", 2),
    ("➕", 2), ("🃏", 2), ("🆗", 2), ("🈚", 2), ("🟢", 2), ("🫠", 2), ("🇨🇭", 2), ("👍🏽", 2), ("𠮷", 2), ("ｱ", 1), ("🌢", 1),
    ("✓", 1), ("★", 1), ("☀", 1), ("☀️", 2), ("→", 1), ("①", 1), ("€", 1), ("é", 1), ("あ", 2), ("！", 2), ("한", 2),
  ])
  func emojiAndWideLetters(_ text: String, _ width: Int) { #expect(displayWidth(text) == width, "\(text)") }

  @Test func columnsStandUnderEachOther() {
    let lines = alignedTable(["a", "n"], [["⭐⭐", "1"], ["→", "22"]], numbers: [1])
    #expect(lines == ["a      n", "⭐⭐   1", "→     22"])
  }
}
