import DescentTensors

/// Samples by row, as a network takes them and as it is measured: what ``Trainer`` and ``Evaluator`` read.
///
/// In training, every row is asked for once an epoch, batch by batch in the order in which they train. The next batches
/// are asked for while one trains, on another thread, though never two at a time; the thread has the training task's
/// ``DescentTensors/RandomSource/current`` and ``DescentTensors/Mode/current``, and no other task-local values.
public protocol SampleSource: Sendable {
  /// How many samples there are.
  var count: Int { get }
  /// How many classes the targets name; nil where they are values.
  var classCount: Int? { get }

  /// The samples of rows: `[rows, ...]`.
  func inputs(of rows: ArraySlice<Int32>) -> Tensor
  /// The targets of rows, in the form that the loss compares with: `[rows, ...]`.
  func targets(of rows: ArraySlice<Int32>) -> Tensor
  /// Bytes that gathering so many rows writes, where that is a mere copy; nil where it may take longer. Nothing is handed
  /// to another thread that is sooner copied.
  func copiedByteCount(rows: Int) -> Int?
  /// The classes of rows; asked for only where ``classCount`` is not nil.
  func classes(of rows: ArraySlice<Int32>) -> [Int32]
  /// The values of rows in the unit that errors are measured in, row by row; asked for only where ``classCount`` is nil.
  func values(of rows: ArraySlice<Int32>) -> [Float]
  /// A network's outputs in the unit of ``values(of:)``.
  func values(fromOutputs outputs: [Float]) -> [Float]
}

extension SampleSource {
  /// Every row.
  public var rows: [Int32] { Array(0..<Int32(count)) }

  /// Nil: gathering may take long.
  public func copiedByteCount(rows: Int) -> Int? { nil }
}

/// A source that copies its rows, into the memory of a batch that is no longer needed where it can.
protocol CopyingSource: SampleSource {
  /// The samples of rows. The spare tensor is taken.
  func inputs(of rows: ArraySlice<Int32>, reusing spare: inout Tensor?) -> Tensor
  /// The targets of rows. The spare tensor is taken.
  func targets(of rows: ArraySlice<Int32>, reusing spare: inout Tensor?) -> Tensor
}
