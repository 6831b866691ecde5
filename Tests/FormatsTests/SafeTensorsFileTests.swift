import DescentTensors
import Testing

@testable import DescentFormats

@Suite struct SafeTensorsFileTests {
  static let sample = SafeTensorsFile(
    entries: [
      .init(name: "mask", elementType: .bool, shape: [3], bytes: [1, 0, 1]),
      .init(name: "0.weight", elementType: .float32, shape: [2, 1], bytes: bytes([1, -2.5] as [Float])),
      .init(name: "steps", elementType: .int64, shape: [], bytes: bytes([7] as [Int64])),
      .init(name: "bytes", elementType: .uint8, shape: [1, 2], bytes: [0, 255]),
      .init(name: "0.bias", elementType: .float32, shape: [0], bytes: []),
      .init(name: "exact", elementType: .float64, shape: [1], bytes: bytes([0.1] as [Double])),
      .init(name: "half", elementType: .bfloat16, shape: [2], bytes: bytes([0x3FC0, 0xFF80] as [UInt16])),
      .init(name: "ids", elementType: .int32, shape: [1], bytes: bytes([-1] as [Int32])),
    ],
    metadata: ["network": #"{"layers":[64,"é"]}"#, "format": "pt", "a\"\\\n\u{1}": "\t\r😀"])

  @Test func roundTrip() throws {
    let read = try SafeTensorsFile(Self.sample.serialized(), place: "a")
    #expect(read.metadata == Self.sample.metadata)
    #expect(read.entries.map(\.name) == ["steps", "exact", "0.weight", "0.bias", "ids", "half", "mask", "bytes"])
    for entry in Self.sample.entries { #expect(read[entry.name] == entry) }
    #expect(read["none"] == nil)
    #expect(read.serialized() == Self.sample.serialized())
  }

  @Test func emptyFile() throws {
    let empty = SafeTensorsFile(entries: [])
    #expect(empty.serialized() == [8, 0, 0, 0, 0, 0, 0, 0] + Array("{}      ".utf8))
    #expect(try SafeTensorsFile(empty.serialized(), place: "a") == empty)
  }

  @Test func goldenBytes() {
    let file = SafeTensorsFile(
      entries: [
        .init(name: "b", elementType: .uint8, shape: [2], bytes: [1, 2]),
        .init(name: "w", elementType: .float32, shape: [1, 1], bytes: bytes([1] as [Float])),
      ],
      metadata: ["z": "1", "a": "2"])
    let header =
      #"{"__metadata__":{"a":"2","z":"1"},"w":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"#
      + #""b":{"dtype":"U8","shape":[2],"data_offsets":[4,6]}}"#
    let padded = header + String(repeating: " ", count: 144 - header.utf8.count)
    #expect(file.serialized() == [144, 0, 0, 0, 0, 0, 0, 0] + Array(padded.utf8) + [0, 0, 0x80, 0x3F, 1, 2])
  }

  @Test func everyTensorIsAligned() throws {
    var randomness = Randomness(5)
    for _ in 0..<50 {
      let entries = (0..<Int.random(in: 0...12, using: &randomness)).map { index in
        let type = ElementType.allCases.randomElement(using: &randomness)!
        let count = Int.random(in: 0...5, using: &randomness)
        return SafeTensorsFile.Entry(
          name: "tensor \(index)", elementType: type, shape: [count],
          bytes: [UInt8](repeating: 1, count: count * type.byteCount))
      }
      let bytes = SafeTensorsFile(entries: entries).serialized()
      let header = try SafeTensorsHeader(bytes, place: "a")
      #expect(header.end % 8 == 0)
      for tensor in try header.layout(dataCount: bytes.count - header.end, place: "a") {
        #expect((header.end + tensor.range.lowerBound) % tensor.elementType.byteCount == 0)
      }
      let read = try SafeTensorsFile(bytes, place: "a")
      #expect(read.entries.sorted { $0.name < $1.name } == entries.sorted { $0.name < $1.name })
    }
  }

  @Test func fromDisk() throws {
    let folder = try TemporaryFolder()
    try Self.sample.write(to: folder("model.safetensors"))
    #expect(try SafeTensorsFile(path: folder("model.safetensors")).serialized() == Self.sample.serialized())
    #expect(try dataError { _ = try SafeTensorsFile(path: folder("none")) }.kind == .missing)
    #expect(try dataError { try Self.sample.write(to: folder("none/model")) }.kind == .unwritable)
    #if os(Linux)
      #expect(try dataError { try Self.sample.write(to: "/dev/full") }.kind == .unwritable)
    #endif
  }

  @Test func programmersErrorsStopWithAMessage() async throws {
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let entry = SafeTensorsFile.Entry(name: "w", elementType: .uint8, shape: [1], bytes: [1])
      _ = SafeTensorsFile(entries: [entry, entry]).serialized()
    }
    let misshaped = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let entry = SafeTensorsFile.Entry(name: "w", elementType: .float32, shape: [2], bytes: [1])
      _ = SafeTensorsFile(entries: [entry]).serialized()
    }
    for (result, message) in [(twice, "two tensors are named 'w'"), (misshaped, "'w' of float32 [2] can't have 1")] {
      let output = String(decoding: try #require(result).standardErrorContent, as: UTF8.self)
      #expect(output.contains(message))
    }
  }

  @Test func truncationAnywhere() {
    let bytes = Self.sample.serialized()
    for count in 0..<bytes.count {
      #expect(throws: DataError.self, "\(count)") { try SafeTensorsFile(Array(bytes[..<count]), place: "a") }
    }
  }
}
