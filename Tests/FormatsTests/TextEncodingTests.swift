import Testing

@testable import DescentFormats

/// Texts in other encodings than UTF-8, and UTF-8 itself.
@Suite struct TextEncodingTests {
  /// The text that chunks of so many bytes give.
  private func converted(_ bytes: [UInt8], _ name: String, chunk: Int = .max) throws -> String {
    var converter = try TextConverter(from: TextEncoding(named: name), place: "text")
    var text: [UInt8] = []
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + min(chunk, bytes.count))
      try converter.convert(bytes[start..<end], into: &text)
      start = end
    }
    try converter.finish(into: &text)
    return try #require(String(validating: text, as: UTF8.self))
  }

  private static let examples: [(name: String, bytes: [UInt8], text: String)] = [
    ("utf-8", Array("größer 我 👍".utf8), "größer 我 👍"),
    ("utf-8", [0xEF, 0xBB, 0xBF, 0x61, 0xEF, 0xBB, 0xBF], "a\u{FEFF}"),
    ("utf-16", [0xFF, 0xFE, 0x61, 0, 0x11, 0x62, 0x3D, 0xD8, 0x4D, 0xDC], "a我👍"),
    ("utf-16", [0xFE, 0xFF, 0, 0x61, 0x62, 0x11, 0xD8, 0x3D, 0xDC, 0x4D], "a我👍"),
    ("utf-16", [0x61, 0, 0x11, 0x62], "a我"),
    ("utf-16be", [0xFE, 0xFF, 0, 0x61, 0x62, 0x11], "a我"),
    ("utf-16le", [0x61, 0, 0xE9, 0], "aé"),
    ("latin-1", [0x67, 0x72, 0xF6, 0xDF, 0x65, 0x72, 0x20, 0x80, 0xFF], "größer \u{80}ÿ"),
    ("ISO_8859-1", [0xE9], "é"),
    ("windows-1252", [0x80, 0x20, 0x93, 0x68, 0x69, 0x94], "€ “hi”"),
    ("windows-1251", [0xCF, 0xF0, 0xE8, 0xE2, 0xE5, 0xF2], "Привет"),
    ("koi8-r", [0xF0, 0xD2, 0xC9, 0xD7, 0xC5, 0xD4], "Привет"),
    ("latin-2", [0xB3, 0xF3, 0x64, 0xBC], "łódź"),
    ("latin-9", [0xA4, 0xBC], "€Œ"),
    // two bytes; four bytes: U+1F44D, U+20000, U+00A9
    ("gb18030", [0xC4, 0xE3, 0xBA, 0xC3, 0x2C, 0x61], "你好,a"),
    ("gb18030", [0x94, 0x39, 0xD1, 0x31, 0x95, 0x32, 0x82, 0x36, 0x81, 0x30, 0x84, 0x38], "👍𠀀©"),
    ("gb18030", [0x84, 0x31, 0x95, 0x33, 0xCE, 0xD2], "我"),
    ("GBK", [0xC4, 0xE3], "你"),
    ("big5", [0xA7, 0x41, 0xA6, 0x6E], "你好"),
    ("shift_jis", [0x93, 0xFA, 0x96, 0x7B, 0xB1], "日本ｱ"),
    ("euc-jp", [0xC6, 0xFC, 0xCB, 0xDC], "日本"),
    ("euc-kr", [0xC7, 0xD1, 0xB1, 0xDB], "한글"),
  ]

  @Test(arguments: examples)
  func textsComeOutInWhateverChunks(name: String, bytes: [UInt8], text: String) throws {
    for chunk in 1...bytes.count + 1 { #expect(try converted(bytes, name, chunk: chunk) == text, "\(chunk)") }
    #expect(try TextEncoding(named: name).utf8(bytes, place: "text") == Array(text.utf8))
  }

  @Test func longTextsAreNoDifferent() throws {
    // longer than the room that the system's conversion writes into, and cut at odd places
    let pattern: [UInt8] = [0xC4, 0xE3, 0x61, 0x94, 0x39, 0xD1, 0x31]
    let bytes = [[UInt8]](repeating: pattern, count: 30_000).flatMap(\.self)
    let text = String(repeating: "你a👍", count: 30_000)
    for chunk in [Int.max, 65_537, 1000, 7777] { #expect(try converted(bytes, "gb18030", chunk: chunk) == text) }
    let latin = try converted([UInt8](repeating: 0xE9, count: 100_000), "latin-1", chunk: 333)
    #expect(latin == String(repeating: "é", count: 100_000))
  }

  @Test(
    arguments: [
      ("utf-8", [0x61, 0xFF, 0x62], 1), ("utf-8", [0x61, 0x62, 0xC3], 2), ("utf-8", [0xED, 0xA0, 0x80], 0),
      ("utf-16le", [0x61, 0, 0, 0xDC], 2), ("utf-16be", [0xD8, 0, 0, 0x61], 0), ("utf-16", [0x61, 0, 0x61], 2),
      ("utf-16be", [0, 0x61, 0xD8, 0x3D], 2), ("utf-16", [0x61], 0),
      ("gb18030", [0x61, 0x62, 0xFF, 0x61], 2), ("gb18030", [0x61, 0x94, 0x39, 0xD1], 1),
      ("gb18030", [0x61, 0x81, 0x20], 1), ("euc-jp", [0xC6, 0xFC, 0xCB, 0x20], 2),
    ] as [(String, [UInt8], Int)])
  func whatIsNotOfTheEncodingIsFoundByItsByte(name: String, bytes: [UInt8], offset: Int) throws {
    for chunk in 1...bytes.count {
      let error = try dataError { _ = try converted(bytes, name, chunk: chunk) }
      #expect(error.place == "text, byte \(offset)", "in chunks of \(chunk)")
      #expect(error.kind == .invalid)
    }
  }

  @Test func errorsSaySo() throws {
    let wrong = try dataError { _ = try converted([0x61, 0xFF, 0x62], "utf-8") }
    #expect(
      wrong.description
        == "text, byte 1: 0xFF 0x62 is no character of utf-8; the text is damaged or in another encoding")
    let cut = try dataError { _ = try converted([0x61, 0xC3], "utf-8") }
    #expect(cut.description == "text, byte 1: the text ends in the middle of a character of utf-8")
    let unknown = try dataError { _ = try TextEncoding(named: "ebcdic") }
    #expect(unknown.description.hasPrefix("encoding 'ebcdic': there is no such encoding; there are utf-8, utf-16, "))
    let absent = try dataError { _ = try SystemConverter(from: "NO-SUCH-CODE", encoding: .utf8) }
    #expect(absent.message.hasPrefix("this system can't read it: its C library has no converter for NO-SUCH-CODE"))
  }

  @Test func everyNameIsKnownAndReadsASCII() throws {
    #expect(TextEncoding.known.count == Set(TextEncoding.known).count)
    for name in TextEncoding.known where !name.hasPrefix("utf-16") {
      let encoding = try TextEncoding(named: name.uppercased())
      #expect(encoding.name == name && "\(encoding)" == name)
      #expect(try encoding.utf8(Array("plain, text\r\n".utf8), place: "") == Array("plain, text\r\n".utf8))
    }
  }

  @Test func marksNameTheEncoding() {
    func marked(_ bytes: [UInt8]) -> String? {
      bytes.withUnsafeBufferPointer { TextEncoding.marked($0).map { "\($0.encoding) \($0.length)" } }
    }
    #expect(marked([0xEF, 0xBB, 0xBF, 0x61]) == "utf-8 3")
    #expect(marked([0xFF, 0xFE]) == "utf-16le 2")
    #expect(marked([0xFE, 0xFF, 0, 0x61]) == "utf-16be 2")
    #expect(marked([0xEF, 0xBB]) == nil)
    #expect(marked([]) == nil)
  }

  // MARK: UTF-8

  private func firstInvalid(_ bytes: [UInt8]) -> Int? {
    bytes.withUnsafeBufferPointer { UTF8Text.firstInvalid(in: $0) }
  }

  @Test func wrongBytesAreFoundAtEveryPosition() {
    #expect(firstInvalid([]) == nil)
    for padding in 0..<100 {
      let text = [UInt8](repeating: 0x61, count: padding)
      #expect(firstInvalid(text) == nil)
      for wrong in [[0xFF], [0x80], [0xC0, 0x80], [0xE0, 0x9F, 0xBF], [0xF4, 0x90, 0x80, 0x80], [0xC3]] as [[UInt8]] {
        #expect(firstInvalid(text + wrong + text) == padding)
      }
      #expect(firstInvalid(text + Array("é".utf8) + text) == nil)
    }
  }

  @Test func theStandardLibraryAgrees() {
    // every pair of bytes, and sequences of the bytes where the rules change
    for first in UInt8.min...UInt8.max {
      for second in UInt8.min...UInt8.max {
        let bytes = [first, second]
        #expect((firstInvalid(bytes) == nil) == (String(validating: bytes, as: UTF8.self) != nil))
      }
    }
    let edges: [UInt8] = [
      0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0,
      0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    var generator = Randomness(3)
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 1...6, using: &generator)).map { _ in edges.randomElement(using: &generator)! }
      let found = firstInvalid(bytes)
      #expect((found == nil) == (String(validating: bytes, as: UTF8.self) != nil))
      if let found { #expect(String(validating: bytes[..<found], as: UTF8.self) != nil) }
    }
  }

  @Test func scalarsAreReadAsTheyAreWritten() {
    for value in [0, 0x7F, 0x80, 0x7FF, 0x800, 0xD7FF, 0xE000, 0xFFFF, 0x10000, 0x10FFFF] as [UInt32] {
      let scalar = Unicode.Scalar(value)!
      let bytes = Array(String(scalar).utf8)
      let read = bytes.withUnsafeBufferPointer { UTF8Text.scalar($0, at: 0) }
      #expect(read?.value == scalar && read?.length == bytes.count)
    }
    #expect([0xC3].withUnsafeBufferPointer { UTF8Text.scalar($0, at: 0) } == nil)
  }
}
