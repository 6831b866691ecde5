import DescentFormats
import DescentTraining
import Foundation
import Testing

/// A model file may come from anywhere: what is wrong with it is an error, never the end of the program by a trap.
@Suite struct HostileModelTests {
  /// A model of the program's own, small enough to damage at many places.
  private func model(_ workshop: Workshop) throws -> [UInt8] {
    try workshop.succeed("train iris --layers 3 --activation maxout --dropout 0.1 --epochs 1 --quiet")
    return try workshop.bytes("model.safetensors")
  }

  /// What reading says: nil where the file is read.
  private func fault(_ bytes: [UInt8], _ workshop: Workshop) throws -> DataError? {
    try workshop.write(bytes, to: "damaged")
    do throws(DataError) {
      _ = try SavedModel(path: workshop.path("damaged"))
      return nil
    } catch {
      #expect(error.kind == .invalid && error.message.count > 10 && !error.description.contains("\n"))
      return error
    }
  }

  @Test func truncated() throws {
    let workshop = try Workshop()
    let bytes = try model(workshop)
    for length in Array(stride(from: 0, to: bytes.count, by: 41)) + [bytes.count - 1] {
      #expect(try fault(Array(bytes[..<length]), workshop) != nil, "\(length) bytes")
    }
    #expect(try fault(bytes + [0], workshop) != nil)
    #expect(try fault(bytes, workshop) == nil)
  }

  @Test func everyByteOfTheHeaderMayBeWrong() throws {
    let workshop = try Workshop()
    let bytes = try model(workshop)
    let header = 8 + bytes[..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    // digits and punctuation make other numbers and other structures, not only other letters
    let others = Array("09-{}[]\",:\\e.x".utf8)
    for place in 0..<header {
      var damaged = bytes
      damaged[place] = others[place % others.count]
      _ = try fault(damaged, workshop)
      damaged[place] = bytes[place] ^ 1
      _ = try fault(damaged, workshop)
    }
  }

  /// A weight that was changed on the way is still a number: its checksum tells.
  @Test func aBitOfAWeight() throws {
    let workshop = try Workshop()
    let bytes = try model(workshop)
    for place in [1, 2, 17, 40] {
      var damaged = bytes
      damaged[bytes.count - place] ^= 1
      #expect(try fault(damaged, workshop)?.message.contains("checksum") == true, "\(place)")
    }
    // a file may have none
    var file = try SafeTensorsFile(bytes, place: "model")
    file.metadata["checksum"] = nil
    #expect(try fault(file.serialized(), workshop) == nil)
  }

  /// Descriptions that are JSON, and make no model.
  @Test(arguments: [
    ("network", #""outputs":6"#, #""outputs":2147483647"#), ("network", #""outputs":6"#, #""outputs":-6"#),
    ("network", #""outputs":6"#, #""outputs":6.5"#), ("network", #""outputs":6"#, #""outputs":1e300"#),
    ("network", #""outputs":6"#, #""outputs":9223372036854775807"#),
    ("network", #""inputs":4"#, #""inputs":0"#), ("network", #""pieces":2"#, #""pieces":0"#),
    ("network", #""pieces":2"#, #""pieces":6"#), ("network", #""pieces":2"#, #""pieces":-1"#),
    ("network", #""probability":0.1"#, #""probability":1"#), ("network", #""probability":0.1"#, #""probability":-0.1"#),
    ("network", #""layer":"maxout""#, #""layer":"conv""#), ("network", #""outputs":3"#, #""outputs":2"#),
    ("network", "[{", #"[{"layer":"flatten"},{"layer":"maxout","pieces":4},{"#),
    ("network", "}]", #"},{"layer":"maxout","pieces":3}]"#), ("network", "}]", "}"), ("network", "[", "[["),
    ("network", "}]", #"},{"bias":true,"inputs":3,"layer":"dense","outputs":3}]"#),
    ("preparation", #""scale":["#, #""scale":[0,"#), ("preparation", #""scale":["#, #""scale":[1e-400,"#),
    ("preparation", #""offset":["#, #""offset":[1e39,"#), ("preparation", #""offset":["#, #""offset":[NaN,"#),
    ("preparation", #""scale":[1]"#, #""scale":[1,1]"#), ("preparation", "standardise", "magic"),
    ("data", #""sampleShape":[4]"#, #""sampleShape":[]"#), ("data", #""sampleShape":[4]"#, #""sampleShape":[-4]"#),
    ("data", #""sampleShape":[4]"#, #""sampleShape":[4,4294967296,4294967296]"#),
    ("data", #""sampleShape":[4]"#, #""sampleShape":[2,2,2]"#), ("data", #""sampleShape":[4]"#, #""sampleShape":null"#),
    ("data", #"["setosa","versicolor","virginica"]"#, #"["setosa"]"#),
    ("data", #"["setosa","versicolor","virginica"]"#, "[]"), ("data", #"["setosa","versicolor","virginica"]"#, "null"),
    ("data", #""setosa","#, #""virginica","#), ("data", #""setosa","#, ""),
    ("data", #""sepal length (cm)""#, #""sepal width (cm)""#), ("data", "targetName", "target"),
    ("training", "cross-entropy", "mean-absolute-percentage"), ("training", "cross-entropy", "guess"),
    ("training", #""seed":0"#, #""seed":-1"#), ("training", #""epochs":1"#, #""epochs":"many""#),
    ("training", "{", "["), ("format", "descent 1", "descent 2"),
  ])
  func descriptionsThatMakeNoModel(key: String, old: String, new: String) throws {
    let workshop = try Workshop()
    var file = try SafeTensorsFile(model(workshop), place: "model")
    let text = try #require(file.metadata[key])
    let range = try #require(text.range(of: old), "\(key) has no \(old): \(text)")
    file.metadata[key] = text.replacingCharacters(in: range, with: new)
    #expect(try fault(file.serialized(), workshop) != nil, "\(key): \(new)")
    try workshop.write(file.serialized(), to: "damaged")
    for command in ["evaluate", "predict"] {
      expectFailure(try workshop.run("\(command) damaged iris"), 65, ["damaged"])
    }
  }

  @Test func missingAndStrangeParts() throws {
    let workshop = try Workshop()
    let file = try SafeTensorsFile(model(workshop), place: "model")
    // a file may have neither of the two
    for key in file.metadata.keys.sorted() where !["checksum", "learnt"].contains(key) {
      var damaged = file
      damaged.metadata[key] = nil
      #expect(try fault(damaged.serialized(), workshop) != nil, "without \(key)")
    }
    for place in file.entries.indices {
      var damaged = file
      damaged.entries.remove(at: place)
      let missing = try fault(damaged.serialized(), workshop)
      #expect(missing?.message.contains(file.entries[place].name) == true)
      damaged = file
      damaged.entries[place].name += "x"
      #expect(try fault(damaged.serialized(), workshop) != nil)
      damaged = file
      damaged.entries[place].shape.append(1)
      #expect(try fault(damaged.serialized(), workshop) != nil)
      damaged = file
      damaged.entries[place].elementType = .int32
      #expect(try fault(damaged.serialized(), workshop) != nil)
      for pattern in [[0, 0, 0xC0, 0x7F], [0, 0, 0x80, 0xFF]] as [[UInt8]] {
        damaged = file
        damaged.entries[place].bytes.replaceSubrange(..<4, with: pattern)
        let notFinite = try fault(damaged.serialized(), workshop)
        #expect(notFinite?.message.contains("finite") == true)
      }
    }
    var extra = file
    extra.entries.append(.init(name: "more", elementType: .float32, shape: [1], bytes: [0, 0, 0, 0]))
    let tooMany = try fault(extra.serialized(), workshop)
    #expect(tooMany?.message.contains("'more'") == true)
  }

  @Test func settingsThatOlderFilesLack() throws {
    let workshop = try Workshop()
    try workshop.succeed("train iris --epochs 1 --schedule cosine --warm-up 2 --quiet")
    var file = try SafeTensorsFile(path: workshop.path("model.safetensors"))
    #expect(try SavedModel(path: workshop.path("model.safetensors")).settings.warmUp == 2)
    var text = try #require(file.metadata["training"])
    for part in [#","schedule":"cosine""#, #","warmUp":2"#] {
      text.removeSubrange(try #require(text.range(of: part), "\(text)"))
    }
    file.metadata["training"] = text
    try workshop.write(file.serialized(), to: "older")
    let settings = try SavedModel(path: workshop.path("older")).settings
    #expect(settings.schedule == "constant" && settings.warmUp == 0)
  }

  @Test func networkOfVeryManyLayers() throws {
    let workshop = try Workshop()
    var file = try SafeTensorsFile(model(workshop), place: "model")
    let relu = #"{"layer":"relu"},"#
    file.metadata["network"] = "[" + String(repeating: relu, count: 200_000) + #"{"layer":"relu"}]"#
    let fault = try fault(file.serialized(), workshop)
    #expect(fault?.message.contains("layers") == true)
  }

  @Test(arguments: ["", "{}", "PK\u{3}\u{4}", "prediction\n1\n", "{\"weights\": [1, 2]}"])
  func fileOfAnotherProgram(content: String) throws {
    let workshop = try Workshop()
    try workshop.write(content.utf8, to: "other")
    expectFailure(try workshop.run("evaluate other iris"), 65, ["other"])
    expectFailure(try workshop.run("predict other iris"), 65, ["other"])
  }

  @Test func tensorsWithoutDescription() throws {
    let workshop = try Workshop()
    var file = try SafeTensorsFile(model(workshop), place: "model")
    file.metadata = [:]
    try workshop.write(file.serialized(), to: "state")
    expectFailure(try workshop.run("evaluate state iris"), 65, ["state", "descent train"])
    expectFailure(try workshop.run("evaluate . iris"), 65, ["folder"])
  }
}
