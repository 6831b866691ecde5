import DescentTensors

/// Each sample's axes joined into one, row-major.
///
/// - Shapes: input `[batch, ...]` → output `[batch, features]`.
public struct Flatten: Module {
  /// A flattening layer.
  public init() {}

  /// The input with one axis a sample.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(input.rank > 1, "Flatten expects input [batch, ...] of two axes or more, got \(input.shape)")
    return input.flattened(from: 1)
  }
}
