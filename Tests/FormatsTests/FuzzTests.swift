import Testing

@testable import DescentFormats

/// Thousands of damaged files, the same in every run: each is read or refused, and none traps.
@Suite struct FuzzTests {
  private func fuzz(
    _ seeds: [[UInt8]], rounds: Int, seed: UInt64, _ read: ([UInt8]) throws -> Void
  ) {
    var randomness = Randomness(seed)
    var refused = 0
    for round in 0..<rounds {
      let bytes = randomness.mutated(seeds[round % seeds.count])
      do {
        try read(bytes)
      } catch {
        refused += 1
        if !(error is DataError) { Issue.record("\(error)") }
      }
    }
    #expect(refused > rounds / 3)
  }

  @Test func gzip() throws {
    var seeds = try GzipTests.contents.map { try systemGzip(Array($0.bytes.prefix(700)), level: 6, name: true) }
    seeds.append(
      member(deflated: Bits().fixedBlock([.literal(1), .match(length: 258, distance: 1)]).bytes, content: []))
    fuzz(seeds, rounds: 6000, seed: 6) { bytes in
      let unpacked = try Gzip.decompress(bytes, place: "a", limit: 5000)
      #expect(unpacked.count <= 5000)
    }
  }

  @Test func deflate() {
    // Behind an intact header everything reaches the decoder, and random bits make every kind of block.
    var randomness = Randomness(7)
    for _ in 0..<6000 {
      let count = Int.random(in: 0...200, using: &randomness)
      var deflated = randomness.bytes(count)
      if count > 0 { deflated[0] = deflated[0] & ~6 | [2, 4, 4, 4].randomElement(using: &randomness)! }
      let bytes = member(deflated: deflated, content: [])
      #expect(throws: DataError.self) { try Gzip.decompress(bytes, place: "a", limit: 100_000) }
    }
  }

  @Test func idx() throws {
    let files = [
      try IDXFile(elementType: .uint8, shape: [2, 3, 4], bytes: [UInt8](repeating: 1, count: 24)),
      try IDXFile(elementType: .float64, shape: [2], bytes: [UInt8](repeating: 1, count: 16)),
    ].map { $0.serialized() }
    let int16: [UInt8] = [0, 0, 0x0B, 1, 0, 0, 0, 2, 1, 2, 3, 4]
    let packed = try files.map { try systemGzip($0, level: 6) }
    fuzz(files + packed + [int16], rounds: 6000, seed: 8) { bytes in
      let file = try IDXFile(bytes, place: "a")
      #expect(file.elementType.byteCount(of: file.shape) == file.bytes.count)
    }
  }

  @Test func safeTensors() {
    let seeds = [SafeTensorsFileTests.sample.serialized(), SafeTensorsFile(entries: []).serialized()]
    fuzz(seeds, rounds: 6000, seed: 9) { bytes in
      let file = try SafeTensorsFile(bytes, place: "a")
      let again = try SafeTensorsFile(file.serialized(), place: "a")
      #expect(again.entries.count == file.entries.count && again.metadata == file.metadata)
    }
  }
}
