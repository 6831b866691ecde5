import Foundation
import Testing

@testable import DescentFormats

/// A folder that is gone with the test.
final class TemporaryFolder {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("descent-formats-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  func callAsFunction(_ name: String) -> String { "\(path)/\(name)" }

  /// The names of everything in it, hidden or not.
  var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }
}

/// SplitMix64: the same numbers in every run.
struct Randomness: RandomNumberGenerator {
  var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
  }

  /// `bytes` with a few of them changed, removed, added or cut off.
  mutating func mutated(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
      let index = Int.random(in: 0..<bytes.count, using: &self)
      switch Int.random(in: 0..<8, using: &self) {
      case 0: bytes.remove(at: index)
      case 1: bytes.insert(UInt8.random(in: 0...255, using: &self), at: index)
      case 2: bytes.removeSubrange(index...)
      case 3: bytes[index] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &self)!
      case 4, 5: bytes[index] ^= 1 << UInt8.random(in: 0..<8, using: &self)
      default: bytes[index] = UInt8.random(in: 0...255, using: &self)
      }
    }
    return bytes
  }
}

/// The error that `body` throws; a failure of the test where it throws none.
func dataError(
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
) throws -> DataError {
  let error = #expect(throws: DataError.self, sourceLocation: sourceLocation) { try body() }
  return try #require(error, sourceLocation: sourceLocation)
}

/// The bytes of numbers, in this machine's order.
func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
  numbers.withUnsafeBytes { Array($0) }
}

/// The arrays that a script of Tests/References wrote, by name.
struct References {
  let file: SafeTensorsFile

  init(_ name: String, file: String = #filePath) throws {
    let folder = URL(fileURLWithPath: file).deletingLastPathComponent().appendingPathComponent("References")
    self.file = try SafeTensorsFile(path: folder.appendingPathComponent("\(name).safetensors").path)
  }

  func callAsFunction(
    _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> SafeTensorsFile.Entry {
    try #require(file[name], "\(name) is not in the file", sourceLocation: sourceLocation)
  }
}
