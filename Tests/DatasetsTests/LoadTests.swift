import DescentFormats
import Foundation
import Testing

@testable import DescentDatasets

@Suite struct LoadTests {
  @Test func whatIsNeitherBuiltInNorAFileIsMissing() {
    for spec in ["irises", "no/such.csv", "", "Iris", "unknown:size=10"] {
      let error = #expect(throws: DataError.self) { try Dataset.load(spec) }
      #expect(error?.kind == .missing)
      #expect(error?.place == spec)
      #expect(error?.message.contains("neither a built-in data set nor a file") == true)
    }
  }

  @Test func aTableNeedsATarget() throws {
    try withFolder(["t.csv": Array("x,y\n1,a\n2,b\n".utf8)]) { folder in
      let error = #expect(throws: DatasetNameError.self) { try Dataset.load("\(folder)/t.csv") }
      #expect(error?.message.contains("--target COLUMN") == true)
      let data = try Dataset.load("\(folder)/t.csv", target: "y")
      #expect(data.classNames == ["a", "b"])
      #expect(data.name == "\(folder)/t.csv")
    }
  }

  // printf 'x,y\n1,a\n2,b\n' | gzip -n9 | xxd -i
  @Test func tablesMayBeGzipped() throws {
    let packed: [UInt8] = [
      0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xab, 0xd0, 0xa9, 0xe4, 0x32, 0xd4, 0x49, 0xe4,
      0x32, 0xd2, 0x49, 0xe2, 0x02, 0x00, 0x79, 0xa3, 0x6e, 0x5e, 0x0c, 0x00, 0x00, 0x00,
    ]
    try withFolder(["t.csv.gz": packed, "cut.csv.gz": packed.dropLast(6)]) { folder in
      let data = try Dataset.load("\(folder)/t.csv.gz", target: "y")
      #expect(data.features == .float32([1, 2]))
      let error = #expect(throws: DataError.self) { try Dataset.load("\(folder)/cut.csv.gz", target: "y") }
      #expect(error?.kind == .invalid)
    }
  }

  @Test func builtInDataHasItsOwnTarget() throws {
    #expect(try Dataset.load("iris", target: "species").count == 150)
    #expect(throws: DatasetNameError.self) { try Dataset.load("iris", target: "sepal length (cm)") }
  }

  @Test func theTaskCanBeChosenWhereItMakesSense() throws {
    #expect(try Dataset.load("xor", task: .regression).target == .values([0, 1, 1, 0]))
    #expect(try Dataset.load("xor", task: .classification).task == .classification)
    #expect(throws: DatasetNameError.self) { try Dataset.load("iris", task: .regression) }
    #expect(throws: DatasetNameError.self) { try Dataset.load("plane", task: .classification) }
    guard case .values(let values) = try Dataset.load("circle", task: .regression).target else {
      Issue.record("circle as regression must be values")
      return
    }
    #expect(Set(values) == [-1, 1])
  }
}

@Suite struct BrightnessTests {
  @Test func schemasKeepTheRangeAndNeedNone() throws {
    let digits = try Dataset.load("digits")
    #expect(digits.schema.pixelRange == 0...16)
    #expect(try Dataset.load("iris").schema.pixelRange == nil)
    let data = try JSONEncoder().encode(digits.schema)
    #expect(try JSONDecoder().decode(Dataset.Schema.self, from: data) == digits.schema)
    // as files are from before it was kept, and hostile ones
    let text = String(decoding: data, as: UTF8.self)
    #expect(text.contains("\"pixelRange\":[0,16]"))
    func decoded(_ other: String) throws -> Dataset.Schema {
      let text = text.replacing(",\"pixelRange\":[0,16]", with: other).replacing("\"pixelRange\":[0,16],", with: "")
      return try JSONDecoder().decode(Dataset.Schema.self, from: Data(text.utf8))
    }
    let old = try decoded("")
    #expect(old.pixelRange == nil && old.brightnessNote(digits) == nil)
    for range in ["[16,0]", "[0,0]", "[-3e38,3e38]", "[1]", "7", "[0,1e-45]"] {
      #expect(throws: (any Error).self, "\(range)") {
        let hostile = text.replacing("[0,16]", with: range)
        _ = try JSONDecoder().decode(Dataset.Schema.self, from: Data(hostile.utf8))
      }
    }
    let bytes = Dataset(
      name: "bytes", features: .uint8(Array(repeating: 1, count: 64)), sampleShape: [8, 8],
      featureNames: Dataset.pixelNames(height: 8, width: 8), pixelRange: 0...255, target: .values([1]))
    #expect(
      digits.schema.brightnessNote(bytes) == "brightness of 0…255 scaled to 0…16, which the model takes")
    #expect(digits.schema.brightnessNote(digits) == nil)
  }
}

@Suite struct MatchingTests {
  private let schema = Dataset.Schema(
    sampleShape: [2], featureNames: ["a", "b"], targetName: "y", classNames: ["no", "yes"])

  private func table(_ text: String) throws -> Table { try Table(bytes: Array(text.utf8), place: "t.csv") }

  @Test func columnsAreFoundByNameAndClassesByTheModel() throws {
    let data = try Dataset(table("y,b,extra,a\nyes,2,,1\nyes,4,text,3\n"), matching: schema, needsTarget: true)
    #expect(data.features == .float32([1, 2, 3, 4]))
    #expect(data.target == .classes(labels: [1, 1], names: ["no", "yes"]))
    #expect(data.schema == schema)
  }

  @Test func aPredictionNeedsNoTarget() throws {
    for text in ["a,b\n1,2\n", "a,b,y\n1,2,\n", "a,b,y\n1,2,maybe\n"] {
      let data = try Dataset(table(text), matching: schema, needsTarget: false)
      #expect(data.target == .classes(labels: [-1], names: ["no", "yes"]))
    }
    let values = Dataset.Schema(sampleShape: [2], featureNames: ["a", "b"], targetName: "y", classNames: nil)
    let data = try Dataset(table("a,b\n1,2\n"), matching: values, needsTarget: false)
    guard case .values(let unknown) = data.target else {
      Issue.record("must be values")
      return
    }
    #expect(unknown.count == 1 && unknown[0].isNaN)
  }

  @Test func unknownClassesAndMissingColumnsAreErrors() throws {
    let stranger = #expect(throws: DataError.self) {
      try Dataset(table("a,b,y\n1,2,yes\n1,2,maybe\n"), matching: schema, needsTarget: true)
    }
    #expect(stranger?.place == "t.csv, line 3, column 'y'")
    #expect(stranger?.message == "the model does not know the class 'maybe'; it knows 'no', 'yes'")
    #expect(throws: DataError.self) { try Dataset(table("a,y\n1,yes\n"), matching: schema, needsTarget: false) }
    #expect(throws: DataError.self) { try Dataset(table("a,b\n1,2\n"), matching: schema, needsTarget: true) }
  }

  @Test func numbersOfClassesAreComparedAsNumbers() throws {
    func labels(_ text: String, _ classes: [String]) throws -> Dataset.Target {
      let schema = Dataset.Schema(sampleShape: [1], featureNames: ["x"], targetName: "y", classNames: classes)
      return try Dataset(table(text), matching: schema, needsTarget: true).target
    }
    #expect(
      try labels("x,y\n0,1.0\n0,2\n0,01\n", ["1", "2.0"]) == .classes(labels: [0, 1, 0], names: ["1", "2.0"]))
    #expect(throws: DataError.self) { try labels("x,y\n0,3\n", ["1", "2"]) }
    #expect(throws: DataError.self) { try labels("x,y\n0,red\n", ["1", "2"]) }
  }

  @Test func builtInDataMustFitTheModel() throws {
    let iris = try Dataset.load("iris")
    let again = try Dataset.load("iris", matching: iris.schema, needsTarget: true)
    #expect(again.target == iris.target)
    #expect(again.testRows == iris.testRows)
    let unknown = try Dataset.load("iris", matching: iris.schema, needsTarget: false)
    #expect(unknown.target == .classes(labels: Array(repeating: -1, count: 150), names: iris.classNames))
    #expect(throws: DataError.self) { try Dataset.load("wine", matching: iris.schema, needsTarget: true) }
    #expect(throws: DataError.self) { try Dataset.load("spiral", matching: schema, needsTarget: false) }
    let circle = try Dataset.load("circle").schema
    #expect(try Dataset.load("spiral", matching: circle, needsTarget: true).count == 500)
    #expect(throws: DataError.self) { try Dataset.load("plane", matching: circle, needsTarget: true) }
    let digits = try Dataset.load("digits").schema
    #expect(digits.featureNames.isEmpty)
    #expect(throws: DataError.self) { try Dataset.load("staircase", matching: digits, needsTarget: true) }
    let regression = try Dataset.load("xor", task: .regression).schema
    #expect(try Dataset.load("and", matching: regression, needsTarget: true).target == .values([0, 0, 0, 1]))
  }

  @Test func picturesMayComeAsATable() throws {
    let pictures = Dataset.Schema(sampleShape: [1, 2], featureNames: [], targetName: "y", classNames: ["0", "1"])
    let data = try Dataset(
      table("pixel_0_1,pixel_0_0,y\n2,1,1\n"), matching: pictures, needsTarget: true)
    #expect(data.features == .float32([1, 2]))
    #expect(data.target == .classes(labels: [1], names: ["0", "1"]))
    #expect(throws: DataError.self) { try Dataset(table("a\n1\n"), matching: pictures, needsTarget: false) }
  }

  @Test func surviveStorage() throws {
    for name in ["iris", "digits", "diabetes", "xor"] {
      let schema = try Dataset.load(name).schema
      #expect(try JSONDecoder().decode(Dataset.Schema.self, from: JSONEncoder().encode(schema)) == schema)
    }
  }

  @Test(arguments: [
    #"{"sampleShape":[2],"featureNames":["a"],"targetName":"y"}"#,
    #"{"sampleShape":[-1],"featureNames":[],"targetName":"y"}"#,
    #"{"sampleShape":[4000000000,4000000000],"featureNames":[],"targetName":"y"}"#,
    #"{"sampleShape":[2],"featureNames":["a","a"],"targetName":"y"}"#,
    #"{"sampleShape":[2],"featureNames":[],"targetName":"y"}"#,
    #"{"sampleShape":[1],"featureNames":["a"],"targetName":"y","classNames":[]}"#,
    #"{"sampleShape":[1],"featureNames":["a"],"targetName":"y","classNames":["b","b"]}"#,
  ])
  func hostileSchemasAreRefused(_ json: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Dataset.Schema.self, from: Data(json.utf8)) }
  }
}
