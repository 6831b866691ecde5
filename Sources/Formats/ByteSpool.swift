#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Gathers text that can be had only once, because it is unpacked, converted or comes through a pipe: in memory while it
/// is small, in a temporary file beyond that.
package final class ByteSpool {
  /// What is taken, and where it is kept.
  package struct Limits: Sendable {
    /// The most bytes that are held in memory.
    package var memory = 1 << 26
    /// The longest run of bytes without a line end.
    package var line = ByteSource.longestRecord
    /// How much is unpacked from how little.
    package var unpacking = UnpackingLimit()
    /// Where temporary files lie.
    package var folder = Files.temporaryFolder
    /// Packed bytes that are read at a time.
    package var window = 1 << 20

    /// What holds for users.
    package init() {}
  }

  private let place: String
  private let limits: Limits
  /// What the bytes are unpacked from.
  private let packed: ByteStream?
  private var bytes: [UInt8] = []
  private var file: TemporaryFile?
  private var count = 0
  /// How many bytes there are behind the last line end.
  private var lineCount = 0

  /// - Parameters:
  ///   - place: what the text is called in errors.
  ///   - packed: what it is unpacked from, if it is.
  init(place: String, limits: Limits, unpackedFrom packed: ByteStream? = nil) {
    (self.place, self.limits, self.packed) = (place, limits, packed)
  }

  /// Takes in what comes next.
  ///
  /// - Throws: ``DataError``: a line is too long, or the disk is full.
  func append(_ piece: [UInt8]) throws(DataError) {
    // the standard library's closures pass no typed error on
    let result = piece.withUnsafeBytes { piece -> Result<Void, DataError> in
      do throws(DataError) { return .success(try append(piece)) } catch { return .failure(error) }
    }
    try result.get()
  }

  /// Takes in what comes next.
  ///
  /// - Throws: ``DataError``: a line is too long, it unpacks to too much, or the disk is full.
  func append(_ piece: UnsafeRawBufferPointer) throws(DataError) {
    let end = piece.lastIndex { $0 == 0x0A || $0 == 0x0D }
    lineCount = end.map { piece.count - $0 - 1 } ?? lineCount + piece.count
    guard lineCount <= limits.line else {
      throw ByteSource.lineTooLong(place, from: count + piece.count - lineCount, most: limits.line)
    }
    count += piece.count
    if let packed {
      try limits.unpacking.check(
        count, from: packed.count, place: place,
        advice: "If you trust the file, unpack it first, for example with gunzip")
    }
    bytes.append(contentsOf: piece)
    // a temporary file is written in portions as large as the memory's limit, or as pieces come
    if file != nil ? bytes.count >= Self.portion : bytes.count > limits.memory { try moveToFile() }
  }

  private static let portion = 1 << 20

  /// All that was taken in.
  func finish() throws(DataError) -> ByteSource.Content {
    guard file != nil else { return .memory(bytes) }
    try moveToFile()
    return file.map { .temporary($0, count: count) } ?? .memory(bytes)
  }

  private func moveToFile() throws(DataError) {
    let file: TemporaryFile
    if let opened = self.file {
      file = opened
    } else {
      file = try TemporaryFile(of: packed == nil ? "its text" : "what it unpacks to", place: place, in: limits.folder)
    }
    self.file = file
    try file.append(bytes)
    // the first portion's memory is as large as the limit
    bytes.removeAll(keepingCapacity: bytes.capacity <= 4 * Self.portion)
  }
}
