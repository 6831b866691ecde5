import DescentFormats

/// A view of a table's bytes that reads names, rows and fields, and makes each fault an error that says where.
///
/// It lives only as long as the memory it points to.
struct CSVReader {
  let bytes: UnsafeBufferPointer<UInt8>
  let place: String

  /// The names in the first line that isn't empty, and where the rows begin.
  func header() throws(DataError) -> (names: [String], end: Int) {
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    var scanner = CSVScanner(bytes, from: bytes.starts(with: byteOrderMark) ? 3 : 0)
    scanner.skipEmptyLines()
    guard !scanner.isAtEnd else {
      throw .invalid(place, "the table is empty; its first line must name the columns")
    }
    var names: [String] = []
    repeat {
      let field = try next(&scanner)
      let here = "\(place), line \(line(of: field.start)), column \(names.count + 1)"
      guard let name = text(of: field) else {
        throw .invalid(here, "the column's name is not valid UTF-8; save the table as UTF-8")
      }
      guard !name.isEmpty else { throw .invalid(here, "the column has no name; name it or remove the column") }
      if let first = names.firstIndex(of: name) {
        throw .invalid(here, "column \(first + 1) is called \(quoted(name)) already; rename one of them")
      }
      names.append(name)
    } while !scanner.endsRow
    return (names, scanner.position)
  }

  /// How many rows there are, each with as many fields as there are columns.
  func countRows(_ columns: [String], from start: Int) throws(DataError) -> Int {
    var scanner = CSVScanner(bytes, from: start)
    var rows = 0
    while true {
      if columns.count > 1 { scanner.skipEmptyLines() }
      guard !scanner.isAtEnd else { return rows }
      let start = scanner.position
      var fields = 0
      repeat {
        _ = try next(&scanner)
        fields += 1
      } while !scanner.endsRow
      guard fields == columns.count else {
        let here = "\(place), line \(line(of: start))"
        let counts = "\(fields) \(fields == 1 ? "field" : "fields") where the header names \(columns.count)"
        throw fields < columns.count
          ? .invalid("\(here), column \(quoted(columns[fields]))", "\(counts); fill in what is missing")
          : .invalid(here, "\(counts); put a field that holds a comma in double quotes, or remove what is too much")
      }
      rows += 1
    }
  }

  /// Hands the fields of the columns whose slot isn't negative to `body`, row by row, until it says to stop.
  @inline(__always)
  func forEachField(
    from start: Int, rows: Int, slots: [Int],
    _ body: (_ row: Int, _ slot: Int, _ field: CSVScanner.Field) throws(DataError) -> Bool
  ) throws(DataError) {
    var scanner = CSVScanner(bytes, from: start)
    for row in 0..<rows {
      if slots.count > 1 { scanner.skipEmptyLines() }
      for slot in slots {
        let field = try next(&scanner)
        if slot >= 0, try !body(row, slot, field) { return }
      }
    }
  }

  /// The numbers of the columns whose slot isn't negative, each at its slot of its row of `width` numbers.
  func readNumbers(
    from start: Int, rows: Int, slots: [Int], into numbers: UnsafeMutableBufferPointer<Float>, width: Int,
    fault: (CSVScanner.Field, _ slot: Int) -> DataError
  ) throws(DataError) {
    var scanner = CSVScanner(bytes, from: start)
    for row in 0..<rows {
      if slots.count > 1 { scanner.skipEmptyLines() }
      for slot in slots {
        if slot >= 0, let quick = scanner.nextNumber() {
          numbers[row * width + slot] = quick
          continue
        }
        let field = try next(&scanner)
        guard slot >= 0 else { continue }
        guard case .finite(let number) = number(of: field), Float(number).isFinite else { throw fault(field, slot) }
        numbers[row * width + slot] = Float(number)
      }
    }
  }

  @inline(__always)
  private func next(_ scanner: inout CSVScanner) throws(DataError) -> CSVScanner.Field {
    do { return try scanner.next() } catch {
      throw .invalid("\(place), line \(line(of: error.offset))", error.message)
    }
  }

  @inline(__always)
  func content(of field: CSVScanner.Field) -> UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(rebasing: bytes[field.start..<field.end])
  }

  @inline(__always)
  func number(of field: CSVScanner.Field) -> CSVNumber { CSVNumber(content(of: field)) }

  /// A field's text with its doubled quotes undone; nil where it is no valid UTF-8.
  func text(of field: CSVScanner.Field) -> String? {
    guard field.hasDoubledQuotes else { return String(validating: content(of: field), as: UTF8.self) }
    var single: [UInt8] = []
    var isSecond = false
    for byte in content(of: field) {
      isSecond = byte == .quote && !isSecond
      if !isSecond { single.append(byte) }
    }
    return String(validating: single, as: UTF8.self)
  }

  /// A field as a message shows it: on one line, and not longer than a line.
  func shown(_ field: CSVScanner.Field) -> String {
    quoted(String(decoding: content(of: field).prefix(400), as: UTF8.self))
  }

  /// An error about a field of this column.
  func invalid(_ field: CSVScanner.Field, column: String, _ message: String) -> DataError {
    .invalid("\(place), line \(line(of: field.start)), column \(quoted(column))", message)
  }

  /// The line that a byte stands on, counted from 1 as an editor counts.
  private func line(of offset: Int) -> Int {
    var line = 1
    for position in 0..<offset where bytes[position] == .lineFeed || bytes[position] == .carriageReturn {
      let next = position + 1
      let isPair = bytes[position] == .carriageReturn && next < bytes.count && bytes[next] == .lineFeed
      if !isPair { line += 1 }
    }
    return line
  }
}

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
