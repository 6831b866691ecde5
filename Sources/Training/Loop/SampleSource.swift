import DescentTensors

/// Samples by row, as a network takes them and as it is measured: what ``Trainer`` and ``Evaluator`` read.
public protocol SampleSource: Sendable {
  /// How many samples there are.
  var count: Int { get }
  /// How many classes the targets name; nil where they are values.
  var classCount: Int? { get }

  /// The samples of rows: `[rows, ...]`.
  func inputs(of rows: ArraySlice<Int32>) -> Tensor
  /// The targets of rows, in the form that the loss compares with: `[rows, ...]`.
  func targets(of rows: ArraySlice<Int32>) -> Tensor
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
}
