import DescentTensors

/// What fresh parameters start from.
///
/// Random ones draw from ``RandomSource/current``: the same seed gives the same numbers.
public struct Initializer: Sendable {
  /// The name in kebab-case, as files write it; `custom` where it is no initializer of the library.
  public let name: String
  private let make: @Sendable (Shape, ElementType) -> Tensor
  private let objects: @Sendable (Shape) -> String?

  /// An initializer from a function of shape and element type.
  public init(_ make: @escaping @Sendable (Shape, ElementType) -> Tensor) { self.init("custom", make: make) }

  init(
    _ name: String, objection: @escaping @Sendable (Shape) -> String? = { _ in nil },
    make: @escaping @Sendable (Shape, ElementType) -> Tensor
  ) {
    self.name = name
    self.make = make
    objects = objection
  }

  /// Fresh numbers, computed at once.
  public func callAsFunction(
    _ shape: Shape, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if let objection = objection(to: shape) {
      programmerError("Initializer \(name) cannot fill \(shape): \(objection)", file: file, line: line)
    }
    if Self.isDeferred { return .zeros(shape, type: type) }
    let tensor = make(shape, type)
    evaluate(tensor)
    return tensor
  }

  /// Whether nothing is drawn and zeros stand for the numbers, which take no memory: for networks whose shapes are asked
  /// for, or whose numbers come from a file.
  @TaskLocal static var isDeferred = false

  /// Why it cannot fill a tensor of this shape, as a clause; nil where it can.
  public func objection(to shape: Shape) -> String? { objects(shape) }

  /// Zeros. PyTorch: `zeros_`.
  public static let zeros = Initializer("zeros") { .zeros($0, type: $1) }

  /// Ones. PyTorch: `ones_`.
  public static let ones = Initializer("ones") { .ones($0, type: $1) }

  /// One number everywhere. PyTorch: `constant_`.
  public static func constant(_ value: Double) -> Initializer {
    Initializer("constant") { .full(value, shape: $0, type: $1) }
  }

  /// Uniform in [low, high). PyTorch: `uniform_`; the standard bounds are those of Keras's `RandomUniform`.
  public static func uniform(
    from low: Double = -0.05, to high: Double = 0.05, file: StaticString = #fileID, line: UInt = #line
  ) -> Initializer {
    check(
      low <= high && (high - low).isFinite, "Initializer.uniform: the bounds must be in order, got \(low) and \(high)",
      file: file, line: line)
    return Initializer("uniform") { .randomUniform($0, from: low, to: high, type: $1) }
  }

  /// Normal; the classic small start has mean 0 and standard deviation 0.001. PyTorch: `normal_`.
  public static func normal(mean: Double = 0, standardDeviation: Double = 0.001) -> Initializer {
    Initializer("normal") { .randomNormal($0, mean: mean, standardDeviation: standardDeviation, type: $1) }
  }
}
