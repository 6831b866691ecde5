import DescentFormats
import Foundation
import Testing

/// Data that are wrong, by whichever command: one line that says what and where, exit code 65, nothing written, and what
/// lay there before stays.
@Suite struct BadDataTests {
  struct Fault: Sendable, CustomTestStringConvertible {
    let name: String
    let lines: [String]
    let words: [String]
    /// Commands that don't meet the fault, because they do not look there.
    var exceptions: [String] = []

    var testDescription: String { name }
  }

  private static func rows(_ change: (Int, String) -> String) -> [String] {
    ["a,b,y"] + (0..<60).map { change($0, "\($0 % 7),\($0 % 5),\($0 % 2 == 0 ? "even" : "odd")") }
  }

  private static let faults: [Fault] = [
    Fault(
      name: "a quote that is not closed", lines: rows { $0 == 40 ? "\"\($1)" : $1 },
      words: ["line 42", "quote"]),
    Fault(name: "a row that is short", lines: rows { $0 == 40 ? "1,2" : $1 }, words: ["line 42", "2 fields", "3"]),
    Fault(
      name: "a row that is long", lines: rows { $0 == 40 ? "1,2,even,4" : $1 }, words: ["line 42", "4 fields"]),
    Fault(name: "a column twice", lines: ["a,b,a"] + rows { $1 }.dropFirst(), words: ["line 1", "'a'"]),
    Fault(name: "no row", lines: ["a,b,y"], words: ["no row"]),
    Fault(
      name: "a text among numbers", lines: rows { $0 == 40 ? "seven,3,even" : $1 },
      words: ["line 42", "'a'", "'seven'"],
      // a column that is not known yet becomes one of text
      exceptions: ["train", "tune", "describe"]),
  ]

  private static let commands = [
    "train bad.csv --target y --epochs 1 --quiet --output out --report out.html --metrics out.jsonl",
    "tune bad.csv --target y --trials 1 --epochs 1 --output out --journal out.jsonl",
    "evaluate model.safetensors bad.csv", "predict model.safetensors bad.csv --output out", "describe bad.csv",
  ]

  @Test(arguments: faults, [false, true]) func aTable(fault: Fault, hasEarlierOutput: Bool) throws {
    let workshop = try Workshop()
    try workshop.write(lines: Self.rows { $1 }, to: "good.csv")
    try workshop.succeed("train good.csv --target y --layers 2 --epochs 1 --quiet")
    try workshop.write(lines: fault.lines, to: "bad.csv")
    if hasEarlierOutput { try workshop.write(lines: ["mine"], to: "out") }
    for command in Self.commands where !fault.exceptions.contains(where: command.hasPrefix) {
      let run = try workshop.run(command)
      #expect(run.code == 65, "\(command): \(run.errors)")
      #expect(run.errorLines.count == 1 && run.errors.hasPrefix("descent: bad.csv"), "\(command): \(run.errors)")
      for word in fault.words { #expect(run.errors.contains(word), "\(command): \(run.errors)") }
    }
    #expect(hasEarlierOutput ? try workshop.lines("out") == ["mine"] : !workshop.has("out"))
    let left = Set(try FileManager.default.contentsOfDirectory(atPath: workshop.folder.path))
    #expect(left.subtracting(["good.csv", "bad.csv", "model.safetensors", "out"]).isEmpty, "\(left)")
  }

  @Test(arguments: ["evaluate", "predict", "train", "describe"]) func textThatIsNoUTF8(command: String) throws {
    let workshop = try Workshop()
    try workshop.write(lines: Self.rows { $1 }, to: "good.csv")
    try workshop.succeed("train good.csv --target y --layers 2 --epochs 1 --quiet")
    // für, in Latin-1
    let last = Array("1,2,f".utf8) + [0xFC, 0x72, 0x0A]
    try workshop.write(Array(Self.rows { $1 }.map { $0 + "\n" }.joined().utf8) + last, to: "bad.csv")
    let line =
      ["train": "train bad.csv --target y --quiet --output out", "describe": "describe bad.csv"][command]
      ?? "\(command) model.safetensors bad.csv" + (command == "predict" ? " --output out" : "")
    expectFailure(try workshop.run(line), 65, ["bad.csv, line 62", "UTF-8", "--encoding"])
    #expect(!workshop.has("out"))
  }

  // MARK: Targets and columns

  @Test func tenThousandClasses() throws {
    let workshop = try Workshop()
    try workshop.write(lines: ["x,y"] + (0..<10_000).map { "\($0 % 7),class \($0)" }, to: "t.csv")
    let run = try workshop.run("train t.csv --target y --quiet --report out.html")
    expectFailure(run, 65, ["t.csv", "'y'", "1000 different classes"])
    #expect(!workshop.has("model.safetensors") && !workshop.has("out.html"))
  }

  @Test func allColumnsMissing() throws {
    let workshop = try Workshop()
    try workshop.write(lines: ["a,b,y"] + (0..<60).map { ",NA,\($0 % 2 == 0 ? "u" : "v")" }, to: "t.csv")
    expectFailure(try workshop.run("train t.csv --target y --quiet"), 65, ["t.csv", "no column is left"])
    // one that has values is enough, and the other is left out
    try workshop.write(lines: ["a,b,y"] + (0..<60).map { "\($0 % 7),NA,\($0 % 2 == 0 ? "u" : "v")" }, to: "t.csv")
    let output = TrainingOutput(try workshop.succeed("train t.csv --target y --layers 2 --epochs 1"))
    #expect(try output.column("b")["becomes"]?.hasPrefix("left out") == true)
    #expect(try output.column("b")["missing"] == "60")
  }

  @Test(arguments: ["t.csv", "t.jsonl"]) func theTargetIsMissingThroughout(name: String) throws {
    let workshop = try Workshop()
    let isJSON = name.hasSuffix("jsonl")
    try workshop.write(
      lines: (isJSON ? [] : ["a,y"]) + (0..<60).map { isJSON ? "{\"a\": \($0 % 7), \"y\": null}" : "\($0 % 7)," },
      to: name)
    expectFailure(try workshop.run("train \(name) --target y --quiet"), 65, [name, "'y'", "no row"])
    #expect(!workshop.has("model.safetensors"))
  }

  @Test(arguments: [
    ("{\"a\": 1, \"y\": 2", ["line 3"]), ("[1, 2]", ["line 3", "object"]), ("{\"a\": 1, \"a\": 2}", ["line 3", "'a'"]),
    ("{\"a\": 1} {\"a\": 2}", ["line 3"]), ("{\"a\": \"\\x\"}", ["line 3"]),
  ])
  func jsonLines(line: String, words: [String]) throws {
    let workshop = try Workshop()
    try workshop.write(lines: ["{\"a\": 1, \"y\": \"u\"}", "{\"a\": 2, \"y\": \"v\"}", line], to: "t.jsonl")
    expectFailure(try workshop.run("train t.jsonl --target y --quiet"), 65, ["t.jsonl"] + words)
    #expect(!workshop.has("model.safetensors"))
  }

  // MARK: Packed files

  @Test func packedTables() throws {
    let workshop = try Workshop()
    try workshop.write(lines: Self.rows { $1 }, to: "t.csv")
    #expect(try workshop.shell("gzip t.csv") == 0)
    let packed = try workshop.bytes("t.csv.gz")
    // cut short, and with a byte that is another
    try workshop.write(packed.dropLast(9), to: "short.csv.gz")
    try workshop.write(packed.enumerated().map { $0 == packed.count / 2 ? $1 ^ 0x55 : $1 }, to: "changed.csv.gz")
    for name in ["short.csv.gz", "changed.csv.gz"] {
      expectFailure(try workshop.run("train \(name) --target y --quiet"), 65, [name, "gzip"])
    }
    #expect(!workshop.has("model.safetensors"))
  }

  // MARK: A file that changes while it is read

  /// The pipe for the metrics is full before the last of so many epochs, and holds the program up when it has read the
  /// table; the page then needs the rows of the worst mistakes, which may be others now.
  @Test(arguments: ["printf '1,2,even\\n' >> t.csv", "touch -d 2001-01-01 t.csv", "cp t.csv u.csv; mv u.csv t.csv"])
  func aTableThatChangesWhileItIsRead(change: String) throws {
    let workshop = try Workshop()
    let rows = (0..<60).map { "\($0 % 7),\($0 % 5),\($0 * $0 % 11 < 5 ? "even" : "odd")" }
    try workshop.write(lines: ["a,b,y"] + rows, to: "t.csv")
    let code = try workshop.shell(
      """
      mkfifo pipe
      { exec 4< pipe; head -c 100 <&4 > first; \(change); cat <&4 > rest; } &
      "$0" train t.csv --target y --layers 2 --epochs 900 --early-stopping 900 --learning-rate 0.001 \\
        --quiet --metrics pipe --report report.html 2> errors
      code=$?
      : 1<> pipe # lets a reader go that still waits
      exit $code
      """)
    #expect(code == 65)
    let errors = try workshop.lines("errors")
    #expect(errors.count == 1 && errors[0].contains("t.csv") && errors[0].contains("changed"), "\(errors)")
    #expect(!workshop.has("report.html"))
    // the network had learnt by then: it is whole, or not there
    if workshop.has("model.safetensors") { try workshop.succeed("summary model.safetensors") }
  }

  // MARK: Folders

  /// Recordings of two tones.
  private func tones(_ workshop: Workshop) throws {
    for number in 0..<8 {
      for (name, pitch) in [("high", 900.0), ("low", 300)] {
        let samples = (0..<900).map { Float(0.4 * sin(2 * .pi * pitch * Double($0 + number) / 8000)) }
        try workshop.write(Sound(sampleRate: 8000, samples: samples).wav(), to: "data/\(name)/\(number).wav")
      }
    }
  }

  @Test func aRecordingWithAFalseLength() throws {
    let workshop = try Workshop()
    try tones(workshop)
    let whole = try workshop.bytes("data/high/3.wav")
    let data = try #require((0..<whole.count - 4).first { whole[$0..<$0 + 4].elementsEqual("data".utf8) })
    for (name, length) in [
      ("too long", [0, 0, 2, 0]), ("beyond all", [0, 0, 255, 127]), ("half a sample", [255, 6, 0, 0]),
    ] as [(String, [UInt8])] {
      var bytes = whole
      bytes.replaceSubrange(data + 4..<data + 8, with: length)
      try workshop.write(bytes, to: "data/high/3.wav")
      expectFailure(try workshop.run("train data --quiet --report out.html"), 65, ["data/high/3.wav", "byte"])
      #expect(!workshop.has("model.safetensors") && !workshop.has("out.html"), "\(name)")
    }
    // neither in a table's column, nor where it is to be predicted
    try workshop.write(
      lines: ["clip,y"] + (0..<16).map { "data/\($0 % 2 == 0 ? "high" : "low")/\($0 / 2).wav,\($0 % 2)" }, to: "t.csv")
    expectFailure(
      try workshop.run("train t.csv --target y --quiet"), 65, ["t.csv, line 8", "'clip'", "data/high/3.wav"])
    try workshop.write(whole, to: "data/high/3.wav")
    try workshop.write("- flatten\n- dense\n".utf8, to: "net.yaml")
    try workshop.succeed("train data --network net.yaml --epochs 1 --quiet")
    try workshop.write(whole.dropLast(700), to: "cut.wav")
    expectFailure(
      try workshop.run("predict model.safetensors cut.wav --output out.csv"), 65, ["cut.wav", "byte", "cut short"])
    #expect(!workshop.has("out.csv"))
  }

  @Test func aFolderOfRecordingsWithOneClass() throws {
    let workshop = try Workshop()
    try tones(workshop)
    try FileManager.default.removeItem(atPath: workshop.path("data/low"))
    expectFailure(try workshop.run("train data --quiet"), 65, ["data", "'high'", "fewer than two classes"])
    // nor where the other class is there and empty
    try FileManager.default.createDirectory(atPath: workshop.path("data/low"), withIntermediateDirectories: true)
    expectFailure(try workshop.run("train data --quiet"), 65, ["data/low", "no recording"])
    #expect(!workshop.has("model.safetensors"))
  }

  @Test(.enabled(if: readsPictures)) func picturesThatAreNone() throws {
    let workshop = try Workshop()
    let picture = try Picture(width: 5, height: 5, channels: 1, pixels: (0..<25).map { 10 * $0 }).png()
    for number in 0..<6 {
      for name in ["a", "b"] { try workshop.write(picture, to: "data/\(name)/\(number).png") }
    }
    // 65,535 pixels wide and high by a header whose checksum is right: four gigabytes in a hundred bytes
    var bomb = picture
    bomb.replaceSubrange(16..<24, with: [0, 0, 0xFF, 0xFF, 0, 0, 0xFF, 0xFF])
    bomb.replaceSubrange(29..<33, with: checksum(bomb[12..<29]))
    for (name, bytes) in [
      ("text", Array("no picture".utf8)), ("empty", []), ("cut", Array(picture.dropLast(20))),
      ("head", Array(picture.prefix(20))), ("bomb", bomb),
    ] {
      try workshop.write(bytes, to: "data/b/2.png")
      expectFailure(try workshop.run("train data --quiet --report out.html"), 65, ["data/b/2.png"])
      #expect(!workshop.has("model.safetensors") && !workshop.has("out.html"), "\(name)")
    }
    try workshop.write(picture, to: "data/b/2.png")
    try workshop.write("- flatten\n- dense\n".utf8, to: "net.yaml")
    try workshop.succeed("train data --network net.yaml --epochs 1 --quiet")
    try workshop.write("no picture".utf8, to: "other/1.png")
    try workshop.write(picture, to: "other/0.png")
    expectFailure(try workshop.run("predict model.safetensors other --output out.csv"), 65, ["other/1.png"])
    #expect(!workshop.has("out.csv"))
    try FileManager.default.removeItem(atPath: workshop.path("data/b"))
    expectFailure(
      try workshop.run("train data --quiet --output other.safetensors"), 65, ["data", "'a'", "two classes"])
    #expect(!workshop.has("other.safetensors"))
  }

  /// The CRC-32 of a part of a PNG file, bit by bit.
  private func checksum(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var rest: UInt32 = .max
    for byte in bytes {
      rest ^= UInt32(byte)
      for _ in 0..<8 { rest = rest & 1 == 1 ? rest >> 1 ^ 0xEDB8_8320 : rest >> 1 }
    }
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: ~rest >> $0) }
  }
}
