/// What a function of tensors does to shapes, without computing anything.
package struct Trial: Sendable {
  /// What it gives for the argument.
  package let result: Signature
  /// The multiply-adds of the products in it.
  package let multiplyAdds: Double
  /// How many numbers that depend on the arguments come to lie in memory, about: what it gives, and what operations read
  /// that are not elementwise. Of others, each is taken up as it is computed.
  package let activationCount: Int

  /// Traces a function of tensors on arguments that have shapes and no numbers.
  package init(of arguments: [Signature], _ body: ([Tensor]) -> Tensor) {
    let places = arguments.map { Tensor(Trace.placeholder($0)) }
    let output = Trace.$current.withValue(Trace()) { body(places) }
    result = output.signature
    let graph = PlanGraph(roots: [output.node])
    multiplyAdds = graph.values.reduce(0) { sum, value in
      sum + value.operation.multiplyAdds(value.inputs.map { graph.values[$0].signature }, value.signature)
    }
    activationCount = graph.activationCount
  }
}

extension PlanGraph {
  /// See ``Trial/activationCount``.
  fileprivate var activationCount: Int {
    var (depends, isStored) = (values.map { _ in false }, values.map { _ in false })
    for (index, value) in values.enumerated() {
      depends[index] =
        value.leaf.map { leaves[$0].operation is Placeholder } ?? value.inputs.contains { depends[$0] }
      if value.isAlias || value.operation is Elementwise || value.operation is Cast { continue }
      for input in value.inputs { isStored[memory(of: input)] = true }
    }
    for output in outputs { isStored[memory(of: output)] = true }
    return values.indices.reduce(0) { sum, index in
      isStored[index] && depends[index] && values[index].leaf == nil ? sum + values[index].signature.elementCount : sum
    }
  }
}
