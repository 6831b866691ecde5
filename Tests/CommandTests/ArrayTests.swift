import DescentDatasets
import DescentFormats
import DescentTensors
import Foundation
import Testing

/// NumPy's arrays as data of the commands.
@Suite struct ArrayTests {
  /// An array of [rows, 3] whose last column says whether the first is greater than the second.
  private func table(rows: Int) throws -> [UInt8] {
    let numbers = (0..<rows).flatMap { row -> [Float] in
      let (one, other) = (Float(row * 7 % 23), Float(row * 11 % 19))
      return [one, other, one > other ? 1 : 0]
    }
    return try NumPyFile(Tensor(numbers, shape: [rows, 3])).serialized()
  }

  @Test func aSingleArrayIsATable() throws {
    let workshop = try Workshop()
    try workshop.write(table(rows: 200), to: "t.npy")
    let train = try workshop.run(["train", "t.npy", "--target", "column 3", "--epochs", "10"])
    #expect(train.code == 0 && train.errors.isEmpty && train.output.contains("t.npy: 200 rows, 3 columns"))
    let figures = try workshop.figures("evaluate model.safetensors t.npy --json")
    #expect(try #require(figures["accuracy"]) > 0.9)
    try workshop.succeed("predict model.safetensors t.npy")
    let lines = try workshop.lines("predictions.csv")
    #expect(lines.count == 201 && lines[0] == "column 1,column 2,column 3,prediction" && lines[1].hasPrefix("0,0,0,"))
    expectFailure(try workshop.run("train t.npy"), 64, ["--target"])
    expectFailure(try workshop.run(["train", "t.npy", "--target", "y"]), 65, ["'column 3'"])
    try workshop.write([1, 2, 3], to: "bad.npy")
    expectFailure(try workshop.run(["train", "bad.npy", "--target", "y"]), 65, ["bad.npy"])
    expectFailure(try workshop.run("train none.npz"), 66, ["none.npz"])
    expectFailure(try workshop.run("evaluate model.safetensors none.npy"), 66, ["none.npy"])
  }

  /// Its columns are named by their places in the table that was learnt from, the target's among them.
  @Test func anArrayMayLackItsTarget() throws {
    let workshop = try Workshop()
    let rows = (0..<120).map { row -> [Float] in
      let (one, other) = (Float(row * 7 % 23), Float(row * 11 % 19))
      return [one > other ? 1 : 0, one, other, Float(row % 5)]
    }
    for (name, first) in [("whole.npy", 0), ("bare.npy", 1), ("short.npy", 2)] {
      let array = Tensor(rows.flatMap { $0[first...] }, shape: [120, 4 - first])
      try workshop.write(NumPyFile(array).serialized(), to: name)
    }
    let train = try workshop.run(["train", "whole.npy", "--target", "column 1", "--epochs", "20", "--quiet"])
    #expect(train.code == 0, "\(train.errors)")
    let predictions = try ["whole.npy", "bare.npy"].map { name -> [Substring?] in
      let run = try workshop.run(["predict", "model.safetensors", name, "--output", "p.csv"])
      #expect(run.code == 0 && run.errors.isEmpty, "\(run.errors)")
      return try workshop.lines("p.csv").map { $0.split(separator: ",").last }
    }
    #expect(predictions[0] == predictions[1] && Set(predictions[0]).count == 3)
    expectFailure(
      try workshop.run("predict model.safetensors short.npy"), 65, ["2 columns", "from 4", "'column 1'"])
  }

  /// An archive that `numpy.savez` wrote (Tests/References/numpy_files.py) has no such arrays, and is refused by names.
  @Test func anArchiveWithoutSamples() throws {
    let workshop = try Workshop()
    let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Fuzzing/Corpus/npz/stored.npz")
    try workshop.write(Data(contentsOf: corpus), to: "a.npz")
    expectFailure(try workshop.run("train a.npz"), 65, ["a.npz", "'x_train'", "the arrays are"])
  }

  /// `x` of 40 pictures of 4 × 4 bytes and `y` of two classes, dark above and bright above: numpy.savez_compressed("a.npz", x=x, y=y).
  @Test func anArchive() throws {
    let workshop = try Workshop()
    let base = try #require(Data(base64Encoded: Self.pictures, options: .ignoreUnknownCharacters))
    try workshop.write(base, to: "a.npz")
    let train = try workshop.succeed("train a.npz --epochs 60 --layers 8 --learning-rate 0.02")
    #expect(train.output.contains("'y' holds 2 different whole numbers"))
    let figures = try workshop.figures("evaluate model.safetensors a.npz --json")
    #expect(try #require(figures["accuracy"]) > 0.9)
    try workshop.succeed("predict model.safetensors a.npz --probabilities")
    #expect(try workshop.lines("predictions.csv").first == "prediction,0,1")
    expectFailure(try workshop.run("evaluate model.safetensors iris"), 65, ["[4]", "[4, 4]"])
    expectFailure(try workshop.run("train a.npz --target z"), 64, ["'z'"])
    expectFailure(try workshop.run("train a.npz --encoding latin-1"), 64, ["--encoding", "tables"])
    // as quantities, and tuned
    #expect(try workshop.succeed("tune a.npz --trials 2 --epochs 2").output.contains("saved to"))
    try workshop.succeed("train a.npz --task regression --epochs 2 --quiet")
    #expect(try workshop.figures("evaluate model.safetensors a.npz --json")["rmse"] != nil)
    #expect(try workshop.succeed("describe a.npz").output.contains("40"))
  }

  /// The built-in digits have brightness 0…16, and bytes 0…255.
  @Test func anotherBrightnessIsSaidAndScaled() throws {
    let workshop = try Workshop()
    try workshop.succeed("train digits --epochs 5 --quiet")
    let digits = try Dataset.load("digits")
    let pixels = digits.testRows.flatMap { digits.sample(Int($0)).map { UInt8(($0 * 255 / 16).rounded()) } }
    let file = try NumPyFile(elementType: .uint8, shape: [digits.testRows.count, 8, 8], bytes: pixels)
    try workshop.write(file.serialized(), to: "x.npy")
    try workshop.succeed("predict model.safetensors digits --output own.csv")
    let run = try workshop.run("predict model.safetensors x.npy --output bytes.csv")
    #expect(run.code == 0)
    #expect(run.errors == "descent: x.npy: brightness of 0…255 scaled to 0…16, which the model takes\n")
    let (own, bytes) = (try workshop.lines("own.csv"), try workshop.lines("bytes.csv"))
    #expect(own.count == bytes.count && Set(own).count == 11)
    // rounded to bytes, hardly a digit becomes another
    #expect(zip(own, bytes).count { $0 != $1 } <= 3)
    expectFailure(try workshop.run("evaluate model.safetensors x.npy"), 65, ["x.npy", ".npz"])
  }

  private static let pictures = """
    UEsDBC0AAAAIAAAAIQCPP98a//////////8FABQAeC5ucHkBABAAAAMAAAAAAACgAgAAAAAAAJ2IyXKaAABAEUEMxogYBaKIogIi
    CIiIwr23dnrpoadOprHTQ6fpmLbTidlaxzGZrGaxxmzG1CytWTQ/2PQX+uZd3tt78er5y9cO4CtQ5WfKc28rvBXjF75ovBTj381W
    PlemP76ZrcyU//1n0x/myk9/7v30p/JTC3lViuWfTEuxxdh/gepcFMNBCEBVrhBNWpmT9uHD6nX3G6HHQTmTQ2HdEYP8EYp0AAgg
    MFzjuL+993g9CqVLfC4tEnk3m8kxIZyiMwZUZILdTmP94qi1IRMBw+cVUyAc0kgFn1DykFOYZMf+7N1e9eqXVZa0PUU4xRr+gmB4
    5CIY5FzRlGzu7O4PawfzzWJq0k4WgXBOJmmK8SoQiUmSaJq1peWL0X13lAcQHbK0UtDNWCGD0LyRgNdQ3eao0Wyf7a7cp0E1gyaj
    DjODA7Dsjhom5qRzKehso94cDFcOZR82MW54vQiS9asJPS6rznjYHyYPbm5OesPTLSjuTThyRbdGgoUimNAUUtdcgCu4tNA4+7k6
    7HFFBQF10hkJURRO01Y6C+A2FtVPB99bpxudRwl3olgeUzGBKcXNkpTS7Ym42yXM925+dLdv79i4yEqeLCMzOMxYIDsFxLKSxSSG
    61e1zW6nxrNm0ijBUJSOSzgqEKZTzGBwgBgN6vtHdyt9s4AhCQiBxvMCZ9PgmE8IBlyiI/yrdX5VX6x2fB5JLdGMHUV9JVDlIjl1
    KinzdGFQbf9e3Gqtp+1gFqEBCshbsCbiSklJB5KK6N3ZPG82250lk0SBKcmve9yE6NccFpgDKNzirZ1Wq9+6q+1P6G6x4MeyCdaA
    McKEwhGA4ig8MVpee1g737xJGBxLg4jIsYimMD6VsbGgigaIi/7V7vHR5XIgM45ZHlv/C1BLAwQtAAAACAAAACEAF0d/Af//////
    ////BQAUAHkubnB5AQAQAMABAAAAAAAATwAAAAAAAACb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3
    S8wpTgWKF2ckFqQC+RomBjqaOgq1CuQDLgYoYGRABaN84vgAUEsBAi0DLQAAAAgAAAAhAI8/3xqgAgAAAAMAAAUAAAAAAAAAAAAA
    AIABAAAAAHgubnB5UEsBAi0DLQAAAAgAAAAhABdHfwFPAAAAwAEAAAUAAAAAAAAAAAAAAIAB1wIAAHkubnB5UEsFBgAAAAACAAIA
    ZgAAAF0DAAAAAA==
    """
}
