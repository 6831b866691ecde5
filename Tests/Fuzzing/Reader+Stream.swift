import DescentFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension Reader {
  /// Unpacks a file through a window of a few bytes, and compares it with what memory alone makes of it.
  static func readStream(_ bytes: [UInt8]) throws {
    guard Gzip.isGzip(bytes) else { return }
    let path = "\(Files.temporaryFolder)/descent-stream-\(getpid())"
    try Files.write(bytes, to: path)
    defer { unlink(path) }
    var limits = ByteSpool.Limits()
    (limits.memory, limits.line, limits.window) = (1000, 1 << 16, 17 + bytes.count % 48)
    (limits.unpacking.unwatched, limits.unpacking.ratio) = (1 << 18, 100)
    let unpacked = try ByteSource(path: path, limits: limits).bytes()
    let whole = try Gzip.decompress(bytes, place: "a", limit: .max)
    guard whole == unpacked else { fatalError("a window changes the bytes") }
  }
}
