import Testing

@testable import DescentFormats

@Suite struct InflateTests {
  private func inflate(_ bits: Bits, content: [UInt8] = []) throws -> [UInt8] {
    try Gzip.decompress(member(deflated: bits.bytes, content: content), place: "a", limit: 1 << 20)
  }

  @Test func blocksOfAllTypesInOneStream() throws {
    let bits = Bits().stored([1, 2, 3], isLast: false)
      .fixedBlock([.literal(4), .match(length: 4, distance: 4), .literal(200)], isLast: false)
      .stored([], isLast: false).fixedBlock([.match(length: 258, distance: 1)])
    let content: [UInt8] = [1, 2, 3, 4, 1, 2, 3, 4] + [UInt8](repeating: 200, count: 259)
    #expect(try inflate(bits, content: content) == content)
  }

  @Test func everyLengthAtSomeDistances() throws {
    var randomness = Randomness(4)
    let start = randomness.bytes(40_000)
    var content = start
    var symbols: [Bits.Symbol] = []
    let distances = [1, 2, 3, 4, 5, 6, 7, 8, 9, 15, 16, 17, 257, 258, 4096, 24_577, 32_767, 32_768]
    for length in 3...258 {
      let distance = distances[length % distances.count]
      symbols.append(.match(length: length, distance: distance))
      for _ in 0..<length { content.append(content[content.count - distance]) }
    }
    let bits = Bits().stored(start, isLast: false).fixedBlock(symbols)
    let isEqual = try inflate(bits, content: content) == content
    #expect(isEqual)
  }

  @Test func aSingleCodeMayStandAlone() throws {
    // Lengths 257 × literal (all 0 but the end's 1) and one distance of length 1.
    let header = Bits().dynamicHeader(lengths: [1: 1, 18: 1])
    let code = header.code(1, 1).number(127, 7).code(1, 1).number(107, 7).code(0, 1).code(0, 1)
    #expect(try inflate(code.code(0, 1)).isEmpty)
    let error = try dataError { _ = try inflate(code.code(1, 1)) }
    #expect(error.message.contains("no literal"))
  }

  @Test func noDistanceAtAll() throws {
    // The end and the length 3 have one bit each; the only distance has none.
    let header = Bits().dynamicHeader(literals: 258, lengths: [18: 1, 0: 2, 1: 2])
    let code = header.code(0, 1).number(127, 7).code(0, 1).number(107, 7)
      .code(0b11, 2).code(0b11, 2).code(0b10, 2)
    #expect(try inflate(code.code(0, 1)).isEmpty)
    let error = try dataError { _ = try inflate(code.code(1, 1).number(0, 16)) }
    #expect(error.message.contains("no distance"))
  }

  static let damaged: [(String, Bits)] = {
    let zeros = Bits().dynamicHeader(lengths: [1: 1, 18: 1])
    let twos = Bits().dynamicHeader(lengths: [2: 1, 18: 1])
    return [
      ("reserved type", Bits().number(1, 1).number(3, 2)),
      ("two lengths disagree", Bits().stored([1, 2], complement: 0)),
      ("reaches back", Bits().fixedBlock([.match(length: 3, distance: 1)])),
      ("reaches back", Bits().stored([1, 2], isLast: false).fixedBlock([.match(length: 3, distance: 3)])),
      ("no literal", Bits().fixedBlock([.rawLength(286)])),
      ("no literal", Bits().fixedBlock([.literal(1), .rawLength(287)])),
      ("no distance", Bits().fixedBlock([.literal(1), .rawLength(257), .rawDistance(30)])),
      ("no distance", Bits().fixedBlock([.literal(1), .rawLength(257), .rawDistance(31)])),
      ("more symbols", Bits().dynamicHeader(literals: 287, lengths: [:])),
      ("more symbols", Bits().dynamicHeader(distances: 31, lengths: [:])),
      ("code for code lengths", Bits().dynamicHeader(lengths: [0: 1, 1: 1, 2: 1])),
      ("code for code lengths", Bits().dynamicHeader(lengths: [0: 1])),
      ("code for code lengths", Bits().dynamicHeader(lengths: [:])),
      ("none before it", Bits().dynamicHeader(lengths: [0: 1, 16: 1]).code(1, 1).number(0, 2)),
      ("more code lengths", zeros.code(1, 1).number(127, 7).code(1, 1).number(127, 7)),
      ("without an end", zeros.code(1, 1).number(127, 7).code(1, 1).number(109, 7)),
      (
        "code for literals",
        zeros.code(0, 1).code(0, 1).code(1, 1).number(127, 7).code(1, 1).number(105, 7).code(0, 1).code(0, 1)
      ),
      ("code for literals", twos.code(1, 1).number(127, 7).code(1, 1).number(107, 7).code(0, 1).code(0, 1)),
      (
        "code for distances",
        Bits().dynamicHeader(lengths: [1: 2, 2: 2, 18: 1])
          .code(0, 1).number(127, 7).code(0, 1).number(107, 7).code(0b10, 2).code(0b11, 2)
      ),
      (
        "code for distances",
        Bits().dynamicHeader(distances: 3, lengths: [1: 1, 18: 1])
          .code(1, 1).number(127, 7).code(1, 1).number(107, 7).code(0, 1).code(0, 1).code(0, 1).code(0, 1)
      ),
    ]
  }()

  @Test(arguments: damaged.indices)
  func damagedData(index: Int) throws {
    let (message, bits) = Self.damaged[index]
    let error = try dataError { _ = try inflate(bits.number(0, 64)) }
    #expect(error.kind == .invalid && error.message.contains(message), "\(error)")
  }
}
