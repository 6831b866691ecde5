import DescentFormats

/// The lines of a file of JSON Lines as rows of a table.
struct JSONRows {
  let source: ByteSource
  let columns: [String]

  /// The keys of all lines, in the order of their first occurrence.
  static func columns(of source: ByteSource) throws(DataError) -> [String] {
    var scanner = JSONLineScanner(place: source.place)
    try forEachLine(source) { line, number throws(DataError) in
      try scanner.scan(line, number: number) { _, _, _ in }
      return true
    }
    return scanner.columns
  }

  func forEachRow(
    into fields: UnsafeMutableBufferPointer<TableField>, _ body: (borrowing TableRow) throws(DataError) -> Bool
  ) throws(DataError) {
    // columns are numbered anew in the same order, as far as lines have come
    var scanner = JSONLineScanner(place: source.place)
    var text: [UInt8] = []
    var ranges = columns.map { _ in 0..<0 }
    var index = 0
    try Self.forEachLine(source) { line, number throws(DataError) in
      text.removeAll(keepingCapacity: true)
      for column in ranges.indices { ranges[column] = 0..<0 }
      let holdsObject = try scanner.scan(line, number: number) { column, kind, bytes in
        guard kind != .null, column < ranges.count else { return }
        let start = text.count
        text.append(contentsOf: bytes)
        ranges[column] = start..<text.count
      }
      guard holdsObject else { return true }
      return try text.withUnsafeBufferPointer { text throws(DataError) in
        for column in ranges.indices {
          let content = UnsafeBufferPointer(rebasing: text[ranges[column]])
          fields.initializeElement(at: column, to: TableField(content: content, hasDoubledQuotes: false))
        }
        let piece = TablePiece(
          bytes: line, start: 0, separator: .comma, firstLine: number, place: source.place, columns: columns)
        let row = TableRow(fields: UnsafeBufferPointer(fields), index: index, start: 0, piece: piece)
        index += 1
        return try body(row)
      }
    }
  }

  private static func forEachLine(
    _ source: ByteSource, _ body: (_ line: UnsafeBufferPointer<UInt8>, _ number: Int) throws(DataError) -> Bool
  ) throws(DataError) {
    var number = 0
    try source.forEachPiece(endingBy: lineEnd) { piece throws(DataError) in
      var start = 0
      while start < piece.count {
        let end = piece[start...].firstIndex(of: .lineFeed) ?? piece.count
        number += 1
        guard try body(UnsafeBufferPointer(rebasing: piece[start..<end]), number) else { return false }
        start = end + 1
      }
      return true
    }
  }

  private static func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) -> Int? {
    isLast ? bytes.count : bytes.lastIndex(of: .lineFeed).map { $0 + 1 }
  }
}
