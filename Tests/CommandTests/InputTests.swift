import Foundation
import Testing

/// Data and models that are not there or not right: exit codes 66 and 65, one line that says where.
@Suite struct InputTests {
  struct Table: Sendable, CustomTestStringConvertible {
    let content: [UInt8]
    let options: [String]
    let words: [String]

    init(_ content: String, _ options: [String], _ words: [String]) { self.init(Array(content.utf8), options, words) }

    /// A table whose target is `y`.
    init(_ content: [UInt8], _ words: [String]) { self.init(content, ["--target", "y"], words) }

    private init(_ content: [UInt8], _ options: [String], _ words: [String]) {
      self.content = content
      self.options = options
      self.words = words
    }

    /// A table whose target is `y`.
    init(_ content: String, _ words: [String]) { self.init(content, ["--target", "y"], words) }

    var testDescription: String { words.joined(separator: " ") }
  }

  @Test(arguments: [
    Table("", ["empty"]),
    Table("a,b,y\n", ["no row"]),
    Table("a,b,y\n1,2,x\n1,2\n", ["line 3", "2 fields", "3"]),
    Table("a,b,y\n1,2,x,4\n1,2,z\n", ["line 2", "4 fields"]),
    Table("a,b,y\n1,,x\n1,,z\n", ["no column is left", "--column"]),
    Table("a,b,y\n1,2,\n1,3,\n", ["'y'", "no row has a value"]),
    Table("a,b,y\n1,foo,x\n2,2,z\n", ["--target", "y", "--column", "b=number"], ["line 2", "'b'", "'foo'"]),
    Table("a,b,y\n1,foo,x\n2,2,z\n", ["--target", "y", "--column", "b=date"], ["line 2", "'b'", "'foo'", "ISO"]),
    Table("a,b,y\n1,2,x\n3,4,x\n", ["'y'", "'x'", "fewer than two classes"]),
    Table("a,b,y\n1,2,3\n3,4,3\n", ["'y'", "'3'", "fewer than two classes"]),
    Table("a,b,y\n1,2,inf\n1,2,1.5\n", ["line 2", "'y'", "'inf'"]),
    Table("a,b,y\n1,2,x\n", ["--target", "nope"], ["'nope'", "'a', 'b', 'y'"]),
    Table("a;b;y\n1;2;x\n3;4;x\n", ["'y'", "fewer than two classes"]),
    Table("y\n1\n2\n", ["'y'", "only column"]),
    Table("a,a,y\n1,2,x\n", ["'a'", "already"]),
    Table("a,b,y\n1,2,x\n1,2,z\n", ["--target", "y", "--task", "regression"], ["line 2", "'x'", "classification"]),
    Table("a,\"b,y\n1,2,x\n", ["line 1", "quote"]),
    Table("a,b,y\n1,2,x\n3,\"4,z\n", ["line 3", "quote"]),
    Table([0x61, 0x2C, 0x79, 0x0A, 0x31, 0x2C, 0xE4, 0x0A], ["line 2", "UTF-8", "--encoding"]),
    Table("y,a\n" + (0..<1001).map { "c\($0),\($0 % 7)\n" }.joined(), ["'y'", "1000 different classes"]),
    Table("a,y\n1,x\n2," + String(repeating: "z", count: 70 << 20) + "\n", ["64 MiB", "closing quote"]),
  ])
  func badTable(table: Table) throws {
    let workshop = try Workshop()
    try workshop.write(table.content, to: "t.csv")
    let run = try workshop.run(["train", "t.csv", "--quiet"] + table.options)
    expectFailure(run, 65, ["t.csv"] + table.words)
    #expect(!FileManager.default.fileExists(atPath: workshop.path("model.safetensors")))
  }

  @Test(arguments: [
    (["train", "nosuch.csv", "--target", "y"], ["nosuch.csv", "descent datasets"]),
    (["train", ""], ["descent datasets"]),
    (["train", "empty-folder"], ["empty-folder", "train-images"]),
    (["evaluate", "nosuch", "iris"], ["nosuch"]),
    (["predict", "nosuch", "iris"], ["nosuch"]),
    (["evaluate", "model.safetensors", "nosuch.csv"], ["nosuch.csv"]),
  ])
  func missing(arguments: [String], words: [String]) throws {
    let workshop = try Workshop()
    try FileManager.default.createDirectory(atPath: workshop.path("empty-folder"), withIntermediateDirectories: true)
    try workshop.succeed("train iris --epochs 1 --quiet")
    expectFailure(try workshop.run(arguments), 66, words)
  }

  @Test(arguments: [
    ("wine", ["wine", "[13]", "[4]"]),
    ("xor", ["xor", "[2]"]),
    ("digits", ["digits", "[8, 8]"]),
    ("t.csv", ["t.csv", "'sepal length (cm)'"]),
  ])
  func dataThatDoNotFitTheModel(data: String, words: [String]) throws {
    let workshop = try Workshop()
    try workshop.write("a,b,y\n1,2,x\n1,3,z\n".utf8, to: "t.csv")
    try workshop.succeed("train iris --epochs 1 --quiet")
    for command in ["evaluate", "predict"] {
      expectFailure(try workshop.run("\(command) model.safetensors \(data)"), 65, words)
    }
  }

  @Test func classesThatTheModelDoesNotKnow() throws {
    let workshop = try Workshop()
    try workshop.write("a,y\n1,x\n2,z\n".utf8, to: "t.csv")
    try workshop.write("a,y\n1,x\n2,w\n".utf8, to: "u.csv")
    try workshop.succeed("train t.csv --target y --epochs 1 --quiet")
    expectFailure(try workshop.run("evaluate model.safetensors u.csv"), 65, ["u.csv", "line 3", "'w'", "'x', 'z'"])
    try workshop.succeed("predict model.safetensors u.csv")
  }

  @Test func partThatTheDataLack() throws {
    let workshop = try Workshop()
    try workshop.write("a,y\n1,x\n2,z\n".utf8, to: "t.csv")
    try workshop.succeed("train t.csv --target y --epochs 1 --quiet")
    expectFailure(try workshop.run("evaluate model.safetensors t.csv --split test"), 64, ["t.csv", "--split all"])
  }

  /// What an IDX folder may be wrong in, as changes of a good one.
  @Test(arguments: [
    ("cut short", ["train-images-idx3-ubyte"]), ("wrong magic", ["train-images-idx3-ubyte"]),
    ("counts differ", ["12", "11"]), ("no labels", ["train-labels-idx1-ubyte"]),
    ("labels are pictures", ["train-labels-idx1-ubyte"]), ("one class", ["fewer than two classes"]),
    ("gzip cut short", ["train-images-idx3-ubyte.gz"]),
  ])
  func badFolder(fault: String, words: [String]) throws {
    let workshop = try Workshop()
    var images = idx([12, 3, 3], (0..<108).map { UInt8($0) })
    var labels = idx([12], (0..<12).map { UInt8($0 % 2) })
    var (imagesName, labelsName) = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte")
    switch fault {
    case "cut short": images.removeLast()
    case "wrong magic": images[0] = 7
    case "counts differ": labels = idx([11], (0..<11).map { UInt8($0 % 2) })
    case "no labels": labelsName = "labels"
    case "labels are pictures": labels = images
    case "one class": labels = idx([12], Array(repeating: 3, count: 12))
    default:
      imagesName += ".gz"
      images = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1]
    }
    try workshop.write(images, to: "folder/\(imagesName)")
    try workshop.write(labels, to: "folder/\(labelsName)")
    let run = try workshop.run("train folder --quiet")
    expectFailure(run, fault == "no labels" ? 66 : 65, words)
  }

  @Test func folderTrainsAndEvaluates() throws {
    let workshop = try Workshop()
    for (part, count) in [("train", 30), ("t10k", 10)] {
      let pixels = (0..<count * 4).map { $0 / 4 % 2 == 0 ? UInt8(0) : 255 }
      try workshop.write(idx([count, 2, 2], pixels), to: "folder/\(part)-images-idx3-ubyte")
      try workshop.write(idx([count], (0..<count).map { UInt8($0 % 2) }), to: "folder/\(part)-labels-idx1-ubyte")
    }
    let text = try workshop.succeed("train folder --layers 4 --epochs 30 --batch-size 4 --learning-rate 0.05").output
    #expect(text.contains("24 to train, 6 to validate, 10 to test"))
    #expect(try workshop.figures("evaluate model.safetensors folder --json")["samples"] == 10)
    #expect(try workshop.figures("evaluate model.safetensors folder --json --split train")["samples"] == 30)
    #expect(try workshop.figures("evaluate model.safetensors folder --json --split all")["accuracy"] == 1)
  }

  private func idx(_ shape: [Int], _ bytes: [UInt8]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] } + bytes
  }
}

/// One line on standard error with all of the words, nothing on standard output.
func expectFailure(_ run: Run, _ code: Int32, _ words: [String], sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(run.code == code, "\(run.errors)", sourceLocation: sourceLocation)
  #expect(run.errorLines.count == 1, "\(run.errors)", sourceLocation: sourceLocation)
  #expect(run.errors.hasPrefix("descent: "), "\(run.errors)", sourceLocation: sourceLocation)
  for word in words { #expect(run.errors.contains(word), "\(run.errors)", sourceLocation: sourceLocation) }
  #expect(run.output.isEmpty, sourceLocation: sourceLocation)
}

extension Workshop {
  /// The numbers of the JSON object that a command prints, whatever it notes on standard error.
  func figures(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [String: Double] {
    let run = try run(line)
    #expect(run.code == 0, "\(line): \(run.code) \(run.errors)", sourceLocation: sourceLocation)
    #expect(run.output.split(separator: "\n").count == 1, sourceLocation: sourceLocation)
    let object = try #require(try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    return object.compactMapValues { $0 as? Double }
  }
}
