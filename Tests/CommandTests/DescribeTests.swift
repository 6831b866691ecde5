import Testing

@testable import DescentCommand

/// `descent describe` as a user meets it.
@Suite struct DescribeTests {
  private let table = """
    id,größe,都市,joined,w,member
    1,1.5,東京,2026-01-31,1,yes
    2,2,大阪,2024-02-29,1,no
    3,8,東京,2026-11-21,1,yes
    4,NA,東京,1999-12-31,3,yes
    5,4,大阪,2001-01-01,1,no
    6,5,大阪,2001-01-01,1,no
    7,6,京都,2001-01-01,1,no
    8,7,京都,2001-01-01,1,no
    9,120,東京,,1,yes
    10,9,東京,2001-01-01,5,yes

    """

  private func line(_ text: String, _ start: String, after: String = "") throws -> String {
    let lines = text.split(separator: "\n").map(String.init)
    let begin = lines.firstIndex { $0.hasPrefix(after) } ?? 0
    return try #require(lines[begin...].first { $0.hasPrefix(start) }, "no line '\(start)' in\n\(text)")
  }

  private func words(_ line: String) -> [String] { line.split(separator: " ").map(String.init) }

  @Test func aTable() throws {
    let workshop = try Workshop()
    try workshop.write(table.utf8, to: "t.csv")
    let text = try workshop.succeed("describe t.csv --weights w --percentiles 10,50").output
    #expect(text.hasPrefix("t.csv: 10 rows, 6 columns\n"))
    #expect(words(try line(text, "id")) == ["id", "identifier", "0", "10", "1", "…", "10"])
    #expect(words(try line(text, "größe")) == ["größe", "number", "1", "9", "1.5", "…", "120"])
    #expect(words(try line(text, "都市")) == ["都市", "category", "0", "3"])
    #expect(words(try line(text, "joined")) == ["joined", "date/time", "1", "5", "1999-12-31", "…", "2026-11-21"])
    #expect(words(try line(text, "member")) == ["member", "binary", "0", "2"])
    // x = [1.5, 2, 8, 4, 5, 6, 7, 120, 9]; w = [1, 1, 1, 1, 1, 1, 1, 1, 5]; numpy.mean(x),
    // numpy.average(x, weights=w), numpy.quantile(x, .5, weights=w, method='inverted_cdf'), x.std(ddof=1);
    // numpy.quantile(x, .1)
    #expect(words(try line(text, "größe", after: "numbers")).prefix(5) == ["größe", "18.056", "15.269", "8", "38.313"])
    let percentiles = words(try line(text, "größe", after: "percentiles"))
    #expect(percentiles == ["größe", "1.5", "1.9", "6", "120", "118.5", "4", "1", "0"])
    #expect(try line(text, "größe", after: "histogram").contains("█"))
    #expect(try line(text, "都市", after: "most common").hasSuffix("東京 5, 大阪 3, 京都 2"))
    #expect(try line(text, "größe", after: "strongest").contains("w"))
    for line in text.split(separator: "\n") { #expect(!line.hasSuffix(" "), "\(line)") }
    // the types stand under each other, wide characters or not
    let places = try ["column", "id", "größe", "都市"].map { start in
      let line = try line(text, start)
      return displayWidth(String(line.prefix(line.count - line.drop { $0 != " " }.drop { $0 == " " }.count)))
    }
    #expect(Set(places).count == 1, "\(places)")
  }

  @Test(arguments: ["iris", "diabetes", "digits", "xor", "spiral:size=50", "staircase"])
  func builtInData(_ name: String) throws {
    let text = try Workshop().succeed("describe \(name)").output
    #expect(text.hasPrefix("\(name): ") && text.contains("column "))
  }

  @Test func pictures() throws {
    let workshop = try Workshop()
    try workshop.write(
      [0, 0, 8, 3, 0, 0, 0, 4, 0, 0, 0, 1, 0, 0, 0, 2] + [0, 255, 0, 7, 0, 0, 9, 255], to: "f/train-images-idx3-ubyte")
    try workshop.write([0, 0, 8, 1, 0, 0, 0, 4] + [0, 1, 1, 0], to: "f/train-labels-idx1-ubyte")
    let text = try workshop.succeed("describe f").output
    #expect(words(try line(text, "pixels")) == ["pixels", "number", "0", "4", "0", "…", "255"])
    #expect(words(try line(text, "label")) == ["label", "binary", "0", "2"])
  }

  static let wrong: [([String], Int32, [String])] = [
    (["describe"], 64, ["<data>"]), (["describe", "t.csv", "--percentiles", "5,101"], 64, ["--percentiles", "5,101"]),
    (["describe", "t.csv", "--percentiles", ""], 64, ["--percentiles"]),
    (["describe", "t.csv", "--percentiles", "nan"], 64, ["--percentiles", "nan"]),
    (["describe", "t.csv", "--percentiles", "-1"], 64, ["--percentiles", "-1"]),
    (["describe", "iris:size=3"], 64, ["takes no options"]), (["describe", "nosuch.csv"], 66, ["nosuch.csv"]),
    (["describe", "t.csv", "--weights", "nope"], 65, ["t.csv", "'nope'", "'größe'"]),
    (["describe", "t.csv", "--weights", "größe"], 65, ["line 5", "'größe'", "'NA'"]),
    (["describe", "iris", "--weights", "species"], 65, ["iris", "'species'", "'sepal width (cm)'"]),
    (["describe", "short.csv"], 65, ["short.csv", "line 3"]), (["describe", "empty.csv"], 65, ["empty.csv", "empty"]),
  ]

  @Test(arguments: wrong)
  func whatIsWrongIsSaid(_ arguments: [String], _ code: Int32, _ words: [String]) throws {
    let workshop = try Workshop()
    try workshop.write(table.utf8, to: "t.csv")
    try workshop.write("a,b\n1,2\n1\n".utf8, to: "short.csv")
    try workshop.write([], to: "empty.csv")
    expectFailure(try workshop.run(arguments), code, words)
  }

  @Test func namesCannotMoveTheCursor() throws {
    let workshop = try Workshop()
    try workshop.write(
      "\"a\u{1B}[2J\nb\",y\n\"x\u{1B}[2J\u{202E}\",1\n\"x\u{1B}[2J\u{202E}\",2\nz,3\nz,3\n".utf8, to: "t.csv")
    let text = try workshop.succeed("describe t.csv").output
    #expect(!text.contains("\u{1B}") && !text.contains("\u{202E}"))
    #expect(text.contains("a [2J b"))
  }

  @Test(
    arguments: [
      (0, "0"), (3, "3"), (-2.5, "−2.5"), (0.1, "0.1"), (1 / 3, "0.33333"), (2e-5, "2e−5"), (12345.678, "12,346"),
      (123_456_789, "123,456,789"), (1e9 + 0.25, "1,000,000,000"), (1.5e15, "1.5e15"), (9.99999, "10"),
      (99999.96, "100,000"), (0.00031416, "0.00031416"), (-1.7e308, "−1.7e308"),
      (.leastNonzeroMagnitude, "4.9407e−324"),
      (.nan, "–"), (.infinity, "–"), (0.9999999, "1"),
    ] as [(Double, String)])
  func numbersHaveFiveDigits(_ number: Double, _ text: String) {
    #expect(significant(number) == text)
  }

  @Test(arguments: [
    ("abc", 3), ("größe", 5), ("gro\u{308}ße", 5), ("都市", 4), ("👩‍👩‍👧", 2), ("한", 2), ("\u{1112}\u{1161}\u{11AB}", 2),
    ("▁█", 2),
    ("ｆ", 2), ("", 0),
  ])
  func widthsAreATerminals(_ text: String, _ width: Int) { #expect(displayWidth(text) == width) }

  @Test func longTextsAreCut() {
    #expect(lineOfText("abcdef", limit: 6) == "abcdef")
    #expect(lineOfText("abcdefg", limit: 6) == "abcde…")
    #expect(lineOfText("都市都市", limit: 6) == "都市…")
  }
}
