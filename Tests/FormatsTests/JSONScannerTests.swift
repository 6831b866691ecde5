import Testing

@testable import DescentFormats

@Suite struct JSONScannerTests {
  private func scanner(_ text: String) -> JSONScanner {
    JSONScanner(Array(text.utf8), in: 0..<text.utf8.count)
  }

  private func skips(_ text: String) -> Bool {
    var scanner = scanner(text)
    do throws(JSONScanner.Failure) {
      try scanner.skipValue()
      try scanner.finish()
      return true
    } catch {
      return false
    }
  }

  @Test(arguments: [
    "0", "-0", "12", "-1.5e+10", "0.25E-3", "1e9", "true", "false", "null", #""""#, "[]", "{}", " [ ] ", "{ }",
    #"[1, "a", [true, {"b": null}], {"c": [], "d": {}}]"#, "\t\n\r {\"a\" : 1 , \"a\" : 2}\n", "[[[[]]]]", "[{},{}]",
  ])
  func valid(text: String) {
    #expect(skips(text))
  }

  @Test(arguments: [
    "", " ", "01", "-", "+1", ".5", "1.", "1e", "1e+", "0x10", "tru", "nul", "True", "NaN", "Infinity", "'a'", "[", "]",
    "{", "}", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "[1]]", "{}{}", "[1}",
    "{\"a\":1]", "\"", "\"\\\"", "\"a\nb\"", "\"\t\"", "// a", "\u{FEFF}{}", "\u{A0}1",
  ])
  func invalid(text: String) {
    #expect(!skips(text))
  }

  @Test func strings() throws {
    let cases: [(String, String)] = [
      (#""""#, ""), (#""abc""#, "abc"), (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
      (#""\u0041\u00e9\u20AC""#, "Aé€"), (#""\ud83d\ude00 \uD834\uDD1E""#, "😀 𝄞"), ("\"é € 😀\"", "é € 😀"),
      (#""\u0000""#, "\0"), ("\"\u{7F}\"", "\u{7F}"), (#""\uFFFF""#, "\u{FFFF}"),
    ]
    for (text, expected) in cases {
      var scanner = scanner(text)
      #expect(try scanner.readString() == expected)
      #expect(throws: Never.self) { try scanner.finish() }
    }
  }

  @Test(arguments: [
    #""\ud800""#, #""\ud800\u0041""#, #""\ud800\ud800""#, #""\udc00""#, #""\ud83d\n""#, #""\u12""#, #""\u12g4""#,
    #""\x41""#, #""\U0041""#, #""\"#, #""\u"#, #""\ud83d\u"#, "\"\u{1}\"", "abc", "1",
  ])
  func damagedStrings(text: String) {
    #expect(throws: JSONScanner.Failure.self) {
      var scanner = scanner(text)
      _ = try scanner.readString()
    }
  }

  @Test(
    arguments: [
      [0xFF], [0xC0, 0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0x80],
      [0xF8, 0x88, 0x80, 0x80, 0x80],
    ] as [[UInt8]])
  func notUTF8(bytes: [UInt8]) {
    let text: [UInt8] = [0x22] + bytes + [0x22]
    var scanner = JSONScanner(text, in: 0..<text.count)
    #expect(throws: JSONScanner.Failure(position: 1, message: "a string is not UTF-8")) { _ = try scanner.readString() }
  }

  @Test func sizes() throws {
    for (text, expected) in [("[]", []), ("[0]", [0]), (" [ 1 ,20,9223372036854775807 ] ", [1, 20, Int.max])] {
      var scanner = scanner(text)
      #expect(try scanner.readSizes() == expected)
    }
    let damaged = [
      "[-1]", "[1.0]", "[1e3]", "[01]", "[\"1\"]", "[1,]", "[9223372036854775808]", "[99999999999999999999]", "[1",
    ]
    for text in damaged + ["1", "{}", "null", "[null]", "[[1]]"] {
      #expect(throws: JSONScanner.Failure.self, "\(text)") {
        var scanner = scanner(text)
        _ = try scanner.readSizes()
      }
    }
  }

  @Test func members() throws {
    var scanner = scanner(#" { "a" : {} , "b" : { "c" : 1 }, "a" : 2 } "#)
    var keys: [String] = []
    try scanner.enterObject()
    while let key = try scanner.nextKey() {
      keys.append(key)
      try scanner.skipValue()
    }
    try scanner.finish()
    #expect(keys == ["a", "b", "a"])
  }

  @Test func nestingIsLimited() {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    #expect(skips(nested(JSONScanner.deepest)))
    #expect(!skips(nested(JSONScanner.deepest + 1)))
    #expect(!skips(String(repeating: "[", count: 1_000_000)))
    #expect(!skips(String(repeating: "{\"a\":", count: 200_000)))
  }
}
