import DescentTensors

extension Initializer {
  /// By what a variance is divided: n.
  public enum Fan: Sendable, Hashable, CaseIterable {
    /// How many units feed a unit.
    case fanIn
    /// How many units a unit feeds.
    case fanOut
    /// The mean of both.
    case average
  }

  /// How numbers of a variance are drawn.
  public enum Distribution: Sendable, Hashable, CaseIterable {
    /// From a normal distribution: Keras's `untruncated_normal`.
    case normal
    /// From a normal distribution within two of its standard deviations, which is as much wider as this takes from the
    /// variance.
    case truncatedNormal
    /// From [−√(3·variance), √(3·variance)).
    case uniform
  }

  /// Variance scale / n, so that signals keep their size from layer to layer. Keras: `VarianceScaling`.
  ///
  /// - Parameter scale: greater than 0.
  /// - Shapes: `[outputs, inputs, kernel...]`, where fan-in is inputs · kernel and fan-out outputs · kernel.
  public static func varianceScaling(
    scale: Double = 1, by fan: Fan = .fanIn, distribution: Distribution = .truncatedNormal,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Initializer {
    check(
      scale > 0 && scale.isFinite, "Initializer.varianceScaling: the scale must be above 0, got \(scale)", file: file,
      line: line)
    return scaling("variance-scaling", scale, fan, distribution)
  }

  /// Normal with standard deviation 1/√fan-in (LeCun and others, "Efficient BackProp", 1998). Keras's `LecunNormal` draws
  /// its numbers from the truncated distribution.
  public static let leCunNormal = scaling("lecun-normal", 1, .fanIn, .normal)
  /// Uniform with variance 1 / fan-in (LeCun and others, "Efficient BackProp", 1998). Keras: `LecunUniform`.
  public static let leCunUniform = scaling("lecun-uniform", 1, .fanIn, .uniform)
  /// Normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010). PyTorch: `xavier_normal_`; Keras's
  /// `GlorotNormal` draws from the truncated distribution.
  public static let glorotNormal = scaling("glorot-normal", 1, .average, .normal)
  /// Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010). PyTorch: `xavier_uniform_`.
  public static let glorotUniform = scaling("glorot-uniform", 1, .average, .uniform)
  /// Normal with variance 2 / fan-in, for rectified units (He and others 2015). PyTorch: `kaiming_normal_`; Keras's
  /// `HeNormal` draws from the truncated distribution.
  public static let heNormal = scaling("he-normal", 2, .fanIn, .normal)
  /// Uniform with variance 2 / fan-in, for rectified units (He and others 2015). PyTorch: `kaiming_uniform_`.
  public static let heUniform = scaling("he-uniform", 2, .fanIn, .uniform)

  /// Uniform within ±1/√fan-in, from which PyTorch's dense and convolution layers start (He's uniform with the slope √5 of
  /// a leaky rectifier).
  public static let uniformByFanIn = Initializer("uniform-by-fan-in") { shape, type in
    Initializer.uniform(fanInOf: shape)(shape, type: type)
  }

  /// Uniform within ±1/√fan-in of weights of a shape, from which PyTorch's biases start.
  static func uniform(fanInOf weight: Shape) -> Initializer {
    let bound = 1 / Double(Fans(weight).fanIn).squareRoot()
    return .uniform(from: -bound, to: bound)
  }

  private static func scaling(
    _ name: String, _ scale: Double, _ fan: Fan, _ distribution: Distribution
  ) -> Initializer {
    Initializer(name) { shape, type in
      let variance = scale / Fans(shape)[fan]
      switch distribution {
      case .normal: return .randomNormal(shape, standardDeviation: variance.squareRoot(), type: type)
      case .truncatedNormal:
        let normal = TruncatedNormal(mean: 0, standardDeviation: 1, from: -2, to: 2)
        return normal.draw(shape, scale: (variance / normal.variance).squareRoot(), type: type)
      case .uniform:
        let bound = (3 * variance).squareRoot()
        return .randomUniform(shape, from: -bound, to: bound, type: type)
      }
    }
  }
}

/// How many units feed each unit of a layer with weights `[outputs, inputs, kernel...]`, and how many it feeds.
struct Fans {
  let fanIn, fanOut: Int

  init(_ shape: Shape) {
    let kernel = shape.dropFirst(2).reduce(1, *)
    fanIn = max(1, (shape.count > 1 ? shape[1] : shape.first ?? 1) * kernel)
    fanOut = max(1, (shape.first ?? 1) * kernel)
  }

  subscript(fan: Initializer.Fan) -> Double {
    switch fan {
    case .fanIn: Double(fanIn)
    case .fanOut: Double(fanOut)
    case .average: Double(fanIn + fanOut) / 2
    }
  }
}
