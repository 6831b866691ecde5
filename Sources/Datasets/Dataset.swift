import DescentFormats
import DescentTensors

/// Samples in memory: features, a target, and which rows train and which test.
///
/// **Shapes.** `features`: [count, elementCount], row by row; a row is a sample of `sampleShape` with its
/// elements in row-major order. `target`: [count].
public struct Dataset: Sendable {
  /// What it is called: the built-in name as it was written, or the path.
  public let name: String
  /// The numbers of all samples, row by row.
  public let features: Features
  /// The shape of one sample: `[4]` for a table of four columns, `[28, 28]` for a picture.
  public let sampleShape: [Int]
  /// A name for each element of a sample, in their order.
  public let featureNames: [String]
  /// For pictures, the brightness range that the file format promises, such as 0…255; nil for tables.
  public let pixelRange: ClosedRange<Float>?
  /// What is to be predicted.
  public let target: Target
  /// What the target is called: a table's column.
  public let targetName: String
  /// Why the target is taken as classes or as values, as a clause to print, such as `'species' holds text`.
  public let taskReason: String
  /// The rows to train on.
  public let trainRows: [Int32]
  /// The rows to test on; empty where the data brings no test part.
  public let testRows: [Int32]

  /// The elements of all samples, in the type they came in: pictures stay bytes, so that 60,000 of
  /// 28 × 28 take 47 MB and not 188 MB.
  public enum Features: Sendable, Equatable {
    /// Whole numbers of 0…255, a byte each.
    case uint8([UInt8])
    /// Numbers as they are calculated with.
    case float32([Float])
    /// The same in a temporary file, where memory should not hold so many.
    case file(RowFile)

    /// How many numbers there are: samples × elements.
    public var count: Int {
      switch self {
      case .uint8(let bytes): bytes.count
      case .float32(let numbers): numbers.count
      case .file(let file): file.count * file.width
      }
    }

    /// Whether both hold the same numbers in the same form; files are only ever equal to themselves.
    public static func == (left: Features, right: Features) -> Bool {
      switch (left, right) {
      case (.uint8(let left), .uint8(let right)): left == right
      case (.float32(let left), .float32(let right)): left == right
      case (.file(let left), .file(let right)): left === right
      default: false
      }
    }
  }

  /// What is known about each sample and is to be predicted.
  public enum Target: Sendable, Equatable {
    /// A class a sample: an index into `names`.
    case classes(labels: [Int32], names: [String])
    /// A quantity a sample, in the data's own unit.
    case values([Float])

    /// How many samples it speaks about.
    public var count: Int {
      switch self {
      case .classes(let labels, _): labels.count
      case .values(let values): values.count
      }
    }
  }

  /// What a network learns to predict.
  public enum Task: String, Sendable, Codable, CaseIterable {
    /// One of several classes.
    case classification
    /// A quantity.
    case regression
  }

  /// A part of the samples.
  public enum Split: String, Sendable, Codable, CaseIterable {
    /// The samples to learn from.
    case train
    /// The samples held back to judge by.
    case test
    /// Every sample, in file order.
    case all
  }

  /// Samples that a program made or read itself.
  ///
  /// - Parameters:
  ///   - features: [count, product of `sampleShape`], row by row.
  ///   - target: a class or a value for each sample.
  ///   - trainRows: the rows to train on; nil for all of them.
  ///   - testRows: the rows to test on.
  public init(
    name: String, features: Features, sampleShape: [Int], featureNames: [String],
    pixelRange: ClosedRange<Float>? = nil, target: Target, targetName: String = "target",
    taskReason: String = "the data says so", trainRows: [Int32]? = nil, testRows: [Int32] = []
  ) {
    let elements = sampleShape.reduce(1, *)
    let count = target.count
    check(
      features.count == count * elements,
      "Dataset '\(name)': \(count) targets and samples of shape \(sampleShape) need \(count * elements) numbers, "
        + "got \(features.count)")
    check(
      featureNames.count == elements,
      "Dataset '\(name)': samples of shape \(sampleShape) need \(elements) feature names, got \(featureNames.count)")
    let trainRows = trainRows ?? Array(0..<Int32(count))
    for row in [trainRows.min(), trainRows.max(), testRows.min(), testRows.max()].compactMap({ $0 }) {
      check(row >= 0 && row < count, "Dataset '\(name)': there is no row \(row) among \(count)")
    }
    self.name = name
    self.features = features
    self.sampleShape = sampleShape
    self.featureNames = featureNames
    self.pixelRange = pixelRange
    self.target = target
    self.targetName = targetName
    self.taskReason = taskReason
    self.trainRows = trainRows
    self.testRows = testRows
  }
}

extension Dataset {
  /// How many samples there are.
  public var count: Int { target.count }

  /// How many numbers a sample has: the product of ``sampleShape``.
  public var elementCount: Int { featureNames.count }

  /// Whether the data brings a test part.
  public var hasTestPart: Bool { !testRows.isEmpty }

  /// Whether the target is classes or values.
  public var task: Task {
    switch target {
    case .classes: .classification
    case .values: .regression
    }
  }

  /// The names of the classes, by label; empty for values.
  public var classNames: [String] {
    switch target {
    case .classes(_, let names): names
    case .values: []
    }
  }

  /// The rows of a part, ascending in file order. There are none for `.test` where there is no test part.
  public func rows(_ split: Split) -> [Int32] {
    switch split {
    case .train: trainRows
    case .test: testRows
    case .all: Array(0..<Int32(count))
    }
  }

  /// The elements of one sample as they are stored. Shape: [elementCount].
  public func sample(_ row: Int) -> [Float] {
    check(row >= 0 && row < count, "Dataset '\(name)': there is no row \(row) among \(count)")
    let range = row * elementCount..<(row + 1) * elementCount
    switch features {
    case .uint8(let bytes): return bytes[range].map(Float.init)
    case .float32(let numbers): return Array(numbers[range])
    case .file(let file):
      return Array(unsafeUninitializedCapacity: elementCount) { buffer, count in
        if let base = buffer.baseAddress { file.load(row, into: base) }
        count = elementCount
      }
    }
  }

  /// The values to predict of rows, in the data's own unit; none where the target is classes.
  public func values(of rows: ArraySlice<Int32>) -> [Float] {
    guard case .values(let values) = target else { return [] }
    return rows.map { values[Int($0)] }
  }
}
