import Foundation
import Testing

@testable import DescentFormats

/// Text that is unpacked or converted: in memory while it is small, in a temporary file beyond that.
@Suite struct ByteSourceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let lines = Array((0..<30_000).map { "\($0),größe \($0 % 17)\n" }.joined().utf8)

  private func write(_ bytes: [UInt8], _ name: String = "t.csv.gz") throws -> String {
    try Files.write(bytes, to: folder(name))
    return folder(name)
  }

  private func limits(memory: Int) -> ByteSpool.Limits {
    var limits = ByteSpool.Limits()
    (limits.memory, limits.folder) = (memory, folder.path)
    return limits
  }

  private func isTemporary(_ source: ByteSource) -> Bool {
    if case .temporary = source.content { true } else { false }
  }

  @Test(arguments: [0, 1, 70_000, 100_000_000]) func gzipInSeveralMembers(memory: Int) throws {
    let middle = Self.lines.count / 3
    let packed =
      try systemGzip(Array(Self.lines[..<middle]), level: 6, name: true)
      + systemGzip([], level: 1) + systemGzip(Array(Self.lines[middle...]), level: 1)
    let source = try ByteSource(path: write(packed), limits: limits(memory: memory))
    #expect(isTemporary(source) == (memory < Self.lines.count) && source.count == Self.lines.count)
    for _ in 0..<2 {
      let isEqual = try source.bytes() == Self.lines
      #expect(isEqual)
    }
    // a temporary file has no name
    #expect(try folder.names == ["t.csv.gz"])
  }

  /// A stream through a small window gives what all bytes in memory give, or the same error.
  @Test(arguments: [17, 64, 1000]) func windows(size: Int) throws {
    var randomness = Randomness(11)
    let contents = [randomness.bytes(3000), Array(Self.lines.prefix(200_000)), [UInt8](repeating: 0x0A, count: 90_000)]
    for content in contents {
      let packed = try systemGzip(content, level: 6, name: true)
      for round in 0..<40 {
        let bytes = round == 0 ? packed : round == 1 ? packed + packed : randomness.mutated(packed)
        let path = try write(bytes)
        let descriptor = try Files.open(forReading: path)
        defer { close(descriptor) }
        let stream = ByteStream(descriptor, place: "a", windowSize: size)
        let spool = ByteSpool(place: "a", limits: limits(memory: 1000), unpackedFrom: stream)
        var (unpacked, message): ([UInt8]?, String?)
        do throws(DataError) {
          try Gzip.unpack(stream, into: spool, place: "a")
          unpacked = try ByteSource(spool.finish(), place: "a").bytes()
        } catch { message = error.description }
        var (expected, expectedMessage): ([UInt8]?, String?)
        do throws(DataError) {
          expected = try Gzip.decompress(bytes, place: "a", limit: 1 << 30)
        } catch { expectedMessage = error.description }
        let isEqual = unpacked == expected
        #expect(isEqual && message == expectedMessage)
      }
    }
  }

  @Test func damage() throws {
    var packed = try systemGzip(Self.lines, level: 6)
    packed[packed.count - 6] ^= 1
    let path = try write(packed)
    let error = try dataError { _ = try ByteSource(path: path, limits: limits(memory: 1000)) }
    #expect(error.kind == .invalid && error.message.contains("checksum"))
    let cut = try write(Array(packed.prefix(packed.count / 2)))
    #expect(throws: DataError.self) { try ByteSource(path: cut, limits: limits(memory: 1000)) }
    #expect(try folder.names == ["t.csv.gz"])
  }

  @Test func noRoom() throws {
    var limits = limits(memory: 1000)
    limits.folder = folder("nowhere")
    let path = try write(systemGzip(Self.lines, level: 6))
    let error = try dataError { _ = try ByteSource(path: path, limits: limits) }
    #expect(error.kind == .unwritable && error.place == path)
    #expect(error.message.contains("what it unpacks to") && error.message.contains("TMPDIR"))
    let plain = try write(Self.lines, "t.csv")
    let converted = try dataError {
      _ = try ByteSource(path: plain).inUTF8(from: TextEncoding(named: "latin-1"), limits: limits)
    }
    #expect(converted.kind == .unwritable && converted.message.contains("its text"))
  }

  @Test func bombs() throws {
    var limits = limits(memory: 1000)
    // one endless line
    limits.line = 1 << 20
    let line = try write(systemGzip([UInt8](repeating: 0x30, count: 3 << 20), level: 9))
    let long = try dataError { _ = try ByteSource(path: line, limits: limits) }
    #expect(long.kind == .invalid && long.place == "\(line), byte 0" && long.message.contains("longer than 1 MiB"))
    // lines enough, packed as no table is
    limits.unpacking.unwatched = 1 << 20
    let zeros = Array(repeating: Array("0,0,0\n".utf8), count: 600_000).flatMap { $0 }
    let short = try write(systemGzip(zeros, level: 9))
    let bomb = try dataError { _ = try ByteSource(path: short, limits: limits) }
    #expect(bomb.kind == .invalid && bomb.place == short && bomb.message.contains("not packed so small"))
    // the same, small, is a table
    limits.unpacking.unwatched = zeros.count
    #expect(try ByteSource(path: short, limits: limits).count == zeros.count)
  }

  @Test(arguments: ["latin-1", "utf-16le", "utf-16be", "gb18030"]) func encodings(name: String) throws {
    let encoding = try TextEncoding(named: name)
    let systemName: String.Encoding =
      switch name {
      case "latin-1": .isoLatin1
      case "utf-16le": .utf16LittleEndian
      case "utf-16be": .utf16BigEndian
      default: .ascii
      }
    let text = name == "gb18030" ? Array("a,b\n".utf8) : Self.lines
    let data = try #require(String(decoding: text, as: UTF8.self).data(using: systemName))
    let path = try write(Array(data), "t.csv")
    for memory in [1, 1000, 100_000_000] {
      let source = try ByteSource(path: path).inUTF8(from: encoding, limits: limits(memory: memory))
      #expect(isTemporary(source) == (memory < text.count))
      let isEqual = try source.bytes() == text
      #expect(isEqual)
    }
  }

  @Test func checksumsInPieces() {
    var sum = CRC32()
    Self.lines.withUnsafeBytes { bytes in
      for (start, end) in [(0, 1), (1, 8), (8, 1000), (1000, bytes.count)] {
        sum.add(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
      }
      #expect(sum.value == CRC32.checksum(bytes) && sum.count == bytes.count)
    }
  }
}
