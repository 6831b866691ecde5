import DescentFormats

/// A table in a file, walked over row by row as often as one likes; nothing but its columns' names is kept.
///
/// Fields are separated by commas, tabs, semicolons or bars, whichever cuts the first rows evenly; a first line names the
/// columns, unless the table has none; one without a name is called by its number, `column 1`. RFC 4180, with these freedoms: lines may end with LF, CR LF or CR, the last one with nothing; a UTF-8 byte
/// order mark is passed over; spaces and tabs around a field do not belong to it unless they stand in quotes or separate;
/// empty lines are passed over (in a table of one column they are rows with an empty field). Between semicolons a number
/// may have a decimal comma, `-12,5` or `3,1e-4`, and means the same with a point; digits that are grouped, as in `1.234,5`,
/// are text. The file may be larger than the memory; what a gzip file unpacks to goes into a temporary file if it is large.
///
/// A file called `.jsonl` or `.ndjson` holds an object a line: its keys are the columns, by the rules of
/// ``JSONLineScanner``; what a line does not have is missing.
public struct Table: Sendable {
  /// Where the table is from, for messages: the path.
  public var place: String { source.place }
  /// The columns' names, from left to right.
  public let columns: [String]

  /// Whether the first column has no name in the header, as where a program wrote its rows' numbers.
  let isFirstUnnamed: Bool

  private let source: ByteSource
  private let format: Format

  private enum Format: Sendable {
    /// Fields with a separator between them, behind a header of so many bytes and lines.
    case separated(by: UInt8, headerEnd: Int, headerLines: Int)
    /// An object a line.
    case jsonLines
  }

  /// Reads the header of the file at `path`, plain or gzipped; of JSON Lines all lines, for their keys.
  ///
  /// - Parameters:
  ///   - encoding: how its characters are written; nil for UTF-8, or what a byte order mark says. Other encodings than UTF-8
  ///     are converted first, a large file into a temporary one.
  ///   - hasHeader: whether its first line names the columns; else they are called by their numbers, `column 1` and so on.
  ///     JSON Lines name them in any case.
  /// - Throws: ``DataError``: the file is missing or unreadable, or no table.
  public init(path: String, encoding: TextEncoding? = nil, hasHeader: Bool = true) throws(DataError) {
    let plain = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    let isJSON = [".jsonl", ".ndjson"].contains { plain.lowercased().hasSuffix($0) }
    try self.init(ByteSource(path: path).inUTF8(from: encoding), isJSON: isJSON, hasHeader: hasHeader)
  }

  /// Reads the header of a table in memory.
  ///
  /// - Parameters:
  ///   - bytes: the table's text in UTF-8, not compressed.
  ///   - place: what messages call it.
  ///   - hasHeader: whether its first line names the columns.
  /// - Throws: ``DataError``: its first line names no columns.
  public init(bytes: [UInt8], place: String, hasHeader: Bool = true) throws(DataError) {
    try self.init(ByteSource(bytes, place: place), isJSON: false, hasHeader: hasHeader)
  }

  /// Reads the keys of JSON Lines in memory: bytes in UTF-8, not compressed.
  ///
  /// - Throws: ``DataError``: a line is no object, or there is none.
  package init(jsonLines bytes: [UInt8], place: String) throws(DataError) {
    try self.init(ByteSource(bytes, place: place), isJSON: true)
  }

  init(_ source: ByteSource, isJSON: Bool, hasHeader: Bool = true) throws(DataError) {
    self.source = source
    guard !isJSON else {
      (format, isFirstUnnamed) = (.jsonLines, false)
      columns = try JSONRows.columns(of: source)
      guard !columns.isEmpty else { throw .invalid(source.place, "no line holds an object with a value") }
      return
    }
    var header: (names: [String], isFirstUnnamed: Bool, end: Int, lines: Int)?
    var separator = UInt8.comma
    try source.forEachPiece(endingBy: recordEnd) { piece throws(DataError) in
      let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
      let start = piece.starts(with: byteOrderMark) ? 3 : 0
      if let name = ForeignFormat.name(of: piece[start...]) {
        throw .invalid(source.place, "no table: this is \(name)")
      }
      separator = Separator.find(in: piece, from: start)
      header = try Self.header(piece, from: start, separator, source.place, names: hasHeader)
      if !hasHeader {
        header?.end = start
        header?.lines = 0
      }
      return false
    }
    guard let header else {
      throw .invalid(source.place, "the table is empty" + (hasHeader ? "; its first line must name the columns" : ""))
    }
    (columns, isFirstUnnamed) = (header.names, hasHeader && header.isFirstUnnamed)
    format = .separated(by: separator, headerEnd: header.end, headerLines: header.lines)
  }

  /// The position of a column, counted from 0.
  ///
  /// - Throws: ``DataError`` that lists the columns, where there is none of this name.
  public func position(of name: String) throws(DataError) -> Int {
    if let position = columns.firstIndex(of: name) { return position }
    throw .invalid(place, "there is no column \(quoted(name)); the columns are \(quotedList(columns))")
  }

  /// What is said of a table that has no row.
  var hasNoRow: DataError { .invalid(place, "there is a header and no row; add at least one line of data") }

  /// Hands all rows to `body`, in order, until it says to stop.
  ///
  /// - Throws: what `body` throws; ``DataError`` where a row has other fields than the header, quotes do not match, text is
  ///   no UTF-8, or the file changes meanwhile.
  func forEachRow(_ body: (borrowing TableRow) throws(DataError) -> Bool) throws(DataError) {
    let fields = UnsafeMutableBufferPointer<TableField>.allocate(capacity: columns.count)
    defer { fields.deallocate() }
    switch format {
    case .jsonLines: try JSONRows(source: source, columns: columns).forEachRow(into: fields, body)
    case .separated(let separator, let headerEnd, let headerLines):
      var (row, lines, isFirst) = (0, headerLines, true)
      let copy = separator == .semicolon ? DecimalComma.Copy() : nil
      try source.forEachPiece(endingBy: recordEnd) { piece throws(DataError) in
        let writable = copy?.take(piece)
        let rows = TablePiece(
          bytes: writable.map { UnsafeBufferPointer($0) } ?? piece, writable: writable,
          start: isFirst ? headerEnd : 0, separator: separator, firstLine: lines + 1, place: place, columns: columns)
        isFirst = false
        try rows.checkText()
        let goesOn = try rows.forEachRow(from: &row, into: fields, body)
        if goesOn { lines += piece[rows.start...].lineEnds }
        return goesOn
      }
    }
  }

  /// Hands all rows to `body` as texts, in order.
  ///
  /// - Throws: ``DataError`` where the table is none, and where a field is not valid UTF-8.
  public func forEachTextRow(_ body: (_ row: Int, _ fields: [String]) -> Void) throws(DataError) {
    try forEachRow { row throws(DataError) in
      var fields: [String] = []
      for column in columns.indices {
        guard let text = row.fields[column].text else {
          throw row.invalid(column, "the field is not valid UTF-8; save the table as UTF-8, or name its encoding")
        }
        fields.append(text)
      }
      body(row.index, fields)
      return true
    }
  }

  /// What is to be said of a first line that looks like a row rather than names, since more than half of its fields are
  /// numbers; nil where it does not.
  public var headerNote: String? {
    guard case .separated(_, _, let lines) = format, lines > 0,
      2 * columns.count(where: CSVNumber.isNumber) > columns.count
    else { return nil }
    return
      "the first line, \(quotedList(Array(columns.prefix(3))))\(columns.count > 3 ? " …" : ""), looks like a row; if it is one, say --no-header"
  }

  /// - Parameter names: whether the line's fields are the columns' names; else these are numbers, as many as it has fields.
  private static func header(
    _ piece: UnsafeBufferPointer<UInt8>, from start: Int, _ separator: UInt8, _ place: String, names isNaming: Bool
  ) throws(DataError) -> (names: [String], isFirstUnnamed: Bool, end: Int, lines: Int)? {
    var scanner = CSVScanner(piece, from: start, separator: separator)
    scanner.skipEmptyLines()
    guard !scanner.isAtEnd else { return nil }
    var names: [String] = []
    repeat {
      let field: CSVScanner.Field
      do { field = try scanner.next() } catch {
        throw .invalid("\(place), line \(piece[..<error.offset].lineEnds + 1)", error.message)
      }
      let here = "\(place), line \(piece[..<field.start].lineEnds + 1), column \(names.count + 1)"
      let content = UnsafeBufferPointer(rebasing: piece[field.start..<field.end])
      guard let name = TableField(content: content, hasDoubledQuotes: field.hasDoubledQuotes).text else {
        throw .invalid(here, "the column's name is not valid UTF-8; save the table as UTF-8, or name its encoding")
      }
      // as programs write it that number their rows
      if name.isEmpty || !isNaming {
        names.append("")
        continue
      }
      if let first = names.firstIndex(of: name) {
        throw .invalid(
          here,
          "column \(first + 1) is called \(quoted(name)) already; rename one of them, or say --no-header where this line is a row"
        )
      }
      names.append(name)
    } while !scanner.endsRow
    let isFirstUnnamed = names.first?.isEmpty == true
    for place in names.indices where names[place].isEmpty {
      var name = "column \(place + 1)"
      while names.contains(name) { name += "'" }
      names[place] = name
    }
    return (names, isFirstUnnamed, scanner.position, piece[..<scanner.position].lineEnds)
  }
}

/// Where the last line that is not within quotes ends.
///
/// Quotes come in pairs, doubled ones too, so that behind an even number of them no field is open: their number in all
/// bytes, and in those behind a line end, which are few, says whether it is one.
private func recordEnd(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) -> Int? {
  if isLast { return bytes.count }
  var isOpen = !bytes.count(of: .quote).isMultiple(of: 2)
  var position = bytes.count
  while position > 0 {
    position -= 1
    switch bytes[position] {
    case .quote: isOpen.toggle()
    case .lineFeed where !isOpen: return position + 1
    // what follows a return at the very end is not known yet
    case .carriageReturn where !isOpen && position + 1 < bytes.count && bytes[position + 1] != .lineFeed:
      return position + 1
    default: break
    }
  }
  return nil
}
