/// Rows of float32 numbers in a temporary file without a name, for more of them than memory should hold. The system takes
/// the file back when nobody uses it any more, and when the program ends in any way.
///
/// It lies in the folder that the environment variable `TMPDIR` names, else in `/tmp`, and is never larger than the rows.
public final class RowFile: Sendable {
  /// Numbers in a row.
  public let width: Int
  /// Rows.
  public let count: Int
  private let file: TemporaryFile

  fileprivate init(_ file: TemporaryFile, width: Int, count: Int) {
    (self.file, self.width, self.count) = (file, width, count)
  }

  /// Copies a row's numbers to `out`, which has room for them. May be called from several threads at a time.
  ///
  /// - Returns: whether the system could read them.
  public func read(_ row: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
    let room = UnsafeMutableRawBufferPointer(start: out, count: width * MemoryLayout<Float>.stride)
    return file.read(into: room, at: row * room.count) == room.count
  }

  /// Writes rows, one behind the other.
  public final class Writer {
    private let width: Int
    private let file: TemporaryFile
    private var buffer: [UInt8] = []
    private var count = 0
    private static let bufferSize = 1 << 20

    /// A file for rows of so many numbers.
    ///
    /// - Parameter place: what the rows are of, for messages.
    /// - Throws: ``DataError`` where there is no room for temporary files.
    public init(width: Int, place: String) throws(DataError) {
      self.width = width
      file = try TemporaryFile(of: "its prepared rows", place: place)
      buffer.reserveCapacity(Self.bufferSize)
    }

    /// Writes a row, or several one behind the other.
    ///
    /// - Throws: ``DataError`` where the disk is full.
    public func append(_ rows: UnsafeBufferPointer<Float>) throws(DataError) {
      count += rows.count / width
      // many rows would leave a buffer as large as they are
      var rest = UnsafeRawBufferPointer(rows)[...]
      while !rest.isEmpty {
        let part = rest.prefix(Self.bufferSize - buffer.count)
        buffer.append(contentsOf: part)
        rest = rest.dropFirst(part.count)
        if buffer.count >= Self.bufferSize { try flush() }
      }
    }

    private func flush() throws(DataError) {
      try file.append(buffer)
      buffer.removeAll(keepingCapacity: true)
    }

    /// The rows so far, to be read.
    ///
    /// - Throws: ``DataError`` where the disk is full.
    public func finish() throws(DataError) -> RowFile {
      try flush()
      return RowFile(file, width: width, count: count)
    }
  }
}
