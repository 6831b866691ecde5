import DescentTensors

/// What fresh parameters start from.
public struct Initializer: Sendable {
  private let make: @Sendable (Shape, ElementType) -> Tensor

  /// An initializer from a function of shape and element type.
  public init(_ make: @escaping @Sendable (Shape, ElementType) -> Tensor) { self.make = make }

  /// Whether nothing is drawn and zeros stand for the numbers, which take no memory: for networks whose shapes are asked
  /// for, or whose numbers come from a file.
  @TaskLocal static var isDeferred = false

  /// Fresh numbers, drawn from ``RandomSource/current`` and computed at once.
  public func callAsFunction(_ shape: Shape, type: ElementType = .float32) -> Tensor {
    if Self.isDeferred { return .zeros(shape, type: type) }
    let tensor = make(shape, type)
    evaluate(tensor)
    return tensor
  }

  /// Zeros.
  public static let zeros = constant(0)

  /// One number everywhere.
  public static func constant(_ value: Double) -> Initializer { Initializer { .full(value, shape: $0, type: $1) } }

  /// Normal with mean 0: the classic small start is 0.001.
  public static func normal(standardDeviation: Double = 0.001) -> Initializer {
    Initializer { .randomNormal($0, standardDeviation: standardDeviation, type: $1) }
  }

  /// Normal with standard deviation 1/√fan-in (LeCun and others, "Efficient BackProp", 1998).
  public static let fanInNormal = scaledNormal { 1 / Double($0.fanIn) }
  /// Normal with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
  public static let glorotNormal = scaledNormal { 2 / Double($0.fanIn + $0.fanOut) }
  /// Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
  public static let glorotUniform = scaledUniform { 2 / Double($0.fanIn + $0.fanOut) }
  /// Normal with variance 2 / fan-in, for rectified units (He and others 2015).
  public static let heNormal = scaledNormal { 2 / Double($0.fanIn) }
  /// Uniform with variance 2 / fan-in, for rectified units (He and others 2015).
  public static let heUniform = scaledUniform { 2 / Double($0.fanIn) }

  private static func scaledNormal(_ variance: @escaping @Sendable (Fans) -> Double) -> Initializer {
    Initializer { .randomNormal($0, standardDeviation: variance(Fans($0)).squareRoot(), type: $1) }
  }

  private static func scaledUniform(_ variance: @escaping @Sendable (Fans) -> Double) -> Initializer {
    Initializer { shape, type in
      let bound = (3 * variance(Fans(shape))).squareRoot()
      return .randomUniform(shape, from: -bound, to: bound, type: type)
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
}
