import Testing

@testable import DescentFormats

@Suite struct SafeTensorsRejectionTests {
  private static func file(_ header: [UInt8], data: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: header.count >> ($0 * 8)) } + header + [UInt8](repeating: 0, count: data)
  }

  private static func entry(
    _ name: String, _ type: String = "U8", _ shape: String = "[1]", _ offsets: String = "[0,1]"
  ) -> String {
    #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  /// Headers, how many bytes follow, and what the error says.
  static let rejected: [(header: String, data: Int, message: String)] = [
    ("", 0, "does not begin with '{'"),
    (" {}", 0, "does not begin with '{'"),
    ("[]", 0, "does not begin with '{'"),
    ("{", 0, "damaged header"),
    ("{} {}", 0, "something follows"),
    ("{}\0", 0, "something follows"),
    ("{}", 1, "1 bytes follow the last tensor"),
    ("{\(entry("a")),\(entry("a"))}", 1, "'a' appears twice"),
    (#"{\#(entry("a")),\#(entry(#"\u0061"#))}"#, 1, "'a' appears twice"),
    (#"{"__metadata__":{},"__metadata__":{}}"#, 0, "'__metadata__' appears twice"),
    (#"{"__metadata__":{"k":"1","k":"1"}}"#, 0, "metadata 'k' appears twice"),
    (#"{"__metadata__":{"k":1}}"#, 0, "a string is expected"),
    (#"{"__metadata__":{"k":null}}"#, 0, "a string is expected"),
    (#"{"__metadata__":{"k":{}}}"#, 0, "a string is expected"),
    (#"{"__metadata__":[]}"#, 0, "an object is expected"),
    (#"{"a":1}"#, 0, "an object is expected"),
    (#"{"a":{}}"#, 0, "no dtype"),
    (#"{"a":{"dtype":"U8","data_offsets":[0,1]}}"#, 1, "no shape"),
    (#"{"a":{"dtype":"U8","shape":[1]}}"#, 1, "no data_offsets"),
    (#"{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, 1, "'dtype' twice"),
    (#"{"a":{"dtype":"U8","shape":[1],"shape":[1],"data_offsets":[0,1]}}"#, 1, "'shape' twice"),
    (#"{"a":{"x":1,"x":1}}"#, 1, "'x' twice"),
    (#"{"a":{"dtype":8,"shape":[1],"data_offsets":[0,1]}}"#, 1, "a string is expected"),
    ("{\(entry("a", "X8"))}", 1, "there is no dtype 'X8'"),
    ("{\(entry("a", "u8"))}", 1, "there is no dtype 'u8'"),
    ("{\(entry("a", "F16", "[1]", "[0,2]"))}", 2, "dtype F16 is not supported"),
    ("{\(entry("a", "I16", "[1]", "[0,2]"))}", 2, "dtype I16 is not supported"),
    ("{\(entry("a", "F8_E4M3"))}", 1, "dtype F8_E4M3 is not supported"),
    ("{\(entry("a", "U8", "[-1]"))}", 1, "a whole number is expected"),
    ("{\(entry("a", "U8", "[1.0]"))}", 1, "is expected"),
    ("{\(entry("a", "U8", "1"))}", 1, "an array of whole numbers"),
    ("{\(entry("a", "U8", "[18446744073709551616]"))}", 1, "a number larger than"),
    ("{\(entry("a", "U8", "[4294967296,4294967296]"))}", 1, "more elements than can be counted"),
    ("{\(entry("a", "F64", "[2305843009213693952]"))}", 1, "more elements than can be counted"),
    ("{\(entry("a", "U8", "[2]"))}", 1, "takes 2 bytes, and data_offsets give 1"),
    ("{\(entry("a", "F32", "[]"))}", 1, "takes 4 bytes, and data_offsets give 1"),
    ("{\(entry("a", "U8", "[1]", "[0]"))}", 1, "not a begin and an end"),
    ("{\(entry("a", "U8", "[1]", "[0,1,2]"))}", 1, "not a begin and an end"),
    ("{\(entry("a", "U8", "[1]", "[1,0]"))}", 1, "not a begin and an end"),
    ("{\(entry("a", "U8", "[1]", "[1,2]"))}", 2, "leaves a hole"),
    ("{\(entry("a")),\(entry("b", "U8", "[1]", "[2,3]"))}", 3, "leaves a hole"),
    ("{\(entry("a")),\(entry("b"))}", 1, "overlaps"),
    ("{\(entry("a", "U8", "[2]", "[0,2]")),\(entry("b", "U8", "[2]", "[1,3]"))}", 3, "overlaps"),
    ("{\(entry("a", "U8", "[2]", "[0,2]"))}", 1, "cut short"),
    ("{\(entry("a"))}", 2, "1 bytes follow"),
    ("{\(entry("a", "U8", "[9223372036854775807]", "[0,9223372036854775807]"))}", 1, "cut short"),
    (#"{"a":{"x":\#(String(repeating: "[", count: 500))}}"#, 0, "nested deeper"),
    (#"{"a":{"dtype":"\ud800"}}"#, 0, "surrogate"),
    (#"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],}}"#, 1, "a string is expected"),
    (#"{'a':{}}"#, 0, "a string is expected"),
  ]

  @Test(arguments: rejected.indices)
  func header(index: Int) throws {
    let (header, data, message) = Self.rejected[index]
    let error = try dataError { _ = try SafeTensorsFile(Self.file(Array(header.utf8), data: data), place: "model") }
    #expect(error.kind == .invalid && error.place.hasPrefix("model"))
    #expect(error.message.contains(message), "\(error)")
  }

  @Test func theTensorIsNamed() throws {
    let error = try dataError {
      _ = try SafeTensorsFile(
        Self.file(Array("{\(Self.entry("0.weight", "F16", "[1]", "[0,2]"))}".utf8), data: 2), place: "m")
    }
    #expect(error.place == "m, tensor '0.weight'" && error.message.contains("F32, F64, BF16, I32, I64, U8, BOOL"))
  }

  @Test(arguments: [
    #"{"__metadata__":null}"#, "{}   \n", "{ \"__metadata__\" : { } }",
    "{\(entry("b", "U8", "[1]", "[1,2]")),\(entry("a"))}",
    "{\(entry("e", "F32", "[0,9]", "[0,0]")),\(entry("a", "BOOL", "[1,2]", "[0,2]")),\(entry("z", "I64", "[0]", "[2,2]"))}",
    #"{"a":{"note":[{"x":[1.5e3,null]}],"data_offsets":[0,2],"shape":[1,2],"dtype":"U8"}}"#,
  ])
  func accepted(header: String) throws {
    let count = header.contains("dtype") ? 2 : 0
    let file = try SafeTensorsFile(Self.file(Array(header.utf8), data: count), place: "a")
    #expect(file.entries.reduce(0) { $0 + $1.bytes.count } == count)
  }

  @Test func entriesComeInTheFilesOrder() throws {
    let header = "{\(Self.entry("b", "U8", "[1]", "[1,2]")),\(Self.entry("a"))}"
    let file = try SafeTensorsFile(Self.file(Array(header.utf8), data: 2), place: "a")
    #expect(file.entries.map(\.name) == ["a", "b"])
  }

  @Test func hostileHeaderLengths() throws {
    let most = SafeTensorsFile.longestHeader
    for length in [UInt64(most + 1), 1 << 32, 1 << 63, .max] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + Array("{}".utf8)
      #expect(try dataError { _ = try SafeTensorsFile(bytes, place: "a") }.message.contains("are allowed"))
    }
    for length in [UInt64(3), UInt64(most)] {
      let bytes = (0..<8).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + Array("{}".utf8)
      #expect(try dataError { _ = try SafeTensorsFile(bytes, place: "a") }.message.contains("cut short"))
    }
    #expect(try dataError { _ = try SafeTensorsFile([], place: "a") }.message.contains("0 bytes"))
  }

  @Test func headersThatAreNotUTF8() throws {
    let header = Array(#"{"__metadata__":{"k":""#.utf8) + [0xFF] + Array(#""}}"#.utf8)
    let error = try dataError { _ = try SafeTensorsFile(Self.file(header, data: 0), place: "a") }
    #expect(error.message.contains("UTF-8"))
  }

  @Test func boolsAreZeroOrOne() throws {
    var bytes = Self.file(Array("{\(Self.entry("flag", "BOOL", "[2]", "[0,2]"))}".utf8), data: 2)
    bytes[bytes.count - 1] = 2
    let error = try dataError { _ = try SafeTensorsFile(bytes, place: "a") }
    #expect(error.place == "a, tensor 'flag'" && error.message.contains("stored as 2"))
  }
}
