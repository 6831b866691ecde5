/// An elementwise function of one to three tensors that broadcast to one shape.
package struct Elementwise: Operation {
  package let function: ElementwiseFunction

  package init(_ function: ElementwiseFunction) { self.function = function }

  package var name: String { function.rawValue }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let row = function.row
    guard inputs.count == row.arity else { throw ShapeError("takes \(row.arity) operands") }
    let operands = function == .select ? inputs[1...] : inputs[...]
    if function == .select, inputs[0].type != .bool { throw ShapeError("the condition must be bool") }
    guard let type = operands.first?.type, operands.allSatisfy({ $0.type == type }) else {
      throw ShapeError("element types differ; cast one with cast(to:)")
    }
    switch row.domain {
    case .floating where !type.isFloatingPoint: throw ShapeError("needs a floating-point type; use cast(to:)")
    case .numeric where type == .bool: throw ShapeError("is not defined on bool; use cast(to:)")
    case .logical where type != .bool: throw ShapeError("needs bool")
    default: break
    }
    var shape: Shape = []
    for input in inputs {
      guard let joint = shape.broadcast(with: input.shape) else {
        throw ShapeError("shapes do not broadcast: axes, aligned at the last, must be equal or 1")
      }
      shape = joint
    }
    return Signature(shape, row.isComparison ? .bool : type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    zip(inputs, function.row.derivative(inputs, result, resultGradient)).map { $1?.summed(to: $0.shape) }
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let row = function.row
    var offsets = inputs.map { Offsets($0.shape.strides(broadcastTo: result.shape), over: result.shape) }
    let isReal = inputs.last.map(\.type.isFloatingPoint) ?? false
    for index in 0..<result.count {
      if isReal {
        let value = row.real(
          inputs[0][real: offsets[0].next()], inputs.count > 1 ? inputs[1][real: offsets[1].next()] : 0,
          inputs.count > 2 ? inputs[2][real: offsets[2].next()] : 0)
        result[real: index] = value
      } else {
        let value = row.integer(
          inputs[0][integer: offsets[0].next()], inputs.count > 1 ? inputs[1][integer: offsets[1].next()] : 0,
          inputs.count > 2 ? inputs[2][integer: offsets[2].next()] : 0)
        result[integer: index] = value
      }
    }
  }
}

/// The offsets of a strided walk over a shape in row-major order.
struct Offsets {
  private let shape: Shape
  private let strides: [Int]
  private var position: [Int]
  private var offset: Int

  init(_ strides: [Int], over shape: Shape, from start: Int = 0) {
    self.shape = shape
    self.strides = strides
    position = [Int](repeating: 0, count: shape.count)
    offset = start
  }

  /// The next offset; after the last one it starts over.
  mutating func next() -> Int {
    defer {
      var axis = shape.count - 1
      while axis >= 0 {
        position[axis] += 1
        offset += strides[axis]
        if position[axis] < shape[axis] { break }
        offset -= strides[axis] * shape[axis]
        position[axis] = 0
        axis -= 1
      }
    }
    return offset
  }
}

/// The same numbers in another element type.
package struct Cast: Operation {
  let type: ElementType

  package var name: String { "cast" }
  package var attributes: [Int] { [ElementType.allCases.firstIndex(of: type) ?? 0] }

  package func result(of inputs: [Signature]) -> Signature { Signature(inputs[0].shape, type) }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [inputs[0].type.isFloatingPoint ? resultGradient.cast(to: inputs[0].type) : nil]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    for index in 0..<result.count {
      if inputs[0].type.isFloatingPoint || type.isFloatingPoint {
        result[real: index] = inputs[0][real: index]
      } else {
        result[integer: index] = inputs[0][integer: index]
      }
    }
  }
}
