import DescentFormats
import DescentTensors
import Foundation
import Testing

@testable import DescentDatasets

/// A zip archive whose members are stored, as `numpy.savez` writes it.
private func archive(_ arrays: [(name: String, file: [UInt8])]) -> [UInt8] {
  func little(_ number: Int, _ width: Int) -> [UInt8] { (0..<width).map { UInt8(number >> (8 * $0) & 0xFF) } }
  var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
  for (name, file) in arrays {
    let checksum = Int(file.withUnsafeBytes { CRC32.checksum($0) })
    let sizes = little(checksum, 4) + little(file.count, 4) + little(file.count, 4)
    let member = Array("\(name).npy".utf8)
    let start = bytes.count
    bytes += Array("PK".utf8) + [3, 4] + little(20, 2) + little(0, 8) + sizes + little(member.count, 2) + little(0, 2)
    bytes += member + file
    directory += Array("PK".utf8) + [1, 2] + little(20, 2) + little(20, 2) + little(0, 8) + sizes
    directory += little(member.count, 2) + little(0, 12) + little(start, 4) + member
  }
  let end = little(0, 4) + little(arrays.count, 2) + little(arrays.count, 2) + little(directory.count, 4)
  return bytes + directory + Array("PK".utf8) + [5, 6] + end + little(bytes.count, 4) + little(0, 2)
}

private func bytes(_ values: [UInt8], _ shape: [Int]) throws -> [UInt8] {
  try NumPyFile(elementType: .uint8, shape: shape, bytes: values).serialized()
}

private func floats(_ values: [Float], _ shape: [Int]) throws -> [UInt8] {
  try NumPyFile(Tensor(values, shape: Shape(shape))).serialized()
}

private func integers(_ values: [Int64], _ shape: [Int]? = nil) throws -> [UInt8] {
  try NumPyFile(Tensor(values, shape: Shape(shape ?? [values.count]))).serialized()
}

@Suite struct NumPyDataTests {
  private func load(_ arrays: [(name: String, file: [UInt8])], task: Dataset.Task? = nil) throws -> Dataset {
    var dataset: Dataset?
    try withFolder(["a.npz": archive(arrays)]) { dataset = try Dataset.load("\($0)/a.npz", task: task) }
    return try #require(dataset)
  }

  private func match(
    _ arrays: [(name: String, file: [UInt8])], _ schema: Dataset.Schema, needsTarget: Bool = false
  ) throws -> Dataset {
    var dataset: Dataset?
    try withFolder(["a.npz": archive(arrays)]) {
      dataset = try Dataset.load("\($0)/a.npz", matching: schema, needsTarget: needsTarget)
    }
    return try #require(dataset)
  }

  @Test func trainingAndTestParts() throws {
    let data = try load([
      ("y_train", integers([7, 3, 7])), ("x_train", floats([1, 2, 3, 4, 5, 6], [3, 2])),
      ("x_test", floats([7, 8], [1, 2])), ("y_test", integers([3], [1, 1])), ("other", integers([1])),
    ])
    #expect(data.features == .float32([1, 2, 3, 4, 5, 6, 7, 8]) && data.sampleShape == [2])
    #expect(data.target == .classes(labels: [1, 0, 1, 0], names: ["3", "7"]))
    #expect(data.trainRows == [0, 1, 2] && data.testRows == [3])
    #expect(data.featureNames == ["column 1", "column 2"] && data.targetName == "y" && data.pixelRange == nil)
    #expect(data.taskReason == "'y_train' holds 2 different whole numbers")
  }

  @Test(arguments: [("X", "y"), ("x", "Y"), ("data", "target"), ("Features", "TARGET")])
  func names(samples: String, target: String) throws {
    let data = try load([(samples, floats([1, 2], [2])), (target, floats([0.5, 2], [2]))])
    #expect(data.sampleShape == [1] && data.features == .float32([1, 2]) && data.target == .values([0.5, 2]))
    #expect(data.targetName == target && !data.hasTestPart)
  }

  @Test func whatTargetsAre() throws {
    let x = try floats((0..<21).map { Float($0) }, [21])
    let many = try load([("x", x), ("y", integers(Array(0..<21)))])
    #expect(many.task == .regression && many.taskReason.contains("more than 20"))
    let asked = try load([("x", x), ("y", integers(Array(0..<21)))], task: .classification)
    #expect(asked.classNames.count == 21 && asked.classNames[20] == "20")
    let few = try load([("x", x), ("y", integers((0..<21).map { $0 % 20 }))])
    #expect(few.classNames == (0..<20).map(String.init))
    let quantity = try load([("x", x), ("y", integers((0..<21).map { $0 % 20 }))], task: .regression)
    #expect(quantity.target == .values((0..<21).map { Float($0 % 20) }))
    let numbers = (0..<21).map { $0 % 2 == 0 ? Float(0.5) : -1 }
    let halves = try load([("x", x), ("y", floats(numbers, [21]))], task: .classification)
    #expect(halves.classNames == ["-1", "0.5"])
    let flags = try NumPyFile(elementType: .bool, shape: [2], bytes: [1, 0]).serialized()
    let binary = try load([("x", floats([1, 2], [2])), ("y", flags)])
    #expect(binary.target == .classes(labels: [1, 0], names: ["0", "1"]))
  }

  @Test func picturesHaveTheirColoursFirst() throws {
    let y = try integers([0, 1])
    let grey = (0..<24).map { UInt8($0) }
    for shape in [[2, 2, 6], [2, 1, 2, 6], [2, 2, 6, 1]] {
      let data = try load([("x", bytes(grey, shape)), ("y", y)])
      #expect(data.sampleShape == [2, 6] && data.features == .uint8(grey) && data.pixelRange == 0...255, "\(shape)")
    }
    // pixels of 2 × 2: red 1 2 3 4, green 5 6 7 8, blue 9 10 11 12
    let (first, last): ([UInt8], [UInt8]) = (Array(1...12), [1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12])
    for (pixels, shape) in [(first, [2, 3, 2, 2]), (last, [2, 2, 2, 3])] {
      let data = try load([("x", bytes(pixels + pixels, shape)), ("y", y)])
      #expect(data.sampleShape == [3, 2, 2] && data.features == .uint8(first + first) && data.pixelRange == 0...255)
      #expect(Set(data.featureNames).count == 12 && data.schema.featureNames.isEmpty)
    }
    // numbers that are no bytes stay as they are, and rows of bytes are no pictures
    let other = try load([("x", floats((0..<12).map { Float($0) }, [2, 2, 1, 3])), ("y", y)])
    #expect(other.sampleShape == [2, 1, 3] && other.pixelRange == nil)
    let rows = try load([("x", bytes([1, 2, 3, 4], [2, 2])), ("y", y)])
    #expect(rows.sampleShape == [2] && rows.features == .uint8([1, 2, 3, 4]) && rows.pixelRange == nil)
  }

  @Test func everyTypeOfNumber() throws {
    let numbers: [(ElementType, [UInt8])] = [
      (.int32, withUnsafeBytes(of: (Int32(-3), Int32(9))) { Array($0) }),
      (.int64, withUnsafeBytes(of: (Int64(-3), Int64(9))) { Array($0) }),
      (.float32, withUnsafeBytes(of: (Float(-3), Float(9))) { Array($0) }),
      (.float64, withUnsafeBytes(of: (-3.0, 9.0)) { Array($0) }),
    ]
    for (type, content) in numbers {
      let x = try NumPyFile(elementType: type, shape: [2, 1], bytes: content).serialized()
      let y = try NumPyFile(elementType: type, shape: [2], bytes: content).serialized()
      let data = try load([("x", x), ("y", y)])
      #expect(data.features == .float32([-3, 9]) && data.classNames == ["-3", "9"], "\(type)")
    }
  }

  @Test func whatDoesNotFit() throws {
    let (x, y) = (try floats([1, 2], [2]), try integers([0, 1]))
    let large = [UInt8](repeating: 0, count: 1 << 23)
    let object = Array("\u{1}\0v\0{'descr': '|O', 'fortran_order': False, 'shape': (2,), }".utf8)
    let pickle = [0x93] + Array("NUMPY".utf8) + [1, 0] + [UInt8(object.count - 4), 0] + object[4...]
    let cases: [([(name: String, file: [UInt8])], [String])] = [
      ([("a", x), ("b", y)], ["'x_train'", "'features'", "'a', 'b'"]), ([], ["there are no arrays"]),
      ([("x", x)], ["'y' or 'target'", "'x'"]), ([("x_train", x), ("y", y)], ["'y_train'", "the arrays are"]),
      ([("x", x), ("X", x), ("y", y)], ["'x' and 'X'"]), ([("x", x), ("y", pickle)], ["y.npy", "pickle"]),
      ([("x", x), ("y", try integers([1, 2, 3]))], ["array 'y'", "3 targets", "2 samples"]),
      ([("x", x), ("y", try integers([1, 0, 0, 1], [2, 2]))], ["[2, 2]", "argmax"]),
      ([("x", x), ("y", try integers([1, 1]))], ["every target is 1"]),
      ([("x", try floats([1, .infinity], [2])), ("y", y)], ["array 'x'", "sample 1", "inf"]),
      ([("x", x), ("y", try floats([.nan, 1], [2]))], ["array 'y'", "target 0", "nan"]),
      ([("x", try floats([], [2, 0])), ("y", y)], ["no numbers"]),
      ([("x", try floats([1], [])), ("y", y)], ["single number"]),
      ([("x", try bytes(large, [1, 1 << 23])), ("y", try integers([0]))], ["4194304"]),
      ([("x_train", x), ("y_train", y), ("x_test", try floats([1, 2], [1, 2])), ("y_test", y)], ["array 'y_test'"]),
      (
        [("x_train", x), ("y_train", y), ("x_test", try floats([1, 2], [1, 2])), ("y_test", try integers([0]))],
        ["array 'x_test'", "[2]", "[]"]
      ),
    ]
    for (arrays, words) in cases {
      let error = #expect(throws: DataError.self) { try load(arrays) }
      #expect(error?.kind == .invalid && error?.place.contains("a.npz") == true)
      for word in words { #expect("\(try #require(error))".contains(word), "\(word)") }
    }
    let error = #expect(throws: DatasetNameError.self) {
      try withFolder(["a.npz": archive([("x", x), ("y", y)])]) { _ = try Dataset.load("\($0)/a.npz", target: "z") }
    }
    #expect(error?.message.contains("'z'") == true)
    #expect(throws: DataError.self) { try withFolder(["a.npz": [1, 2]]) { _ = try Dataset.load("\($0)/a.npz") } }
  }

  @Test func forAModel() throws {
    let names = Dataset.Schema(
      sampleShape: [2], featureNames: ["length", "width"], targetName: "y", classNames: ["2", "5"])
    let x = try floats([1, 2, 3, 4], [2, 2])
    let alone = try match([("x", x)], names)
    #expect(alone.features == .float32([1, 2, 3, 4]))
    #expect(alone.target == .classes(labels: [-1, -1], names: ["2", "5"]))
    // a single class is enough to be compared with
    let measured = try match([("x", x), ("y", integers([5, 5]))], names, needsTarget: true)
    #expect(measured.target == .classes(labels: [1, 1], names: ["2", "5"]))
    let stranger = #expect(throws: DataError.self) {
      try match([("x", x), ("y", integers([5, 6]))], names, needsTarget: true)
    }
    #expect(stranger?.message.contains("'6'") == true)
    #expect(throws: DataError.self) { try match([("x", x)], names, needsTarget: true) }
    let shape = #expect(throws: DataError.self) { try match([("x", floats([1, 2, 3], [1, 3]))], names) }
    #expect(shape?.message.contains("[3], and the model takes [2]") == true)

    let colours = Dataset.Schema(sampleShape: [3, 2, 2], featureNames: [], targetName: "y", classNames: nil)
    let pixels: [UInt8] = [1, 5, 9, 2, 6, 10, 3, 7, 11, 4, 8, 12]
    let found = try match([("x", bytes(pixels, [1, 2, 2, 3]))], colours)
    #expect(found.features == .uint8(Array(1...12)) && found.sampleShape == [3, 2, 2])
    let parts = try match(
      [("x_train", bytes(pixels, [1, 2, 2, 3])), ("x_test", bytes(pixels + pixels, [2, 2, 2, 3]))], colours)
    #expect(parts.testRows == [1, 2] && parts.count == 3)
  }

  @Test func aSingleArrayIsATable() throws {
    try withFolder([
      "t.npy": floats([1, 0.1, 0, 2, .nan, 1, -3.5, 1e-20, 0], [3, 3]), "n.npy": floats([1, 2, 3, 4], [2, 2]),
      "flat.npy": integers([4, 5]), "deep.npy": floats([1, 2], [2, 1, 1]), "none.npy": floats([], [0, 3]),
      "wide.npy": bytes([UInt8](repeating: 1, count: 10_001), [1, 10_001]),
    ]) { folder in
      #expect(
        String(decoding: try NumPyTable.text(path: "\(folder)/t.npy"), as: UTF8.self)
          == "column 1,column 2,column 3\n1,0.1,0\n2,nan,1\n-3.5,1e-20,0\n")
      #expect(try NumPyTable.text(path: "\(folder)/flat.npy") == Array("column 1\n4\n5\n".utf8))
      guard case .table(let table) = try DataSource.load("\(folder)/t.npy") else {
        Issue.record("must be a table")
        return
      }
      #expect(table.columns == ["column 1", "column 2", "column 3"] && table.place == "\(folder)/t.npy")
      for (name, word) in [("deep", "[2, 1, 1]"), ("none", "[0, 3]"), ("wide", "10001 columns")] {
        let error = #expect(throws: DataError.self) { try DataSource.load("\(folder)/\(name).npy") }
        #expect(error?.message.contains(word) == true)
      }
      let data = try Dataset.load("\(folder)/n.npy", target: "column 2")
      #expect(data.features == .float32([1, 3]) && data.classNames == ["2", "4"])
      #expect(throws: DatasetNameError.self) { try Dataset.load("\(folder)/n.npy") }
      // with its target and without
      for (file, wanted) in [("n", [1, 3]), ("flat", [4, 5])] as [(String, [Float])] {
        let read = try Dataset.load("\(folder)/\(file).npy", matching: data.schema, needsTarget: false)
        #expect(read.features == .float32(wanted))
      }
      #expect(try Dataset.load("\(folder)/n.npy", matching: data.schema, needsTarget: true).target == data.target)
      let pictures = Dataset.Schema(sampleShape: [1, 1], featureNames: [], targetName: "y", classNames: nil)
      let deep = try Dataset.load("\(folder)/deep.npy", matching: pictures, needsTarget: false)
      #expect(deep.features == .float32([1, 2]) && deep.count == 2)
      let alone = #expect(throws: DataError.self) {
        try Dataset.load("\(folder)/deep.npy", matching: pictures, needsTarget: true)
      }
      #expect(alone?.message.contains(".npz") == true)
    }
  }

  /// Whatever is changed in an array, it is read or refused.
  @Test func damage() throws {
    let (x, y) = (try bytes(Array(0..<24), [2, 3, 4]), try integers([0, 1]))
    var generator = SplitMix64(seed: 5)
    var refused = 0
    for _ in 0..<300 {
      var files = [x, y]
      for file in files.indices {
        for _ in 0..<2 {
          let place = Int(generator.next() % UInt64(files[file].count))
          files[file][place] = UInt8(truncatingIfNeeded: generator.next())
        }
      }
      do { _ = try load([("x", files[0]), ("y", files[1])]) } catch {
        #expect(error is DataError)
        refused += 1
      }
    }
    #expect(refused > 100)
  }
}
