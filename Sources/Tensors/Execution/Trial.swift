/// What a function of tensors does to shapes, without computing anything.
package struct Trial: Sendable {
  /// What it gives for the argument.
  package let result: Signature
  /// The multiply-adds of the products in it.
  package let multiplyAdds: Double

  /// Traces a function of tensors on arguments that have shapes and no numbers.
  package init(of arguments: [Signature], _ body: ([Tensor]) -> Tensor) {
    let places = arguments.map { Tensor(Trace.placeholder($0)) }
    let output = Trace.$current.withValue(Trace()) { body(places) }
    result = output.signature
    multiplyAdds = Self.multiplyAdds(behind: output.node)
  }

  private static func multiplyAdds(behind node: Node) -> Double {
    var seen: Set<Int> = [node.number]
    var pending = [node]
    var count = 0.0
    while let node = pending.popLast() {
      let inputs = node.inputs
      count += node.operation.multiplyAdds(inputs.map(\.signature), node.signature)
      for input in inputs where seen.insert(input.number).inserted { pending.append(input) }
    }
    return count
  }
}
