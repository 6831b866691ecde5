#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// −ln softmax(x) at the class: ln Σ eˣ − x[class] along the last axis. Logits [..., classes] and whole numbers [...]
/// give losses [...].
package struct SoftmaxCrossEntropy: Operation {
  package var name: String { "softmaxCrossEntropy" }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let (logits, classes) = (inputs[0], inputs[1])
    guard logits.type.isFloatingPoint else { throw ShapeError("needs floating-point logits; use cast(to:)") }
    guard classes.type.isInteger else { throw ShapeError("classes must be whole numbers, not \(classes.type)") }
    guard !logits.shape.isEmpty, Shape(logits.shape.dropLast()) == classes.shape else {
      throw ShapeError("classes must have the logits' extents on every axis but the last")
    }
    return Signature(classes.shape, logits.type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(SoftmaxCrossEntropyGradient(), to: inputs + [resultGradient]), nil]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    for row in 0..<result.count {
      let (logits, place) = logitsAndClass(row, inputs, of: name)
      let top = logits.reduce(-Double.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
      result[real: row] = log(logits.reduce(0) { $0 + exp($1 - top) }) + top - logits[place]
    }
  }
}

/// g · (softmax(x) − onehot(class)): the gradient of ``SoftmaxCrossEntropy`` with respect to the logits, from logits,
/// classes and the gradient g of each loss, or one that all losses have.
package struct SoftmaxCrossEntropyGradient: Operation {
  package var name: String { "softmaxCrossEntropyGradient" }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let losses = try SoftmaxCrossEntropy().result(of: inputs)
    guard inputs[2] == losses || inputs[2] == Signature([], losses.type) else {
      throw ShapeError("the losses' gradient must be a scalar or have the losses' shape")
    }
    return inputs[0]
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    let (x, classes, g, r) = (inputs[0], inputs[1], inputs[2].expandingAxis(at: -1), resultGradient)
    let p = x.softmax()
    let weighted = r * p
    let sums = weighted.sum(axes: [-1], keepsAxes: true)
    let change = sums - r.gather(classes.expandingAxis(at: -1), axis: -1)
    return [g * (weighted - p * sums), nil, change.squeezed(axes: [-1]).summed(to: inputs[2].shape)]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    for row in 0..<inputs[1].count {
      let (logits, place) = logitsAndClass(row, inputs, of: name)
      let top = logits.reduce(-Double.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
      let sum = logits.reduce(0) { $0 + exp($1 - top) }
      for (column, logit) in logits.enumerated() {
        let error = exp(logit - top) / sum - (column == place ? 1 : 0)
        result[real: row * logits.count + column] = inputs[2][real: inputs[2].shape.isEmpty ? 0 : row] * error
      }
    }
  }
}

private func logitsAndClass(_ row: Int, _ inputs: [Elements], of name: String) -> (logits: [Double], place: Int) {
  let count = inputs[0].shape.last ?? 1
  let place = Int(inputs[1][integer: row])
  checkClass(place, count: count)
  return ((row * count..<(row + 1) * count).map { inputs[0][real: $0] }, place)
}

/// Stops where a class is none of those that there are logits for.
func checkClass(_ place: Int, count: Int) {
  check(place >= 0 && place < count, "cross-entropy: class \(place) is outside the \(count) classes that there are")
}

extension Tensor {
  /// −ln softmax(self) at the class, without overflow.
  ///
  /// A class outside the logits' last axis stops the program when the numbers are computed.
  ///
  /// - Shapes: logits `[..., classes]`, whole numbers `[...]` → `[...]`.
  public func softmaxCrossEntropy(
    _ classes: Tensor, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    .applying(SoftmaxCrossEntropy(), to: [self, classes], file: file, line: line)
  }
}
