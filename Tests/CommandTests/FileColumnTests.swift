import DescentFormats
import Foundation
import Testing

/// Tables with columns of paths to pictures and recordings, and folders of waveforms: through the whole program.
@Suite struct FileColumnTests {
  /// A table whose class is a matter of its picture and its number together: stripes along or across 8 × 8 pixels, and
  /// half of the large numbers turn the answer round.
  private func mixedTable(_ workshop: Workshop) throws {
    var rows = "photo,size,answer\n"
    for row in 0..<240 {
      let (isAcross, phase, size) = (row % 2 == 0, row / 2 % 4, row * 37 % 100)
      let pixels = (0..<64).map { place in
        let position = isAcross ? place / 8 : place % 8
        return UInt8((position + phase) % 4 < 2 ? 150 : 40) + UInt8((place * 7 + row * 13) % 60)
      }
      let picture = Picture(width: 8, height: 8, channels: 1, pixels: pixels)
      try workshop.write(try picture.png(), to: "data/img/\(row).png")
      rows += "img/\(row).png,\(size),\(isAcross == (size < 50) ? "yes" : "no")\n"
    }
    try workshop.write(rows.utf8, to: "data/table.csv")
  }

  @Test(.enabled(if: readsPictures && isFast)) func aPictureAndANumber() throws {
    let workshop = try Workshop()
    try mixedTable(workshop)
    let train = try workshop.succeed(
      "train data/table.csv --target answer --test 0.25 --learning-rate 0.001 --epochs 30")
    for words in ["photo   picture", "8 × 8 pixels in grey, standardised", "65 → "] {
      #expect(train.output.contains(words), "\(words)")
    }
    let figures = try workshop.figures("evaluate model.safetensors data/table.csv --json")
    #expect(try #require(figures["accuracy"]) > 0.9)
    // neither says anything without the other
    try workshop.succeed(
      "train data/table.csv --target answer --column photo=leave-out --output number.safetensors --quiet")
    let number = try workshop.figures("evaluate number.safetensors data/table.csv --json")
    #expect(try #require(number["accuracy"]) < 0.75)
    // paths begin at the table, not where the program runs; alone or among others, the same
    try workshop.succeed("predict model.safetensors data/table.csv")
    let all = try workshop.lines("predictions.csv")
    #expect(all.count == 241 && all[0] == "photo,size,answer,prediction")
    let one = try workshop.lines("data/table.csv")[5]
    try workshop.write("photo,size,answer\n\(one)\n".utf8, to: "data/one.csv")
    try workshop.succeed("predict model.safetensors data/one.csv --probabilities --output one.csv")
    try workshop.succeed("predict model.safetensors data/table.csv --probabilities --output all.csv")
    #expect(try workshop.lines("one.csv")[1] == workshop.lines("all.csv")[5])
    // what is wrong is said, and nothing is written
    try workshop.write("photo,size\nimg/0.png,1\nimg/none.png,2\n".utf8, to: "data/wrong.csv")
    expectFailure(
      try workshop.run("predict model.safetensors data/wrong.csv --output wrong.csv"), 65,
      ["data/wrong.csv, line 3, column 'photo'", "img/none.png", "no such file"])
    #expect(!FileManager.default.fileExists(atPath: workshop.path("wrong.csv")))
    try workshop.write("no picture".utf8, to: "data/img/7.png")
    expectFailure(
      try workshop.run("train data/table.csv --target answer --quiet"), 65,
      ["data/table.csv, line 9, column 'photo'", "data/img/7.png", "no picture"])
  }

  /// Tones of two pitches, each with its own phase and some noise: folders of classes and a table.
  private func tones(_ workshop: Workshop) throws {
    var rows = "clip,answer\n"
    for number in 0..<48 {
      let name = number % 2 == 0 ? "high" : "low"
      let pitch = (number % 2 == 0 ? 700.0 : 300) * (1 + Double(number % 7 - 3) / 40)
      let samples = (0..<1200 + number).map { time in
        let noise = Double(time * 7919 + number * 104_729).truncatingRemainder(dividingBy: 101) / 101 - 0.5
        return Float(0.4 * sin(2 * .pi * pitch * Double(time) / 8000 + Double(number)) + 0.1 * noise)
      }
      let path = "tones/\(name)/\(number).wav"
      try workshop.write(Sound(sampleRate: 8000, samples: samples).wav(), to: path)
      rows += "\(path),\(name)\n"
    }
    try workshop.write(rows.utf8, to: "tones.csv")
  }

  @Test(.enabled(if: isFast)) func waveformsOfTones() throws {
    let workshop = try Workshop()
    try tones(workshop)
    let train = try workshop.succeed("train tones --sound waveform --epochs 5")
    #expect(train.output.contains("48 recordings as 1×12"))
    let figures = try workshop.figures("evaluate model.safetensors tones --json")
    #expect(try #require(figures["accuracy"]) > 0.9)
    try workshop.succeed("predict model.safetensors tones/low/3.wav")
    #expect(try workshop.lines("predictions.csv").last == "tones/low/3.wav,low")
    for line in ["train tones.csv --target answer --sound waveform", "train iris --sound waveform"] {
      expectFailure(try workshop.run(line), 64, ["--sound", "recordings"])
    }
    expectFailure(try workshop.run("train tones --sound noise"), 64, ["sound", "waveform"])
  }

  @Test(.enabled(if: isFast), arguments: [("sound", 30), ("sound,waveform", 12)])
  func aColumnOfTones(words: String, epochs: Int) throws {
    let workshop = try Workshop()
    try tones(workshop)
    let train = try workshop.succeed(
      "train tones.csv --target answer --column clip=\(words) --epochs \(epochs) --batch-size 8 --learning-rate 0.003")
    #expect(train.output.contains(words == "sound" ? "log-mel spectrogram of 40 bands" : "waveform of 12"))
    let figures = try workshop.figures("evaluate model.safetensors tones.csv --json")
    #expect(try #require(figures["accuracy"]) > 0.9)
    // one recording is a little longer than 98 % of them: a waveform of it is cut, and that is said
    let predicted = try workshop.run("predict model.safetensors tones.csv")
    let note = "descent: tones.csv: 'clip': 1 of 48 recordings cut to 0.16 s\n"
    #expect(predicted.code == 0 && predicted.errors == (words == "sound" ? "" : note))
    #expect(try workshop.lines("predictions.csv").count == 49)
  }
}
