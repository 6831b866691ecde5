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
    checkProbability(probability, "Dropout", file, line)
    self.probability = probability
  }

  /// The input, in training with elements set to 0.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.dropped(input.shape, probability)
  }
}

extension Tensor {
  /// In training, this tensor with so many of its places set to 0 and the others divided by what stays; a place of the shape
  /// is all that it is broadcast to.
  func dropped(_ places: Shape, _ probability: Double) -> Tensor {
    guard Mode.current == .training, probability > 0 else { return self }
    let stays = Tensor.randomBernoulli(places, probability: 1 - probability)
    return self * (stays.cast(to: type) * (1 / (1 - probability)))
  }
}

/// Stops unless a part can be dropped with this probability.
func checkProbability(_ value: Double, _ layer: String, _ file: StaticString, _ line: UInt) {
  check(value >= 0 && value < 1, "\(layer)(\(value)): the probability must lie in [0, 1)", file: file, line: line)
}
