import DescentDatasets
import DescentTensors

/// Samples that are in memory as two tensors, one row a sample.
///
///     let samples = TensorSamples(inputs: Tensor(temperatures, shape: [365, 1]), targets: Tensor(rents, shape: [365, 1]))
///     let history = try trainer.fit(samples, epochs: 20)
///
/// What a loss needs beside the targets, such as a weight a sample, may lie in further columns of the targets: the loss
/// that is handed to ``Trainer`` takes them apart.
public struct TensorSamples: CopyingSource {
  private let inputs, targets: Tensor
  /// How many classes there are: one more than the greatest index, or the columns of probabilities; nil for values.
  public let classCount: Int?

  /// Samples and their targets, computed now if they have not been.
  ///
  /// - Parameters:
  ///   - inputs: `[count, ...]`, of any element type.
  ///   - targets: `[count, ...]`. Whole numbers `[count]` are classes, everything else is values, unless `task` says
  ///     that rows `[count, classes]` of probabilities are classes too.
  ///   - task: what the targets mean, where it is not what their type says.
  public init(
    inputs: Tensor, targets: Tensor, task: Dataset.Task? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      inputs.rank > 0 && targets.rank > 0 && inputs.shape[0] == targets.shape[0] && inputs.shape[0] <= Int(Int32.max),
      "TensorSamples: inputs and targets must have a row a sample, got \(inputs.shape) and \(targets.shape)",
      file: file, line: line)
    let areIndices = targets.rank == 1 && (targets.type == .int32 || targets.type == .int64)
    let areProbabilities = targets.rank == 2 && targets.type.isFloatingPoint && targets.shape[1] > 1
    let task = task ?? (areIndices ? .classification : .regression)
    check(
      task == .regression || areIndices || areProbabilities,
      "TensorSamples: classes are int32 or int64 [count], or probabilities [count, classes], got "
        + "\(targets.type)\(targets.shape)", file: file, line: line)
    evaluate(inputs, targets)
    self.inputs = inputs
    self.targets = targets
    switch task {
    case .regression: classCount = nil
    case .classification where areProbabilities: classCount = targets.shape[1]
    case .classification:
      let classes = targets.reals()
      check(classes.allSatisfy { $0 >= 0 }, "TensorSamples: classes are counted from 0", file: file, line: line)
      classCount = Int((classes.max() ?? -1) + 1)
    }
  }

  /// How many samples there are.
  public var count: Int { inputs.shape[0] }

  /// The samples of rows: `[rows, ...]`, of the inputs' type.
  public func inputs(of rows: ArraySlice<Int32>) -> Tensor {
    var none: Tensor?
    return inputs(of: rows, reusing: &none)
  }

  func inputs(of rows: ArraySlice<Int32>, reusing spare: inout Tensor?) -> Tensor {
    inputs.gathered(rows, reusing: &spare)
  }

  /// The targets of rows: `[rows, ...]`, of the targets' type.
  public func targets(of rows: ArraySlice<Int32>) -> Tensor {
    var none: Tensor?
    return targets(of: rows, reusing: &none)
  }

  func targets(of rows: ArraySlice<Int32>, reusing spare: inout Tensor?) -> Tensor {
    targets.gathered(rows, reusing: &spare)
  }

  /// Bytes of inputs and targets of so many rows.
  public func copiedByteCount(rows: Int) -> Int? { rows * (inputs.rowByteCount + targets.rowByteCount) }

  /// The classes of rows; of probabilities the greatest one's.
  public func classes(of rows: ArraySlice<Int32>) -> [Int32] {
    let targets = targets(of: rows)
    return (targets.rank == 1 ? targets : targets.argmax(axes: [-1])).reals().map { Int32($0) }
  }

  /// All numbers of the rows' targets.
  public func values(of rows: ArraySlice<Int32>) -> [Float] { targets(of: rows).cast(to: .float32).scalars() }

  /// The outputs: there is no other unit.
  public func values(fromOutputs outputs: [Float]) -> [Float] { outputs }
}

extension Tensor {
  /// The rows of a computed tensor, copied.
  fileprivate func gathered(_ rows: ArraySlice<Int32>, reusing spare: inout Tensor?) -> Tensor {
    let (count, rowByteCount) = (shape[0], rowByteCount)
    for row in rows { check(row >= 0 && row < count, "there is no row \(row) among \(count)") }
    return Tensor(shape: [rows.count] + shape.dropFirst(), type: type, reusing: &spare) { bytes in
      withElements { elements in
        for (place, row) in rows.enumerated() {
          (bytes + place * rowByteCount).copyMemory(
            from: elements.address + Int(row) * rowByteCount, byteCount: rowByteCount)
        }
      }
    }
  }

  /// Bytes of one row.
  fileprivate var rowByteCount: Int { shape.dropFirst().reduce(type.byteCount, *) }

  /// A tensor of any type whose bytes a function writes.
  private init(
    shape: Shape, type: ElementType, reusing spare: inout Tensor?, writing write: (UnsafeMutableRawPointer) -> Void
  ) {
    func fill<Scalar: TensorScalar>(_: Scalar.Type) -> Tensor {
      Tensor(shape: shape, reusing: &spare) { (elements: UnsafeMutableBufferPointer<Scalar>) in
        if let start = elements.baseAddress { write(start) }
      }
    }
    self =
      switch type {
      case .float32: fill(Float.self)
      case .float64: fill(Double.self)
      case .bfloat16: fill(BFloat16.self)
      case .int32: fill(Int32.self)
      case .int64: fill(Int64.self)
      case .uint8: fill(UInt8.self)
      case .bool: fill(Bool.self)
      }
  }
}
