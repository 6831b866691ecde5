import DescentTensors

/// x where x > 0, else slope · x, with a slope that is drawn anew for each element while training, uniformly from
/// [lower, upper), and is their middle in inference (Xu and others, "Empirical evaluation of rectified activations in
/// convolutional network", 2015). PyTorch: `RReLU`.
///
/// The slopes come from ``DescentTensors/RandomSource/current``; a compiled step draws anew at every call. Whether they
/// are drawn is decided by ``DescentTensors/Mode/current``.
///
/// - Shapes: input `[...]` → output of the same shape.
public struct RReLU: Module {
  /// The least slope.
  public let lower: Double
  /// What every slope is below.
  public let upper: Double

  /// A layer with slopes between two bounds, `lower` no greater than `upper`.
  public init(
    lower: Double = 1.0 / 8, upper: Double = 1.0 / 3, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      lower.isFinite && upper.isFinite && lower <= upper,
      "RReLU(lower: \(lower), upper: \(upper)): lower must be no greater than upper", file: file, line: line)
    self.lower = lower
    self.upper = upper
  }

  /// The input, each negative element times a slope.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    guard Mode.current == .training else { return .select(input .> 0, input, input * ((lower + upper) / 2)) }
    return .select(input .> 0, input, input * .randomUniform(input.shape, from: lower, to: upper, type: input.type))
  }
}
