/// The gradients of a scalar with respect to tensors, as tensors of the same kind: ∂loss/∂x for each x.
///
/// The graph is walked backwards from the loss, each operation adding what its inputs contribute (reverse-mode automatic
/// differentiation; Linnainmaa 1970). The results are graphs like any other, so that gradients of gradients are taken in
/// the same way.
///
/// - Parameters:
///   - loss: a floating-point tensor with one element that has not been evaluated yet: evaluation lets go of the graph.
///   - tensors: floating-point tensors; one that the loss does not depend on has gradient zero.
/// - Returns: a gradient for each tensor, of its shape and type.
public func gradients(
  of loss: Tensor, with tensors: [Tensor], file: StaticString = #fileID, line: UInt = #line
) -> [Tensor] {
  check(
    loss.elementCount == 1, "gradients(of: \(loss.signature)): needs a scalar; take sum() or mean() first",
    file: file, line: line)
  return gradients(
    of: loss, with: tensors, resultGradient: .ones(loss.shape, type: loss.type), file: file, line: line)
}

/// The gradient of a scalar with respect to one tensor. See ``gradients(of:with:file:line:)``.
public func gradient(
  of loss: Tensor, with tensor: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> Tensor {
  gradients(of: loss, with: [tensor], file: file, line: line)[0]
}

/// The gradients of Σ result · resultGradient: what a result of any shape passes back (the vector–Jacobian product).
public func gradients(
  of result: Tensor, with tensors: [Tensor], resultGradient: Tensor, file: StaticString = #fileID, line: UInt = #line
) -> [Tensor] {
  for tensor in tensors + [result] {
    check(
      tensor.type.isFloatingPoint, "gradients(\(tensor.signature)): needs a floating-point type", file: file, line: line
    )
  }
  check(
    result.signature == resultGradient.signature,
    "gradients: the result is \(result.signature), its gradient \(resultGradient.signature)", file: file, line: line)
  let targets = Set(tensors.map(\.node.number))
  let graph = Dependents(of: targets, from: result.node)

  var gradients: [Int: Tensor] = [:]
  var found = [result.node.number: Accumulation(resultGradient)]
  // in the types that the operations were recorded in
  Precision.float32 {
    for (node, inputs) in graph.nodes {
      guard let g = found.removeValue(forKey: node.number)?.sum else { continue }
      if targets.contains(node.number) { gradients[node.number] = g }
      // a target that was evaluated has nothing left to pass its gradient to
      if inputs.isEmpty { continue }
      for (input, contribution) in zip(inputs, contributions(of: node, inputs: inputs, with: g)) {
        guard let contribution, graph.contains(input.node) else { continue }
        found[input.node.number, default: Accumulation()].add(contribution)
      }
    }
  }
  return tensors.map { tensor in
    if let gradient = gradients[tensor.node.number] { return gradient }
    check(
      graph.contains(tensor.node) || graph.newestEvaluated < tensor.node.number,
      "gradients: the result does not reach a tensor, but reaches one that was evaluated and has let go of what it was "
        + "computed from; take gradients before reading numbers", file: file, line: line)
    return .zeros(tensor.shape, type: tensor.type)
  }
}

/// What an operation passes to its inputs.
private func contributions(of node: Node, inputs: [Tensor], with gradient: Tensor) -> [Tensor?] {
  let (operation, result) = (node.operation, Tensor(node))
  guard operation.widensGradients, (inputs + [gradient]).contains(where: { $0.type == .bfloat16 }) else {
    return operation.gradients(of: result, inputs: inputs, with: gradient)
  }
  func wide(_ tensor: Tensor) -> Tensor { tensor.type == .bfloat16 ? tensor.cast(to: .float32) : tensor }
  let found = operation.gradients(of: wide(result), inputs: inputs.map(wide), with: wide(gradient))
  return zip(found, inputs).map { $0?.cast(to: $1.type) }
}

/// The part of a graph between a result and the nodes it is differentiated by.
private struct Dependents {
  /// The nodes that depend on a target, targets among them, results before what they are computed from. Each node's
  /// inputs are read once: another task may evaluate it meanwhile, and it lets go of them then.
  private(set) var nodes: [(node: Node, inputs: [Tensor])] = []
  /// The greatest number of an evaluated node. Such a node can have been computed from older ones only.
  private(set) var newestEvaluated = -1
  private var numbers: Set<Int> = []

  func contains(_ node: Node) -> Bool { numbers.contains(node.number) }

  init(of targets: Set<Int>, from result: Node) {
    var reached: [Int: (node: Node, inputs: [Node])] = [:]
    var pending = [result]
    while let node = pending.popLast() {
      guard reached[node.number] == nil else { continue }
      let inputs = node.inputs
      reached[node.number] = (node, inputs)
      if inputs.isEmpty, node.storage != nil, !(node.operation is Leaf) {
        newestEvaluated = max(newestEvaluated, node.number)
      }
      pending.append(contentsOf: inputs)
    }
    // inputs have smaller numbers than what is computed from them
    let ordered = reached.keys.sorted()
    for number in ordered {
      guard let (node, inputs) = reached[number] else { continue }
      if targets.contains(number) || inputs.contains(where: { numbers.contains($0.number) }) {
        numbers.insert(number)
        nodes.append((node, inputs.map { Tensor($0) }))
      }
    }
    nodes.reverse()
  }
}
