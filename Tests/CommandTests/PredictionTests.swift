import DescentFormats
import Foundation
import Testing

/// What `predict` does where data differ from those that a model learnt from, and that it says so.
@Suite struct PredictionTests {
  private static let colours = ["red", "green", "blue"]

  /// A table of a number, a category and a class that follows from both.
  private static let rows: [(id: String, x: String, colour: String, y: String)] = (0..<90).map { row in
    let (x, colour) = (Double(row * 37 % 90) / 4, colours[row % 3])
    return ("r\(row)", "\(x)", colour, (x < 11) == (colour == "red") ? "yes" : "no")
  }

  private func trained() throws -> Workshop {
    let workshop = try Workshop()
    try workshop.write(
      lines: ["id,x,colour,y"] + Self.rows.map { "\($0.id),\($0.x),\($0.colour),\($0.y)" }, to: "t.csv")
    try workshop.succeed("train t.csv --target y --layers 8 --epochs 10 --quiet")
    return workshop
  }

  /// Predicts a table of these lines; the rows' predictions and probabilities, and what is said on standard error.
  private func predict(_ workshop: Workshop, _ lines: [String]) throws -> (rows: [[String]], notes: [String]) {
    try workshop.write(lines: lines, to: "other.csv")
    let run = try workshop.run("predict model.safetensors other.csv --probabilities --output other-predictions.csv")
    #expect(run.code == 0, "\(run.errors)")
    let table = try workshop.lines("other-predictions.csv")
    #expect(table.count == lines.count)
    // the columns of the file as they were, and behind them what is predicted
    for (line, row) in zip(lines, table) { #expect(row.hasPrefix("\(line),")) }
    #expect(table.first == "\(lines[0]),prediction,no,yes")
    let width = lines[0].split(separator: ",").count
    let predictions = table.dropFirst().map { line in
      line.split(separator: ",", omittingEmptySubsequences: false).dropFirst(width).map(String.init)
    }
    return (predictions, run.errorLines.map(String.init))
  }

  private var whole: [String] { ["id,x,colour"] + Self.rows.map { "\($0.id),\($0.x),\($0.colour)" } }

  @Test func probabilitiesAreOnesAndTheGreatestIsPredicted() throws {
    let (rows, notes) = try predict(try trained(), whole)
    #expect(notes.isEmpty && rows.count == 90)
    for row in rows {
      let shares = try row.dropFirst().map { try #require(Double($0)) }
      #expect(abs(shares[0] + shares[1] - 1) < 1e-6 && shares.allSatisfy { (0...1).contains($0) })
      #expect(row[0] == (shares[0] > shares[1] ? "no" : "yes"))
    }
    #expect(Set(rows.map { $0[0] }) == ["no", "yes"])
  }

  @Test func columnsInAnyOrderAndOthersAmongThem() throws {
    let workshop = try trained()
    let (wanted, _) = try predict(workshop, whole)
    let turned = Self.rows.map { "\($0.colour),a note,\($0.x),\($0.x)0" }
    let (rows, notes) = try predict(workshop, ["colour,note,x,X"] + turned)
    #expect(rows == wanted)
    #expect(notes.count == 1)
    for word in ["other.csv", "'note'", "'X'"] { #expect(notes.first?.contains(word) == true, "\(notes)") }
    // what was left out in training, and the target, are no strangers
    let (again, none) = try predict(workshop, ["y,colour,id,x"] + Self.rows.map { "?,\($0.colour),\($0.id),\($0.x)" })
    #expect(again == wanted && none.isEmpty, "\(none)")
  }

  @Test func aMissingColumnIsMissingValues() throws {
    let workshop = try trained()
    for (name, empty) in [
      ("colour", Self.rows.map { ("\($0.x)", "\($0.x),") }), ("x", Self.rows.map { ("\($0.colour)", ",\($0.colour)") }),
    ] {
      let header = name == "x" ? "colour" : "x"
      let (rows, notes) = try predict(workshop, [header] + empty.map(\.0))
      #expect(notes.count == 1 && notes[0].contains("'\(name)'") && notes[0].contains("missing"), "\(notes)")
      let (wanted, none) = try predict(workshop, ["x,colour"] + empty.map(\.1))
      #expect(rows == wanted && none.isEmpty, "\(none)")
    }
    expectFailure(
      try {
        try workshop.write(lines: ["a,b", "1,2"], to: "strange.csv")
        return try workshop.run("predict model.safetensors strange.csv --output none.csv")
      }(), 65, ["strange.csv", "'x'", "'colour'"])
    #expect(!workshop.has("none.csv"))
  }

  @Test func aCategoryThatWasNotSeenIsUnknown() throws {
    let workshop = try trained()
    let lines = { (change: (Int) -> String?) in
      ["x,colour"] + Self.rows.enumerated().map { "\($1.x),\(change($0) ?? $1.colour)" }
    }
    let (one, notes) = try predict(workshop, lines { $0 < 4 ? "mauve" : nil })
    #expect(notes.count == 1)
    for word in ["other.csv", "'colour'", "4 values"] { #expect(notes.first?.contains(word) == true, "\(notes)") }
    // whatever it is called; and the other rows are not touched
    let (other, single) = try predict(workshop, lines { $0 < 3 ? "Rouge" : nil })
    #expect(Array(one[..<3]) == Array(other[..<3]) && one[3] != other[3])
    #expect(single.first?.contains("3 values") == true)
    let (whole, _) = try predict(workshop, lines { _ in nil })
    #expect(one[4...] == whole[4...] && one[0] != whole[0])
    let (_, last) = try predict(workshop, lines { $0 == 7 ? "mauve" : nil })
    #expect(last.first?.contains("1 value ") == true)
  }

  @Test func aTextWhereANumberShouldBe() throws {
    let workshop = try trained()
    try workshop.write(lines: ["x,colour", "1,red", "much,red"], to: "other.csv")
    expectFailure(
      try workshop.run("predict model.safetensors other.csv --output none.csv"), 65,
      ["other.csv, line 3", "'x'", "'much'"])
    #expect(!workshop.has("none.csv"))
  }

  // MARK: The same rows, the same predictions

  @Test(arguments: ["", "--threads 1", "--threads 3"])
  func aRowAloneIsPredictedAsAmongOthers(options: String) throws {
    let workshop = try trained()
    try workshop.succeed("predict model.safetensors t.csv --probabilities \(options)")
    let all = try workshop.lines("predictions.csv")
    let table = try workshop.lines("t.csv")
    for row in [1, 2, 45, 90] {
      try workshop.write(lines: [table[0], table[row]], to: "one.csv")
      try workshop.succeed("predict model.safetensors one.csv --probabilities --output one-prediction.csv")
      #expect(try workshop.lines("one-prediction.csv") == [all[0], all[row]])
    }
    // in another order, and many times over
    let many = (0..<700).map { table[1 + $0 * 61 % 90] }
    try workshop.write(lines: [table[0]] + many, to: "many.csv")
    try workshop.succeed("predict model.safetensors many.csv --probabilities --output many-predictions.csv")
    #expect(try workshop.lines("many-predictions.csv") == [all[0]] + (0..<700).map { all[1 + $0 * 61 % 90] })
  }

  @Test func aQuantityAloneIsPredictedAsAmongOthers() throws {
    let workshop = try Workshop()
    let rows = (0..<80).map { "\($0 * 37 % 80),\($0 * 11 % 17),\(Double($0 * 37 % 80) * 1.25 + 0.125)" }
    try workshop.write(lines: ["a,b,q"] + rows, to: "t.csv")
    try workshop.succeed("train t.csv --target q --layers 8 --epochs 4 --quiet")
    try workshop.succeed("predict model.safetensors t.csv")
    let all = try workshop.lines("predictions.csv")
    for row in [1, 33, 80] {
      try workshop.write(lines: ["a,b,q", rows[row - 1]], to: "one.csv")
      try workshop.succeed("predict model.safetensors one.csv --output one-prediction.csv")
      #expect(try workshop.lines("one-prediction.csv") == [all[0], all[row]])
    }
  }

  // MARK: Pictures and recordings of other sizes

  @Test(.enabled(if: readsPictures)) func picturesOfAnotherSizeAreResized() throws {
    let workshop = try Workshop()
    func write(_ name: String, size: Int, isDown: Bool, channels: Int = 1) throws {
      let pixels = (0..<size * size).flatMap { place in
        let step = (isDown ? place / size : place % size) * 200 / size
        return Array(repeating: UInt8(step), count: channels)
      }
      let picture = Picture(width: size, height: size, channels: channels, pixels: pixels)
      try workshop.write(try picture.png(), to: name)
    }
    for number in 0..<10 {
      try write("data/down/\(number).png", size: 6, isDown: true)
      try write("data/right/\(number).png", size: 6, isDown: false)
    }
    try workshop.write("- flatten\n- dense\n".utf8, to: "net.yaml")
    try workshop.succeed("train data --network net.yaml --epochs 40 --learning-rate 0.05 --quiet")
    try write("other/a.png", size: 6, isDown: true)
    try write("other/b.png", size: 13, isDown: true)
    try write("other/c.png", size: 24, isDown: false)
    try write("other/d.png", size: 6, isDown: false, channels: 3)
    let run = try workshop.run("predict model.safetensors other")
    #expect(run.code == 0)
    let predictions = try workshop.lines("predictions.csv")
    #expect(predictions == ["file,prediction", "a.png,down", "b.png,down", "c.png,right", "d.png,right"])
    for words in ["2 of 4 pictures resized to 6 × 6 pixels", "1 of 4 pictures"] {
      #expect(run.errors.contains(words), "\(run.errors)")
    }
    let one = try workshop.run("predict model.safetensors other/b.png")
    #expect(one.code == 0 && one.errors.contains("1 of 1 pictures resized to 6 × 6 pixels"), "\(one.errors)")
    // the size that the model takes is nothing to speak of
    try workshop.succeed("predict model.safetensors other/a.png")
  }

  @Test func recordingsOfAnotherLengthAndRate() throws {
    let workshop = try Workshop()
    func write(_ name: String, pitch: Double, seconds: Double, rate: Int = 8000) throws {
      let samples = (0..<Int(seconds * Double(rate))).map { time in
        Float(0.4 * sin(2 * .pi * pitch * Double(time) / Double(rate)))
      }
      try workshop.write(Sound(sampleRate: rate, samples: samples).wav(), to: name)
    }
    for number in 0..<10 {
      try write("data/high/\(number).wav", pitch: 1500 + 20 * Double(number), seconds: 0.1)
      try write("data/low/\(number).wav", pitch: 300 + 10 * Double(number), seconds: 0.1)
    }
    try workshop.write("- flatten\n- dense\n".utf8, to: "net.yaml")
    try workshop.succeed("train data --network net.yaml --epochs 40 --learning-rate 0.02 --quiet")
    for (name, pitch) in [("high", 1600.0), ("low", 350)] {
      try write("other/\(name)-long.wav", pitch: pitch, seconds: 0.5)
      try write("other/\(name)-rate.wav", pitch: pitch, seconds: 0.1, rate: 16_000)
      try write("other/\(name)-rate-2.wav", pitch: pitch, seconds: 0.1, rate: 11_025)
    }
    let run = try workshop.run("predict model.safetensors other")
    #expect(run.code == 0 && run.errors.contains("2 of 6 recordings cut to 0.1 s"), "\(run.errors)")
    let lines = try workshop.lines("predictions.csv").dropFirst()
    #expect(lines.count == 6)
    for line in lines { #expect(line.hasSuffix(",\(line.prefix { $0 != "-" })"), "\(line)") }
  }
}

extension PredictionTests {
  /// Whoever measures a model on the table that it learnt from is told so; on other rows, or some of them, nothing is.
  @Test func evaluatingWhatWasLearntIsSaid() throws {
    let workshop = try Workshop()
    let rows = (0..<100).map { "\($0 * 37 % 100),\($0 % 7),\($0 * 37 % 100 < 50 ? "low" : "high")" }
    try workshop.write(lines: ["x,z,y"] + rows, to: "t.csv")
    try workshop.write(lines: ["x,z,y"] + rows.dropLast(), to: "fewer.csv")
    let train = try workshop.succeed("train t.csv --target y --layers 4 --epochs 3 --no-refit")
    #expect(train.output.contains("64 to train, 16 to validate, 20 to test"))
    let note = "the model has learnt 64 of these 100 rows"
    #expect(try workshop.succeed("evaluate model.safetensors t.csv").output.contains(note))
    #expect(try !workshop.succeed("evaluate model.safetensors fewer.csv").output.contains("has learnt"))
    try workshop.succeed("train t.csv --target y --layers 4 --epochs 3 --refit --quiet")
    #expect(try workshop.succeed("evaluate model.safetensors t.csv").output.contains("has learnt 80 of these 100 rows"))
  }
}
