#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file without a name, for what memory should not hold. The system takes it back when nobody uses it any more, and when
/// the program ends in any way.
final class TemporaryFile: Sendable {
  private let descriptor: Int32
  private let content: String
  private let place: String

  /// An empty file.
  ///
  /// - Parameters:
  ///   - content: what it will hold, for messages, such as `its rows`.
  ///   - place: what that is of.
  ///   - folder: where it lies.
  /// - Throws: ``DataError/Kind/unwritable`` where the folder takes no file.
  init(of content: String, place: String, in folder: String = Files.temporaryFolder) throws(DataError) {
    (self.content, self.place) = (content, place)
    descriptor = Files.nameless(in: folder)
    if descriptor < 0 { throw failure(errno) }
  }

  deinit { if descriptor >= 0 { _ = close(descriptor) } }

  /// Writes behind what was written before.
  ///
  /// - Throws: ``DataError/Kind/unwritable`` where the disk is full.
  func append(_ bytes: [UInt8]) throws(DataError) {
    let code = Files.writeAll(bytes, to: descriptor)
    guard code == 0 else { throw failure(code) }
  }

  /// Reads from an offset on, as much as there is room for. May be called from several threads at a time.
  ///
  /// - Returns: how many bytes there were, or −1.
  func read(into room: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    Files.read(descriptor, into: room, at: offset)
  }

  private func failure(_ code: Int32) -> DataError {
    .unwritable(
      place,
      "memory should not hold \(content), and no temporary file can: \(reason(code)); make room, or name another folder "
        + "for temporary files in TMPDIR")
  }
}

extension Files {
  /// Opens a new file in a folder that goes when it is closed; −1 where that fails.
  static func nameless(in folder: String = temporaryFolder) -> Int32 {
    let path = temporaryName(in: folder)
    let descriptor = retrying { openFile(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
    if descriptor >= 0 { unlink(path) }
    return descriptor
  }

  /// Fills the room from an offset of a file on; returns how many bytes there were, or −1.
  static func read(_ descriptor: Int32, into room: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
    guard let base = room.baseAddress else { return 0 }
    var filled = 0
    while filled < room.count {
      let count = retrying { pread(descriptor, base + filled, room.count - filled, off_t(offset + filled)) }
      guard count >= 0 else { return -1 }
      if count == 0 { break }
      filled += count
    }
    return filled
  }
}
