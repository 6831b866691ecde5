/// An operation whose result is its first input's memory: it costs nothing when a plan runs.
package protocol AliasOperation: Operation {}

extension AliasOperation {
  package func define(_ result: Elements, from inputs: [Elements]) {
    result.address.copyMemory(from: inputs[0].address, byteCount: result.signature.byteCount)
  }
}

/// An operation that computes nothing: what it gives are elements of its inputs, moved as bytes, and one number
/// beside them. It does so for every element type alike.
package protocol MovingOperation: Operation {}

/// The same elements in row-major order under another shape.
struct Reshape: AliasOperation {
  let shape: Shape

  var name: String { "reshape" }
  var attributes: [Int] { shape }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard shape.allSatisfy({ $0 >= 0 }), inputs[0].elementCount == shape.elementCount else {
      throw ShapeError("\(inputs[0].elementCount) elements do not fill shape \(shape)")
    }
    return Signature(shape, inputs[0].type)
  }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [resultGradient.reshaped(to: inputs[0].shape)]
  }
}

/// The same value, through which no gradient passes.
struct StopGradient: AliasOperation {
  var name: String { "stopGradient" }
  func result(of inputs: [Signature]) -> Signature { inputs[0] }
}

/// The axes in another order.
struct Permute: MovingOperation {
  let order: [Int]

  var name: String { "permute" }
  var attributes: [Int] { order }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard order.sorted() == Array(0..<inputs[0].shape.count) else {
      throw ShapeError("\(order) is no order of the axes of rank \(inputs[0].shape.count)")
    }
    return Signature(order.map { inputs[0].shape[$0] }, inputs[0].type)
  }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [resultGradient.permuted(inverse(of: order))]
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    let strides = inputs[0].shape.contiguousStrides
    StridedCopy.run(
      result.shape, elementSize: result.type.byteCount,
      from: .init(address: inputs[0].address, strides: order.map { strides[$0] }),
      to: .init(address: result.address, strides: result.shape.contiguousStrides))
  }
}

func inverse(of order: [Int]) -> [Int] {
  var result = order
  for (place, axis) in order.enumerated() { result[axis] = place }
  return result
}

/// Broadcast to a larger shape by NumPy's rule.
package struct Expand: MovingOperation {
  let shape: Shape

  package var name: String { "expand" }
  package var attributes: [Int] { shape }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard shape.allSatisfy({ $0 >= 0 }), inputs[0].shape.broadcast(with: shape) == shape else {
      throw ShapeError("does not broadcast to \(shape): axes, aligned at the last, must be equal or 1")
    }
    return Signature(shape, inputs[0].type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [resultGradient.summed(to: inputs[0].shape)]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    StridedCopy.run(
      shape, elementSize: result.type.byteCount,
      from: .init(address: inputs[0].address, strides: inputs[0].shape.strides(broadcastTo: shape)),
      to: .init(address: result.address, strides: shape.contiguousStrides))
  }
}

extension Tensor {
  /// The same elements in row-major order under another shape; one extent may be −1 and is worked out.
  public func reshaped(to shape: Shape, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var shape = shape
    if let open = shape.firstIndex(of: -1) {
      let rest = shape.indices.filter { $0 != open }.map { shape[$0] }.elementCount
      check(
        rest > 0 && elementCount % rest == 0, "reshape(\(signature)): \(shape) leaves no whole extent for the −1",
        file: file, line: line)
      shape[open] = elementCount / rest
    }
    return shape == self.shape ? self : .applying(Reshape(shape: shape), to: [self], file: file, line: line)
  }

  /// Axes `axes` (from the first on) joined into one: `[batch, 28, 28]` → `[batch, 784]` with `from: 1`.
  public func flattened(from axis: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = rank == 0 ? 0 : resolve(axis: axis, rank: rank, in: "flatten", file: file, line: line)
    return reshaped(to: Array(shape[..<axis]) + [Shape(shape[axis...]).elementCount], file: file, line: line)
  }

  /// The axes in another order: axis i of the result is axis `order[i]` of this tensor.
  public func permuted(_ order: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let order = order.map { $0 < 0 ? $0 + rank : $0 }
    return order == Array(0..<rank) ? self : .applying(Permute(order: order), to: [self], file: file, line: line)
  }

  /// Two axes exchanged, the last two where none are named.
  public func transposed(_ first: Int = -2, _ second: Int = -1, file: StaticString = #fileID, line: UInt = #line)
    -> Tensor
  {
    var order = Array(0..<rank)
    let first = resolve(axis: first, rank: rank, in: "transpose", file: file, line: line)
    let second = resolve(axis: second, rank: rank, in: "transpose", file: file, line: line)
    order.swapAt(first, second)
    return permuted(order, file: file, line: line)
  }

  /// Broadcast to a larger shape by NumPy's rule.
  public func expanded(to shape: Shape, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    shape == self.shape ? self : .applying(Expand(shape: shape), to: [self], file: file, line: line)
  }

  /// Without the named axes, which must have extent 1; without every such axis where none are named.
  public func squeezed(axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axes = resolve(
      axes: axes ?? shape.indices.filter { shape[$0] == 1 }, rank: rank, in: "squeeze", file: file, line: line)
    check(
      axes.allSatisfy { shape[$0] == 1 }, "squeeze(\(signature)): axes \(axes) do not all have extent 1",
      file: file, line: line)
    return reshaped(to: reducedShape(shape, axes: axes, keepsAxes: false), file: file, line: line)
  }

  /// With a new axis of extent 1 at the place `axis` of the result.
  public func expandingAxis(at axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    var shape = shape
    shape.insert(1, at: resolve(axis: axis, rank: rank + 1, in: "expandingAxis", file: file, line: line))
    return reshaped(to: shape, file: file, line: line)
  }

  /// The same value, through which no gradient passes.
  public func stopGradient() -> Tensor { .applying(StopGradient(), to: [self]) }

  /// Summed over the axes on which `shape` was broadcast to this tensor's: the gradient of broadcasting.
  func summed(to shape: Shape) -> Tensor {
    if self.shape == shape { return self }
    let missing = rank - shape.count
    let axes = (0..<rank).filter { $0 < missing || (shape[$0 - missing] == 1 && self.shape[$0] != 1) }
    return (axes.isEmpty ? self : sum(axes: axes)).reshaped(to: shape)
  }
}
