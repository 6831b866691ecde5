import DescentFormats
import Foundation
import Testing

@testable import DescentDatasets

/// Whether this build reads pictures: it has the trait `Pictures`.
let readsPictures = (try? Picture(width: 1, height: 1, channels: 1, pixels: [0]).png()) != nil

/// Folders of pictures, recordings and texts as data.
@Suite struct FolderTests {
  private func picture(_ width: Int, _ height: Int, _ pixels: [UInt8]) throws -> [UInt8] {
    try Picture(width: width, height: height, channels: pixels.count / (width * height), pixels: pixels).png()
  }

  @Test(.enabled(if: readsPictures)) func greyPicturesAreSortedAndLabelled() throws {
    var files: [String: [UInt8]] = [:]
    for (place, name) in ["b/2.png", "b/10.png", "a/deep/1.PNG", "a/1.png", "Z/1.png"].enumerated() {
      files[name] = try picture(2, 1, [UInt8(place), 100])
    }
    files["a/notes.txt"] = Array("no picture".utf8)
    try withTree(files) { folder in
      let samples = try FolderSamples(folder)
      #expect(samples.files == ["Z/1.png", "a/1.png", "a/deep/1.PNG", "b/10.png", "b/2.png"])
      #expect(samples.dataset.classNames == ["Z", "a", "b"])
      #expect(samples.dataset.target == .classes(labels: [0, 1, 1, 2, 2], names: ["Z", "a", "b"]))
      #expect(samples.dataset.sampleShape == [1, 2])
      #expect(samples.dataset.features == .uint8([4, 100, 3, 100, 2, 100, 1, 100, 0, 100]))
      #expect(samples.dataset.pixelRange == 0...255)
      #expect(samples.notes == ["1 other file left out ('a/notes.txt')"])
      #expect(samples.parts == nil && samples.sound == nil)
      #expect(try Dataset(pictureFolder: folder).features == samples.dataset.features)
      #expect(throws: DataError.self) { try Dataset(soundFolder: folder) }
    }
  }

  @Test(.enabled(if: readsPictures)) func oneColourPictureMakesAllOfThemColour() throws {
    let files = [
      "a/1.png": try picture(2, 1, [10, 20]), "b/1.png": try picture(2, 1, [1, 2, 3, 4, 5, 6]),
      "b/2.png": try picture(4, 2, [UInt8](repeating: 7, count: 8)),
    ]
    try withTree(files) { folder in
      let samples = try FolderSamples(folder)
      #expect(samples.dataset.sampleShape == [3, 1, 2])
      // one channel behind the other
      let expected: [UInt8] = [10, 20, 10, 20, 10, 20, 1, 4, 2, 5, 3, 6] + [UInt8](repeating: 7, count: 6)
      #expect(samples.dataset.features == .uint8(expected))
      #expect(
        samples.notes == ["1 of 3 pictures resized to 2 × 1 pixels", "2 of 3 pictures in grey taken as colour"])
      #expect(samples.dataset.schema.featureNames.isEmpty)
      #expect(samples.dataset.schema.sampleShape == [3, 1, 2])
    }
  }

  @Test(.enabled(if: readsPictures)) func aFifthOfEachClassTestsUnlessFoldersSayIt() throws {
    var files: [String: [UInt8]] = [:]
    for place in 0..<10 {
      for name in ["a", "b"] { files["\(name)/\(place).png"] = try picture(1, 1, [UInt8(place)]) }
    }
    try withTree(files) { folder in
      let data = try Dataset(pictureFolder: folder)
      #expect(data.testRows.count { $0 < 10 } == 2 && data.testRows.count == 4 && data.trainRows.count == 16)
      #expect(try Dataset(pictureFolder: folder).testRows == data.testRows)
    }
    let parts = ["train/a/1.png", "train/a/2.png", "train/b/1.png", "val/a/1.png", "test/b/1.png"]
    try withTree(Dictionary(uniqueKeysWithValues: parts.map { ($0, files["a/1.png"] ?? []) })) { folder in
      let samples = try FolderSamples(folder)
      #expect(samples.dataset.classNames == ["a", "b"])
      #expect(samples.parts == RowSplit.Parts(training: [1, 2, 3], validation: [4], test: [0]))
      #expect(try samples.parts(RowSplit()) == samples.parts)
    }
  }

  @Test(
    .enabled(if: readsPictures),
    arguments: [
      ("one class", ["a", "fewer than two"]), ("class without pictures", ["/c", "no picture"]),
      ("no picture", ["a/1.png", "PNG"]), ("bomb", ["a/1.png"]), ("beside", ["x.png", "names its class"]),
      ("class that cannot be learnt", ["test/c", "'c'"]),
    ])
  func faults(fault: String, words: [String]) throws {
    let good = try picture(1, 1, [5])
    var files = ["a/1.png": good, "b/1.png": good]
    switch fault {
    case "one class": files = ["a/1.png": good, "a/2.png": good]
    case "class without pictures": files["c/readme.md"] = [65]
    case "no picture": files["a/1.png"] = Array("hello".utf8)
    case "bomb": files["a/1.png"]?.replaceSubrange(16..<24, with: [0, 0, 0x7F, 0xFF, 0, 0, 0x7F, 0xFF])
    case "beside": files["x.png"] = good
    default: files = ["train/a/1.png": good, "train/b/1.png": good, "test/c/1.png": good]
    }
    try withTree(files) { folder in
      let error = #expect(throws: DataError.self) { try FolderSamples(folder) }
      let message = error?.description ?? ""
      for word in words { #expect(message.contains(word)) }
      #expect(error?.kind == .invalid)
    }
  }

  @Test func recordingsBecomeSpectrogramsOfOneLength() throws {
    func tone(_ count: Int) -> [UInt8] {
      Sound(sampleRate: 8000, samples: (0..<count).map { Float(sin(Double($0) * 0.5)) / 2 }).wav()
    }
    try withTree(["a/1.wav": tone(1000), "b/1.wav": tone(2000), "b/2.wav": tone(2000)]) { folder in
      let samples = try FolderSamples(folder)
      let sound = try #require(samples.sound)
      // 25 ms of 8 kHz are 200 samples, 10 ms are 80
      #expect(sound.sampleRate == 8000 && sound.bands == 40 && sound.frames == 1 + (2000 - 200) / 80)
      #expect(samples.dataset.sampleShape == [1, 40, 23])
      let spectrogram = MelSpectrogram(sampleRate: 8000)
      let short = spectrogram(try Sound(path: "\(folder)/a/1.wav").samples)
      let row = samples.dataset.sample(0)
      #expect(Array(row[..<11]) == Array(short[..<11]))
      #expect(row[11..<23].allSatisfy { $0 == Float(log(1e-10)) })
      #expect(samples.dataset.schema.featureNames.isEmpty)
      // as a network takes them that learnt shorter ones
      let schema = Dataset.Schema(
        sampleShape: [1, 40, 5], featureNames: [], targetName: "class", classNames: ["a", "b"])
      let cut = try FolderSamples(
        "\(folder)/b", matching: schema, sound: SoundPreparation(sampleRate: 8000, frames: 5), needsTarget: false)
      #expect(cut.files == ["1.wav", "2.wav"] && cut.notes.count == 1)
      #expect(cut.dataset.target == .classes(labels: [-1, -1], names: ["a", "b"]))
      #expect(throws: DataError.self) { try FolderSamples(folder, matching: schema, needsTarget: false) }
    }
  }

  @Test func textsBecomeATable() throws {
    func rows(_ files: [String: String]) throws -> [[String]] {
      var rows: [[String]] = []
      try withTree(files.mapValues { Array($0.utf8) }) { folder in
        let table = try Table(texts: folder)
        rows.append(table.columns)
        try table.forEachTextRow { _, fields in rows.append(fields) }
      }
      return rows
    }
    #expect(
      try rows(["b.txt": "one, two\r\n \nsaid \"three\"", "a.txt": "first\n"]) == [
        ["text", "class"], ["first", "a"], ["one, two", "b"], ["said \"three\"", "b"],
      ])
    #expect(
      try rows(["a/1.txt": "first\nsecond\n", "b/1.txt": "third"]) == [
        ["text", "class"], ["first\nsecond\n", "a"], ["third", "b"],
      ])
    #expect(
      try rows(["train/a.txt": "x", "train/b.txt": "y", "test/b.txt": "z"]) == [
        ["text", "class", "part"], ["z", "b", "test"], ["x", "a", "train"], ["y", "b", "train"],
      ])
    #expect(throws: DataError.self) { try rows(["a.txt": "x"]) }
    #expect(throws: DataError.self) { try rows(["a.txt": "x", "b/1.txt": "y"]) }
  }
}

/// Writes files, some of them in folders, into a folder of their own.
func withTree(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
  try withFolder([:]) { folder in
    for (name, bytes) in files {
      let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(bytes).write(to: url)
    }
    try body(folder)
  }
}
