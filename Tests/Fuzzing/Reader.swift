import DescentDatasets
import DescentFormats

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
    Reader(name: "npy") { bytes in
      let array = try NumPyFile(bytes, place: "a")
      _ = try NumPyFile(array.serialized(), place: "a")
    },
    Reader(name: "npz") { _ = try NumPyArchive($0, place: "a") },
    Reader(name: "picture") { _ = try Picture(bytes: withTrueChecksums($0), place: "a") },
    Reader(name: "safetensors") { bytes in
      let file = try SafeTensorsFile(bytes, place: "a")
      _ = try SafeTensorsFile(file.serialized(), place: "a")
    },
    Reader(name: "table") { bytes in
      try Table(bytes: bytes, place: "a").forEachTextRow { _, _ in }
    },
    Reader(name: "wav") { bytes in
      let sound = try Sound(bytes: bytes, place: "a")
      _ = Sound(sampleRate: sound.sampleRate, samples: Array(sound.samples.prefix(64))).resampled(to: 16_000)
    },
  ]

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
