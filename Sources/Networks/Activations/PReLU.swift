import DescentTensors

/// x where x > 0, else w · x, with a slope w that is learnt: one for all, or one a channel (He and others, "Delving deep
/// into rectifiers", 2015). PyTorch: `PReLU`.
///
/// - Shapes: input `[batch, channels, ...]` → output of the same shape; `weight` is `[channels]`. With one slope the
///   input may have any shape.
public struct PReLU: Module {
  /// w.
  public let weight: Parameter

  /// A layer whose slopes start from one number.
  ///
  /// - Parameters:
  ///   - channels: how many slopes there are: 1 for one that all elements share, or one for each place on axis 1.
  ///   - slope: what they start from.
  public init(
    channels: Int = 1, slope: Double = 0.25, type: ElementType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(channels > 0, "PReLU(channels: \(channels)): needs one or more", file: file, line: line)
    weight = Parameter(Initializer.constant(slope)([channels], type: type))
  }

  /// A layer with given slopes.
  public init(weight: Tensor, file: StaticString = #fileID, line: UInt = #line) {
    check(
      weight.rank == 1 && weight.elementCount > 0, "PReLU: weight must be [channels], got \(weight.shape)", file: file,
      line: line)
    self.weight = Parameter(weight)
  }

  /// The input, each negative element times its channel's slope.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let channels = weight.shape[0]
    check(
      channels == 1 || input.rank > 1 && input.shape[1] == channels,
      "PReLU(channels: \(channels)) expects input [batch, \(channels), ...], got \(input.shape)")
    let slopes =
      channels == 1
      ? weight.value.reshaped(to: [])
      : weight.value.reshaped(to: [channels] + [Int](repeating: 1, count: input.rank - 2))
    return .select(input .> 0, input, input * slopes)
  }
}
