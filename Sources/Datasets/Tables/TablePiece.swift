import DescentFormats

/// Whole rows of a table, in memory for as long as they are being read.
struct TablePiece {
  let bytes: UnsafeBufferPointer<UInt8>
  /// The same memory, where decimal commas are to become points.
  var writable: UnsafeMutableBufferPointer<UInt8>?
  /// Where the rows begin.
  let start: Int
  let separator: UInt8
  /// The line of the file that the first row stands on, counted from 1.
  let firstLine: Int
  let place: String
  let columns: [String]

  /// - Throws: ``DataError`` where the rows are no UTF-8.
  func checkText() throws(DataError) {
    guard let wrong = UTF8Text.firstInvalid(in: UnsafeBufferPointer(rebasing: bytes[start...])) else { return }
    throw .invalid(
      "\(place), line \(line(of: start + wrong))",
      "byte 0x\(String(bytes[start + wrong], radix: 16)) is not valid UTF-8; name the encoding, such as --encoding latin-1"
    )
  }

  /// Hands the rows to `body`.
  ///
  /// - Parameters:
  ///   - index: the first row's, and in the end that of the row behind the last.
  ///   - fields: room for a row's fields.
  /// - Returns: whether `body` wants more rows.
  func forEachRow(
    from index: inout Int, into fields: UnsafeMutableBufferPointer<TableField>,
    _ body: (borrowing TableRow) throws(DataError) -> Bool
  ) throws(DataError) -> Bool {
    var scanner = CSVScanner(bytes, from: start, separator: separator)
    var row = TableRow(fields: UnsafeBufferPointer(fields), index: index, start: start, piece: self)
    let width = columns.count
    guard let base = bytes.baseAddress else { return true }
    while true {
      if width > 1 { scanner.skipEmptyLines() }
      guard !scanner.isAtEnd else { return true }
      row.start = scanner.position
      var count = 0
      repeat {
        let field: CSVScanner.Field
        do { field = try scanner.next() } catch {
          throw .invalid("\(place), line \(line(of: error.offset))", error.message)
        }
        if count < width {
          let content = UnsafeBufferPointer(start: base + field.start, count: field.end - field.start)
          fields[count] = TableField(content: content, hasDoubledQuotes: field.hasDoubledQuotes)
          if let writable, let comma = DecimalComma.find(content) {
            writable[field.start + comma] = UInt8(ascii: ".")
            fields[count].hasDecimalComma = true
          }
        }
        count += 1
      } while !scanner.endsRow
      guard count == width else { throw wrongCount(count, row.start) }
      row.index = index
      guard try body(row) else { return false }
      index += 1
    }
  }

  /// The line that a byte stands on.
  func line(of offset: Int) -> Int { firstLine + bytes[start..<offset].lineEnds }

  /// The line of a byte by its address; nil where it is not one of the piece's own.
  func line(of address: UnsafePointer<UInt8>?) -> Int? {
    guard let address, let base = bytes.baseAddress, address >= base + start, address <= base + bytes.count else {
      return nil
    }
    return line(of: address - base)
  }

  private func wrongCount(_ count: Int, _ begin: Int) -> DataError {
    let here = "\(place), line \(line(of: begin))"
    let counts = "\(count) \(count == 1 ? "field" : "fields") where the table has \(columns.count) columns"
    return count < columns.count
      ? .invalid("\(here), column \(quoted(columns[count]))", "\(counts); fill in what is missing")
      : .invalid(here, "\(counts); put a field that holds a separator in double quotes, or remove what is too much")
  }
}
