import DescentDatasets
import DescentTensors

/// Samples as a network takes them: scaled, and with the target in the form that the loss compares with.
public struct TrainingData: CopyingSource {
  /// How a target becomes a tensor.
  public enum TargetForm: Sendable, Hashable {
    /// Class indices: int32 `[batch]`.
    case classIndices
    /// 1 at the class, 0 elsewhere: float32 `[batch, classes]`.
    case oneHot
    /// Quantities: float32 `[batch, 1]`.
    case values
  }

  /// Where samples come from.
  public let source: BatchSource
  /// The shape in which a sample enters the network.
  public let sampleShape: Shape
  /// How a target becomes a tensor.
  public let targetForm: TargetForm

  /// Samples of a source.
  ///
  /// - Parameters:
  ///   - sampleShape: the shape in which a sample enters the network; one axis of all its numbers where it is left out.
  ///   - targetForm: class indices or values, as the data has them, where it is left out.
  public init(_ source: BatchSource, sampleShape: Shape? = nil, targetForm: TargetForm? = nil) {
    self.source = source
    self.sampleShape = sampleShape ?? [source.dataset.elementCount]
    self.targetForm = targetForm ?? (source.dataset.task == .regression ? .values : .classIndices)
  }

  /// The samples of rows: float32 `[rows] + sampleShape`.
  public func inputs(of rows: ArraySlice<Int32>) -> Tensor {
    var none: Tensor?
    return inputs(of: rows, reusing: &none)
  }

  func inputs(of rows: ArraySlice<Int32>, reusing spare: inout Tensor?) -> Tensor {
    Tensor(shape: [rows.count] + sampleShape, reusing: &spare) { source.features(of: rows, into: $0) }
  }

  /// The targets of rows, in the target's form.
  public func targets(of rows: ArraySlice<Int32>) -> Tensor {
    var none: Tensor?
    return targets(of: rows, reusing: &none)
  }

  func targets(of rows: ArraySlice<Int32>, reusing spare: inout Tensor?) -> Tensor {
    switch targetForm {
    case .values: Tensor(shape: [rows.count, 1], reusing: &spare) { source.values(of: rows, into: $0) }
    case .classIndices: Tensor(shape: [rows.count], reusing: &spare) { source.labels(of: rows, into: $0) }
    case .oneHot:
      Tensor(shape: [rows.count, source.dataset.classNames.count], reusing: &spare) {
        source.oneHotLabels(of: rows, into: $0)
      }
    }
  }

  /// Bytes of the numbers of so many rows.
  public func copiedByteCount(rows: Int) -> Int? { rows * source.dataset.elementCount * MemoryLayout<Float>.stride }

  /// How many samples the source has.
  public var count: Int { source.dataset.count }

  /// How many classes the data name; nil for values.
  public var classCount: Int? { source.dataset.task == .classification ? source.dataset.classNames.count : nil }

  /// The classes of rows.
  public func classes(of rows: ArraySlice<Int32>) -> [Int32] {
    Array(unsafeUninitializedCapacity: rows.count) { labels, count in
      source.labels(of: rows, into: labels)
      count = rows.count
    }
  }

  /// The values of rows in the data's own unit.
  public func values(of rows: ArraySlice<Int32>) -> [Float] { source.dataset.values(of: rows) }

  /// Outputs in the data's own unit.
  public func values(fromOutputs outputs: [Float]) -> [Float] { source.unscaledValues(outputs) }
}
