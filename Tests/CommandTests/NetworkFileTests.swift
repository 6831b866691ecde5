import Foundation
import Testing

/// Networks from files, as somebody meets them who uses the program.
@Suite struct NetworkFileTests {
  private static let convolutional = """
    # small enough for a test
    input: [1, 8, 8]
    layers:
      - conv2d: {outputs: 4, kernel: 3, padding: same}
      - relu
      - max-pool2d: 2
      - flatten
      - dense: {outputs: 6, name: code}
      - tanh
      - dense
    """

  private func workshop() throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write(Array(Self.convolutional.utf8), to: "net.yaml")
    return workshop
  }

  @Test func trainsEvaluatesAndPredicts() throws {
    let workshop = try workshop()
    try workshop.succeed("train digits --network net.yaml --epochs 6 --schedule one-cycle --learning-rate 0.02 --quiet")
    let bytes = try workshop.bytes("model.safetensors")
    try workshop.succeed("train digits --network net.yaml --epochs 6 --schedule one-cycle --learning-rate 0.02 --quiet")
    #expect(try workshop.bytes("model.safetensors") == bytes, "the same command, the same bytes")
    let result = try workshop.succeed("evaluate model.safetensors digits --json")
    let figures = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect(try #require(figures?["accuracy"] as? Double) > 0.65)
    try workshop.succeed("predict model.safetensors digits --layer code --output code.csv")
    let lines = try String(decoding: workshop.bytes("code.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "code.0,code.1,code.2,code.3,code.4,code.5")
    #expect(lines.count == 360 && lines[1].split(separator: ",").allSatisfy { Float($0) != nil })
  }

  /// What lies inside a ready network can be written too, such as an autoencoder's code.
  @Test func codesOfReadyNetworks() throws {
    let workshop = try Workshop()
    try workshop.write(Array("[flatten, {autoencoder: {hidden: [16, 3]}}, dense]".utf8), to: "net.yaml")
    try workshop.succeed("train digits --network net.yaml --epochs 1 --quiet")
    try workshop.succeed("predict model.safetensors digits --layer 1.encoder --output code.csv")
    let lines = try String(decoding: workshop.bytes("code.csv"), as: UTF8.self).split(separator: "\n")
    #expect(lines[0] == "1.encoder.0,1.encoder.1,1.encoder.2" && lines.count == 360)
    expectFailure(
      try workshop.run("predict model.safetensors digits --layer 1.code --output x.csv"), 64,
      ["1.encoder", "1.decoder"])
  }

  @Test func batchNormalisationNeedsTwoSamplesABatch() throws {
    let workshop = try Workshop()
    try workshop.write(Array("x,y\n1,2.5\n".utf8), to: "one.csv")
    for (place, layers) in ["- dense: 4\n- batch-norm\n- dense", "- mlp: {hidden: [4], batch-norm: true}"].enumerated()
    {
      let file = "net\(place).yaml"
      try workshop.write(Array(layers.utf8), to: file)
      // batches of three leave one of four rows over
      try workshop.succeed("train xor --network \(file) --batch-size 3 --epochs 2 --quiet")
      expectFailure(
        try workshop.run("train xor --network \(file) --batch-size 1"), 64, ["--batch-size 1", "more than one number"])
      expectFailure(
        try workshop.run("train one.csv --target y --network \(file)"), 65, ["one.csv", "single sample"])
    }
    // a picture has many numbers a channel
    try workshop.write(
      Array("- conv2d: {outputs: 2, kernel: 3}\n- batch-norm\n- flatten\n- dense".utf8), to: "picture.yaml")
    try workshop.succeed(
      "train digits --network picture.yaml --batch-size 1 --validation 0.99 --epochs 1 --quiet")
  }

  @Test func bfloat16IsKeptInTheModel() throws {
    let workshop = try workshop()
    try workshop.succeed("train digits --network net.yaml --epochs 6 --learning-rate 0.01 --precision bfloat16 --quiet")
    let result = try workshop.succeed("evaluate model.safetensors digits --json")
    let figures = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
    #expect(try #require(figures?["accuracy"] as? Double) > 0.65)
  }

  @Test func summaryCounts() throws {
    let workshop = try workshop()
    let file = try workshop.succeed("summary net.yaml --outputs 10 --batch-size 2").output
    #expect(file.contains("0      conv2d      4×8×8           40          2,304    2 kB"), "\(file)")
    #expect(
      file.contains("500 parameters, 2 kB in float32") && file.contains("2,748 multiply-adds a sample"), "\(file)")
    try workshop.succeed("train digits --network net.yaml --epochs 1 --quiet")
    let model = try workshop.succeed("summary model.safetensors --batch-size 2").output
    #expect(model == file)
    let large = try workshop.succeed("summary net.yaml --outputs 10 --batch-size 2147483647").output
    #expect(large.contains("for a batch of 2147483647"), "\(large)")
  }

  @Test func layersAreListed() throws {
    let workshop = try Workshop()
    let all = try workshop.succeed("layers").output.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    #expect(all.count > 140)
    let one = try workshop.succeed("layers max-pool2d").output
    #expect(one.contains("  kernel") && one.contains("needed") && one.contains("default the kernel"))
  }

  @Test func namesOfColumnsAreQuoted() throws {
    let workshop = try Workshop()
    try workshop.write(Array("- dense: {outputs: 2, name: 'a,\"b'}\n- dense".utf8), to: "net.yaml")
    try workshop.succeed("train xor --network net.yaml --epochs 1 --quiet")
    try workshop.succeed("predict model.safetensors xor --layer a,\"b --output code.csv")
    #expect(try workshop.lines("code.csv")[0] == #""a,""b.0","a,""b.1""#)
  }

  @Test(arguments: [
    ("- conv2d: {outputs: 4, kernel: 9}", ["wrong.yaml:1", "layer 0 (conv2d)", "kernel 9×9"]),
    ("- flatten\n- denze: 3", ["wrong.yaml:2", "did you mean 'dense'"]),
    ("- conv2d: {outputs: 4, kernel: 3}", ["wrong.yaml", "gives [4, 6, 6]", "[10] is needed for 10 classes"]),
    ("input: [1, 9, 9]\nlayers: [flatten, dense]", ["wrong.yaml", "64 numbers"]),
    ("- flatten\n- dense: {outputs: 10", ["wrong.yaml:", "not YAML"]), ("", ["wrong.yaml", "nothing in it"]),
  ])
  func wrongFiles(text: String, words: [String]) throws {
    let workshop = try Workshop()
    try workshop.write(Array(text.utf8), to: "wrong.yaml")
    expectFailure(try workshop.run("train digits --network wrong.yaml"), 65, words)
  }

  @Test func wrongWords() throws {
    let workshop = try workshop()
    expectFailure(try workshop.run("train digits --network none.yaml"), 66, ["none.yaml"])
    for option in ["--layers 3", "--activation tanh", "--dropout 0.1"] {
      expectFailure(try workshop.run("train digits --network net.yaml \(option)"), 64, ["leave out --"])
    }
    expectFailure(try workshop.run("train digits --schedule sometimes"), 64, ["--schedule sometimes", "one-cycle"])
    expectFailure(try workshop.run("train digits --warm-up -1"), 64, ["--warm-up"])
    expectFailure(try workshop.run("layers denze"), 64, ["denze"])
    expectFailure(try workshop.run("summary net.yaml --input 1,4,4"), 64, ["contradicts"])
    try workshop.succeed("train digits --network net.yaml --epochs 1 --quiet")
    expectFailure(try workshop.run("predict model.safetensors digits --layer cod"), 64, ["cod", "code"])
    expectFailure(
      try workshop.run("predict model.safetensors digits --layer code --probabilities"), 64, ["leave out one"])
  }
}
