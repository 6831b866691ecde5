import DescentDatasets
import DescentFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// One reader of files that may be hostile: whatever the bytes, it returns or throws a `DataError`.
package struct Reader: Sendable {
  /// The name of its folder in `Corpus`.
  package let name: String
  /// Reads bytes and uses what came out.
  package let read: @Sendable ([UInt8]) throws -> Void

  /// Every reader, by name.
  package static let all: [Reader] = [
    Reader(name: "csv") { bytes in
      let table = try Table(bytes: bytes, place: "a")
      _ = try table.features(named: table.columns)
    },
    // The first byte chooses the encoding, the second where the text is cut in two.
    Reader(name: "encoding") { bytes in
      guard bytes.count >= 2 else { return }
      let names = TextEncoding.known
      let encoding = try TextEncoding(named: names[Int(bytes[0]) % names.count])
      let text = bytes[2...]
      let cut = text.startIndex + Int(bytes[1]) % (text.count + 1)
      var converter = try TextConverter(from: encoding, place: "a")
      var pieces: [UInt8] = []
      try converter.convert(text[..<cut], into: &pieces)
      try converter.convert(text[cut...], into: &pieces)
      try converter.finish(into: &pieces)
      guard try encoding.utf8(Array(text), place: "a") == pieces else { fatalError("a cut changes the text") }
      let whole = pieces.withUnsafeBufferPointer { UTF8Text.firstInvalid(in: $0) == nil }
      guard whole else { fatalError("what was converted is no UTF-8") }
    },
    Reader(name: "gzip") { _ = try Gzip.decompress($0, place: "a", limit: 1 << 20) },
    Reader(name: "idx") { _ = try IDXFile($0, place: "a") },
    // The scanner of JSON behind the header of a safetensors file, whose length is right.
    Reader(name: "json") { bytes in
      let length = (0..<8).map { UInt8(truncatingIfNeeded: bytes.count >> (8 * $0)) }
      _ = try SafeTensorsFile(length + bytes, place: "a")
    },
    Reader(name: "jsonl") { bytes in
      try Table(jsonLines: bytes, place: "a").forEachTextRow { _, _ in }
    },
    Reader(name: "model") { try readModel($0) },
    Reader(name: "network") { try readNetwork($0) },
    Reader(name: "npy") { bytes in
      let array = try NumPyFile(bytes, place: "a")
      _ = try NumPyFile(array.serialized(), place: "a")
    },
    Reader(name: "npz") { bytes in
      var limit = UnpackingLimit()
      limit.unwatched = 1 << 18
      _ = try NumPyArchive(bytes, place: "a", unpacking: limit) { _ in true }
    },
    Reader(name: "picture") { _ = try Picture(bytes: withTrueChecksums($0), place: "a") },
    Reader(name: "safetensors") { bytes in
      let file = try SafeTensorsFile(bytes, place: "a")
      _ = try SafeTensorsFile(file.serialized(), place: "a")
    },
    Reader(name: "stream") { try readStream($0) },
    Reader(name: "survey") { try surveyTable($0) },
    Reader(name: "table") { bytes in
      try Table(bytes: bytes, place: "a").forEachTextRow { _, _ in }
    },
    Reader(name: "text") { try readTextFolder($0) },
    Reader(name: "wav") { bytes in
      let sound = try Sound(bytes: bytes, place: "a")
      _ = Sound(sampleRate: sound.sampleRate, samples: Array(sound.samples.prefix(64))).resampled(to: 16_000)
    },
  ]

  /// Reads a folder of texts whose first class is these bytes.
  private static func readTextFolder(_ bytes: [UInt8]) throws {
    let folder = "\(Files.temporaryFolder)/descent-texts-\(getpid())"
    mkdir(folder, 0o700)
    defer {
      for name in ["a.txt", "b.txt"] { unlink("\(folder)/\(name)") }
      rmdir(folder)
    }
    try Files.write(bytes, to: "\(folder)/a.txt")
    try Files.write(Array("one\ntwo\n".utf8), to: "\(folder)/b.txt")
    try Table(texts: folder).forEachTextRow { _, _ in }
  }

  /// A PNG file with its chunks' checksums put right, so that what is behind them is reached; other bytes as they are.
  private static func withTrueChecksums(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) else { return bytes }
    var bytes = bytes
    var start = 8
    while start + 12 <= bytes.count {
      let length = bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
      let end = start + 8 + length
      guard end + 4 <= bytes.count else { break }
      let checksum = bytes[start + 4..<end].withUnsafeBytes { CRC32.checksum($0) }
      for index in 0..<4 { bytes[end + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index)) }
      start = end + 4
    }
    return bytes
  }
}
