#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The bytes of a file, handed out from beginning to end in pieces of whole records, as often as one likes.
///
/// A file is read anew for every pass and never held whole, so that it may be larger than the memory. What can be read only
/// once (a pipe), or has to be unpacked (gzip) or converted first, is kept: in memory where it is small, else in a temporary
/// file.
package struct ByteSource: Sendable {
  /// What errors call it.
  package let place: String
  let content: Content

  enum Content: Sendable {
    case memory([UInt8])
    case file(path: String, Stamp)
    case temporary(TemporaryFile, count: Int)
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
  /// - Throws: ``DataError``: it is missing or unreadable, its gzip data are damaged or unpack to more than a table is
  ///   packed into, or a temporary file is needed and can't be had.
  package init(path: String) throws(DataError) { try self.init(path: path, limits: ByteSpool.Limits()) }

  package init(path: String, limits: ByteSpool.Limits) throws(DataError) {
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
    let stream = ByteStream(descriptor, place: path, windowSize: limits.window)
    if Gzip.isGzip(Array(stream.window.prefix(2))) {
      let spool = ByteSpool(place: path, limits: limits, unpackedFrom: stream)
      try Gzip.unpack(stream, into: spool, place: path)
      content = try spool.finish()
    } else {
      let spool = ByteSpool(place: path, limits: limits)
      var window = stream.window
      while !window.isEmpty {
        try spool.append(window)
        window = stream.advance(by: window.count)
      }
      content = try spool.finish()
    }
    try stream.checkReading()
    let last = try Stamp(of: descriptor, path)
    guard !stamp.isRegular || last == stamp else { throw changed }
  }

  init(_ content: Content, place: String) { (self.content, self.place) = (content, place) }

  /// The same text in UTF-8.
  ///
  /// - Parameter encoding: how it is written; nil for UTF-8, or what a byte order mark says.
  /// - Throws: ``DataError``: it cannot be read, or is not in that encoding, or a temporary file is needed and can't be had.
  package func inUTF8(from encoding: TextEncoding?) throws(DataError) -> ByteSource {
    try inUTF8(from: encoding, limits: ByteSpool.Limits())
  }

  func inUTF8(from encoding: TextEncoding?, limits: ByteSpool.Limits) throws(DataError) -> ByteSource {
    var beginning: [UInt8] = []
    try forEachPiece(endingBy: anywhere) { piece in
      beginning = Array(piece.prefix(4))
      return false
    }
    let marked = beginning.withUnsafeBufferPointer { TextEncoding.marked($0)?.encoding }
    let encoding = encoding ?? marked ?? .utf8
    guard encoding != .utf8 else { return self }
    var converter = try TextConverter(from: encoding, place: place)
    let spool = ByteSpool(place: place, limits: limits)
    var text: [UInt8] = []
    try forEachPiece(endingBy: anywhere) { piece throws(DataError) in
      try converter.convert(piece, into: &text)
      try spool.append(text)
      text.removeAll(keepingCapacity: true)
      return true
    }
    try converter.finish(into: &text)
    try spool.append(text)
    return ByteSource(try spool.finish(), place: place)
  }

  /// All bytes at once.
  ///
  /// - Throws: ``DataError``: they are more than memory should hold, or cannot be read.
  package func bytes() throws(DataError) -> [UInt8] {
    guard count <= Files.sizeLimit else {
      throw .invalid(place, "larger than \(Files.sizeLimit) bytes, the most that is read into memory here")
    }
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
    case .temporary(_, let count): count
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
    case .temporary(let file, let count):
      let end = try walk({ file.read(into: $0, at: $1) }, recordEnd, body)
      guard end == nil || end == count else { throw changed }
    case .file(let path, let stamp):
      let descriptor = try Files.open(forReading: path)
      defer { _ = close(descriptor) }
      guard try Stamp(of: descriptor, path) == stamp else { throw changed }
      let end: Int?
      do throws(DataError) {
        end = try walk({ Files.read(descriptor, into: $0, at: $1) }, recordEnd, body)
      } catch {
        // what a half-written file seems to have wrong is not its fault
        guard try Stamp(of: descriptor, path) == stamp else { throw changed }
        throw error
      }
      let last = try Stamp(of: descriptor, path)
      guard end == nil || (end == stamp.size && last == stamp) else { throw changed }
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
          guard length < Self.longestRecord else { throw Self.lineTooLong(place, from: start) }
          length *= 2
          continue
        }
        guard try body(UnsafeBufferPointer(rebasing: window[..<end])) else { return }
        start += end
        length = Self.pieceSize
      }
    }
  }

  /// Walks over what `read` reads at an offset; says where that ended, or nil where `body` did not want more.
  private func walk(
    _ read: (UnsafeMutableRawBufferPointer, _ offset: Int) -> Int, _ recordEnd: RecordEnd,
    _ body: (UnsafeBufferPointer<UInt8>) throws(DataError) -> Bool
  ) throws(DataError) -> Int? {
    var buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: Self.pieceSize)
    defer { buffer.deallocate() }
    // bytes in the buffer that no record has ended yet, and how far the file has been handed out
    var (filled, offset) = (0, 0)
    var isAtEnd = false
    while !isAtEnd || filled > 0 {
      let room = UnsafeMutableRawBufferPointer(UnsafeMutableBufferPointer(rebasing: buffer[filled...]))
      let count = isAtEnd ? 0 : read(room, offset + filled)
      guard count >= 0 else {
        throw .invalid(place, "reading stopped after \(offset + filled) bytes: \(reason(errno))")
      }
      isAtEnd = isAtEnd || count < room.count
      filled += count
      if filled == 0 { break }
      guard let end = recordEnd(UnsafeBufferPointer(rebasing: buffer[..<filled]), isAtEnd) else {
        guard buffer.count < Self.longestRecord else { throw Self.lineTooLong(place, from: offset) }
        let larger = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: buffer.count * 2)
        larger.baseAddress!.update(from: buffer.baseAddress!, count: filled)
        buffer.deallocate()
        buffer = larger
        continue
      }
      guard try body(UnsafeBufferPointer(rebasing: buffer[..<end])) else { return nil }
      (buffer.baseAddress!).update(from: buffer.baseAddress! + end, count: filled - end)
      filled -= end
      offset += end
    }
    return offset
  }

  private var changed: DataError {
    .invalid(place, "the file changed while it was being read; start again when nothing writes to it any more")
  }

  /// What is said of a line that does not end.
  static func lineTooLong(_ place: String, from offset: Int, most: Int = longestRecord) -> DataError {
    .invalid(
      "\(place), byte \(offset)",
      "a line longer than \(most >> 20) MiB starts here, the most that is taken; "
        + "is a closing quote missing, or is this no table?")
  }
}

/// Bytes as they come have no records.
private func anywhere(_ bytes: UnsafeBufferPointer<UInt8>, isLast: Bool) -> Int? { bytes.count }

/// What tells whether a file is still the one that was opened.
struct Stamp: Sendable, Equatable {
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
