/// A graph as the planner sees it: values by number, inputs before what is computed from them.
struct PlanGraph {
  struct Value {
    var operation: any Operation
    var inputs: [Int]
    let signature: Signature
    /// Its place among the leaves, where it is one.
    var leaf: Int?
    /// Its number, where that is known already and there is only one.
    var constant: Double?
    /// Its number in memory, where it is no leaf but was computed from known ones while the plan was made.
    var folded: Storage?

    /// Whether the plan's steps need not compute it.
    var isGiven: Bool { leaf != nil || folded != nil }

    /// Whether it is another value's memory under its own shape.
    let isAlias: Bool

    init(
      operation: any Operation, inputs: [Int], signature: Signature, leaf: Int? = nil, constant: Double? = nil,
      folded: Storage? = nil
    ) {
      self.operation = operation
      self.inputs = inputs
      self.signature = signature
      self.leaf = leaf
      self.constant = constant
      self.folded = folded
      // asked often, and a cast to a protocol takes its time
      isAlias = operation is any AliasOperation
    }
  }

  var values: [Value] = []
  /// The value of each root.
  var outputs: [Int] = []
  /// Given values: placeholders, and nodes that have been computed.
  private(set) var leaves: [Node] = []

  /// Captures what is needed for the roots; nothing else is ever planned.
  ///
  /// - Parameter keepsLeaves: whether the plan is for these leaves' numbers alone, so that equal scalars become one. The
  ///   plan of an evaluation is shared by graphs whose numbers differ.
  init(roots: [Node], keepsLeaves: Bool = false) {
    var places: [Int: Int] = [:]
    var constants: [[Int]: Int] = [:]
    var pending: [(node: Node, inputs: [Node]?)] = roots.reversed().map { ($0, nil) }
    while let (node, inputs) = pending.popLast() {
      guard places[node.number] == nil else { continue }
      if let inputs {
        places[node.number] = values.count
        values.append(
          Value(
            operation: node.operation, inputs: inputs.map { places[$0.number] ?? 0 }, signature: node.signature))
        continue
      }
      let (storage, inputs) = node.state.withLock { ($0.storage, $0.inputs) }
      if storage != nil || node.operation is Placeholder {
        var constant: Double?
        if keepsLeaves, let storage, node.signature.shape.isEmpty {
          let elements = Elements(signature: node.signature, address: storage.address)
          let bits = [
            ElementType.allCases.firstIndex(of: node.signature.type) ?? 0,
            Int(truncatingIfNeeded: elements[real: 0].bitPattern), Int(elements[integer: 0]),
          ]
          if let place = constants[bits] {
            places[node.number] = place
            continue
          }
          constants[bits] = values.count
          constant = elements[real: 0]
        }
        places[node.number] = values.count
        values.append(
          Value(operation: Leaf(), inputs: [], signature: node.signature, leaf: leaves.count, constant: constant))
        leaves.append(node)
      } else {
        pending.append((node, inputs))
        for input in inputs.reversed() where places[input.number] == nil { pending.append((input, nil)) }
      }
    }
    outputs = roots.map { places[$0.number] ?? 0 }
  }

  /// How often each value is read by outputs and by what they need.
  var readCounts: [Int] {
    var counts = [Int](repeating: 0, count: values.count)
    for output in outputs { counts[output] += 1 }
    // what reads a value comes behind it
    for index in values.indices.reversed() where counts[index] > 0 {
      for input in values[index].inputs { counts[input] += 1 }
    }
    return counts
  }

  /// The value whose memory a value is: itself, unless it is an alias.
  func memory(of value: Int) -> Int {
    var value = value
    while values[value].isAlias { value = values[value].inputs[0] }
    return value
  }
}

/// The structure of a graph: operations, shapes, types and how they hang together, but no numbers.
struct PlanKey: Hashable {
  private let words: [Int]
  private let names: [String]
  private let options: PlanOptions
  private let settings: ExecutionSettings

  init(_ graph: PlanGraph, _ options: PlanOptions) {
    var words = graph.outputs
    var names: [String] = []
    names.reserveCapacity(graph.values.count)
    for value in graph.values {
      names.append(value.operation.name)
      let attributes = value.operation.attributes
      words.append(contentsOf: [
        Int(bitPattern: ObjectIdentifier(type(of: value.operation))), value.leaf ?? -1, value.inputs.count,
        attributes.count, value.signature.shape.count,
        ElementType.allCases.firstIndex(of: value.signature.type) ?? 0,
      ])
      words += value.inputs
      words += attributes
      words += value.signature.shape
    }
    self.words = words
    self.names = names
    self.options = options
    settings = .current
  }
}

/// What the planner may do. Tests compare plans with and without.
package struct PlanOptions: Sendable, Hashable {
  /// Whether elementwise operations share a pass over their elements.
  package var fuses = true
  /// Whether fast kernels run; without them every operation runs its definition.
  package var usesKernels = true

  package init(fuses: Bool = true, usesKernels: Bool = true) {
    self.fuses = fuses
    self.usesKernels = usesKernels
  }

  /// Everything on.
  package static let standard = PlanOptions()
  /// Nothing but the definitions: the oracle.
  package static let definitions = PlanOptions(fuses: false, usesKernels: false)
}
