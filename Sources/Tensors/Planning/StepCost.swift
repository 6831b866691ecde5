/// What a step takes by its definition, for profiles: whatever its kernel makes of it.
package struct StepCost: Sendable, Equatable {
  /// Bytes of the values from outside the step that it reads, each of them once and as a whole.
  package var bytesRead = 0
  /// Bytes of the values that it leaves in memory.
  package var bytesWritten = 0
  /// Floating-point operations: 2 a multiply-add of a product, 1 an element of an elementwise function or of what a
  /// reduction takes in; 0 of everything else.
  package var flops = 0.0
  /// Threads that share it.
  package var threads = 1

  /// All of several steps, one behind the other.
  package static func + (left: StepCost, right: StepCost) -> StepCost {
    StepCost(
      bytesRead: left.bytesRead + right.bytesRead, bytesWritten: left.bytesWritten + right.bytesWritten,
      flops: left.flops + right.flops, threads: max(left.threads, right.threads))
  }

  /// Nothing.
  package static let none = StepCost()
}

extension StepBuilder {
  /// The cost of a step that so many threads share.
  func cost(of group: Group, threads: Int) -> StepCost {
    var cost = StepCost(threads: threads)
    let members = Set(group.values)
    var read: Set<Int> = []
    for value in group.values {
      let (operation, signature) = (graph.values[value].operation, graph.values[value].signature)
      let inputs = graph.values[value].inputs
      for memory in inputs.map(graph.memory(of:)) where !members.contains(memory) && read.insert(memory).inserted {
        cost.bytesRead += graph.values[memory].signature.byteCount
      }
      if layout.slots[value] != nil { cost.bytesWritten += signature.byteCount }
      cost.flops += flops(of: operation, inputs.map { graph.values[$0].signature }, signature)
    }
    return cost
  }

  private func flops(of operation: any Operation, _ inputs: [Signature], _ result: Signature) -> Double {
    switch operation {
    case is Elementwise: Double(result.elementCount)
    case is Reduction: Double(inputs[0].elementCount)
    default: 2 * operation.multiplyAdds(inputs, result)
    }
  }
}

extension Operation {
  /// The multiply-adds of a product or a convolution, however often its kernel computes them; 0 of everything else.
  func multiplyAdds(_ inputs: [Signature], _ result: Signature) -> Double {
    func ofProduct(_ product: Product) -> Double {
      Double(result.elementCount) * Double(product.extents(inputs[0].shape, inputs[1].shape).k)
    }
    return switch self {
    case let product as Product: ofProduct(product)
    case let update as UpdateProduct: ofProduct(update.product)
    case let wide as WideProduct: ofProduct(wide.product)
    // what each element of y is made of: as many multiply-adds as a kernel has weights
    case is Convolve: Double(result.elementCount) * Double(Shape(inputs[1].shape.dropFirst()).elementCount)
    case is ConvolveToInput: Double(inputs[0].elementCount) * Double(Shape(inputs[1].shape.dropFirst()).elementCount)
    case is ConvolveToWeights: Double(inputs[1].elementCount) * Double(Shape(result.shape.dropFirst()).elementCount)
    default: 0
    }
  }
}
