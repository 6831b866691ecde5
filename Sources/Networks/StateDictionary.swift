import DescentTensors

/// Why tensors do not fit a network: every name that is missing, unexpected or of another shape, at once.
public struct StateMismatch: Error, Sendable, CustomStringConvertible {
  /// One line a name.
  public let problems: [String]

  /// The problems, separated by semicolons.
  public var description: String { problems.joined(separator: "; ") }
}

extension Module {
  /// All parameters and states by name, evaluated: PyTorch's state dictionary.
  public var stateDictionary: [(name: String, tensor: Tensor)] {
    let variables = variables.map { (name: $0.name, tensor: $0.value) }
    evaluate(variables.map(\.tensor))
    return variables
  }

  /// Takes over tensors by name, all or none of them.
  ///
  /// - Throws: ``StateMismatch`` unless names, shapes and types are exactly the network's; nothing has changed then.
  public func load(_ tensors: [(name: String, tensor: Tensor)]) throws(StateMismatch) {
    let given = Dictionary(tensors.map { ($0.name, $0.tensor) }) { first, _ in first }
    let own = variables
    var problems: [String] = []
    for variable in own {
      let wanted = variable.variable.signature
      switch given[variable.name] {
      case nil: problems.append("tensor '\(variable.name)' of \(wanted) is missing")
      case .some(let tensor) where Signature(tensor.shape, tensor.type) != wanted:
        problems.append("tensor '\(variable.name)' is \(tensor.type)\(tensor.shape), the network's is \(wanted)")
      default: break
      }
    }
    let names = Set(own.map(\.name))
    var seen: Set<String> = []
    for (name, _) in tensors {
      if !names.contains(name) { problems.append("tensor '\(name)' is not expected") }
      if !seen.insert(name).inserted { problems.append("tensor '\(name)' is given twice") }
    }
    guard problems.isEmpty else { throw StateMismatch(problems: problems) }
    for variable in own { if let tensor = given[variable.name] { variable.value = tensor } }
  }
}
