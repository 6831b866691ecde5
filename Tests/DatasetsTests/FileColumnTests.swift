import DescentFormats
import Foundation
import Testing

@testable import DescentDatasets

/// Columns of a table that name pictures and recordings.
@Suite struct FileColumnTests {
  private func prepared(
    _ path: String, training: Range<Int32>, test: Range<Int32> = 0..<0, _ columns: [String: String] = [:]
  ) throws -> PreparedTable {
    var options = TableOptions()
    for (name, words) in columns { options.columns[name] = try ColumnOptions(words: words, column: name) }
    let survey = try TableSurvey(Table(path: path), target: "y", options: options)
    return try PreparedTable(
      survey, RowSplit.Parts(training: Array(training), validation: [], test: Array(test)))
  }

  private func kind(_ values: [String]) throws -> ColumnSummary.Kind {
    let rows = values.enumerated().map { "\($1),\($0 % 2)\n" }.joined()
    return try TableSurvey(Table(bytes: Array("c,y\n\(rows)".utf8), place: "t.csv"), target: "y").columns[0].kind
  }

  @Test func namesOfFilesSayWhatTheyAre() throws {
    #expect(try kind(["a.png", "b/c d.JPG", "", "../x.jpeg"]) == .picture)
    #expect(try kind((0..<40).map { "\($0 % 4).png" }) == .picture)
    #expect(try kind(["/a.wav", "b.WAV", "c.wav"]) == .sound)
    #expect(try kind(["a.png", "b.wav", "c.png"]) == .text)
    #expect(try kind(["a.png", "b.png", "none"]) == .text)
    #expect(try kind(["http://a/a.png", "http://a/b.png", "http://a/c.png"]) == .text)
    #expect(try kind(["a.txt", "b.txt", "c.txt"]) == .text)
    // more than are told apart
    #expect(try kind((0..<20_010).map { "\($0).png" }) == .picture)
    #expect(try kind(["a.png", "b.png", "a.png"]) == .binary)
  }

  @Test(.enabled(if: readsPictures)) func picturesBecomeTheirPixels() throws {
    let files = [
      "img/1.png": try picture(2, 1, [0, 100]), "img/2.png": try picture(2, 1, [100, 200]),
      "img/3.png": try picture(4, 2, [UInt8](repeating: 200, count: 8)),
      "img/4.png": try picture(2, 1, [1, 2, 3, 4, 5, 6]),
      "other.png": try picture(2, 1, [50, 60]),
    ]
    try withTree(files) { folder in
      let table =
        "photo,size,y\nimg/1.png,1,a\nimg/2.png,3,b\nimg/3.png,2,a\n,2,b\n\(folder)/other.png,2,a\nimg/4.png,2,b\n"
      try Data(table.utf8).write(to: URL(fileURLWithPath: "\(folder)/t.csv"))
      let prepared = try prepared("\(folder)/t.csv", training: 0..<4, test: 4..<6)
      #expect(prepared.preparation.columns.map(\.name) == ["size", "photo"])
      #expect(prepared.preparation.quantityCount == 1 && prepared.preparation.files.map(\.shape) == [[1, 1, 2]])
      #expect(prepared.dataset.featureNames == ["size", "photo[0]", "photo[1]"])
      #expect(
        prepared.treatments[0].summary
          == "2 × 1 pixels in grey, standardised (1 of 3 pictures resized to 2 × 1 pixels)")
      // 0, 100, 100, 200, 200, 200: mean 400/3, population variance 50,000/9
      let (mean, deviation) = (400.0 / 3, (50_000.0 / 9).squareRoot())
      func expect(_ row: Int, _ pixels: [Double]) {
        for (value, pixel) in zip(prepared.dataset.sample(row).dropFirst(), pixels) {
          #expect(abs(Double(value) - (pixel - mean) / deviation) < 1e-5, "row \(row)")
        }
      }
      expect(0, [0, 100])
      expect(1, [100, 200])
      expect(2, [200, 200])
      expect(3, [mean, mean])
      expect(4, [50, 60])
      // Rec. 601: 1.814 and 4.814
      expect(5, [2, 5])
      // as a model takes other tables
      let coded = try JSONDecoder().decode(
        TablePreparation.self, from: JSONEncoder().encode(prepared.preparation))
      #expect(coded == prepared.preparation)
      var notes: [String] = []
      let again = try Dataset(
        Table(path: "\(folder)/t.csv"), preparedBy: coded, schema: prepared.dataset.schema, needsTarget: true,
        notes: &notes)
      #expect(again.features == prepared.dataset.features)
      #expect(
        notes == [
          "'photo': 1 of 5 pictures resized to 2 × 1 pixels, which the model takes; 1 of 5 pictures in colour taken as grey"
        ])
      // otherwise, where that is asked for
      let text = try self.prepared("\(folder)/t.csv", training: 0..<6, ["photo": "text,characters"])
      #expect(text.preparation.files.isEmpty && text.preparation.texts.count == 1)
    }
  }

  @Test(.enabled(if: readsPictures)) func oneColourPictureMakesAColumnColour() throws {
    let files = ["1.png": try picture(2, 1, [10, 20]), "2.png": try picture(2, 1, [1, 2, 3, 4, 5, 6])]
    try withTree(files) { folder in
      try Data("p,y\n1.png,a\n2.png,b\n1.png,a\n2.png,b\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/t.csv"))
      let prepared = try prepared("\(folder)/t.csv", training: 0..<4, ["p": "picture"])
      guard case .picture(let picture) = prepared.preparation.columns[0].inputs else {
        Issue.record("p is no picture")
        return
      }
      #expect(picture.shape == [3, 1, 2])
      let (offset, scale) = (picture.scaling.offset[0], picture.scaling.scale[0])
      // one channel behind the other
      #expect(prepared.dataset.sample(1) == [1, 4, 2, 5, 3, 6].map { ($0 - offset) * scale })
    }
  }

  @Test(
    .enabled(if: readsPictures),
    arguments: [
      ("missing.png", "there is no such file"), ("text.png", "no picture"), ("", "expected"),
      ("/dev/zero", "this is none"), ("bomb.png", "bomb"),
    ])
  func filesThatAreWrong(name: String, words: String) throws {
    let good = try picture(2, 1, [0, 100])
    var bomb = good
    bomb.replaceSubrange(16..<24, with: [0, 0, 0x7F, 0xFF, 0, 0, 0x7F, 0xFF])
    try withTree(["1.png": good, "text.png": Array("hello".utf8), "bomb.png": bomb, "folder.png/1.png": good]) {
      folder in
      let wrong = name.isEmpty ? "folder.png" : name
      let rows = "p,x,y\n1.png,1,a\n\"1.png\",\"1\n\",b\n\(wrong),1,a\n1.png,1,b\n"
      try Data(rows.utf8).write(to: URL(fileURLWithPath: "\(folder)/t.csv"))
      func expect(_ body: () throws -> Void) {
        let error = #expect(throws: DataError.self, performing: body)
        #expect(error?.place == "\(folder)/t.csv, line 5, column 'p'" && error?.kind == .invalid)
        let message = error?.message ?? ""
        #expect(message.contains(wrong) && message.contains(words) && message.contains("mend the file"))
      }
      let table = ["p": "picture"]
      // to learn from, to test on, and to predict
      expect { _ = try self.prepared("\(folder)/t.csv", training: 0..<4, table) }
      expect { _ = try self.prepared("\(folder)/t.csv", training: 0..<2, test: 2..<4, table) }
      let known = try self.prepared("\(folder)/t.csv", training: 0..<2, table)
      var notes: [String] = []
      expect {
        _ = try Dataset(
          Table(path: "\(folder)/t.csv"), preparedBy: known.preparation, schema: known.dataset.schema,
          needsTarget: false, notes: &notes)
      }
    }
  }

  @Test(arguments: [SoundPreparation.Form.logMel, .waveform]) func recordingsBecomeSpectrogramsOrWaveforms(
    form: SoundPreparation.Form
  ) throws {
    let sounds = [1000, 2000, 2000].map { count in
      Sound(sampleRate: 8000, samples: (0..<count).map { Float(sin(Double($0) * 0.5)) / 2 })
    }
    let files = Dictionary(uniqueKeysWithValues: sounds.enumerated().map { ("\($0).wav", $1.wav()) })
    try withTree(files) { folder in
      try Data("clip,y\n0.wav,a\n1.wav,b\n2.wav,a\n,b\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/t.csv"))
      let words = form == .logMel ? [:] : ["clip": "sound,waveform"]
      let prepared = try prepared("\(folder)/t.csv", training: 0..<4, words)
      guard case .sound(let recording) = prepared.preparation.columns[0].inputs else {
        Issue.record("clip is no sound")
        return
      }
      #expect(recording.shape == (form == .logMel ? [1, 40, 23] : [1, 2000]))
      let all = try FolderSounds(FolderLayout(folder, .recording, needsClasses: false), .known(recording.sound))
      // standardised by one map, that of all three together
      let values = all.features.map(Double.init)
      let mean = values.reduce(0, +) / Double(values.count)
      let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)).squareRoot()
      let inputs = (0..<3).flatMap { prepared.dataset.sample($0) }
      #expect(zip(inputs, values).allSatisfy { abs(Double($0) - ($1 - mean) / deviation) < 1e-4 })
      #expect(prepared.dataset.sample(3).allSatisfy { $0 == 0 })
      let coded = try JSONDecoder().decode(
        TablePreparation.self, from: JSONEncoder().encode(prepared.preparation))
      #expect(coded == prepared.preparation)
      // a longer one is cut, and one of another rate resampled, and both are said
      let longer = Sound(sampleRate: 16_000, samples: (0..<8000).map { Float(sin(Double($0) * 0.25)) / 2 })
      try Data(longer.wav()).write(to: URL(fileURLWithPath: "\(folder)/long.wav"))
      try Data("clip\n0.wav\nlong.wav\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/p.csv"))
      var notes: [String] = []
      let other = try Dataset(
        Table(path: "\(folder)/p.csv"), preparedBy: coded, schema: prepared.dataset.schema, needsTarget: false,
        notes: &notes)
      #expect(other.sample(0) == prepared.dataset.sample(0))
      #expect(
        notes == [
          "'clip': 1 of 2 recordings cut to 0.25 s; 1 of 2 recordings resampled to 8000 Hz, which the model takes"
        ])
    }
  }

  @Test func waveformsOfAFolder() throws {
    let sounds = [Sound(sampleRate: 16_000, samples: [0.5, -0.5]), Sound(sampleRate: 16_000, samples: [0.25])]
    try withTree(["a/1.wav": sounds[0].wav(), "b/1.wav": sounds[1].wav()]) { folder in
      let samples = try FolderSamples(folder, sound: .waveform)
      #expect(samples.dataset.sampleShape == [1, 2] && samples.dataset.featureNames == ["frame_0", "frame_1"])
      #expect(samples.dataset.features == .float32([0.5, -0.5, 0.25, 0]))
      let sound = try #require(samples.sound)
      #expect(sound == SoundPreparation(waveformAt: 16_000, frames: 2) && sound.seconds == 1.0 / 8000)
      // they have the shape of pictures, and are none
      let schema = samples.dataset.schema
      let one = try FolderSamples("\(folder)/b/1.wav", matching: schema, sound: sound, needsTarget: false)
      #expect(one.dataset.features == .float32([0.25, 0]))
    }
  }

  /// Model files come from anywhere, also from before there were waveforms.
  @Test func preparationsFromFiles() throws {
    func sound(_ json: String) throws -> SoundPreparation {
      try JSONDecoder().decode(SoundPreparation.self, from: Data(json.utf8))
    }
    let old = SoundPreparation(sampleRate: 8000, frames: 5)
    #expect(try sound(#"{"sampleRate":8000,"bands":40,"frames":5}"#) == old)
    #expect(try !String(decoding: JSONEncoder().encode(old), as: UTF8.self).contains("form"))
    let wave = SoundPreparation(waveformAt: 8000, frames: 80_000)
    #expect(try sound(String(decoding: JSONEncoder().encode(wave), as: UTF8.self)) == wave)
    for json in [
      #"{"sampleRate":8000,"frames":5}"#, #"{"sampleRate":8000,"bands":40,"frames":0}"#,
      #"{"form":"waveform","sampleRate":8000,"frames":4800001}"#, #"{"form":"waveform","sampleRate":8,"frames":5}"#,
      #"{"form":"noise","sampleRate":8000,"bands":40,"frames":5}"#,
    ] {
      #expect(throws: DecodingError.self) { try sound(json) }
    }
    func table(_ inputs: String) throws -> TablePreparation {
      let json = #"{"columns":[{"name":"a","inputs":{\#(inputs)}}],"leftOut":[]}"#
      return try JSONDecoder().decode(TablePreparation.self, from: Data(json.utf8))
    }
    let map = #""scaling":{"method":"standardise","offset":[1],"scale":[2]}"#
    let wide = #""scaling":{"method":"standardise","offset":[1,2],"scale":[2,3]}"#
    func picture(_ sides: String, _ map: String) -> String { #""picture":{"_0":{\#(sides),\#(map)}}"# }
    #expect(try table(picture(#""width":4,"height":2,"channels":3"#, map)).width == 24)
    for inputs in [
      picture(#""width":4,"height":2,"channels":3"#, wide), picture(#""width":4,"height":2,"channels":2"#, map),
      picture(#""width":0,"height":2,"channels":1"#, map), picture(#""width":4,"height":257,"channels":1"#, map),
      picture(#""width":4,"height":9223372036854775807,"channels":1"#, map),
      #""sound":{"_0":{"sound":{"sampleRate":8000,"bands":40,"frames":5},\#(wide)}}"#,
    ] {
      #expect(throws: DecodingError.self) { try table(inputs) }
    }
  }

  @Test func evenlySpaced() {
    #expect(
      evenly(3, atMost: 5) == [0, 1, 2] && evenly(10, atMost: 4) == [0, 2, 5, 7] && evenly(0, atMost: 4).isEmpty)
  }
}

private func picture(_ width: Int, _ height: Int, _ pixels: [UInt8]) throws -> [UInt8] {
  try Picture(width: width, height: height, channels: pixels.count / (width * height), pixels: pixels).png()
}
