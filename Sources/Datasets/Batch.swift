import DescentTensors

/// Fills the inputs of a training or prediction step with the samples of given rows.
///
/// It holds the scaling spread out over all features, so that a batch costs one pass over its numbers and
/// no allocation. A copy shares the data set's memory.
public struct BatchSource: Sendable {
  /// Where the samples come from.
  public let dataset: Dataset
  private let offset: [Float]
  private let scale: [Float]
  private let isScaled: Bool
  private let targetOffset: Float
  private let targetScale: Float

  /// Batches of this data set, scaled.
  ///
  /// - Parameters:
  ///   - scaling: maps each feature; of ``Dataset/elementCount`` features, or one map for all.
  ///   - targetScaling: maps the values to predict, where they are values.
  public init(_ dataset: Dataset, scaling: Scaling = .identity, targetScaling: Scaling = .identity) {
    self.dataset = dataset
    (offset, scale) = scaling.expanded(to: dataset.elementCount)
    isScaled = scaling != .identity
    let target = targetScaling.expanded(to: 1)
    (targetOffset, targetScale) = (target.offset[0], target.scale[0])
  }

  /// out[r, f] = (features[rows[r], f] − offset[f]) · scale[f]. Shape of `out`: [rows, elementCount].
  public func features(of rows: ArraySlice<Int32>, into out: UnsafeMutableBufferPointer<Float>) {
    checkRows(rows, capacity: out.count, elements: dataset.elementCount)
    switch dataset.features {
    case .uint8(let bytes): gatherRows(rows, of: bytes, offset: offset, scale: scale, into: out)
    case .float32(let numbers): gatherRows(rows, of: numbers, offset: offset, scale: scale, into: out)
    case .file(let file):
      guard var place = out.baseAddress else { return }
      for row in rows {
        file.load(Int(row), into: place)
        if isScaled {
          for feature in offset.indices { place[feature] = (place[feature] - offset[feature]) * scale[feature] }
        }
        place += offset.count
      }
    }
  }

  /// out[r] = the class of rows[r]. The target must be classes. Shape of `out`: [rows].
  public func labels(of rows: ArraySlice<Int32>, into out: UnsafeMutableBufferPointer<Int32>) {
    checkRows(rows, capacity: out.count, elements: 1)
    guard case .classes(let labels, _) = dataset.target else {
      programmerError("labels(of:): '\(dataset.name)' has values to predict, not classes")
    }
    for (position, row) in rows.enumerated() { out[position] = labels[Int(row)] }
  }

  /// out[r, c] = 1 where c is the class of rows[r], 0 elsewhere. The target must be classes. Shape of `out`: [rows,
  /// classes].
  public func oneHotLabels(of rows: ArraySlice<Int32>, into out: UnsafeMutableBufferPointer<Float>) {
    let classCount = dataset.classNames.count
    checkRows(rows, capacity: out.count, elements: classCount)
    guard case .classes(let labels, _) = dataset.target else {
      programmerError("oneHotLabels(of:): '\(dataset.name)' has values to predict, not classes")
    }
    out[..<(rows.count * classCount)].update(repeating: 0)
    for (position, row) in rows.enumerated() {
      let label = Int(labels[Int(row)])
      // a label without a name has no place
      if (0..<classCount).contains(label) { out[position * classCount + label] = 1 }
    }
  }

  /// out[r] = (value of rows[r] − offset) · scale. The target must be values. Shape of `out`: [rows].
  public func values(of rows: ArraySlice<Int32>, into out: UnsafeMutableBufferPointer<Float>) {
    checkRows(rows, capacity: out.count, elements: 1)
    guard case .values(let values) = dataset.target else {
      programmerError("values(of:): '\(dataset.name)' has classes to predict, not values")
    }
    for (position, row) in rows.enumerated() {
      out[position] = (values[Int(row)] - targetOffset) * targetScale
    }
  }

  /// Values back in the data's own unit: value / scale + offset.
  public func unscaledValues(_ scaled: [Float]) -> [Float] { scaled.map { $0 / targetScale + targetOffset } }

  /// What gathers runs on raw memory: a row that isn't there must stop the program, in every build.
  private func checkRows(_ rows: ArraySlice<Int32>, capacity: Int, elements: Int) {
    check(
      capacity >= rows.count * elements,
      "A batch of \(rows.count) rows needs room for \(rows.count * elements) numbers, got \(capacity)")
    for row in rows {
      check(row >= 0 && row < dataset.count, "'\(dataset.name)' has no row \(row): it has \(dataset.count)")
    }
  }
}
