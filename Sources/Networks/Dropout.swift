import DescentTensors

/// While training, sets each element to 0 with a probability p and divides the others by 1 − p, so that their expected
/// sum stays; in inference the input passes as it is (Srivastava and others, "Dropout", 2014, in the inverted form).
///
/// Which elements are dropped comes from ``DescentTensors/RandomSource/current``; a compiled step draws anew at every
/// call. Whether it is active is decided by ``DescentTensors/Mode/current``.
///
/// - Shapes: input `[...]` → output of the same shape.
public struct Dropout: Module {
  /// p: 0 or more, below 1.
  public let probability: Double

  /// A layer that drops elements with this probability: 0 or more, below 1.
  public init(_ probability: Double, file: StaticString = #fileID, line: UInt = #line) {
    check(
      probability >= 0 && probability < 1, "Dropout(\(probability)): the probability must lie in [0, 1)", file: file,
      line: line)
    self.probability = probability
  }

  /// The input, in training with elements set to 0.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    guard Mode.current == .training, probability > 0 else { return input }
    let stays = Tensor.randomBernoulli(input.shape, probability: 1 - probability)
    return input * (stays.cast(to: input.type) * (1 / (1 - probability)))
  }
}
