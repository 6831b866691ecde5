extension PlanGraph {
  /// Elementwise operations broadcast by themselves, so that they read what was expanded; where all of their operands
  /// were, they are computed on the smaller shape and their result is expanded. What is multiplied or divided by 1 is
  /// itself, and what is computed from known numbers only is computed now.
  mutating func dropBroadcasts() {
    rewrite { graph, _, value in
      switch value.operation {
      case let reshape as Reshape: return graph.expanded(to: reshape.shape, value)
      case let expand as Expand: return graph.expanded(to: expand.shape, value)
      case is SoftmaxCrossEntropyGradient: return graph.withOneGradient(value)
      case is Elementwise, is Cast: break
      default: return nil
      }
      if let same = graph.operandTimesOne(value) { return same }
      let isExpanded = value.inputs.contains { graph.values[$0].operation is Expand }
      guard isExpanded || value.inputs.allSatisfy({ graph.values[$0].constant != nil }) else { return nil }
      var value = value
      value.inputs = value.inputs.map { input in
        graph.values[input].operation is Expand ? graph.values[input].inputs[0] : input
      }
      if let same = graph.operandTimesOne(value) { return same }
      guard let small = try? value.operation.result(of: value.inputs.map { graph.values[$0].signature }) else {
        return nil
      }
      let computed =
        graph.folded(value, small)
        ?? graph.add(
          Value(operation: value.operation, inputs: value.inputs, signature: small))
      return small == value.signature ? computed : graph.add(Expand(shape: value.signature.shape), [computed])
    }
  }
}

extension Rewriter {
  /// What was expanded, expanded again; one number under any shape is that number expanded.
  fileprivate mutating func expanded(to shape: Shape, _ value: PlanGraph.Value) -> Int? {
    var source = value.inputs[0]
    if values[source].operation is Expand,
      value.operation is Expand || values[values[source].inputs[0]].signature.shape.isEmpty
    {
      source = values[source].inputs[0]
    }
    guard value.operation is Expand || values[source].signature.shape.isEmpty else { return nil }
    return values[source].signature.shape == shape ? source : add(Expand(shape: shape), [source])
  }

  /// The gradient of losses whose own gradients are one number.
  fileprivate mutating func withOneGradient(_ value: PlanGraph.Value) -> Int? {
    let gradient = values[value.inputs[2]]
    guard gradient.operation is Expand, values[gradient.inputs[0]].signature.shape.isEmpty else { return nil }
    return add(SoftmaxCrossEntropyGradient(), Array(value.inputs[..<2]) + gradient.inputs)
  }

  /// The number itself, where all operands are known numbers.
  fileprivate mutating func folded(_ value: PlanGraph.Value, _ signature: Signature) -> Int? {
    guard signature.shape.isEmpty, value.inputs.allSatisfy({ values[$0].constant != nil }) else { return nil }
    let inputs = value.inputs.map { input in
      let storage = Storage(byteCount: values[input].signature.byteCount)
      let elements = Elements(signature: values[input].signature, address: storage.address)
      elements[real: 0] = values[input].constant ?? 0
      return (storage, elements)
    }
    let result = Storage(byteCount: signature.byteCount)
    let elements = Elements(signature: signature, address: result.address)
    withExtendedLifetime(inputs) { value.operation.define(elements, from: inputs.map(\.1)) }
    return add(
      PlanGraph.Value(
        operation: Leaf(), inputs: [], signature: signature, constant: elements[real: 0], folded: result))
  }

  /// x where the value is x · 1, 1 · x or x / 1.
  fileprivate func operandTimesOne(_ value: PlanGraph.Value) -> Int? {
    guard let function = (value.operation as? Elementwise)?.function, function == .multiply || function == .divide
    else {
      return nil
    }
    let (left, right) = (value.inputs[0], value.inputs[1])
    if values[right].constant == 1, values[left].signature == value.signature { return left }
    if function == .multiply, values[left].constant == 1, values[right].signature == value.signature { return right }
    return nil
  }
}
