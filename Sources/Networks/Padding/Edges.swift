import DescentTensors

/// Amounts on both sides of every spatial axis: `2`, or `Edges(low: [1, 0], high: [1, 2])`.
public struct Edges: Sendable, Hashable, ExpressibleByIntegerLiteral {
  /// In front of each axis, outermost first.
  public let low: PerAxis
  /// Behind each axis.
  public let high: PerAxis

  /// Different amounts.
  public init(low: PerAxis, high: PerAxis) { (self.low, self.high) = (low, high) }
  /// The same on either side of an axis.
  public init(_ both: PerAxis) { self.init(low: both, high: both) }
  /// The same everywhere.
  public init(integerLiteral value: Int) { self.init(.all(value)) }

  /// One number for each of a layer's axes, on either side.
  func numbers(
    _ axes: any SpatialAxes.Type, _ layer: String, file: StaticString, line: UInt
  ) -> (low: [Int], high: [Int]) {
    (
      low.numbers(axes, from: 0, "\(layer): the amount", file: file, line: line),
      high.numbers(axes, from: 0, "\(layer): the amount", file: file, line: line)
    )
  }
}
