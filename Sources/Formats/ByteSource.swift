#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The bytes of a file, handed out from beginning to end in pieces of whole records, as often as one likes.
///
/// A regular file is read anew for every pass and never held whole, so that it may be larger than the memory. What can be
/// read only once (a pipe), or has to be unpacked first (gzip), is held in memory.
package struct ByteSource: Sendable {
  /// What errors call it.
  package let place: String
  private let content: Content

  private enum Content: Sendable {
    case memory([UInt8])
    case file(path: String, Stamp)
  }

  /// Where the last record of some bytes ends; nil where none does. `isLast` says that no byte follows.
  package typealias RecordEnd = (_ bytes: UnsafeBufferPointer<UInt8>, _ isLast: Bool) -> Int?

  /// Bytes that are asked for at a time: large beside a system call, small beside the memory.
  private static let pieceSize = 1 << 22

  /// The longest record that is taken. One that never ends would otherwise be gathered until the memory is full.
  package static let longestRecord = 1 << 26

  /// Bytes that are in memory.
  package init(_ bytes: [UInt8], place: String) {
    self.place = place
    content = .memory(bytes)
  }

  /// A file, plain or gzipped.
  ///
  /// - Throws: ``DataError``: it is missing or unreadable, or its gzip data are damaged.
  package init(path: String) throws(DataError) {
    place = path
    let descriptor = try Files.open(forReading: path)
    defer { _ = close(descriptor) }
    let stamp = try Stamp(of: descriptor, path)
    var magic: [UInt8] = [0, 0]
    let isPacked =
      stamp.isRegular && retrying { pread(descriptor, &magic, 2, 0) } == 2 && Gzip.isGzip(magic)
    guard !stamp.isRegular || isPacked else {
      content = .file(path: path, stamp)
      return
    }
    let bytes = try Files.read(path)
    content = .memory(
      Gzip.isGzip(bytes) ? try Gzip.decompress(bytes, place: path, limit: Files.sizeLimit) : bytes)
  }

  /// The same text in UTF-8.
  ///
  /// - Parameter encoding: how it is written; nil for UTF-8, or what a byte order mark says.
  /// - Throws: ``DataError``: it cannot be read, or is not in that encoding.
  package func inUTF8(from encoding: TextEncoding?) throws(DataError) -> ByteSource {
    var beginning: [UInt8] = []
    try forEachPiece(endingBy: anywhere) { piece in
      beginning = Array(piece.prefix(4))
      return false
    }
    let marked = beginning.withUnsafeBufferPointer { TextEncoding.marked($0)?.encoding }
    let encoding = encoding ?? marked ?? .utf8
    guard encoding != .utf8 else { return self }
    var converter = try TextConverter(from: encoding, place: place)
    var text: [UInt8] = []
    try forEachPiece(endingBy: anywhere) { piece throws(DataError) in
      try converter.convert(piece, into: &text)
      return true
    }
    try converter.finish(into: &text)
    return ByteSource(text, place: place)
  }

  /// All bytes at once.
  package func bytes() throws(DataError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    try forEachPiece(endingBy: anywhere) { piece in
      bytes += piece
      return true
    }
    return bytes
  }

  /// How many bytes there are.
  package var count: Int {
    switch content {
    case .memory(let bytes): bytes.count
    case .file(_, let stamp): stamp.size
    }
  }

  /// Hands out all bytes in order, each piece ending with a record; the last one ends with the bytes.
  ///
  /// - Throws: what `body` throws; ``DataError`` where reading fails, where the file has changed since it was opened, and
  ///   where a record is longer than ``longestRecord``.
  package func forEachPiece(
    endingBy recordEnd: RecordEnd, _ body: (UnsafeBufferPointer<UInt8>) throws(DataError) -> Bool
  ) throws(DataError) {
    switch content {
    case .memory(let bytes): try walk(bytes, recordEnd, body)
    case .file(let path, let stamp): try walk(path, stamp, recordEnd, body)
    }
  }

  private func walk(
    _ bytes: [UInt8], _ recordEnd: RecordEnd, _ body: (UnsafeBufferPointer<UInt8>) throws(DataError) -> Bool
  ) throws(DataError) {
    try bytes.withUnsafeBufferPointer { bytes throws(DataError) in
      var start = 0
      var length = Self.pieceSize
      while start < bytes.count {
        let stop = min(start + length, bytes.count)
        let window = UnsafeBufferPointer(rebasing: bytes[start..<stop])
        guard let end = recordEnd(window, stop == bytes.count) else {
          guard length < Self.longestRecord else { throw tooLong(at: start) }
          length *= 2
          continue
        }
        guard try body(UnsafeBufferPointer(rebasing: window[..<end])) else { return }
        start += end
        length = Self.pieceSize
      }
    }
  }

  private func walk(
    _ path: String, _ stamp: Stamp, _ recordEnd: RecordEnd,
    _ body: (UnsafeBufferPointer<UInt8>) throws(DataError) -> Bool
  ) throws(DataError) {
    let descriptor = try Files.open(forReading: path)
    defer { _ = close(descriptor) }
    guard try Stamp(of: descriptor, path) == stamp else { throw changed }
    var buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.pieceSize)
    defer { buffer.deallocate() }
    // bytes in the buffer that no record has ended yet, and how far the file has been handed out
    var (filled, offset) = (0, 0)
    var isAtEnd = false
    while !isAtEnd || filled > 0 {
      while filled < buffer.count, !isAtEnd {
        let count = retrying { sysRead(descriptor, buffer.baseAddress! + filled, buffer.count - filled) }
        guard count >= 0 else {
          throw .invalid(place, "reading stopped after \(offset + filled) bytes: \(reason(errno))")
        }
        if count == 0 { isAtEnd = true }
        filled += count
      }
      if filled == 0 { break }
      guard let end = recordEnd(UnsafeBufferPointer(rebasing: buffer[..<filled]), isAtEnd) else {
        guard buffer.count < Self.longestRecord else { throw tooLong(at: offset) }
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: buffer.count * 2)
        larger.baseAddress!.update(from: buffer.baseAddress!, count: filled)
        buffer.deallocate()
        buffer = larger
        continue
      }
      guard try body(UnsafeBufferPointer(rebasing: buffer[..<end])) else { return }
      (buffer.baseAddress!).update(from: buffer.baseAddress! + end, count: filled - end)
      filled -= end
      offset += end
    }
    guard offset == stamp.size, try Stamp(of: descriptor, path) == stamp else { throw changed }
  }

  private var changed: DataError {
    .invalid(place, "the file changed while it was being read; start again when nothing writes to it any more")
  }

  private func tooLong(at offset: Int) -> DataError {
    .invalid(
      "\(place), byte \(offset)",
      "a line longer than \(Self.longestRecord >> 20) MiB starts here, the most that is taken; "
        + "is a closing quote missing, or is this no table?")
  }
}

/// Bytes as they come have no records.
private func anywhere(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) -> Int? { bytes.count }

/// What tells whether a file is still the one that was opened.
private struct Stamp: Sendable, Equatable {
  let size: Int
  let isRegular: Bool
  private let (device, inode): (UInt64, UInt64)
  private let (seconds, nanoseconds): (Int, Int)

  init(of descriptor: Int32, _ path: String) throws(DataError) {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .missing(path, "can't be read: \(reason(errno))") }
    guard !isFolder(status) else { throw .invalid(path, "this is a folder, where a file is expected") }
    size = Int(status.st_size)
    isRegular = DescentFormats.isRegular(status)
    (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    #if canImport(Darwin)
      (seconds, nanoseconds) = (status.st_mtimespec.tv_sec, status.st_mtimespec.tv_nsec)
    #else
      (seconds, nanoseconds) = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
    #endif
  }
}
