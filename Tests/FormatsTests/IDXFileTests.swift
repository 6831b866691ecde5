import DescentTensors
import Testing

@testable import DescentFormats

@Suite struct IDXFileTests {
  private func header(_ type: UInt8, _ shape: [UInt32]) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)] + shape.flatMap { size in [24, 16, 8, 0].map { UInt8(size >> $0 & 0xFF) } }
  }

  private func rejected(_ bytes: [UInt8], _ message: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
    let error = try dataError(sourceLocation: sourceLocation) { _ = try IDXFile(bytes, place: "images") }
    #expect(error.kind == .invalid && error.place.hasPrefix("images"), sourceLocation: sourceLocation)
    #expect(error.message.contains(message), "\(error)", sourceLocation: sourceLocation)
  }

  @Test func types() throws {
    let cases: [([UInt8], IDXFile)] = [
      (header(8, [2, 2]) + [1, 2, 3, 255], try IDXFile(elementType: .uint8, shape: [2, 2], bytes: [1, 2, 3, 255])),
      (
        header(0x0B, [3]) + [0, 1, 0xFF, 0xFE, 0x80, 0],
        try IDXFile(elementType: .int32, shape: [3], bytes: bytes([1, -2, -32768] as [Int32]))
      ),
      (
        header(0x0C, [2]) + [0, 0, 1, 2, 0xFF, 0xFF, 0xFF, 0xFF],
        try IDXFile(elementType: .int32, shape: [2], bytes: bytes([258, -1] as [Int32]))
      ),
      (
        header(0x0D, [1, 2]) + [0x3F, 0x80, 0, 0, 0xC0, 0x20, 0, 0],
        try IDXFile(elementType: .float32, shape: [1, 2], bytes: bytes([1, -2.5] as [Float]))
      ),
      (
        header(0x0E, [1]) + [0x3F, 0xF8, 0, 0, 0, 0, 0, 0],
        try IDXFile(elementType: .float64, shape: [1], bytes: bytes([1.5] as [Double]))
      ),
      (header(8, [0, 28, 28]), try IDXFile(elementType: .uint8, shape: [0, 28, 28], bytes: [])),
    ]
    for (file, expected) in cases {
      #expect(try IDXFile(file, place: "a") == expected)
      #expect(try IDXFile(systemGzip(file, level: 9), place: "a") == expected)
      if file[2] != 0x0B { #expect(expected.serialized() == file) }
      #expect(try IDXFile(expected.serialized(), place: "a") == expected)
      for count in 0..<file.count { try rejected(Array(file[..<count]), "cut short") }
      try rejected(file + [0], "more than the")
      try rejected(systemGzip(file + [0], level: 1), "more than the")
      if file.count > 4 { try rejected(systemGzip(file.dropLast(), level: 1), "cut short") }
    }
  }

  @Test func fromDisk() throws {
    let folder = try TemporaryFolder()
    let labels = try IDXFile(elementType: .uint8, shape: [3], bytes: [5, 0, 4])
    try Files.write(labels.serialized(), to: folder("labels"))
    #expect(try IDXFile(path: folder("labels")) == labels)
    #expect(try dataError { _ = try IDXFile(path: folder("none")) }.kind == .missing)
  }

  @Test func rejections() throws {
    try rejected(Array("P5 28 28".utf8), "no IDX file")
    try rejected([0, 1, 8, 1, 0, 0, 0, 0], "no IDX file")
    try rejected(header(9, [1]) + [1], "signed bytes")
    try rejected(header(7, [1]) + [1], "none of its types")
    try rejected([0, 0, 8, 0], "no axis")
    try rejected([0, 0, 8, 255, 0], "cut short")
    let huge = UInt32.max
    for shape in [[huge, huge], [huge, huge, huge], [1 << 31, 1 << 31, 2], [UInt32](repeating: huge, count: 255)] {
      for type: UInt8 in [8, 0x0B, 0x0E] {
        try rejected(header(type, shape) + [1, 2, 3], "more than fit")
        try rejected(systemGzip(header(type, shape) + [1, 2, 3], level: 1), "more than fit")
      }
    }
    // Announced, countable, and not there.
    try rejected(header(8, [1 << 20]) + [1], "cut short")
  }

  @Test func aBombIsNotUnpacked() throws {
    let bomb = try systemGzip(header(8, [4]) + [UInt8](repeating: 0, count: 5_000_000), level: 9)
    try rejected(bomb, "more than the 12 bytes")
    // announced honestly: its bytes are not looked at
    try rejected(systemGzip(header(8, [300 << 20]) + [0], level: 9), "not packed so small")
    var limit = UnpackingLimit()
    limit.unwatched = 50_000
    let zeros = header(8, [5000, 20]) + [UInt8](repeating: 0, count: 100_000)
    let packed = try systemGzip(zeros, level: 9)
    let error = try dataError { _ = try IDXFile(packed, place: "images", unpacking: limit) }
    #expect(error.kind == .invalid && error.place == "images" && error.message.contains("unpack it first"))
    // the same is read where it is small, and where it is not packed
    #expect(try IDXFile(packed, place: "images").bytes.count == 100_000)
    #expect(try IDXFile(zeros, place: "images", unpacking: limit).bytes.count == 100_000)
  }

  @Test func damagedGzip() throws {
    let packed = try systemGzip(header(8, [4]) + [1, 2, 3, 4], level: 9)
    for count in 2..<packed.count {
      #expect(throws: DataError.self) { try IDXFile(Array(packed[..<count]), place: "a") }
    }
  }

  @Test func whatTheFormatCannotHold() throws {
    let cases: [(ElementType, [Int], Int)] = [
      (.bool, [1], 1), (.int64, [1], 8), (.uint8, [], 1), (.uint8, [2], 1), (.uint8, [-1], 1),
      (.uint8, [1 << 33, 0], 0), (.uint8, [Int](repeating: 1, count: 256), 1),
      (.float64, [1 << 32 - 1, 1 << 32 - 1], 0),
    ]
    for (type, shape, count) in cases {
      #expect(throws: DataError.self) {
        try IDXFile(elementType: type, shape: shape, bytes: [UInt8](repeating: 0, count: count))
      }
    }
  }
}
