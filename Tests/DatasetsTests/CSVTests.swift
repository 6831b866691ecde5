import DescentFormats
import Testing

@testable import DescentDatasets

@Suite struct CSVTests {
  private func table(_ text: String) throws -> Table { try Table(bytes: Array(text.utf8), place: "t.csv") }

  @Test(arguments: [
    "a,b,c\n1,2,3\n4,5,6\n", "a,b,c\n1,2,3\n4,5,6", "a,b,c\r\n1,2,3\r\n4,5,6\r\n", "a,b,c\r1,2,3\r4,5,6\r",
    "\u{FEFF}a,b,c\n1,2,3\n4,5,6\n", "\"a\",\"b\",\"c\"\n\"1\",\"2\",\"3\"\n4,5,6", "a, b ,\tc\n 1,2 , 3\n4,\t5,6 \n",
    "\n\na,b,c\n\n1,2,3\n\n\n4,5,6\n\n", "a, \"b\" ,c\n1, \"2\" ,3\n4,5,\"6\" \n",
  ])
  func readsEveryWayToWriteATable(_ text: String) throws {
    let table = try table(text)
    #expect(table.columns == ["a", "b", "c"])
    #expect(try table.features(named: ["a", "b", "c"]) == [1, 2, 3, 4, 5, 6])
    #expect(try table.features(named: ["c", "a"]) == [3, 1, 6, 4])
  }

  @Test func quotesHoldCommasLineEndsAndQuotes() throws {
    let text = "\"first, x\",\"say \"\"y\"\"\",\"two\r\nlines\",class\n1,2,3,\"a,\"\"b\"\"\"\n4,5,6,\"c\nd\"\n"
    let data = try Dataset(table(text), target: "class")
    #expect(data.featureNames == ["first, x", "say \"y\"", "two\r\nlines"])
    #expect(data.features == .float32([1, 2, 3, 4, 5, 6]))
    #expect(data.target == .classes(labels: [0, 1], names: ["a,\"b\"", "c\nd"]))
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", -0.0), ("+7", 7), ("1.5", 1.5), (".5", 0.5), ("5.", 5), ("1e3", 1000), ("1E+3", 1000),
      ("2.5e-3", 0.0025), ("0.1", 0.1), ("123456789012345678", 123_456_789_012_345_680),
      ("12345678901234567890123", 1.2345678901234567890123e22), ("0.000000000000000000000000001", 1e-27),
      ("1e-400", 0), ("1e30", 1e30), ("3.4e38", 3.4e38), ("0.30000000000000004", 0.30000000000000004),
      ("00000000000000000000000000012", 12),
    ] as [(String, Double)])
  func readsNumbers(_ text: String, _ value: Double) throws {
    let bytes = Array(text.utf8)
    guard case .finite(let read) = bytes.withUnsafeBufferPointer({ CSVNumber($0) }) else {
      Issue.record("\(text) is a number")
      return
    }
    #expect(abs(read - value) <= abs(value) * 0x1p-52)
    #expect(read.sign == value.sign)
    #expect(try table("a\n\(text)").features(named: ["a"]) == [Float(value)])
  }

  @Test func readsRandomNumbersAsTheLibraryDoes() {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<20_000 {
      let value = Double(Float(bitPattern: UInt32(truncatingIfNeeded: generator.next())))
      guard value.isFinite else { continue }
      let bytes = Array("\(value)".utf8)
      guard case .finite(let read) = bytes.withUnsafeBufferPointer({ CSVNumber($0) }) else {
        Issue.record("\(value) is a number")
        continue
      }
      #expect(Float(read) == Float(value))
    }
  }

  @Test(arguments: [
    "x", "1x", "1 2", "1,5", "--1", "1e", "e5", ".", "-", "0x10", "1_000", "1.2.3", "12:30", "nano", "٣",
  ])
  func textIsNoNumber(_ text: String) throws {
    let error = #expect(throws: DataError.self) { try table("a,b\n1,\"\(text)\"\n").features(named: ["b"]) }
    #expect(error?.place == "t.csv, line 2, column 'b'")
    #expect(error?.message.contains("'\(text)' is no number") == true, "\(error?.message ?? "")")
  }

  @Test(arguments: [
    "nan", "NaN", "NAN", "-nan", "nan(1)", "inf", "-inf", "Inf", "INFINITY", "+infinity", "1e999", "-1e999", "1e39",
    "1e99999999999",
  ])
  func notFiniteIsAnError(_ text: String) throws {
    for (target, column) in [("y", "x"), ("x", "x")] {
      let error = #expect(throws: DataError.self) {
        try Dataset(table("x,y\n1,2.5\n\n\(text),3.5\n"), target: target)
      }
      #expect(error?.kind == .invalid)
      #expect(error?.place == "t.csv, line 4, column '\(column)'")
      #expect(error?.message.contains("no finite number") == true, "\(error?.message ?? "")")
    }
  }

  /// A table that is wrong, its target, and what the error says: the place behind `t.csv`, and a part of it.
  @Test(arguments: [
    ("", "y", "", "the table is empty"), ("\u{FEFF}", "y", "", "the table is empty"), ("\n\n", "y", "", "is empty"),
    ("x,y\n", "y", "", "a header and no row"), ("x,y", "y", "", "a header and no row"),
    ("x,y,z\n1,2,3\n1,2\n", "y", ", line 3, column 'z'", "2 fields where the table has 3 columns"),
    ("x,y,z\n1\n", "y", ", line 2, column 'y'", "1 field where the table has 3 columns"),
    ("x,y\n1,2\n\n1,2,3\n", "y", ", line 4", "3 fields where the table has 2 columns"),
    ("x,y\n1,2\n,3\n", "y", ", line 3, column 'x'", "the field is empty"),
    ("x,y\n1,2\n1,\n", "y", ", line 3, column 'y'", "the field is empty"),
    ("x,y\n1,2\n1,\"\"", "y", ", line 3, column 'y'", "the field is empty"),
    ("x,y\n1,a\n1,b\n1,  \n", "y", ", line 4, column 'y'", "the field is empty"),
    ("x,y\n1,2\nred,3\n", "y", ", line 3, column 'x'", "'red' is no number"),
    ("a b,\"c\nd\",y\n1,2,3\n4,x,6\n", "y", ", line 4, column 'c d'", "'x' is no number"),
    ("x,y\n1,2\n", "z", "", "no column 'z'; the columns are 'x', 'y'"),
    ("x;y\n1;2\n", "z", "", "the columns are 'x', 'y'"),
    ("x,y,x\n1,2,3\n", "y", ", line 1, column 3", "column 1 is called 'x' already"),
    ("x,,y\n1,2,3\n", "z", "", "the columns are 'x', 'column 2', 'y'"),
    ("x,y\n1,a\n2,a\n", "y", ", column 'y'", "every row has the class 'a'"),
    ("x,y\n1,5\n2,5.0\n", "y", ", column 'y'", "every row has the class '5'"),
    ("y\n1\n2\n", "y", "", "'y' is the only column"),
    ("x,y\n1,2\n\"1,3\n4,5\n", "y", ", line 3", "a quoted field is never closed"),
    ("x,y\n1,2\n1\"2\",3\n", "y", ", line 3", "a double quote inside an unquoted field"),
    ("x,y\n\"1\"2,3\n", "y", ", line 2", "text after a closing quote"),
    ("x\n1\n\n2\n", "x", "", "'x' is the only column"),
  ])
  func wrongTablesSayWhere(_ text: String, _ target: String, _ place: String, _ part: String) {
    let error = #expect(throws: DataError.self) { try Dataset(table(text), target: target) }
    #expect(error?.kind == .invalid)
    #expect(error?.place == "t.csv" + place)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test func invalidTextIsAnErrorEverywhere() throws {
    let broken: [UInt8] = [0xFF]
    let inHeader = #expect(throws: DataError.self) {
      try Table(bytes: Array("x,".utf8) + broken + Array("\n1,2\n".utf8), place: "t.csv")
    }
    #expect(inHeader?.place == "t.csv, line 1, column 2")
    let inClass = try Table(bytes: Array("x,y\n1,a\n2,".utf8) + broken + Array("\n".utf8), place: "t.csv")
    for read in [{ _ = try Dataset(inClass, target: "y") }, { _ = try inClass.features(named: ["x"]) }] {
      let error = #expect(throws: DataError.self) { try read() }
      #expect(error?.place == "t.csv, line 3")
      #expect(error?.message.contains("not valid UTF-8") == true)
    }
  }

  @Test func anEmptyLineOfAOneColumnTableIsAnEmptyField() throws {
    let error = #expect(throws: DataError.self) { try table("x\n1\n\n2\n").features(named: ["x"]) }
    #expect(error?.place == "t.csv, line 3, column 'x'")
    #expect(try table("x\n1\n2\n").features(named: ["x"]) == [1, 2])
  }

  @Test func messagesStayOnOneLineAndShort() {
    let long = String(repeating: "word ", count: 100) + "\nmore"
    let error = #expect(throws: DataError.self) { try table("x,y\n\"\(long)\",1\n").features(named: ["x"]) }
    #expect(error?.description.contains("\n") == false)
    #expect((error?.description.count ?? 999) < 250)
  }

  @Test func everyTruncationIsATableOrAnError() {
    let text = Array("\"a\"\"\",b\r\n1,\"x,\ny\"\r\n-2.5e3,\"\"\"z\"\n".utf8)
    for end in 0...text.count {
      // Nothing but a DataError can come out, as the types say; what matters is that nothing stops the program.
      let result = Result { () throws(DataError) in
        try Dataset(Table(bytes: Array(text[..<end]), place: "t.csv"), target: "b")
      }
      if end < 15 { #expect(throws: DataError.self) { try result.get() } }
    }
  }
  @Test func noBytesStopTheReader() {
    let alphabet = Array("a,,\"\"\n\n\r 1.5e-n".utf8) + [0, 0xC3, 0xFF]
    var generator = SplitMix64(seed: 11)
    var tables = 0
    for _ in 0..<20_000 {
      let body = (0..<generator.below(40)).map { _ in alphabet[generator.below(alphabet.count)] }
      guard let table = try? Table(bytes: Array("x,y\n".utf8) + body, place: "t.csv") else { continue }
      tables += 1
      _ = try? Dataset(table, target: "y")
      _ = try? table.features(named: ["y"])
    }
    #expect(tables > 100)
  }
}
