import DescentFormats

extension Dataset {
  /// Reads an archive of arrays, as `numpy.savez` and `savez_compressed` write it: `.npz`.
  ///
  /// The samples are `x_train`, the targets `y_train`, and of the test part `x_test` and `y_test`; or `x`, `data` or
  /// `features` with `y` or `target`. Capital letters do not matter. Whole numbers are classes where at most 20 of them
  /// differ; other targets are values.
  ///
  /// **Shapes.** Samples `[count, ...]`: each has the other axes as its shape, of `[count]` one number. Bytes in `[count, height,
  /// width]` or with 1 or 3 colours, first or last, are pictures: grey ones become `[height, width]`, others `[3, height,
  /// width]`, with ``pixelRange`` 0…255. Targets: `[count]` or `[count, 1]`.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - task: overrides the rule about the targets.
  /// - Throws: ``DataError``: the file is missing or damaged, an array is missing, holds something else than numbers, or
  ///   does not fit another one.
  public init(numPyArchive path: String, task: Task? = nil) throws(DataError) {
    let arrays = try NumPyArrays(path: path, needsTarget: true)
    let layout = try SampleLayout(arrays.main.samples)
    let parts = [arrays.main, arrays.test].compactMap { $0 }
    let target = try NumPyTarget(parts.compactMap(\.target), task: task)
    try self.init(arrays, layout, target.target, targetName: arrays.targetName, reason: target.reason)
  }

  /// Reads arrays for a network that was trained on other data of this schema: an archive, or samples alone (`.npy`)
  /// where the target is not needed. Arrays have no names for their columns, which are taken in their order.
  init(numPy path: String, matching schema: Schema, needsTarget: Bool) throws(DataError) {
    let arrays = try NumPyArrays(path: path, needsTarget: needsTarget)
    let layout = try SampleLayout(arrays.main.samples, matching: schema.sampleShape)
    let parts = [arrays.main, arrays.test].compactMap { $0 }
    guard needsTarget else {
      let unknown = schema.unknownTarget(parts.reduce(0) { $0 + $1.count })
      try self.init(arrays, layout, unknown, targetName: schema.targetName, reason: "the model says so")
      return
    }
    let target = try NumPyTarget(parts.compactMap(\.target), matching: schema)
    let dataset = try Dataset(
      arrays, layout, target.target, targetName: schema.targetName, reason: target.reason)
    self = dataset.with(target: try dataset.relabelled(schema), taskReason: target.reason)
  }

  private init(
    _ arrays: NumPyArrays, _ layout: SampleLayout, _ target: Target, targetName: String, reason: String
  ) throws(DataError) {
    let parts = [arrays.main, arrays.test].compactMap { $0 }
    for part in parts.dropFirst() where part.samples.array.shape[1...] != arrays.main.samples.array.shape[1...] {
      throw .invalid(
        part.samples.place,
        "its samples have the shape \(Array(part.samples.array.shape[1...])), and those of '\(arrays.main.samples.name)' "
          + "\(Array(arrays.main.samples.array.shape[1...])); they must be of one shape")
    }
    let areBytes = parts.allSatisfy { $0.samples.array.elementType == .uint8 }
    let features: Features
    if areBytes {
      features = .uint8(parts.flatMap { layout.arranged($0.samples.array.bytes) })
    } else {
      var numbers: [Float] = []
      for part in parts { numbers += layout.arranged(try Self.finite(part.samples)) }
      features = .float32(numbers)
    }
    let (learnt, count) = (Int32(arrays.main.count), Int32(target.count))
    self.init(
      name: arrays.path, features: features, sampleShape: layout.shape, featureNames: layout.featureNames,
      pixelRange: areBytes && layout.shape.count > 1 ? 0...255 : nil, target: target, targetName: targetName,
      taskReason: reason, trainRows: Array(0..<learnt), testRows: Array(learnt..<count))
  }

  private static func finite(_ samples: NumPyArrays.Named) throws(DataError) -> [Float] {
    let numbers = samples.array.numbers(as: Float.self)
    if let wrong = numbers.firstIndex(where: { !$0.isFinite }) {
      let row = wrong / (numbers.count / samples.array.shape[0])
      throw .invalid(
        samples.place,
        "sample \(row), counted from 0, holds \(numbers[wrong]); all numbers must be finite and fit float32")
    }
    return numbers
  }
}

extension NumPyArrays {
  /// What the targets are called: as their array, `y` of `y_train`.
  fileprivate var targetName: String {
    let name = main.target?.name ?? "y"
    return name.lowercased() == "y_train" ? String(name.prefix(1)) : name
  }
}
