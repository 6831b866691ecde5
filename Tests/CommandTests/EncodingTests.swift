import Foundation
import Testing

/// Tables that are not written in UTF-8.
@Suite struct EncodingTests {
  @Test func everyCommandTakesTheEncoding() throws {
    let workshop = try Workshop()
    let rows = (0..<60).map { row in "\(row % 7),\(row % 3 == 0 ? "süß" : "herb"),\(row % 3 == 0 ? "ja" : "nö")\n" }
    let text = "größe,geschmack,kauf\n" + rows.joined()
    try workshop.write(try #require(text.data(using: .isoLatin1)), to: "t.csv")
    expectFailure(try workshop.run("train t.csv --target kauf"), 65, ["t.csv", "encoding"])
    try workshop.succeed("train t.csv --target kauf --encoding latin-1 --epochs 40 --quiet")
    for command in ["evaluate", "predict"] {
      expectFailure(try workshop.run("\(command) model.safetensors t.csv"), 65, ["t.csv", "encoding"])
    }
    let figures = try workshop.figures("evaluate model.safetensors t.csv --encoding latin-1 --json")
    #expect(try #require(figures["accuracy"]) > 0.9)
    try workshop.succeed("predict model.safetensors t.csv --encoding latin-1")
    let lines = try workshop.lines("predictions.csv")
    #expect(lines[0] == "größe,geschmack,kauf,prediction" && lines[1] == "0,süß,ja,ja" && lines.count == 61)
    expectFailure(try workshop.run("predict model.safetensors t.csv --encoding latin-99"), 64, ["latin-99", "latin-1"])
    // what is in no file, or no text, has no encoding
    for data in ["iris", "."] {
      let run = try workshop.run("predict model.safetensors \(data) --encoding latin-1")
      expectFailure(run, 64, ["--encoding", "tables", data])
    }
    expectFailure(try workshop.run("predict model.safetensors none.csv --encoding latin-1"), 66, ["none.csv"])
  }

  /// A model of built-in data takes tables too.
  @Test func tablesForAModelOfSamples() throws {
    let workshop = try Workshop()
    try workshop.succeed("train xor --epochs 1 --quiet")
    let text = "a,b\n0,1\n1,1\n"
    try workshop.write(try #require(text.data(using: .utf16LittleEndian)), to: "t.csv")
    #expect(try workshop.run("predict model.safetensors t.csv").code == 65)
    let run = try workshop.run("predict model.safetensors t.csv --encoding utf-16le")
    #expect(run.code == 0, "\(run.errors)")
    #expect(try workshop.lines("predictions.csv").count == 3)
  }
}
