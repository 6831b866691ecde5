import DescentTensors

/// A network or a part of one: a struct with its parameters and hyper-parameters as properties, and a call.
///
/// A parameter's name is the path of properties that leads to it, with the indexes of arrays: `layers.0.weight`.
public protocol Module: Sendable {
  /// The output for an input.
  func callAsFunction(_ input: Tensor) -> Tensor
}

/// A value whose parts go by other names than its properties': PyTorch's, where they differ.
public protocol NamedParts {
  /// The parts by name, in order.
  var namedParts: [(name: String, part: Any)] { get }
}

/// Something that a network learns or keeps, under its name.
public struct NamedVariable: Sendable {
  /// The path of properties that leads to it: `0.weight`.
  public let name: String
  /// Whether it is learnt; otherwise it is kept and saved only.
  public let isTrained: Bool
  package let variable: Variable

  /// The tensor that it holds now.
  public var value: Tensor {
    get { variable.value }
    nonmutating set { variable.value = newValue }
  }

  /// The ``Parameter`` or ``State`` that it is.
  var part: Any { isTrained ? Parameter(variable: variable) : State(variable: variable) }
}

extension Module {
  /// All that is saved of the network, parameters and states, in the order of its properties.
  ///
  /// A parameter that is met twice is one, under its first name.
  public var variables: [NamedVariable] { NamedVariable.all(in: self) }

  /// What the network learns, in the order of its properties.
  public var parameters: [Parameter] { variables.filter(\.isTrained).map { Parameter(variable: $0.variable) } }

  /// The output for an input, with products in a precision. What they gave in bfloat16 comes out as float32, which a loss
  /// is computed in.
  public func callAsFunction(_ input: Tensor, in precision: Precision) -> Tensor {
    let output = precision { self(input) }
    return precision == .bfloat16 && output.type == .bfloat16 ? output.cast(to: .float32) : output
  }

  /// How many numbers the network learns.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.shape.reduce(1, *) } }
}

extension NamedVariable {
  /// All that is saved of a part of a network, as ``Module/variables``.
  static func all(in part: Any) -> [NamedVariable] { VariableWalk(part).found }
}

extension Parameter {
  fileprivate init(variable: Variable) { self.variable = variable }
}

extension State {
  fileprivate init(variable: Variable) { self.variable = variable }
}

/// The tree of a network's properties, walked by reflection.
private struct VariableWalk {
  private(set) var found: [NamedVariable] = []
  private var known: Set<ObjectIdentifier> = []
  private var names: Set<String> = []

  init(_ network: Any) { visit(network, path: []) }

  private mutating func visit(_ value: Any, path: [String]) {
    switch value {
    case let parameter as Parameter: add(parameter.variable, isTrained: true, path)
    case let state as State: add(state.variable, isTrained: false, path)
    case let parts as any NamedParts: for (name, part) in parts.namedParts { visit(part, path: path + [name]) }
    case is Tensor, is String, is any Numeric, is Bool, is [Int], is [Float], is [Double]: break
    default: visitChildren(of: value, path)
    }
  }

  private mutating func visitChildren(of value: Any, _ path: [String]) {
    var mirror = Mirror(reflecting: value)
    switch mirror.displayStyle {
    case .optional:
      // an optional adds no name
      for child in mirror.children { visit(child.value, path: path) }
    case .collection:
      for (index, child) in mirror.children.enumerated() { visit(child.value, path: path + ["\(index)"]) }
    case .dictionary, .set:
      check(
        !mirror.children.contains { Self.holdsVariables($0.value) },
        "a network's parameters cannot lie in a dictionary or set, whose order changes: "
          + path.joined(separator: "."))
    case .class:
      // objects may point at each other in circles
      guard known.insert(ObjectIdentifier(value as AnyObject)).inserted else { return }
      var lineage = [mirror]
      while let parent = mirror.superclassMirror {
        lineage.append(parent)
        mirror = parent
      }
      for mirror in lineage.reversed() { visitProperties(mirror, path) }
    default: visitProperties(mirror, path)
    }
  }

  private mutating func visitProperties(_ mirror: Mirror, _ path: [String]) {
    for child in mirror.children {
      guard let label = child.label else { continue }
      // property wrappers store under an underscore, tuples under ".0"
      let place = path + [String(label.drop { $0 == "_" || $0 == "." })]
      if label.hasPrefix("_"), let wrapped = Self.wrappedValue(of: child.value) {
        visit(wrapped, path: place)
      } else {
        visit(child.value, path: place)
      }
    }
  }

  /// What a property wrapper wraps, which goes by the property's own name.
  private static func wrappedValue(of value: Any) -> Any? {
    Mirror(reflecting: value).children.first { $0.label == "wrappedValue" }?.value
  }

  private static func holdsVariables(_ value: Any) -> Bool { !VariableWalk(value).found.isEmpty }

  private mutating func add(_ variable: Variable, isTrained: Bool, _ path: [String]) {
    guard known.insert(ObjectIdentifier(variable)).inserted else { return }
    let name = path.joined(separator: ".")
    check(names.insert(name).inserted, "two parameters of a network are both named '\(name)'")
    found.append(NamedVariable(name: name, isTrained: isTrained, variable: variable))
  }
}
