import DescentFormats

/// A comma-separated table with a header line, checked once and read column by column on demand.
///
/// RFC 4180, with these freedoms: lines may end with LF, CR LF or CR, the last one with nothing; a UTF-8 byte
/// order mark is passed over; spaces and tabs around a field do not belong to it unless they stand in quotes;
/// empty lines are passed over (in a table of one column they are rows with an empty field). A gzip file is
/// unpacked first.
///
/// The table keeps the file's bytes and nothing else: whoever asks for columns walks over them again.
public struct CSVTable: Sendable {
  /// Where the table is from, for messages: the path.
  public let place: String
  /// The columns' names, as they stand in the header, from left to right.
  public let columns: [String]
  /// How many rows follow the header.
  public let rowCount: Int

  private let bytes: [UInt8]
  private let start: Int

  /// Reads the file at `path`, plain or gzipped, and checks that it is a table.
  ///
  /// - Throws: ``DataError``: the file is missing or unreadable, or what ``init(bytes:place:)`` throws.
  public init(path: String) throws(DataError) {
    var bytes = try Files.read(path)
    if Gzip.isGzip(bytes) { bytes = try Gzip.decompress(bytes, place: path, limit: Files.sizeLimit) }
    try self.init(bytes: bytes, place: path)
  }

  /// Checks that the bytes are a table: a header of unlike names in valid UTF-8, at least one row, as many
  /// fields in each row as in the header, and quotes that match.
  ///
  /// - Parameters:
  ///   - bytes: the table's text, not compressed.
  ///   - place: what messages call it.
  /// - Throws: ``DataError`` of kind `invalid` with line and column.
  public init(bytes: [UInt8], place: String) throws(DataError) {
    (columns, start, rowCount) = try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
      let reader = CSVReader(bytes: buffer, place: place)
      let (columns, start) = try reader.header()
      return (columns, start, try reader.countRows(columns, from: start))
    }
    self.bytes = bytes
    self.place = place
    guard rowCount > 0 else {
      throw .invalid(place, "there is a header and no row; add at least one line of data")
    }
    guard rowCount <= Int32.max else { throw .invalid(place, "\(rowCount) rows; at most \(Int32.max) can be used") }
  }

  /// Whether there is a column of this name.
  public func hasColumn(_ name: String) -> Bool { columns.contains(name) }

  /// The position of a column, counted from 0.
  ///
  /// - Throws: ``DataError`` that lists the columns, where there is none of this name.
  public func position(of name: String) throws(DataError) -> Int {
    if let position = columns.firstIndex(of: name) { return position }
    var message = "there is no column \(quoted(name)); the columns are \(quotedList(columns))"
    let others = [(";", "semicolons"), ("\t", "tabs"), ("|", "bars")]
    if columns.count == 1, let other = others.first(where: { columns[0].contains($0.0) }) {
      message += ". The fields seem to be separated by \(other.1); use commas"
    }
    throw .invalid(place, message)
  }

  /// The numbers of these columns, in this order, wherever they stand in the table; others are not looked at.
  ///
  /// Shape of the result: [rowCount, names], row by row.
  ///
  /// - Throws: ``DataError`` with line and column: a column is missing, a field is empty, is text, or is no
  ///   finite float32.
  public func features(named names: [String]) throws(DataError) -> [Float] {
    let width = names.count
    var slots = Array(repeating: -1, count: columns.count)
    for (slot, name) in names.enumerated() { slots[try position(of: name)] = slot }
    var numbers = Array(repeating: Float(0), count: rowCount * width)
    try numbers.withUnsafeMutableBufferPointer { numbers throws(DataError) in
      try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
        let reader = CSVReader(bytes: buffer, place: place)
        try reader.readNumbers(from: start, rows: rowCount, slots: slots, into: numbers, width: width) {
          Self.fault(of: $0, column: names[$1], reader)
        }
      }
    }
    return numbers
  }

  @inline(__always)
  func forEachField(
    slots: [Int],
    _ body: (_ reader: CSVReader, _ row: Int, _ slot: Int, _ field: CSVScanner.Field) throws(DataError) -> Bool
  ) throws(DataError) {
    try withReader { reader, start throws(DataError) in
      try reader.forEachField(from: start, rows: rowCount, slots: slots) { row, slot, field throws(DataError) in
        try body(reader, row, slot, field)
      }
    }
  }

  /// Hands on a view of the bytes, for passes that keep what points into them, and where the rows begin.
  @inline(__always)
  func withReader<Result>(
    _ body: (_ reader: CSVReader, _ start: Int) throws(DataError) -> Result
  ) throws(DataError) -> Result {
    try bytes.withUnsafeBufferPointer { buffer throws(DataError) in
      try body(CSVReader(bytes: buffer, place: place), start)
    }
  }

  /// Why a field is no number to learn from.
  @inline(never)
  static func fault(of field: CSVScanner.Field, column: String, _ reader: CSVReader) -> DataError {
    if field.isEmpty { return emptyField(field, column: column, reader) }
    let shown = reader.shown(field)
    let message =
      switch reader.number(of: field) {
      case .text:
        "\(shown) is no number, and only the target may be text; remove the column or write its values as numbers"
      case .finite, .notFinite:
        "\(shown) is no finite number within ±3.4e38, the range of float32; correct it or remove the row"
      }
    return reader.invalid(field, column: column, message)
  }

  static func emptyField(_ field: CSVScanner.Field, column: String, _ reader: CSVReader) -> DataError {
    reader.invalid(field, column: column, "the field is empty; fill it in or remove the row")
  }
}
