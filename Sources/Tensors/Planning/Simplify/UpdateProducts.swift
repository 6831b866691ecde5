extension PlanGraph {
  /// Plain descent is a product that adds to what is there: W − η · (A · B), where nobody else reads the gradient.
  mutating func makeUpdateProducts() {
    rewrite { graph, old, value in
      guard (value.operation as? Elementwise)?.function == .subtract, value.signature.type == .float32 else {
        return nil
      }
      let (matrix, step) = (graph.values[value.inputs[0]], graph.values[value.inputs[1]])
      guard (step.operation as? Elementwise)?.function == .multiply, matrix.signature == value.signature,
        graph.readOnce(graph.old.values[old].inputs[1]) != nil
      else { return nil }
      let factors = zip(step.inputs, graph.old.values[graph.old.values[old].inputs[1]].inputs)
      for ((product, oldProduct), rate) in zip(factors, step.inputs.reversed()) {
        guard let operation = graph.values[product].operation as? Product, graph.readOnce(oldProduct) != nil,
          graph.values[product].signature == value.signature, value.signature.shape.count == 2,
          graph.values[rate].signature.shape.isEmpty
        else { continue }
        return graph.add(
          UpdateProduct(product: operation), graph.values[product].inputs + [value.inputs[0], rate])
      }
      return nil
    }
  }
}

/// W − η · op(A) · op(B): a step of plain gradient descent along a weight's gradient. The planner makes it.
struct UpdateProduct: Operation {
  let product: Product

  var name: String { "descend" }
  var attributes: [Int] { product.attributes }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature { inputs[2] }

  func define(_ result: Elements, from inputs: [Elements]) {
    product.define(result, from: Array(inputs[..<2]))
    for index in 0..<result.count {
      result[real: index] = inputs[2][real: index] - inputs[3][real: 0] * result[real: index]
    }
  }
}
