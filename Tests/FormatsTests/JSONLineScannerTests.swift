import Testing

@testable import DescentFormats

/// Tables of one JSON object a line.
@Suite struct JSONLineScannerTests {
  /// The values of a line, as `column kind value`.
  private func values(_ line: [UInt8], _ scanner: inout JSONLineScanner, number: Int = 1) throws -> [String]? {
    var values: [(Int, String)] = []
    let found = try line.withUnsafeBufferPointer { line in
      try scanner.scan(line, number: number) { column, kind, bytes in
        values.append((column, "\(kind) \(String(decoding: bytes, as: UTF8.self))"))
      }
    }
    return found ? values.map { "\(scanner.columns[$0]) \($1)" } : nil
  }

  private func values(_ line: String) throws -> [String]? {
    var scanner = JSONLineScanner(place: "people.jsonl")
    return try values(Array(line.utf8), &scanner)
  }

  @Test func flatObjects() throws {
    #expect(
      try values(#" {"name": "Zoë \"Z\" \u00e9\n", "age" :-31.5e+2,"ok":true, "no":false ,"gone" : null} "# + "\r\n")
        == [
          "name string Zoë \"Z\" é\n", "age number -31.5e+2", "ok boolean true", "no boolean false", "gone null ",
        ])
    #expect(try values("{}") == [])
    #expect(try values(#"{"a": ""}"#) == ["a string "])
    #expect(try values(#"{"": 1, "a\tb": 2, "\u006bey": 3}"#) == [" number 1", "a\tb number 2", "key number 3"])
    #expect(try values("") == nil)
    #expect(try values(" \t\r\n") == nil)
  }

  @Test func whatIsNestedIsNamedByItsPath() throws {
    #expect(
      try values(
        #"{"size": {"width": 2, "deep": {"x": "y"}}, "tags": ["a", [1, {"k": null}]], "e": {}, "f": [], "z": 1}"#)
        == [
          "size.width number 2", "size.deep.x string y", "tags.0 string a", "tags.1.0 number 1", "tags.1.1.k null ",
          "z number 1",
        ])
    let tens = "{\"a\":[" + (0..<12).map(String.init).joined(separator: ",") + "]}"
    #expect(try values(tens)?.last == "a.11 number 11")
  }

  @Test func columnsAreRememberedInWhateverOrder() throws {
    var scanner = JSONLineScanner(place: "x")
    let lines = [
      (#"{"a": 1, "b": 2}"#, ["a number 1", "b number 2"]), (#"{"b": 3, "a": 4}"#, ["b number 3", "a number 4"]),
      (#"{"c": 5}"#, ["c number 5"]),
      (#"{"a": 6, "d": {"e": 7}, "c": 8}"#, ["a number 6", "d.e number 7", "c number 8"]),
      ("", nil), (#"{"a": 9, "b": 10, "c": 11}"#, ["a number 9", "b number 10", "c number 11"]), ("{}", []),
    ]
    for (line, expected) in lines { #expect(try values(Array(line.utf8), &scanner) == expected) }
    #expect(scanner.columns == ["a", "b", "c", "d.e"])

    // lines with random subsets of keys, in random orders
    var generator = Randomness(7)
    for _ in 0..<300 {
      let keys = (0..<20).filter { _ in Bool.random(using: &generator) }.shuffled(using: &generator)
      let line = "{" + keys.map { "\"k\($0)\": \($0)" }.joined(separator: ", ") + "}"
      #expect(try values(Array(line.utf8), &scanner) == keys.map { "k\($0) number \($0)" })
    }
    #expect(scanner.columns.count == 24)
  }

  @Test(arguments: [
    ("[1]", 0, "an array, where each line must be an object"), (" 12", 1, "an object is expected"),
    ("\"a\"", 0, "an object is expected"), (#"{"a": 1} {"b": 2}"#, 9, "something follows the object"),
    (#"{"a": 1,}"#, 8, "a string is expected"), (#"{"a" 1}"#, 5, "':' after a key is expected"),
    (#"{"a": }"#, 6, "a value is expected"), (#"{"a": 1 "b": 2}"#, 8, "',' or '}' is expected"),
    (#"{"a": 01}"#, 7, "',' or '}' is expected"), (#"{"a": [1 2]}"#, 9, "',' or ']' is expected"),
    (#"{"a": [1}"#, 8, "',' or ']' is expected"), (#"{"a": "x"#, 8, "a string does not end"),
    (#"{"a": 1, "a": 2}"#, 14, "the key 'a' comes twice"), (#"{"a": 1, "\u0061": 2}"#, 19, "the key 'a' comes twice"),
    (#"{"a": {"b": 1}, "a.b": 2}"#, 23, "the key 'a.b' comes twice"), (#"{"a": nul}"#, 6, "a value is expected"),
    (#"{"a": NaN}"#, 6, "a value is expected"), (#"{"a": 'x'}"#, 6, "a value is expected"),
    (#"{"a": "\ud800"}"#, 13, "half of a surrogate pair"), ("{\"a\": \"\u{1}\"}", 7, "a control character in a string"),
    ("{", 1, "the text ends where a string is expected"),
    (#"{"a": 1"#, 7, "the text ends where ',' or '}' is expected"),
  ])
  func damageIsNamedWithItsPlace(line: String, byte: Int, message: String) throws {
    let error = try dataError { _ = try values(line) }
    #expect(error.place == "people.jsonl, line 1, byte \(byte)")
    #expect(error.message.hasPrefix(message), "\(error.message)")
  }

  @Test func invalidUTF8IsFoundEverywhere() throws {
    let line = Array(#"{"key": "text"}"#.utf8)
    for position in line.indices.dropFirst() {
      var damaged = line
      damaged[position] = 0xFF
      var scanner = JSONLineScanner(place: "x")
      let error = try dataError { _ = try values(damaged, &scanner, number: 9) }
      #expect(error.description == "x, line 9, byte \(position): this is not UTF-8")
    }
  }

  @Test func whatTheFunctionThrowsComesOut() throws {
    var scanner = JSONLineScanner(place: "x")
    for line in [#"{"a": 1, "b": 2}"#, #"{"a": "\n", "b": 2}"#] {
      var count = 0
      let error = try dataError {
        try Array(line.utf8).withUnsafeBufferPointer {
          _ = try scanner.scan($0, number: 1) { _, _, _ throws(DataError) in
            count += 1
            throw DataError.invalid("here", "enough")
          }
        }
      }
      #expect(error == .invalid("here", "enough"))
      #expect(count == 1)
    }
    #expect(try values(Array(#"{"b": 3}"#.utf8), &scanner) == ["b number 3"])
  }

  @Test func hostileLinesTakeNoMemory() throws {
    let deep = try dataError { _ = try values("{\"a\":" + String(repeating: "[", count: 100_000)) }
    #expect(deep.message == "values nested deeper than 128 levels")
    // a long name around many values
    let long = String(repeating: "n", count: 1001)
    let error = try dataError { _ = try values("{\"\(long)\": [1, 2, 3]}") }
    #expect(error.message == "a key, with those around it, is longer than 1000 bytes")
    let wide = "{\"a\": [" + String(repeating: "1,", count: 100_000) + "1]}"
    let many = try dataError { _ = try values(wide) }
    #expect(many.message.hasPrefix("more than 100000 different keys"))
  }

  @Test func damagedLinesNeverTrap() throws {
    var generator = Randomness(11)
    let line = Array(#"{"name": "Zo\u00eb", "size": {"w": -2.5e3, "t": [true, null]}, "n": "\ud83d\ude00"}"#.utf8)
    var scanner = JSONLineScanner(place: "x")
    var (whole, refused) = (0, 0)
    for _ in 0..<5000 {
      do {
        _ = try values(generator.mutated(line), &scanner)
        whole += 1
      } catch is DataError {
        refused += 1
      }
    }
    #expect(whole > 100 && refused > 1000)
  }
}
