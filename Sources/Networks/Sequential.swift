import DescentTensors

/// Layers one behind the other.
///
///     let network = Sequential {
///       Dense(784, 256)
///       Activation.relu
///       Dense(256, 10)
///     }
///
/// Parameters are named by the layer's index, activations counted: `0.weight`, `0.bias`, `2.weight`, as in PyTorch; or by
/// the layer's name where it has one, as with PyTorch's `OrderedDict`.
public struct Sequential: Module, NamedParts {
  /// The layers, first to last.
  public let layers: [any Module]
  /// The layers' names: their indexes where no others are given.
  public let names: [String]

  /// Layers from an array.
  public init(_ layers: [any Module]) { self.init(named: layers.enumerated().map { ("\($0)", $1) }) }

  /// Layers one a line, with `if` and `for`.
  public init(@LayerBuilder _ layers: () -> [any Module]) { self.init(layers()) }

  /// Layers with names.
  public init(
    named layers: [(name: String, layer: any Module)], file: StaticString = #fileID, line: UInt = #line
  ) {
    self.layers = layers.map(\.layer)
    names = layers.map(\.name)
    check(Set(names).count == names.count, "Sequential: two layers have one name: \(names)", file: file, line: line)
  }

  /// The last layer's output, each layer taking the one before's.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    zip(names, layers).reduce(input) { value, part in part.1(value, named: part.0) }
  }

  /// The layers by their names.
  public var namedParts: [(name: String, part: Any)] { zip(names, layers).map { ($0, $1) } }
}

/// Collects the layers of a ``Sequential``.
@resultBuilder
public enum LayerBuilder {
  /// One layer.
  public static func buildExpression(_ layer: any Module) -> [any Module] { [layer] }
  /// Layers in order.
  public static func buildBlock(_ parts: [any Module]...) -> [any Module] { parts.flatMap { $0 } }
  /// The layers of an `if` without `else`.
  public static func buildOptional(_ part: [any Module]?) -> [any Module] { part ?? [] }
  /// The layers of an `if`.
  public static func buildEither(first: [any Module]) -> [any Module] { first }
  /// The layers of an `else`.
  public static func buildEither(second: [any Module]) -> [any Module] { second }
  /// The layers of a `for`.
  public static func buildArray(_ parts: [[any Module]]) -> [any Module] { parts.flatMap { $0 } }
}
