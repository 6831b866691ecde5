import Foundation
import Testing

@testable import DescentFormats

/// What the system's own gzip makes of `content`.
func systemGzip(_ content: [UInt8], level: Int, name: Bool = false) throws -> [UInt8] {
  let folder = try TemporaryFolder()
  try Files.write(content, to: folder("content"))
  let flag = name ? "-N" : "-n"
  let pipe = try #require(popen("gzip -\(level) \(flag) -c '\(folder("content"))'", "r"))
  defer { pclose(pipe) }
  var packed: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while case let count = fread(&chunk, 1, chunk.count, pipe), count > 0 { packed += chunk[..<count] }
  return packed
}

@Suite struct GzipTests {
  static let contents: [(name: String, bytes: [UInt8])] = {
    var randomness = Randomness(3)
    let block = randomness.bytes(70_000)
    let words = ["a", "network", "learns", "from", "its", "errors", ",", "layer", "by", "layer", "\n"]
    var text: [UInt8] = []
    for _ in 0..<20_000 { text += Array(words.randomElement(using: &randomness)!.utf8) + [0x20] }
    var skewed: [UInt8] = []
    for _ in 0..<60_000 { skewed.append(UInt8(randomness.next().trailingZeroBitCount)) }
    return [
      ("empty", []),
      ("one byte", [7]),
      ("short text, fixed code", Array("hello hello hello".utf8)),
      ("a run", [UInt8](repeating: 65, count: 300_000)),
      ("runs of all lengths", (1..<500).flatMap { [UInt8](repeating: UInt8($0 & 0xFF), count: $0) }),
      ("random, stored", randomness.bytes(150_000)),
      ("text, dynamic code", text),
      ("codes longer than the first level", skewed),
      ("a period out of reach", block + block + block),
      ("the longest distance", Array(block[..<32_768]) + block[..<32_768]),
      ("short periods", (1...12).flatMap { period in (0..<1000).map { UInt8($0 % period) } }),
      ("all bytes", (0..<4096).map { UInt8($0 & 0xFF) }),
    ]
  }()

  @Test(arguments: contents.indices, [1, 6, 9])
  func unpacksWhatGzipPacks(index: Int, level: Int) throws {
    let (name, content) = Self.contents[index]
    let packed = try systemGzip(content, level: level, name: level == 9)
    #expect(Gzip.isGzip(packed))
    let unpacked = try Gzip.decompress(packed, place: name, limit: content.count)
    // Not compared inside the macro, which would print both.
    let isEqual = unpacked == content
    #expect(isEqual, "\(name)")
  }

  @Test func members() throws {
    let first = try systemGzip(Array("first ".utf8), level: 9, name: true)
    let second = try systemGzip(Array("second".utf8), level: 1)
    let empty = try systemGzip([], level: 6)
    #expect(
      try Gzip.decompress(first + empty + second, place: "a", limit: 100) == Array("first second".utf8))
    // A member is a world of its own: its matches can't reach into the one before.
    let reaching = member(deflated: Bits().fixedBlock([.match(length: 3, distance: 1)]).bytes, content: [])
    let error = try dataError { _ = try Gzip.decompress(first + reaching, place: "a", limit: 100) }
    #expect(error.message.contains("distance"))
  }

  @Test func allHeaderFields() throws {
    let content = Array("content".utf8)
    var header: [UInt8] = [0x1F, 0x8B, 8, 0x1F, 1, 2, 3, 4, 0, 255]
    header += [3, 0, 9, 9, 9] + Array("name\0".utf8) + Array("a comment\0".utf8)
    let checksum = header.withUnsafeBytes { CRC32.checksum($0) }
    let checked = header + [UInt8(checksum & 0xFF), UInt8(checksum >> 8 & 0xFF)]
    let packed = member(header: checked, deflated: Bits().stored(content).bytes, content: content)
    #expect(try Gzip.decompress(packed, place: "a", limit: 100) == content)
    for count in 0..<packed.count {
      #expect(throws: DataError.self) { try Gzip.decompress(Array(packed[..<count]), place: "a", limit: 100) }
    }
    var wrong = packed
    wrong[12] = 8
    let error = try dataError { _ = try Gzip.decompress(wrong, place: "a", limit: 100) }
    #expect(error.message.contains("header's checksum"))
  }

  @Test func checksums() {
    #expect(Array("123456789".utf8).withUnsafeBytes { CRC32.checksum($0) } == 0xCBF4_3926)
    #expect(
      Array("The quick brown fox jumps over the lazy dog".utf8).withUnsafeBytes { CRC32.checksum($0) } == 0x414F_A339)
    #expect([UInt8]().withUnsafeBytes { CRC32.checksum($0) } == 0)
  }

  @Test func limits() throws {
    let content = [UInt8](repeating: 0, count: 1_000_000)
    let bomb = try systemGzip(content, level: 9)
    for limit in [-1, 0, 1, 4096, 999_999] {
      let error = try dataError { _ = try Gzip.decompress(bomb, place: "bomb.gz", limit: limit) }
      #expect(error == .invalid("bomb.gz", "unpacks to more than \(limit) bytes, the most that is taken here"))
    }
    #expect(try Gzip.decompress(bomb, place: "a", limit: 1_000_000).count == 1_000_000)
    #expect(try Gzip.decompress(bomb, place: "a", limit: .max).count == 1_000_000)
    let stored = member(deflated: Bits().stored([1, 2, 3]).bytes, content: [1, 2, 3])
    #expect(try dataError { _ = try Gzip.decompress(stored, place: "a", limit: 2) }.message.contains("2 bytes"))
    #expect(try Gzip.unpackPrefix(bomb, count: 10) == [UInt8](repeating: 0, count: 10))
    #expect(try Gzip.unpackPrefix(stored, count: 10) == [1, 2, 3])
    // The announced length is a guess and may lie about anything.
    let lying = Array(stored.dropLast(4)) + [255, 255, 255, 255]
    #expect(try dataError { _ = try Gzip.decompress(lying, place: "a", limit: .max) }.message.contains("length"))
  }

  @Test func rejections() throws {
    let good = member(deflated: Bits().stored([1, 2, 3]).bytes, content: [1, 2, 3])
    func changed(_ index: Int, _ value: UInt8) -> [UInt8] {
      var bytes = good
      bytes[index < 0 ? bytes.count + index : index] ^= value
      return bytes
    }
    let cases: [([UInt8], String)] = [
      ([], "no gzip file"), (Array("P5 text".utf8), "no gzip file"), (changed(1, 1), "no gzip file"),
      (changed(2, 1), "other than deflate"), (changed(3, 0x20), "reserved flags"), (changed(-1, 1), "length"),
      (changed(-5, 1), "checksum"), (good + [0], "something else follows"),
      (good + [1, 2, 3], "something else follows"),
      (good + [0x1F, 0x8B], "header is cut off"), (good + good.dropLast(), "cut off"),
    ]
    for (bytes, message) in cases {
      let error = try dataError { _ = try Gzip.decompress(bytes, place: "a.gz", limit: 100) }
      #expect(error.kind == .invalid && error.place.hasPrefix("a.gz, byte "))
      #expect(error.message.contains(message), "\(error)")
    }
  }

  @Test(arguments: [0, 2, 6, 10])
  func truncationAnywhere(index: Int) throws {
    let content = Array(Self.contents[index].bytes.prefix(1500))
    let packed = try systemGzip(content, level: 6)
    for count in 0..<packed.count {
      #expect(throws: DataError.self, "\(count) of \(packed.count)") {
        try Gzip.decompress(Array(packed[..<count]), place: "a", limit: 10_000)
      }
    }
  }
}
