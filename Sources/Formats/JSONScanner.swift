/// Where a JSON text stops being what was asked for, and why.
struct JSONFailure: Error, Equatable {
  let position: Int
  let message: String
}

/// A reader of JSON in an array of bytes.
typealias JSONScanner = JSONReader<[UInt8]>

/// A strict reader of JSON (RFC 8259) that is asked for one piece after the other, for headers that
/// may be hostile.
///
/// It keeps nothing but its position, and reads any bytes in memory. It refuses what is not UTF-8, lone
/// surrogates and unknown escapes, and values nested deeper than ``deepest``. It leaves repeated keys
/// for its caller to see, which Foundation's reader would drop without a word.
struct JSONReader<Bytes: RandomAccessCollection> where Bytes.Element == UInt8, Bytes.Index == Int {
  typealias Failure = JSONFailure

  /// As many levels as the Rust reader of safetensors takes.
  static var deepest: Int { 128 }

  private let bytes: Bytes
  private let end: Int
  /// The number of the next byte.
  private(set) var position: Int
  private var isAtFirst = false

  /// Reads the bytes of this range.
  init(_ bytes: Bytes, in range: Range<Int>) {
    self.bytes = bytes
    position = range.lowerBound
    end = range.upperBound
  }

  // MARK: - Pieces

  /// Takes the beginning of an object, whose members ``nextKey()`` then goes through.
  mutating func enterObject() throws(Failure) {
    try take(UInt8(ascii: "{"), "an object")
    isAtFirst = true
  }

  /// Takes the beginning of an array, whose values ``hasNext(isObject:)`` then goes through.
  mutating func enterArray() throws(Failure) {
    try take(UInt8(ascii: "["), "an array")
    isAtFirst = true
  }

  /// Takes the comma before the next member of the object or array entered last, or the bracket that ends it.
  @inline(__always)
  mutating func hasNext(isObject: Bool) throws(Failure) -> Bool {
    let isFirst = isAtFirst
    isAtFirst = false
    if takeIfPresent(UInt8(ascii: isObject ? "}" : "]")) { return false }
    if !isFirst { try take(UInt8(ascii: ","), isObject ? "',' or '}'" : "',' or ']'") }
    return true
  }

  /// Takes the colon between a key and its value.
  @inline(__always)
  mutating func takeColon() throws(Failure) { try take(UInt8(ascii: ":"), "':' after a key") }

  /// Takes the next key of the object entered last, and leaves the scanner before its value, which
  /// has to be taken first; nil at the object's end.
  mutating func nextKey() throws(Failure) -> String? {
    guard try hasNext(isObject: true) else { return nil }
    let key = try readString()
    try takeColon()
    return key
  }

  /// Takes an array of whole numbers from 0 to `Int.max`.
  mutating func readSizes() throws(Failure) -> [Int] {
    try take(UInt8(ascii: "["), "an array of whole numbers")
    var sizes: [Int] = []
    if takeIfPresent(UInt8(ascii: "]")) { return sizes }
    repeat {
      sizes.append(try readSize())
    } while takeIfPresent(UInt8(ascii: ","))
    try take(UInt8(ascii: "]"), "',' or ']'")
    return sizes
  }

  /// Takes a string.
  mutating func readString() throws(Failure) -> String {
    skipSpace()
    let start = position + 1
    var text: [UInt8] = []
    let range = try takeString(unescaped: &text)
    let string =
      if let range { String(validating: bytes[range], as: UTF8.self) } else { String(validating: text, as: UTF8.self) }
    guard let string else {
      position = start
      throw failure("a string is not UTF-8")
    }
    return string
  }

  /// Takes a string, of which the caller checks that it is UTF-8: where its content lies, or nil where it has escapes and
  /// was put into `text` without them.
  mutating func takeString(unescaped text: inout [UInt8]) throws(Failure) -> Range<Int>? {
    try take(UInt8(ascii: "\""), "a string")
    let start = position
    var hasEscapes = false
    while true {
      let run = position
      while position < end, Self.isPlain(bytes[position]) { position += 1 }
      if hasEscapes { text.append(contentsOf: bytes[run..<position]) }
      guard let byte = current else { throw failure("a string does not end") }
      position += 1
      if byte == UInt8(ascii: "\"") { return hasEscapes ? nil : start..<position - 1 }
      guard byte == UInt8(ascii: "\\") else {
        position -= 1
        throw failure("a control character in a string")
      }
      if !hasEscapes {
        hasEscapes = true
        text.removeAll(keepingCapacity: true)
        text.append(contentsOf: bytes[run..<position - 1])
      }
      try readEscape(into: &text)
    }
  }

  /// Takes a string that is written exactly like this, without escapes, and the colon behind it.
  @inline(__always)
  mutating func takeKey(_ key: [UInt8]) -> Bool {
    skipSpace()
    let colon = position + key.count + 2
    guard colon < end, bytes[colon] == UInt8(ascii: ":"), bytes[position] == UInt8(ascii: "\""),
      bytes[colon - 1] == UInt8(ascii: "\"")
    else { return false }
    for index in key.indices where bytes[position + 1 + index] != key[index] { return false }
    position = colon + 1
    return true
  }

  /// Whether these bytes stand for themselves in a string.
  static func isPlain(_ text: [UInt8]) -> Bool {
    for byte in text where !isPlain(byte) { return false }
    return true
  }

  /// Takes a number, and says where it lies; nil where something else comes.
  mutating func takeNumber() throws(Failure) -> Range<Int>? {
    skipSpace()
    guard currentDigit != nil || current == UInt8(ascii: "-") else { return nil }
    let start = position
    try skipNumber()
    return start..<position
  }

  /// Takes `true` or `false`, and says where it lies; nil where something else comes.
  mutating func takeBoolean() -> Range<Int>? {
    skipSpace()
    let start = position
    return takeWord("true") || takeWord("false") ? start..<position : nil
  }

  /// The byte that the next value begins with; nil at the end.
  @inline(__always)
  mutating func nextByte() -> UInt8? {
    skipSpace()
    return current
  }

  /// Takes `null`, if that is what comes.
  mutating func takeNull() -> Bool {
    skipSpace()
    return takeWord("null")
  }

  /// Steps over any value.
  mutating func skipValue() throws(Failure) {
    // What is open: true for an object. A stack of its own, because the nesting is the file's choice.
    var open: [Bool] = []
    repeat {
      skipSpace()
      switch current {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        let isObject = current == UInt8(ascii: "{")
        guard open.count < Self.deepest else { throw failure("values nested deeper than \(Self.deepest) levels") }
        position += 1
        if takeIfPresent(UInt8(ascii: isObject ? "}" : "]")) { break }
        open.append(isObject)
        if isObject { try skipKey() }
        continue
      case UInt8(ascii: "\""): _ = try readString()
      default:
        if currentDigit != nil || current == UInt8(ascii: "-") {
          try skipNumber()
          break
        }
        guard takeWord("true") || takeWord("false") || takeWord("null") else { throw failure("a value is expected") }
      }
      // A value is complete, and with it perhaps what it stands in.
      while let isObject = open.last {
        if takeIfPresent(UInt8(ascii: ",")) {
          if isObject { try skipKey() }
          break
        }
        try take(UInt8(ascii: isObject ? "}" : "]"), isObject ? "',' or '}'" : "',' or ']'")
        open.removeLast()
      }
    } while !open.isEmpty
  }

  /// Checks that nothing but space is left.
  mutating func finish() throws(Failure) {
    skipSpace()
    guard position == end else { throw failure("something follows the object") }
  }

  // MARK: - Characters

  private var current: UInt8? { position < end ? bytes[position] : nil }

  /// A failure at this position, for what its caller finds wrong as well.
  func failure(_ message: String) -> Failure { Failure(position: position, message: message) }

  @inline(__always)
  private mutating func skipSpace() {
    while position < end, bytes[position] <= 0x20 {
      let byte = bytes[position]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      position += 1
    }
  }

  @inline(__always)
  private mutating func takeIfPresent(_ character: UInt8) -> Bool {
    skipSpace()
    guard position < end, bytes[position] == character else { return false }
    position += 1
    return true
  }

  @inline(__always)
  private mutating func take(_ character: UInt8, _ meaning: StaticString) throws(Failure) {
    guard takeIfPresent(character) else { throw missing(meaning) }
  }

  @inline(never)
  private func missing(_ meaning: StaticString) -> Failure {
    failure(position < end ? "\(meaning) is expected" : "the text ends where \(meaning) is expected")
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    let count = word.utf8CodeUnitCount
    let letters = UnsafeBufferPointer(start: word.utf8Start, count: count)
    guard end - position >= count, bytes[position..<position + count].elementsEqual(letters) else { return false }
    position += count
    return true
  }

  private mutating func skipKey() throws(Failure) {
    _ = try readString()
    try takeColon()
  }

  /// Whether a byte is part of a string as it stands there.
  @inline(__always)
  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
  }

  private mutating func readEscape(into text: inout [UInt8]) throws(Failure) {
    guard let byte = current else { throw failure("a string does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "u"): text.append(contentsOf: String(Character(try readUnicodeEscape())).utf8)
    default:
      position -= 1
      throw failure("an escape that JSON does not have")
    }
  }

  private mutating func readUnicodeEscape() throws(Failure) -> Unicode.Scalar {
    let high = try readHexadecimal()
    if let scalar = Unicode.Scalar(high) { return scalar }
    // Half of a pair that UTF-16 writes one character with.
    guard high < 0xDC00, takeWord(#"\u"#) else { throw failure("half of a surrogate pair") }
    let low = try readHexadecimal()
    guard 0xDC00...0xDFFF ~= low, let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) else {
      throw failure("half of a surrogate pair")
    }
    return scalar
  }

  private mutating func readHexadecimal() throws(Failure) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
        throw failure(#"four hexadecimal digits are expected after \u"#)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  // MARK: - Numbers

  private mutating func readSize() throws(Failure) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while let digit = currentDigit {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(digit)
      guard !overflow, !carry else { throw failure("a number larger than \(Int.max)") }
      value = sum
      position += 1
    }
    let hasLeadingZero = position - start > 1 && bytes[start] == UInt8(ascii: "0")
    guard position > start, !hasLeadingZero else { throw failure("a whole number is expected") }
    return value
  }

  private mutating func skipNumber() throws(Failure) {
    if current == UInt8(ascii: "-") { position += 1 }
    if current == UInt8(ascii: "0") { position += 1 } else { try skipDigits() }
    if current == UInt8(ascii: ".") {
      position += 1
      try skipDigits()
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      try skipDigits()
    }
  }

  private mutating func skipDigits() throws(Failure) {
    guard currentDigit != nil else { throw failure("a digit is expected") }
    while currentDigit != nil { position += 1 }
  }

  private var currentDigit: Int? {
    guard let byte = current, UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte else { return nil }
    return Int(byte - UInt8(ascii: "0"))
  }
}
