import DescentFormats
import Foundation
import Testing

@testable import DescentDatasets

@Suite struct IDXFolderTests {
  /// The files of a folder, by name; two training and one test picture of 2 × 3 pixels.
  static let good: [String: [UInt8]] = [
    "train-images-idx3-ubyte": idx([2, 2, 3], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255]),
    "train-labels-idx1-ubyte": idx([2], [7, 3]), "t10k-images-idx3-ubyte": idx([1, 2, 3], [0, 0, 0, 9, 9, 9]),
    "t10k-labels-idx1-ubyte": idx([1], [3]),
  ]

  /// An IDX file of bytes: the magic number, the sizes, the elements.
  static func idx(_ shape: [Int], _ bytes: [UInt8], type: UInt8 = 8) -> [UInt8] {
    [0, 0, type, UInt8(shape.count)] + shape.flatMap { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] } + bytes
  }

  @Test func readsTrainingPartThenTestPart() throws {
    try withFolder(Self.good) { folder in
      for path in [folder, folder + "/"] {
        let data = try Dataset.load(path)
        #expect(data.name == path)
        #expect(data.sampleShape == [2, 3])
        #expect(data.count == 3)
        #expect(data.trainRows == [0, 1])
        #expect(data.testRows == [2])
        #expect(data.pixelRange == 0...255)
        #expect(data.featureNames.last == "pixel_1_2")
        #expect(data.features == .uint8([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255, 0, 0, 0, 9, 9, 9]))
        #expect(data.target == .classes(labels: [1, 0, 0], names: ["3", "7"]))
      }
    }
  }

  @Test func aTestPartIsOptional() throws {
    try withFolder(Self.good.filter { $0.key.hasPrefix("train") }) { folder in
      let data = try Dataset.load(folder)
      #expect(data.count == 2)
      #expect(!data.hasTestPart)
      #expect(data.rows(.test).isEmpty)
    }
  }

  @Test func filesMayBeNamedWithAPoint() throws {
    let files = Dictionary(
      uniqueKeysWithValues: Self.good.map { name, bytes in (name.replacing("-idx", with: ".idx"), bytes) })
    try withFolder(files) { folder in
      let data = try Dataset.load(folder)
      #expect(data.count == 3)
    }
  }

  /// What is changed in the good folder (no bytes: the file is taken away), the error's kind, the file it names
  /// (none: the folder) and a part of its message.
  struct Fault: Sendable, CustomTestStringConvertible {
    let change: [String: [UInt8]]
    var kind = DataError.Kind.invalid
    var file = ""
    let message: String
    var testDescription: String { message }
  }

  @Test(arguments: [
    Fault(
      change: ["train-images-idx3-ubyte": [], "train-labels-idx1-ubyte": []], kind: .missing, message: "no data set"),
    Fault(change: ["train-labels-idx1-ubyte": []], kind: .missing, message: "neither train-labels-idx1-ubyte"),
    Fault(change: ["train-images-idx3-ubyte": []], kind: .missing, message: "neither train-images-idx3-ubyte"),
    Fault(change: ["t10k-labels-idx1-ubyte": []], kind: .missing, message: "neither t10k-labels-idx1-ubyte"),
    Fault(
      change: ["train-labels-idx1-ubyte": idx([3], [7, 3, 3])], file: "train-images-idx3-ubyte",
      message: "2 pictures, but"),
    Fault(
      change: ["t10k-labels-idx1-ubyte": idx([2], [7, 3])], file: "t10k-images-idx3-ubyte", message: "1 pictures, but"),
    Fault(
      change: ["t10k-images-idx3-ubyte": idx([1, 3, 2], [0, 0, 0, 9, 9, 9])], file: "t10k-images-idx3-ubyte",
      message: "the test pictures are 3 × 2 and the training pictures 2 × 3"),
    Fault(
      change: ["train-labels-idx1-ubyte": idx([2], [3, 3])], file: "train-labels-idx1-ubyte",
      message: "every label is 3"),
    Fault(
      change: ["train-labels-idx1-ubyte": idx([0], []), "train-images-idx3-ubyte": idx([0, 2, 3], [])],
      file: "train-labels-idx1-ubyte", message: "no samples"),
    Fault(
      change: ["train-images-idx3-ubyte": idx([2, 0, 3], [])], file: "train-images-idx3-ubyte", message: "no pixels"),
    Fault(
      change: ["train-images-idx3-ubyte": idx([2, 6], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])],
      file: "train-images-idx3-ubyte", message: "must hold bytes as pictures"),
    Fault(
      change: ["train-labels-idx1-ubyte": idx([2], [0, 0, 0, 1, 0, 0, 0, 2], type: 0x0C)],
      file: "train-labels-idx1-ubyte", message: "must hold bytes as labels"),
    Fault(
      change: ["train-images-idx3-ubyte": [1, 2, 3, 4] + (good["train-images-idx3-ubyte"] ?? []).dropFirst(4)],
      file: "train-images-idx3-ubyte", message: ""),
    Fault(
      change: ["t10k-images-idx3-ubyte": (good["t10k-images-idx3-ubyte"] ?? []).dropLast()],
      file: "t10k-images-idx3-ubyte", message: ""),
  ])
  func wrongFoldersSayWhere(_ fault: Fault) throws {
    var files = Self.good
    for (name, bytes) in fault.change { files[name] = bytes.isEmpty ? nil : bytes }
    try withFolder(files) { folder in
      let error = #expect(throws: DataError.self) { try Dataset.load(folder) }
      #expect(error?.kind == fault.kind)
      #expect(error?.place.hasPrefix(fault.file.isEmpty ? folder : "\(folder)/\(fault.file)") == true)
      #expect(fault.message.isEmpty || error?.message.contains(fault.message) == true, "\(error?.message ?? "")")
    }
  }

  /// The Debian package dataset-fashion-mnist, where it is installed: gzipped files of the real size.
  @Test(.enabled(if: Files.exists("/usr/share/datasets/fashion-mnist"))) func readsFashionMNIST() throws {
    let data = try Dataset.load("/usr/share/datasets/fashion-mnist")
    #expect(data.sampleShape == [28, 28])
    #expect(data.trainRows == Array(0..<60_000))
    #expect(data.testRows == Array(60_000..<70_000))
    #expect(classCounts(data, data.rows(.train)) == Array(repeating: 6000, count: 10))
    #expect(classCounts(data, data.rows(.test)) == Array(repeating: 1000, count: 10))
    #expect(data.classNames == (0...9).map(String.init))
    guard case .classes(let labels, _) = data.target else { return }
    #expect(labels.prefix(5) == [9, 0, 0, 3, 0])
    #expect(labels[60_000..<60_005] == [9, 2, 1, 1, 6])
  }
}

/// Writes the files into a folder of their own, and takes it away again.
func withFolder(_ files: [String: [UInt8]], _ body: (String) throws -> Void) throws {
  let manager = FileManager.default
  let folder = manager.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString)")
  try manager.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? manager.removeItem(at: folder) }
  for (name, bytes) in files { try Data(bytes).write(to: folder.appendingPathComponent(name)) }
  try body(folder.path)
}
