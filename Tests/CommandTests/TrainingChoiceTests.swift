import DescentFormats
import Foundation
import Testing

/// Options that change what a network is shown: augmentation, what inputs go through, and classes of unequal size.
@Suite struct TrainingChoiceTests {
  private static let network = "- flatten\n- dense: {outputs: 8}\n- relu\n- dense\n"

  // MARK: Augmentation

  @Test(arguments: [
    "flip", "flip-vertical", "crop=8+1", "shift=2", "rotate=15", "cutout=3", "brightness=0.3", "contrast=0.3",
    "noise=0.2", "mixup=0.3", "flip,shift=1,mixup=0.2,noise=0.1",
  ])
  func augmentationFollowsFromTheSeed(steps: String) throws {
    let workshop = try Workshop()
    try workshop.write(Self.network.utf8, to: "net.yaml")
    func model(_ options: String) throws -> [UInt8] {
      try workshop.succeed("train digits --network net.yaml --epochs 1 --deterministic --quiet \(options)")
      return try workshop.bytes("model.safetensors")
    }
    let augmented = try model("--augment \(steps) --threads 1")
    expectSame(try model("--augment \(steps) --threads 2"), augmented)
    // another seed, and none of it, give other weights
    let weights = try [augmented, model("--augment \(steps) --seed 1"), model("")].map { bytes in
      try SafeTensorsFile(bytes, place: "model").entries.map(\.bytes)
    }
    #expect(Set(weights).count == 3)
  }

  /// Pictures that are built in enter dense layers as rows, behind what is done to them as pictures.
  @Test func builtInPicturesAreAugmented() throws {
    let workshop = try Workshop()
    for steps in ["shift=1", "rotate=10,crop=6"] {
      try workshop.succeed("train digits --layers 64 --epochs 6 --quiet --augment \(steps)")
      #expect(try #require(workshop.figures("evaluate model.safetensors digits --json")["accuracy"]) > 0.5, "\(steps)")
      let first = try workshop.bytes("model.safetensors")
      try workshop.succeed("train digits --layers 64 --epochs 6 --quiet --augment \(steps) --threads 1")
      expectSame(try workshop.bytes("model.safetensors"), first)
    }
  }

  @Test(.enabled(if: readsPictures)) func picturesOfAFolderAreAugmented() throws {
    let workshop = try Workshop()
    try workshop.write(Self.network.utf8, to: "net.yaml")
    for number in 0..<24 {
      let pixels = (0..<36).map { place in
        let step = number % 2 == 0 ? place / 6 : place % 6
        return UInt8(30 * step + number)
      }
      let picture = try Picture(width: 6, height: 6, channels: 1, pixels: pixels).png()
      try workshop.write(picture, to: "data/\(number % 2 == 0 ? "down" : "right")/\(number).png")
    }
    func model(_ options: String) throws -> [UInt8] {
      try workshop.succeed("train data --network net.yaml --epochs 3 --quiet \(options)")
      return try workshop.bytes("model.safetensors")
    }
    let steps = "--augment shift=1,rotate=10,cutout=2,brightness=0.1"
    let augmented = try model("\(steps) --seed 5")
    expectSame(try model("\(steps) --seed 5"), augmented)
    let others = try [model("\(steps) --seed 6"), model("--seed 5")]
    #expect(!others.contains(augmented))
    // in training only: measuring and predicting are the same every time
    let figures = try (0..<2).map { _ in try workshop.figures("evaluate model.safetensors data --json") }
    #expect(figures[0] == figures[1])
    // a network of its own begins with the crop
    try workshop.succeed("train data --epochs 1 --quiet --augment flip,crop=4 --output cropped.safetensors")
    let layers = try workshop.succeed("summary cropped.safetensors").output
    #expect(layers.contains("random-crop2d") && layers.contains("4×4"), "\(layers)")
    #expect(try workshop.run("evaluate cropped.safetensors data").code == 0)
    // a network for samples of another shape says which it takes
    expectFailure(
      try workshop.run("train data --network net.yaml --quiet --augment crop=4"), 64, ["--augment", "[1, 4, 4]"])
    expectFailure(try workshop.run("train iris --quiet --augment flip"), 64, ["--augment", "pictures"])
    expectFailure(try workshop.run("train iris --quiet --augment blur=3"), 64, ["--augment", "blur"])
  }

  // MARK: What inputs go through

  /// Products of two columns tell the classes apart, the columns by themselves do not.
  @Test func powersOfInputs() throws {
    let workshop = try Workshop()
    let rows = (0..<120).map { row in
      let (a, b) = ((row % 2 == 0 ? 1 : -1) * (1 + row % 5), (row / 2 % 2 == 0 ? 1 : -1) * (1 + row % 3))
      return "\(a),\(b),\(a * b > 0 ? "same" : "other")"
    }
    try workshop.write(lines: ["a,b,y"] + rows, to: "t.csv")
    let command = "train t.csv --target y --layers none --epochs 40"
    #expect(try workshop.result(command, "test_accuracy") < 0.75)
    #expect(try workshop.result("\(command) --inputs powers=2", "test_accuracy") == 1)
    // what inputs go through is kept in the model
    #expect(try workshop.figures("evaluate model.safetensors t.csv --json")["accuracy"] == 1)
    // a, b, a², ab, b²
    #expect(try workshop.succeed("summary model.safetensors").output.contains(/powers +5\s/))
  }

  @Test func sinesOfInputs() throws {
    let workshop = try Workshop()
    // over all rows x / 34.64 is what standardising makes of x
    let rows = (0..<120).map { row in "\(row * 37 % 120),\(sin(2 * (Double(row * 37 % 120) - 59.5) / 34.64))" }
    try workshop.write(lines: ["x,q"] + rows, to: "t.csv")
    let command = "train t.csv --target q --layers none --epochs 100 --learning-rate 0.05 --l2 0"
    #expect(try workshop.result(command, "test_r2") < 0.5)
    #expect(try workshop.result("\(command) --inputs sines=2", "test_r2") > 0.9)
  }

  /// Two columns that say the same but for noise have one direction that matters.
  @Test(arguments: ["pca=1", "pca-whitening=1"]) func principalComponents(step: String) throws {
    let workshop = try Workshop()
    let rows = (0..<120).map { row in
      let x = Double(row * 37 % 120) / 10 - 6
      return "\(x + Double(row % 7) / 100),\(x - Double(row % 5) / 100),\(x > 0 ? "up" : "down")"
    }
    try workshop.write(lines: ["a,b,y"] + rows, to: "t.csv")
    let command = "train t.csv --target y --layers none --epochs 60 --learning-rate 0.05"
    let accuracy = try workshop.result("\(command) --inputs \(step)", "test_accuracy")
    #expect(accuracy >= 0.95)
    let weights = try SafeTensorsFile(path: workshop.path("model.safetensors")).entries.filter {
      $0.name.hasSuffix("weight")
    }
    #expect(weights.contains { $0.shape == [2, 1] }, "two classes of one number: \(weights.map(\.shape))")
    expectFailure(
      try workshop.run("train t.csv --target y --quiet --inputs pca=3"), 64, ["--inputs", "3", "2"])
    expectFailure(try workshop.run("train t.csv --target y --quiet --inputs cubes"), 64, ["--inputs", "cubes"])
  }

  @Test func samplesOfUnitLength() throws {
    let workshop = try Workshop()
    // the direction decides, and lengths differ a thousandfold
    let rows = (0..<120).map { row in
      let (length, isSteep) = (pow(10, Double(row % 4)), row % 3 == 0)
      return "\(length * (isSteep ? 1 : 2)),\(length * (isSteep ? 2 : 1)),\(isSteep ? "steep" : "flat")"
    }
    try workshop.write(lines: ["a,b,y"] + rows, to: "t.csv")
    let options = "--column a=none --column b=none --layers none --epochs 40 --learning-rate 0.1 --l2 0"
    #expect(try workshop.result("train t.csv --target y \(options) --inputs unit-length", "test_accuracy") == 1)
    try workshop.succeed("predict model.safetensors t.csv --probabilities")
    // samples of one direction are one sample
    let table = try workshop.lines("predictions.csv").dropFirst().map { $0.split(separator: ",").suffix(2) }
    for column in [0, 1] {
      let shares = try Set(table.map { try #require(Double($0[$0.startIndex + column])) }.map { ($0 * 1e4).rounded() })
      #expect(shares.count == 2, "\(shares)")
    }
  }

  // MARK: Classes of unequal size

  /// A column that says nothing of the class, of which nine in ten rows are.
  private func unequal(_ workshop: Workshop) throws {
    let rows = (0..<100).map { "\($0 % 2),\($0 % 20 == 3 || $0 % 20 == 6 ? "rare" : "often")" }
    try workshop.write(lines: ["x,y"] + rows, to: "t.csv")
  }

  /// The mean probability of the rarer class over all rows.
  private func rareShare(_ workshop: Workshop, _ options: String) throws -> Double {
    try workshop.succeed("train t.csv --target y --layers none --epochs 60 --learning-rate 0.02 --quiet \(options)")
    try workshop.succeed("predict model.safetensors t.csv --probabilities")
    let lines = try workshop.lines("predictions.csv")
    #expect(lines[0] == "x,y,prediction,often,rare")
    let shares = try lines.dropFirst().map { try #require(Double($0.split(separator: ",")[4])) }
    return shares.reduce(0, +) / Double(shares.count)
  }

  @Test func weightsAndSamplingOfClasses() throws {
    let workshop = try Workshop()
    try unequal(workshop)
    let plain = try rareShare(workshop, "")
    #expect(abs(plain - 0.1) < 0.07, "\(plain)")
    for options in [
      "--class-weights balanced", "--class-weights rare=9", "--class-weights often=1,rare=9", "--sampling over",
      "--sampling under",
    ] {
      let share = try rareShare(workshop, options)
      #expect(abs(share - 0.5) < 0.1, "\(options): \(share)")
    }
    #expect(try rareShare(workshop, "--class-weights rare=90") > 0.7)
    #expect(try rareShare(workshop, "--class-weights often=90") < plain)
  }

  @Test(arguments: [
    ("--class-weights seldom=3", ["--class-weights", "seldom"]),
    ("--class-weights rare=-1", ["--class-weights", "rare"]),
    ("--class-weights heavy", ["--class-weights", "heavy"]), ("--sampling both", ["--sampling", "over", "under"]),
    ("--task regression --target x --sampling over", ["--sampling", "quantity"]),
    ("--task regression --target x --class-weights balanced", ["--class-weights"]),
  ])
  func weightsThatMakeNoSense(options: String, words: [String]) throws {
    let workshop = try Workshop()
    try unequal(workshop)
    let target = options.contains("--target") ? "" : "--target y"
    expectFailure(try workshop.run("train t.csv \(target) --quiet \(options)"), 64, words)
    #expect(!workshop.has("model.safetensors"))
  }
}
