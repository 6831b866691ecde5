import DescentFormats

/// A field of a table while its row is being read: bytes that belong to the reader.
struct TableField {
  /// The content, without quotes and the blanks around it; of a number with a decimal comma with a point in its place.
  let content: UnsafeBufferPointer<UInt8>
  /// Whether the content holds doubled quotes, each of which means one.
  let hasDoubledQuotes: Bool
  /// Whether the content's point is a comma in the table.
  var hasDecimalComma = false

  var isEmpty: Bool { content.isEmpty }

  /// What the content means as a number.
  @inline(__always)
  var number: CSVNumber { CSVNumber(content) }

  /// The finite number that the content is; nil for anything else.
  @inline(__always)
  var finiteNumber: Double? { if case .finite(let number) = number { number } else { nil } }

  /// Whether it begins with a zero and another digit.
  @inline(__always)
  var isZeroLed: Bool {
    content.count > 1 && content[0] == UInt8(ascii: "0") && content[1] &- UInt8(ascii: "0") <= 9
  }

  /// Whether nothing is there: no bytes, or a word that tables have for it.
  @inline(__always)
  var isMissing: Bool {
    guard let first = content.first else { return true }
    // what such words begin with spares nearly all fields the comparison
    let begins = first | 0x20 == UInt8(ascii: "n") || first == UInt8(ascii: "#") || first == UInt8(ascii: "?")
    return begins && content.count <= 4 && Self.isMissingWord(content)
  }

  /// What the table says there, with doubled quotes undone; nil where it is no valid UTF-8.
  var text: String? {
    if hasDecimalComma { return DecimalComma.restored(content) }
    if hasDoubledQuotes { return String(validating: singleQuoted, as: UTF8.self) }
    return String(validating: content, as: UTF8.self)
  }

  /// The content with one quote in place of each two.
  var singleQuoted: [UInt8] {
    var single: [UInt8] = []
    var isSecond = false
    for byte in content {
      isSecond = byte == .quote && !isSecond
      if !isSecond { single.append(byte) }
    }
    return single
  }

  /// The content as a message shows it: on one line, and not longer than a line.
  var shown: String {
    quoted(hasDecimalComma ? DecimalComma.restored(content) : String(decoding: content.prefix(400), as: UTF8.self))
  }

  /// Whether it is a word that says among numbers and dates that nothing is there. Among texts it is a value.
  var isMarker: Bool {
    content.count <= 7 && Self.markerWords.contains(String(decoding: content, as: UTF8.self).lowercased())
  }

  private static let markerWords: Set<String> = ["na", "n/a", "#n/a", "null", "none", "?", "-", "--", "missing"]

  /// Words that tables have where nothing is: what statistical programs and databases write.
  static let missingWords = ["NA", "N/A", "#N/A", "NaN", "nan", "NULL", "null", "?"]
  private static let missingBytes = missingWords.map { Array($0.utf8) }

  @inline(never)
  private static func isMissingWord(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
    missingBytes.contains { $0.elementsEqual(content) }
  }
}

/// A row of a table while it is being read.
struct TableRow {
  /// As many as the table has columns.
  let fields: UnsafeBufferPointer<TableField>
  /// Counted from 0.
  var index: Int
  /// Where it begins in its piece.
  var start: Int
  /// The piece that it stands in.
  let piece: TablePiece

  /// An error about a column's field in this row.
  func invalid(_ column: Int, _ message: String) -> DataError {
    let line = piece.line(of: fields[column].content.baseAddress) ?? piece.line(of: start)
    return .invalid("\(piece.place), line \(line), column \(quoted(piece.columns[column]))", message)
  }
}
