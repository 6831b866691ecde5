/// Walks over the bytes of a separated table, field by field, as RFC 4180 describes them.
///
/// A field may stand in double quotes, and then hold separators, line ends and doubled quotes. A line ends with
/// LF, CR LF or CR. Beyond the RFC: spaces and tabs around a field do not belong to it, unless they separate or stand
/// inside quotes.
struct CSVScanner {
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

  init(_ bytes: UnsafeBufferPointer<UInt8>, from position: Int, separator: UInt8 = .comma) {
    base = bytes.baseAddress
    count = bytes.count
    self.separator = separator
    blank = separator == .tab ? .space : .tab
    self.position = position
  }

  var isAtEnd: Bool { position >= count }

  /// Passes over lines that hold nothing at all.
  mutating func skipEmptyLines() {
    while position < count, byte(position) == .lineFeed || byte(position) == .carriageReturn { position += 1 }
  }

  /// Reads one field and the separator or line end behind it. At the end of the bytes it is an empty one.
  @inline(__always)
  mutating func next() throws(Fault) -> Field {
    skipBlanks()
    if position < count, byte(position) == .quote { return try quoted() }
    let start = position
    while position < count {
      let byte = byte(position)
      if byte == separator { break }
      // Nearly every byte of a number or a word is above the quote: one more comparison for those.
      if byte <= .quote {
        if byte == .lineFeed || byte == .carriageReturn { break }
        if byte == .quote {
          throw Fault(
            offset: position,
            message: "a double quote inside an unquoted field; put the whole field in quotes and double the inner ones")
        }
      }
      position += 1
    }
    var end = position
    while end > start, isBlank(byte(end - 1)) { end -= 1 }
    finishField()
    return Field(start: start, end: end)
  }

  private mutating func quoted() throws(Fault) -> Field {
    let opening = position
    position += 1
    var field = Field(start: position, end: position)
    while true {
      while position < count, byte(position) != .quote { position += 1 }
      if position >= count {
        throw Fault(offset: opening, message: "a quoted field is never closed; add the closing double quote")
      }
      if position + 1 < count, byte(position + 1) == .quote {
        field.hasDoubledQuotes = true
        position += 2
      } else {
        break
      }
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
    position += 1
    endsRow = end != separator
    if end == .carriageReturn, position < count, byte(position) == .lineFeed { position += 1 }
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
}
