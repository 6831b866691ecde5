import CKernels

/// Walks over the bytes of a separated table, field by field, as RFC 4180 describes them.
///
/// A field may stand in double quotes, and then hold separators, line ends and doubled quotes. A line ends with
/// LF, CR LF or CR. Beyond the RFC: spaces and tabs around a field do not belong to it, unless they separate or stand
/// inside quotes.
struct CSVScanner: ~Copyable {
  /// Where a field's content lies, without its quotes and the blanks around it.
  struct Field {
    var start: Int
    var end: Int
    /// Whether the content holds doubled quotes, each of which means one.
    var hasDoubledQuotes = false

    var isEmpty: Bool { start == end }
  }

  /// A place where the bytes are no table.
  struct Fault: Error {
    let offset: Int
    let message: String
  }

  private let base: UnsafePointer<UInt8>?
  private let count: Int
  private let separator: UInt8
  /// The blank beside the space: a tab, unless that separates.
  private let blank: UInt8
  /// The byte that is read next.
  private(set) var position: Int
  /// Whether the field read last was its row's last.
  private(set) var endsRow = true
  /// Which of 64 bytes are marks (separators, quotes, line ends) that lie at `position` or behind.
  private var marks: UInt64 = 0
  /// Where the bytes behind those begin.
  private var markedEnd: Int
  /// The marks of a stretch of bytes, 64 in a word, and of which of them `marks` comes next.
  private let words: UnsafeMutablePointer<UInt64>
  private var (nextWord, wordCount) = (0, 0)
  private let wanted: UnsafeMutablePointer<UInt8>
  private static let mostWords = 64

  init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int, separator: UInt8 = .comma) {
    base = bytes.baseAddress
    count = bytes.count
    self.separator = separator
    blank = separator == .tab ? .space : .tab
    self.position = position
    markedEnd = position
    words = .allocate(capacity: Self.mostWords)
    wanted = .allocate(capacity: 4)
    for (place, mark) in [separator, .quote, .lineFeed, .carriageReturn].enumerated() { wanted[place] = mark }
  }

  deinit {
    words.deallocate()
    wanted.deallocate()
  }

  var isAtEnd: Bool { position >= count }

  /// Passes over lines that hold nothing at all.
  @inline(__always)
  mutating func skipEmptyLines() {
    while position < count, byte(position) == .lineFeed || byte(position) == .carriageReturn {
      passMark()
      position += 1
    }
  }

  /// Reads one field and the separator or line end behind it. At the end of the bytes it is an empty one.
  @inline(__always)
  mutating func next() throws(Fault) -> Field {
    skipBlanks()
    let start = position
    position = nextMark()
    if position < count, byte(position) == .quote {
      guard position == start else {
        throw Fault(
          offset: position,
          message: "a double quote inside an unquoted field; put the whole field in quotes and double the inner ones")
      }
      return try quoted()
    }
    var end = position
    while end > start, isBlank(byte(end - 1)) { end -= 1 }
    finishField()
    return Field(start: start, end: end)
  }

  private mutating func quoted() throws(Fault) -> Field {
    let opening = position
    passMark()
    var field = Field(start: opening + 1, end: opening + 1)
    while true {
      position = nextMark()
      if position >= count {
        throw Fault(offset: opening, message: "a quoted field is never closed; add the closing double quote")
      }
      passMark()
      guard byte(position) == .quote else { continue }
      guard position + 1 < count, byte(position + 1) == .quote else { break }
      field.hasDoubledQuotes = true
      passMark()
    }
    field.end = position
    position += 1
    skipBlanks()
    if position < count, byte(position) != separator, byte(position) != .lineFeed, byte(position) != .carriageReturn {
      throw Fault(offset: position, message: "text after a closing quote; double the quotes inside a quoted field")
    }
    finishField()
    return field
  }

  /// Where the next mark lies; the end where there is none.
  @inline(__always)
  private mutating func nextMark() -> Int {
    while marks == 0 {
      guard markedEnd < count else { return count }
      if nextWord == wordCount { findMarks() }
      marks = words[nextWord]
      nextWord &+= 1
      markedEnd &+= 64
    }
    return markedEnd &- 64 &+ marks.trailingZeroBitCount
  }

  @inline(never)
  private mutating func findMarks() {
    let length = min(count - markedEnd, 64 * Self.mostWords)
    descent_find_bytes(base.unsafelyUnwrapped + markedEnd, Int64(length), wanted, words)
    (nextWord, wordCount) = (0, (length + 63) / 64)
  }

  /// Leaves the next mark behind.
  @inline(__always)
  private mutating func passMark() {
    _ = nextMark()
    marks &= marks &- 1
  }

  @inline(__always)
  private mutating func skipBlanks() {
    while position < count, isBlank(byte(position)) { position += 1 }
  }

  @inline(__always)
  private func isBlank(_ byte: UInt8) -> Bool { byte == .space || byte == blank }

  @inline(__always)
  private mutating func finishField() {
    guard position < count else {
      endsRow = true
      return
    }
    let end = byte(position)
    passMark()
    position += 1
    endsRow = end != separator
    if end == .carriageReturn, position < count, byte(position) == .lineFeed {
      passMark()
      position += 1
    }
  }

  @inline(__always)
  private func byte(_ position: Int) -> UInt8 { base.unsafelyUnwrapped[position] }
}

extension UInt8 {
  static let tab: UInt8 = 0x09
  static let lineFeed: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let quote: UInt8 = 0x22
  static let comma: UInt8 = 0x2C
  static let semicolon: UInt8 = 0x3B
}
