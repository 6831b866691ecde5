import Foundation
import Testing

/// One row an example: what a reader must see, with room for the last digits of another processor.
private let facts: [(name: String, hold: @Sendable (Output) -> Void)] = [
  (
    "Perceptron",
    { output in
      #expect(output.lines.filter { $0.contains("  learnt in ") }.count == 3)
      #expect(output.text.contains("not learnt: no straight line has the ones of xor on one side"))
      #expect(output.text.contains("learnt in 4 epochs"))
      #expect(output.text.contains("gradient of a step's squared error: [0.0, 0.0]"))
    }
  ),
  (
    "SigmoidPerceptron",
    { output in
      let accuracies = output.numbers(after: "accuracy")
      #expect(accuracies.count == 2)
      #expect(accuracies.allSatisfy { $0 > 0.85 && $0 < 0.97 })
      // the two stairs, by hand
      #expect(output.numbers(after: "the left top pixel:").first == 1)
      #expect(output.numbers(after: "the right top pixel:").first == 1)
    }
  ),
  (
    "Staircase",
    { output in
      let accuracies = output.numbers(after: "accuracy")
      #expect(accuracies.count == 4)
      #expect(accuracies[0] == 1)
      #expect(accuracies[1] >= 0.97)
      #expect(accuracies[2] < 0.5)
      #expect(accuracies[3] >= 0.95)
    }
  ),
  (
    "Logistic",
    { output in
      // Newton's method on the same rows ends at midpoint 14.84397, steepness −1.01926
      #expect(abs((output.numbers(after: "mean radius: midpoint").first ?? 0) - 14.844) < 0.01)
      #expect(abs((output.numbers(after: "steepness").first ?? 0) + 1.019) < 0.005)
      let losses = output.numbers(after: "loss")
      #expect(losses.count == 2)
      #expect(losses[1] < losses[0])
    }
  ),
  (
    "Rents",
    { output in
      // the normal equations give slope 10.6093, intercept 128.13 and error 0.00379395
      let slopes = output.numbers(after: "rent in € =")
      #expect(slopes.count == 3)
      #expect(slopes.allSatisfy { abs($0 - 10.609) < 0.05 })
      #expect(output.numbers(after: "· area +").allSatisfy { abs($0 - 128.13) < 2 })
      let last = output.lines.filter { $0.contains("after") }
      #expect(last.count == 3)
      #expect(last.allSatisfy { $0.contains("error 0.0038") || $0.contains("error 0.0037") })
    }
  ),
  (
    "Curve",
    { output in
      let errors = output.numbers(after: "error")
      #expect(errors.count == 9)
      // one hidden layer of 2, 5, 20 and 100 units stands at every second place
      #expect(errors[1] > 0.3 && errors[3] < 0.3 && errors[5] < 0.15 && errors[7] < 0.1)
      #expect(errors[8] < 0.05)
    }
  ),
  (
    "Regions",
    { output in
      #expect(
        output.lines.prefix(4) == [
          "and of 00, 01, 10, 11: [0, 0, 0, 1]", "or of 00, 01, 10, 11: [0, 1, 1, 1]",
          "nand of 00, 01, 10, 11: [1, 1, 1, 0]", "xor of 00, 01, 10, 11: [0, 1, 1, 0]",
        ])
      #expect(output.lines.count == 4 + 2 * 14)
      for (block, row) in regions().enumerated() {
        let lines = output.lines.dropFirst(4 + 14 * block).prefix(14)
        for (column, region) in row.enumerated() {
          let parts = lines.map { String(Array($0)[27 * column..<27 * column + 25]) }
          #expect(parts.first?.hasPrefix(region.name) == true)
          let drawn = (0..<13).map { row in
            String((0..<25).map { region.holds(Double($0) / 8 - 1.5, 1.5 - Double(row) / 4) ? "█" : "·" })
          }
          #expect(Array(parts.dropFirst()) == drawn, "\(region.name)")
        }
      }
    }
  ),
  (
    "XOR",
    { output in
      #expect(output.lines.filter { $0.hasSuffix("0 of 13 gradients differ") }.count == 2)
      #expect(output.text.contains("0 xor 0, 0 xor 1, 1 xor 0, 1 xor 1: [0, 1, 1, 0]"))
      let errors = output.numbers(after: "error")
      #expect(errors == errors.sorted(by: >) && errors.count == 5)
    }
  ),
]

/// What the pictures of Regions show, as inequalities.
private func regions() -> [[(name: String, holds: (Double, Double) -> Bool)]] {
  let (above, below) = ({ (x: Double, y: Double) in y > -x - 0.0625 }, { (x: Double, y: Double) in y < x + 0.0625 })
  let wedge = { (x: Double, y: Double) in above(x, y) && below(x, y) }
  let roof = { (x: Double, y: Double) in y > -0.0625 && y < 1.3125 - abs(x) }
  let wall = { (x: Double, y: Double) in y > -1.0625 && y < 0.0625 && abs(x) < 0.8125 }
  return [
    [("open: all of 2", wedge), ("open: any of 2", { above($0, $1) || below($0, $1) }), ("closed: all of 3", roof)],
    [
      ("closed or closed", { roof($0, $1) || wall($0, $1) }), ("open or closed", { wedge($0, $1) || roof($0, $1) }),
      ("open or open", { wedge($0, $1) || wedge(-$0, $1) }),
    ],
  ]
}

@Suite(.serialized) struct ExamplesTests {
  @Test(arguments: facts.map(\.name)) func whatAnExampleShows(_ name: String) throws {
    let output = try runExample(name)
    #expect(output.status == 0)
    for example in facts where example.name == name { example.hold(output) }
  }

  @Test func digitsCountsWhatIsRight() throws {
    try withFolder { folder in
      try writePictures(200, named: "train", to: folder)
      try writePictures(30, named: "t10k", to: folder)
      let output = try runExample("Digits", folder.path, "20", "1")
      #expect(output.status == 0)
      #expect(output.lines.count == 20)
      #expect(output.lines.last == "Epoch 20: 30 / 30")
      #expect(try runExample("Digits", folder.path, "20", "1").text == output.text, "the same seed, the same run")
    }
  }

  @Test func digitsWithoutPictures() throws {
    try withFolder { folder in
      let output = try runExample("Digits", folder.path)
      #expect(output.status == 1)
      #expect(output.lines.count == 2)
      #expect(output.text.contains("No pictures to learn from: \(folder.path)"))
      #expect(output.text.contains("dataset-fashion-mnist"))
    }
  }

  @Test func denoisingTakesNoiseAway() throws {
    let output = try runExample("Denoising", "12", "1")
    #expect(output.status == 0)
    let ratio = try #require(output.numbers(after: "ratio").first)
    #expect(ratio > 0.1 && ratio <= 0.5)
    #expect(output.lines.count == 1 + 3 * 8)
  }

  /// Words that can be spelt by their first letter are learnt at little cost.
  @Test func charactersLearnsToSpell() throws {
    try withFolder { folder in
      let words = (0..<600).map { ["abcabc", "bcabca", "cabcab"][$0 % 3] }
      let list = folder.appendingPathComponent("words")
      try words.joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
      let output = try runExample("Characters", list.path, "24", "16", "1")
      #expect(output.status == 0)
      // four letters that nobody knew anything about would cost ln 4 = 1.39; only a word's first letter is free to choose
      let cost = try #require(output.numbers(after: "held out:").first)
      #expect(cost > 0.1 && cost < 1)
      #expect(try runExample("Characters", folder.path + "/none").status == 1)
      try words.prefix(400).joined(separator: "\n").write(to: list, atomically: true, encoding: .utf8)
      #expect(try runExample("Characters", list.path).text.hasPrefix("Too few words to learn from in \(list.path)"))
      // line ends of another system
      try words.joined(separator: "\r\n").write(to: list, atomically: true, encoding: .utf8)
      #expect(try runExample("Characters", list.path, "24", "16", "1").numbers(after: "held out:") == [cost])
    }
  }

  @Test func languagesTellsWordsApart() throws {
    try withFolder { folder in
      let lists = ["american-english": "th", "french": "eau", "ngerman": "sch", "spanish": "ñ", "italian": "zz"]
      for (name, mark) in lists {
        let words = (0..<400).map { "\(["a", "o", "u"][$0 % 3])\(mark)\(["er", "in", "o", "a"][$0 % 4])" }
        try words.joined(separator: "\n")
          .write(to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
      }
      let output = try runExample("Languages", folder.path, "400", "6", "8", "1")
      #expect(output.status == 0)
      #expect(try #require(output.numbers(after: "held out: accuracy").first) > 0.9)
      #expect(try runExample("Languages", folder.path + "/none").status == 1)
      try "aneau\n".write(to: folder.appendingPathComponent("french"), atomically: true, encoding: .utf8)
      #expect(try runExample("Languages", folder.path).text.hasPrefix("Too few words, if any: \(folder.path)/french"))
    }
  }

  @Test func everyExampleIsShortListedAndTested() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: examplesFolder.path)
      .filter { FileManager.default.fileExists(atPath: examplesFolder.appendingPathComponent("\($0)/main.swift").path) }
    #expect(names.sorted() == (facts.map(\.name) + ["Digits", "Denoising", "Characters", "Languages"]).sorted())
    let list = try String(contentsOf: examplesFolder.appendingPathComponent("README.md"), encoding: .utf8)
    for name in names {
      let source = examplesFolder.appendingPathComponent("\(name)/main.swift")
      let lineCount = try String(contentsOf: source, encoding: .utf8).split(separator: "\n").count
      #expect(lineCount < 60, "Examples/\(name)/main.swift")
      #expect(list.contains("Example\(name)`"), "Examples/README.md does not name Example\(name)")
    }
  }
}

/// Pictures of 4 × 4 pixels in the form of MNIST's files: class 0 is bright on the left, class 1 on the right.
private func writePictures(_ count: Int, named name: String, to folder: URL) throws {
  func header(_ shape: [Int]) -> [UInt8] {
    [0, 0, 8, UInt8(shape.count)] + shape.flatMap { [0, 0, UInt8($0 / 256), UInt8($0 % 256)] }
  }
  var pixels = header([count, 4, 4])
  var labels = header([count])
  for picture in 0..<count {
    let label = picture % 2
    labels.append(UInt8(label))
    for place in 0..<16 { pixels.append(UInt8((place % 4 / 2 == label ? 200 : 20) + (picture + place * 7) % 50)) }
  }
  try Data(pixels).write(to: folder.appendingPathComponent("\(name)-images-idx3-ubyte"))
  try Data(labels).write(to: folder.appendingPathComponent("\(name)-labels-idx1-ubyte"))
}

/// A folder for one test.
private func withFolder(_ body: (URL) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  try body(folder)
}
