import DescentTensors

/// What holds for weights: to be restored behind every step that moves them.
///
/// Norms are Euclidean, √Σw², over axes of the weights; where no axes are named, over all but the first: each output's
/// weights have a norm of their own, as those of Keras's `axis=0` have, whose weights are `[inputs, outputs]`. Of a
/// vector it is then the norm of all.
///
/// An optimizer keeps one with a group of parameters: `ParameterGroup("*weight", constraint: .maxNorm(2))`.
public struct Constraint: Sendable, Hashable {
  private enum Kind: Sendable, Hashable {
    case norm(atLeast: Double, atMost: Double)
    case nonNegative
  }

  private let kind: Kind
  private let axes: [Int]?

  /// Norms of at most c: w·min(1, c/‖w‖) (Srebro and Shraibman, "Rank, trace-norm and max-norm", 2005; Keras: `MaxNorm`).
  ///
  /// - Parameter bound: c > 0.
  public static func maxNorm(
    _ bound: Double = 2, axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Constraint {
    norm(atLeast: 0, atMost: bound, axes: axes, file: file, line: line)
  }

  /// Norms of 1: w/‖w‖. Keras: `UnitNorm`.
  public static func unitNorm(axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line) -> Constraint {
    norm(atLeast: 1, atMost: 1, axes: axes, file: file, line: line)
  }

  /// Norms within bounds: w·clamp(‖w‖, least, most)/‖w‖. Keras: `MinMaxNorm` with rate 1.
  ///
  /// Zeros have no direction and stay.
  ///
  /// - Parameters:
  ///   - least: 0 or more.
  ///   - most: above 0, and `least` or more.
  public static func norm(
    atLeast least: Double, atMost most: Double, axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line
  ) -> Constraint {
    check(
      least >= 0 && most > 0 && least <= most && most.isFinite,
      "Constraint: a norm's bounds must be above 0 and in order, got \(least) and \(most)", file: file, line: line)
    return Constraint(kind: .norm(atLeast: least, atMost: most), axes: axes)
  }

  /// No weight below 0: max(w, 0). Keras: `NonNeg`.
  public static let nonNegative = Constraint(kind: .nonNegative, axes: nil)

  /// The weights nearest by that are as they shall be.
  public func callAsFunction(_ weights: Tensor) -> Tensor {
    switch kind {
    case .nonNegative: return weights.maximum(0)
    case .norm(let least, let most):
      let axes = axes ?? Array(min(1, max(weights.rank - 1, 0))..<weights.rank)
      check(
        axes.allSatisfy { (-weights.rank..<weights.rank).contains($0) },
        "Constraint: weights \(weights.shape) have no axes \(axes)")
      let norms = weights.squared().sum(axes: axes, keepsAxes: true).sqrt()
      // a norm that is 0 may be divided by anything
      return weights * (norms.clamped(from: least, to: most) / norms.maximum(1e-30))
    }
  }
}
