import DescentTensors

/// What a padding layer adds.
public protocol PaddingRule: Sendable {
  /// What a layer with this rule is called.
  static var name: String { get }
  /// The elements of the tensor that are repeated; none for a number.
  static var edges: EdgePadding? { get }
}

/// A number.
public enum ConstantRule: PaddingRule {
  /// ConstantPad
  public static var name: String { "ConstantPad" }
  /// None.
  public static var edges: EdgePadding? { nil }
}

/// Zeros.
public enum ZeroRule: PaddingRule {
  /// ZeroPad
  public static var name: String { "ZeroPad" }
  /// None.
  public static var edges: EdgePadding? { nil }
}

/// The elements mirrored at the edge, without the edge.
public enum ReflectionRule: PaddingRule {
  /// ReflectionPad
  public static var name: String { "ReflectionPad" }
  /// Mirrored elements.
  public static var edges: EdgePadding? { .reflection }
}

/// The edge again and again.
public enum ReplicationRule: PaddingRule {
  /// ReplicationPad
  public static var name: String { "ReplicationPad" }
  /// The edge.
  public static var edges: EdgePadding? { .replication }
}

/// The other end.
public enum CircularRule: PaddingRule {
  /// CircularPad
  public static var name: String { "CircularPad" }
  /// The other end.
  public static var edges: EdgePadding? { .circular }
}

/// Elements added around the spatial axes (PyTorch's `ZeroPad2d`, `ConstantPad2d`, `ReflectionPad2d`, `ReplicationPad2d`,
/// `CircularPad2d` and those of one and three axes; amounts are named outermost axis first here).
///
///     ReflectionPad2D(2)
///     ZeroPad2D(Edges(low: [1, 0], high: [1, 2]))
///
/// - Shapes: input `[batch, channels, spatial...]` → output of the same shape but for the amounts added.
public struct Padding<Rule: PaddingRule, Axes: SpatialAxes>: Module {
  /// What is added in front of each axis.
  public let low: [Int]
  /// What is added behind each axis.
  public let high: [Int]
  /// The number that is added, where one is.
  public let value: Double

  private init(_ edges: Edges, value: Double, _ file: StaticString, _ line: UInt) {
    (low, high) = edges.numbers(Axes.self, Axes.name(Rule.name), file: file, line: line)
    self.value = value
  }

  /// The input with what the rule adds.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    Axes.checkInput(input, Axes.name(Rule.name))
    let (low, high) = ([0, 0] + low, [0, 0] + high)
    return Rule.edges.map { input.padded(low: low, high: high, by: $0) }
      ?? input.padded(low: low, high: high, with: value)
  }
}

extension Padding {
  /// A padding layer with its amounts.
  public init(_ edges: Edges, file: StaticString = #fileID, line: UInt = #line) {
    self.init(edges, value: 0, file, line)
  }
}

extension Padding where Rule == ConstantRule {
  /// A padding layer with its amounts and the number that it adds.
  public init(_ edges: Edges, value: Double, file: StaticString = #fileID, line: UInt = #line) {
    self.init(edges, value: value, file, line)
  }
}

/// Elements cut off around the spatial axes (Keras' `Cropping1D`, `2D`, `3D`).
///
/// - Shapes: input `[batch, channels, spatial...]` → output of the same shape but for the amounts cut off.
public struct Cropping<Axes: SpatialAxes>: Module {
  /// What is cut off in front of each axis.
  public let low: [Int]
  /// What is cut off behind each axis.
  public let high: [Int]

  /// A cropping layer with its amounts.
  public init(_ edges: Edges, file: StaticString = #fileID, line: UInt = #line) {
    (low, high) = edges.numbers(Axes.self, Axes.name("Cropping"), file: file, line: line)
  }

  /// The input without its edges.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let name = Axes.name("Cropping")
    Axes.checkInput(input, name)
    let extents = Axes.extents(of: input)
    check(
      extents.indices.allSatisfy { low[$0] + high[$0] <= extents[$0] },
      "\(name) of \(low) and \(high) cuts off more than input \(input.shape) has")
    return extents.indices.reduce(input) { result, axis in
      low[axis] + high[axis] == 0
        ? result : result.sliced(axis: axis + 2, low[axis]..<extents[axis] - high[axis])
    }
  }
}

/// Zeros around sequences. See ``Padding``.
public typealias ZeroPad1D = Padding<ZeroRule, OneAxis>
/// Zeros around pictures. See ``Padding``.
public typealias ZeroPad2D = Padding<ZeroRule, TwoAxes>
/// Zeros around volumes. See ``Padding``.
public typealias ZeroPad3D = Padding<ZeroRule, ThreeAxes>
/// A number around sequences. See ``Padding``.
public typealias ConstantPad1D = Padding<ConstantRule, OneAxis>
/// A number around pictures. See ``Padding``.
public typealias ConstantPad2D = Padding<ConstantRule, TwoAxes>
/// A number around volumes. See ``Padding``.
public typealias ConstantPad3D = Padding<ConstantRule, ThreeAxes>
/// Sequences mirrored at their edges. See ``Padding``.
public typealias ReflectionPad1D = Padding<ReflectionRule, OneAxis>
/// Pictures mirrored at their edges. See ``Padding``.
public typealias ReflectionPad2D = Padding<ReflectionRule, TwoAxes>
/// Volumes mirrored at their edges. See ``Padding``.
public typealias ReflectionPad3D = Padding<ReflectionRule, ThreeAxes>
/// Sequences with their ends repeated. See ``Padding``.
public typealias ReplicationPad1D = Padding<ReplicationRule, OneAxis>
/// Pictures with their edges repeated. See ``Padding``.
public typealias ReplicationPad2D = Padding<ReplicationRule, TwoAxes>
/// Volumes with their edges repeated. See ``Padding``.
public typealias ReplicationPad3D = Padding<ReplicationRule, ThreeAxes>
/// Sequences continued from their other end. See ``Padding``.
public typealias CircularPad1D = Padding<CircularRule, OneAxis>
/// Pictures continued from their other side. See ``Padding``.
public typealias CircularPad2D = Padding<CircularRule, TwoAxes>
/// Volumes continued from their other side. See ``Padding``.
public typealias CircularPad3D = Padding<CircularRule, ThreeAxes>
/// Sequences without their ends. See ``Cropping``.
public typealias Cropping1D = Cropping<OneAxis>
/// Pictures without their edges. See ``Cropping``.
public typealias Cropping2D = Cropping<TwoAxes>
/// Volumes without their edges. See ``Cropping``.
public typealias Cropping3D = Cropping<ThreeAxes>
