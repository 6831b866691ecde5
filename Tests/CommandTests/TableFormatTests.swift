import Foundation
import Testing

/// The same rows, written in every form that a table may have: the same model and the same predictions, byte for byte.
@Suite struct TableFormatTests {
  private static let header = ["a", "b", "kind", "y"]

  /// Rows whose third field needs quotes in one form or another.
  private static func rows(kinds: [String]) -> [[String]] {
    (0..<84).map { row in
      ["\(row % 7)", "\(Double(row * 5 % 13) / 4)", kinds[row * 5 % kinds.count], row % 7 < 3 ? "yes" : "no"]
    }
  }

  private static let kinds = ["plain", "semi;colon", "tab\tin", "bar|in", "comma,in", "line\nin", "ümläut 東京"]

  private static func separated(by separator: String, lineEnd: String = "\n", kinds: [String] = kinds) -> [UInt8] {
    let lines = ([header] + rows(kinds: kinds)).map { row in
      row.map { field in
        let isPlain = !field.contains { "\"\n\(separator)".contains($0) }
        return isPlain ? field : "\"\(field.replacing("\"", with: "\"\""))\""
      }.joined(separator: separator)
    }
    return Array(lines.map { $0 + lineEnd }.joined().utf8)
  }

  private static func jsonLines(kinds: [String] = kinds) throws -> [UInt8] {
    func json(_ text: String) throws -> String {
      String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }
    return try rows(kinds: kinds).flatMap { row in
      let line = "{\"a\": \(row[0]), \"b\": \(row[1]), \"kind\": \(try json(row[2])), \"y\": \"\(row[3])\"}\n"
      return Array(line.utf8)
    }
  }

  /// Trains on a table and predicts it.
  private func modelAndPredictions(_ workshop: Workshop, _ table: String) throws -> (model: [UInt8], table: [UInt8]) {
    try workshop.succeed("train \(table) --target y --layers 8 --epochs 2 --quiet --output m")
    try workshop.succeed("predict m \(table) --probabilities --output p.csv")
    return (try workshop.bytes("m"), try workshop.bytes("p.csv"))
  }

  @Test(arguments: [
    "table.tsv", "semicolons.csv", "bars.csv", "CRLF.csv", "mark.csv", "utf-16.csv", "packed.csv.gz", "packed.tsv.gz",
    "table.jsonl", "table.ndjson", "packed.jsonl.gz",
  ])
  func theSameRowsGiveTheSameBytes(name: String) throws {
    let workshop = try Workshop()
    try workshop.write(Self.separated(by: ","), to: "plain.csv")
    let form = name.replacing(".gz", with: "")
    switch form {
    case "semicolons.csv": try workshop.write(Self.separated(by: ";"), to: form)
    case "bars.csv": try workshop.write(Self.separated(by: "|"), to: form)
    case "CRLF.csv": try workshop.write(Self.separated(by: ",", lineEnd: "\r\n"), to: form)
    case "mark.csv": try workshop.write([0xEF, 0xBB, 0xBF] + Self.separated(by: ","), to: form)
    case "utf-16.csv":
      let text = String(decoding: Self.separated(by: ","), as: UTF8.self)
      try workshop.write([0xFF, 0xFE] + Array(try #require(text.data(using: .utf16LittleEndian))), to: form)
    case _ where form.hasSuffix(".tsv"): try workshop.write(Self.separated(by: "\t"), to: form)
    case _ where form.hasSuffix("json") || form.hasSuffix("jsonl"): try workshop.write(Self.jsonLines(), to: form)
    default: try workshop.write(Self.separated(by: ","), to: form)
    }
    if name != form { #expect(try workshop.shell("gzip \(form)") == 0 && workshop.has(name)) }
    let (plain, other) = (
      try modelAndPredictions(workshop, "plain.csv"), try modelAndPredictions(workshop, name)
    )
    expectSame(plain.model, other.model)
    expectSame(plain.table, other.table)
    // and these are predictions of all rows, beside the fields as they were
    let predictions = String(decoding: plain.table, as: UTF8.self)
    #expect(predictions.hasPrefix("a,b,kind,y,prediction,no,yes\n0,0.0,plain,yes,"))
    #expect(predictions.contains("\"line\nin\"") && predictions.contains("ümläut 東京"))
    #expect(predictions.filter { $0 == "\n" }.count == 85 + 84 / 7)
  }

  /// A quotation mark in a text is doubled in one form and escaped in the other, and means the same.
  @Test(arguments: [["plain", "a 5\" pipe"], ["plain", "\"\""], ["plain", "said \"so\""]])
  func quotationMarksAreNoPartOfTheForm(kinds: [String]) throws {
    let workshop = try Workshop()
    try workshop.write(Self.separated(by: ",", kinds: kinds), to: "t.csv")
    try workshop.write(Self.jsonLines(kinds: kinds), to: "t.jsonl")
    let (plain, other) = (
      try modelAndPredictions(workshop, "t.csv"), try modelAndPredictions(workshop, "t.jsonl")
    )
    expectSame(plain.model, other.model)
    expectSame(plain.table, other.table)
  }

  /// A class is called what the file calls it, and is known again.
  @Test func aClassWithAQuotationMark() throws {
    let workshop = try Workshop()
    let sizes = ["5\" pipe", "none"]
    let lines = (0..<60).map { "{\"x\": \($0 % 5), \"size\": \"\(sizes[$0 % 2].replacing("\"", with: "\\\""))\"}" }
    try workshop.write(lines: lines, to: "t.jsonl")
    try workshop.succeed("train t.jsonl --target size --layers 8 --epochs 2 --quiet")
    #expect(try workshop.figures("evaluate model.safetensors t.jsonl --json")["samples"] == 60)
    try workshop.succeed("predict model.safetensors t.jsonl --probabilities")
    let table = try workshop.lines("predictions.csv")
    #expect(table[0] == #"x,size,prediction,"5"" pipe",none"# && table[1].hasPrefix(#"0,"5"" pipe","#))
  }

  /// What a line lacks is missing, as an empty field is.
  @Test func missingKeysAreEmptyFields() throws {
    let workshop = try Workshop()
    let rows = (0..<60).map { (a: $0 % 6, b: $0 % 7 == 3 ? nil : $0 % 5, y: $0 % 2 == 0 ? "even" : "odd") }
    try workshop.write(
      lines: ["a,b,y"] + rows.map { "\($0.a),\($0.b.map { "\($0)" } ?? ""),\($0.y)" }, to: "t.csv")
    try workshop.write(
      lines: rows.enumerated().map { place, row in
        let b = row.b.map { "\"b\": \($0), " } ?? (place % 2 == 0 ? "\"b\": null, " : "")
        return "{\"a\": \(row.a), \(b)\"y\": \"\(row.y)\"}"
      }, to: "t.jsonl")
    let (plain, other) = (
      try modelAndPredictions(workshop, "t.csv"), try modelAndPredictions(workshop, "t.jsonl")
    )
    expectSame(plain.model, other.model)
    expectSame(plain.table, other.table)
  }
}

// MARK: Tables without a header

extension TableFormatTests {
  /// Every command takes the first line for a row where that is asked for, and says so where it looks like one.
  @Test(arguments: [(",", "t.csv"), ("\t", "t.tsv")]) func noHeader(separator: String, name: String) throws {
    let workshop = try Workshop()
    let rows = (0..<60).map { "\($0 % 7)\(separator)\($0 * 5 % 13)\(separator)\($0 % 7 < 3 ? "yes" : "no")" }
    try workshop.write(lines: rows, to: name)
    let target = ["--target", "column 3", "--no-header"]
    let train = try workshop.run(["train", name] + target + ["--epochs", "20", "--layers", "8"])
    #expect(train.code == 0 && train.output.contains("\(name): 60 rows, 3 columns"), "\(train.errors)")
    #expect(try workshop.succeed("describe \(name) --no-header").output.contains("60 rows"))
    #expect(try workshop.figures("evaluate model.safetensors \(name) --no-header --json")["samples"] == 60)
    try workshop.succeed("predict model.safetensors \(name) --no-header")
    let lines = try workshop.lines("predictions.csv")
    #expect(lines.count == 61 && lines[0] == "column 1,column 2,column 3,prediction" && lines[1].hasPrefix("0,0,yes,"))
    let tune = try workshop.run(["tune", name] + target + ["--trials", "1", "--epochs", "2"])
    #expect(tune.code == 0 && tune.output.contains(" --no-header "), "\(tune.errors)")
    // what it looks like without
    expectFailure(try workshop.run("describe \(name)"), 65, ["'0' already", "--no-header"])
    try workshop.write(lines: ["1\(separator)2\(separator)no"] + rows, to: name)
    #expect(try workshop.succeed("describe \(name)").output.contains("'1', '2', 'no', looks like a row"))
  }
}
