import DescentFormats
import Foundation
import Testing

let readsPictures = (try? Picture(width: 1, height: 1, channels: 1, pixels: [0]).png()) != nil
private let speaker = ["/usr/bin/espeak-ng", "/usr/local/bin/espeak-ng"].first {
  FileManager.default.isExecutableFile(atPath: $0)
}
private let wordLists = ["american-english", "french", "ngerman"].map { "/usr/share/dict/\($0)" }
private let hasWordLists = wordLists.allSatisfy { FileManager.default.fileExists(atPath: $0) }

/// Whether convolutions run on a library or in an optimised program: by their definitions, in a debug build, training takes
/// many minutes.
let isFast: Bool = {
  #if OneDNN
    true
  #else
    Program.release != nil
  #endif
}()

/// Folders of pictures, recordings and texts: trained on, measured on and predicted by the program.
@Suite struct FolderTests {
  /// Stripes along or across, 8 × 8 pixels, of all phases and several strengths.
  private func stripes(_ workshop: Workshop, in folder: String, size: Int = 8) throws {
    for (name, isAcross) in [("across", true), ("along", false)] {
      for number in 0..<16 {
        let pixels = (0..<size * size).map { place in
          let position = isAcross ? place / size : place % size
          return (position + number) % 4 < 2 ? UInt8(100 + 8 * number) : UInt8(2 * number)
        }
        let picture = Picture(width: size, height: size, channels: 1, pixels: pixels)
        try workshop.write(try picture.png(), to: "\(folder)/\(name)/\(number).png")
      }
    }
  }

  @Test(.enabled(if: readsPictures)) func pictures() throws {
    let workshop = try Workshop()
    try stripes(workshop, in: "data")
    let train = try workshop.succeed("train data --epochs 6")
    for words in ["data: 32 pictures as 8×8", "convolutional", "each folder is a class"] {
      #expect(train.output.contains(words))
    }
    let figures = try workshop.figures("evaluate model.safetensors data --json")
    #expect(try #require(figures["accuracy"]) > 0.9)
    // alone or among others, the same
    try workshop.succeed("predict model.safetensors data")
    let all = try workshop.lines("predictions.csv")
    #expect(all.count == 33 && all[0] == "file,prediction" && all[1].hasPrefix("across/0.png,"))
    try workshop.succeed("predict model.safetensors data/along/3.png --output one.csv")
    let one = try workshop.lines("one.csv")
    #expect(one.count == 2 && all.contains(String(one[1].replacing("data/", with: ""))))
    // others are resized, and that is said
    try stripes(workshop, in: "large", size: 16)
    let other = try workshop.run("predict model.safetensors large/along --output two.csv")
    #expect(other.code == 0 && other.errors.contains("16 of 16 pictures resized to 8 × 8 pixels"))
    #expect(try workshop.lines("two.csv").count == 17)
    expectFailure(try workshop.run("predict model.safetensors data/along/99.png"), 66, ["99.png"])
    expectFailure(try workshop.run("evaluate model.safetensors data/along"), 65, ["0.png", "names its class"])
    expectFailure(try workshop.run("train data --split group:x"), 64, ["--split", "tables"])
    expectFailure(try workshop.run("train data --target species"), 64, ["species"])
  }

  @Test(.enabled(if: readsPictures)) func foldersThatAreWrong() throws {
    let workshop = try Workshop()
    try stripes(workshop, in: "data")
    expectFailure(try workshop.run("train data/along"), 65, ["data/along", "names its class"])
    try workshop.write("no picture".utf8, to: "data/along/x.png")
    expectFailure(try workshop.run("train data"), 65, ["data/along/x.png"])
    try workshop.write("none".utf8, to: "other/a/readme")
    expectFailure(try workshop.run("train other"), 66, ["other", "pictures"])
    #expect(!FileManager.default.fileExists(atPath: workshop.path("model.safetensors")))
  }

  @Test(.enabled(if: isFast && speaker != nil)) func spokenDigitsOfVoicesThatWereNotHeard() throws {
    let workshop = try Workshop()
    let digits = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
    func say(_ part: String, _ voice: String, speed: Int, pitch: Int) throws {
      for digit in digits {
        let path = workshop.path("data/\(part)/\(digit)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: try #require(speaker))
        process.arguments = [
          "-v", voice, "-s", "\(speed)", "-p", "\(pitch)", "-w", "\(path)/\(voice)-\(speed).wav", digit,
        ]
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
      }
    }
    for voice in [
      "en-us+m1", "en-us+m2", "en-us+m3", "en-us+f1", "en-us+f2", "en-gb+m4", "en-gb+f3", "en-gb+m6", "en-us+f5",
      "en-gb-x-rp",
    ] {
      try say("train", voice, speed: 150, pitch: 40)
      try say("train", voice, speed: 180, pitch: 60)
    }
    for voice in ["en-us+m7", "en-us+f4", "en-gb+m5", "en-us+m8"] { try say("test", voice, speed: 165, pitch: 50) }
    try workshop.succeed("train data --validation 0 --epochs 20 --quiet")
    let figures = try workshop.figures("evaluate model.safetensors data --json")
    #expect(try #require(figures["accuracy"]) >= 0.95)
    #expect(try workshop.run("predict model.safetensors data/test/seven/en-us+m7-165.wav").code == 0)
    #expect(try workshop.lines("predictions.csv").last == "data/test/seven/en-us+m7-165.wav,seven")
    expectFailure(try workshop.run("predict model.safetensors iris"), 65, ["iris"])
  }

  @Test(.enabled(if: isFast && hasWordLists)) func theLanguageOfALine() throws {
    let workshop = try Workshop()
    for path in wordLists {
      let words = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").filter { $0.count > 3 }
      // words from all over the list, three a line
      let drawn = stride(from: 0, to: words.count, by: words.count / 1200).prefix(1200).map { words[$0] }
      let lines = (0..<400).map { "\(drawn[$0]) \(drawn[$0 + 400]) \(drawn[$0 + 800])" }
      try workshop.write(lines.joined(separator: "\n").utf8, to: "data/\(path.split(separator: "/").last ?? "").txt")
    }
    let train = try workshop.succeed("train data --epochs 15 --metrics metrics.jsonl")
    #expect(train.output.contains("this network"))
    let result = try #require(try workshop.records("metrics.jsonl").last)
    let accuracy = result["test_accuracy"] as? Double
    #expect(try #require(accuracy) > 0.9, "\(result)")
  }
}
