#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Rows of float32 numbers in a temporary file without a name, for more of them than memory should hold. The system takes
/// the file back when nobody uses it any more, and when the program ends in any way.
///
/// It lies in the folder that the environment variable `TMPDIR` names, else in `/tmp`, and is never larger than the rows.
public final class RowFile: Sendable {
  /// Numbers in a row.
  public let width: Int
  /// Rows.
  public let count: Int
  private let descriptor: Int32

  fileprivate init(descriptor: Int32, width: Int, count: Int) {
    (self.descriptor, self.width, self.count) = (descriptor, width, count)
  }

  deinit { _ = close(descriptor) }

  /// Copies a row's numbers to `out`, which has room for them. May be called from several threads at a time.
  ///
  /// - Returns: whether the system could read them.
  public func read(_ row: Int, into out: UnsafeMutablePointer<Float>) -> Bool {
    let size = width * MemoryLayout<Float>.stride
    let target = UnsafeMutableRawPointer(out)
    var filled = 0
    while filled < size {
      let count = retrying { pread(descriptor, target + filled, size - filled, off_t(row * size + filled)) }
      guard count > 0 else { return false }
      filled += count
    }
    return true
  }

  /// Writes rows, one behind the other.
  public final class Writer {
    private let width: Int
    private let place: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var count = 0
    private static let bufferSize = 1 << 20

    /// A file for rows of so many numbers.
    ///
    /// - Parameter place: what the rows are of, for messages.
    /// - Throws: ``DataError`` where there is no room for temporary files.
    public init(width: Int, place: String) throws(DataError) {
      (self.width, self.place) = (width, place)
      let folder = getenv("TMPDIR").map { String(cString: $0) } ?? ""
      let path =
        "\(folder.isEmpty ? "/tmp" : folder)/.descent-\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
      descriptor = retrying { openFile(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
      guard descriptor >= 0 else { throw Self.failure(place, errno) }
      unlink(path)
      buffer.reserveCapacity(Self.bufferSize)
    }

    deinit { _ = close(descriptor) }

    /// Writes a row, or several one behind the other.
    ///
    /// - Throws: ``DataError`` where the disk is full.
    public func append(_ rows: UnsafeBufferPointer<Float>) throws(DataError) {
      buffer.append(contentsOf: UnsafeRawBufferPointer(rows))
      count += rows.count / width
      if buffer.count >= Self.bufferSize { try flush() }
    }

    private func flush() throws(DataError) {
      let code = Files.writeAll(buffer, to: descriptor)
      guard code == 0 else { throw Self.failure(place, code) }
      buffer.removeAll(keepingCapacity: true)
    }

    /// The rows so far, to be read.
    ///
    /// - Throws: ``DataError`` where the disk is full.
    public func finish() throws(DataError) -> RowFile {
      try flush()
      let copy = dup(descriptor)
      guard copy >= 0 else { throw Self.failure(place, errno) }
      return RowFile(descriptor: copy, width: width, count: count)
    }

    private static func failure(_ place: String, _ code: Int32) -> DataError {
      .unwritable(
        place,
        "its prepared rows do not fit into memory, and no temporary file can hold them: \(reason(code)); make room, or name "
          + "another folder for temporary files in TMPDIR")
    }
  }
}
