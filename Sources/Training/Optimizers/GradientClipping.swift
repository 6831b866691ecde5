import DescentTensors

/// What is done to gradients that are too large, before the rule sees them.
public enum GradientClipping: Sendable, Hashable {
  /// Nothing.
  case none
  /// All gradients are scaled together so that their norm n = √Σg² over all of them is at most this bound b: each is
  /// multiplied by min(1, b / (n + 10⁻⁶)), as PyTorch's `clip_grad_norm_` does (Pascanu, Mikolov and Bengio, "On the
  /// difficulty of training recurrent neural networks", 2013).
  case globalNorm(Double)
  /// Every element is held to ± this, as PyTorch's `clip_grad_value_` does.
  case value(Double)

  /// The gradients after clipping, each of its own shape and type.
  public func clipped(_ gradients: [Tensor]) -> [Tensor] {
    switch self {
    case .none: return gradients
    case .value(let bound): return gradients.map { $0.clamped(from: -bound, to: bound) }
    case .globalNorm(let bound):
      guard let type = gradients.first?.type else { return gradients }
      let squares = gradients.map { $0.squared().sum().cast(to: type) }
      let norm = squares.dropFirst().reduce(squares[0], +).sqrt()
      let factor = (bound / (norm + 1e-6)).minimum(1)
      return gradients.map { $0 * factor.cast(to: $0.type) }
    }
  }

  /// Whether the bound, if there is one, lets any gradient through.
  var isValid: Bool {
    switch self {
    case .none: true
    case .globalNorm(let bound), .value(let bound): bound > 0
    }
  }
}
