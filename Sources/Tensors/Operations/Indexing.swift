/// Slices of the first input along an axis, picked by the whole numbers of the second.
struct Take: MovingOperation {
  let axis: Int

  var name: String { "take" }
  var attributes: [Int] { [axis] }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    try checkIndices(inputs[1])
    let shape = inputs[0].shape
    return Signature(shape[..<axis] + inputs[1].shape + shape[(axis + 1)...], inputs[0].type)
  }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(TakeBack(axis: axis, shape: inputs[0].shape), to: [resultGradient, inputs[1]]), nil]
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    let (extent, inner) = (inputs[0].shape[axis], Shape(inputs[0].shape[(axis + 1)...]).elementCount)
    let (size, picks) = (inner * result.type.byteCount, inputs[1].count)
    for outer in 0..<Shape(inputs[0].shape[..<axis]).elementCount {
      for pick in 0..<picks {
        let place = index(inputs[1], pick, extent: extent, operation: name)
        (result.address + (outer * picks + pick) * size)
          .copyMemory(from: inputs[0].address + (outer * extent + place) * size, byteCount: size)
      }
    }
  }
}

/// The converse of take: slices added to zeros at the places they were taken from.
struct TakeBack: Operation {
  let axis: Int
  let shape: Shape

  var name: String { "scatterAdd" }
  var attributes: [Int] { [axis] + shape }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    try checkIndices(inputs[1])
    guard inputs[0].shape == shape[..<axis] + inputs[1].shape + shape[(axis + 1)...] else {
      throw ShapeError("updates for indices \(inputs[1].shape) on axis \(axis) of \(shape) have another shape")
    }
    guard inputs[0].type != .bool else { throw ShapeError("is not defined on bool; use cast(to:)") }
    return Signature(shape, inputs[0].type)
  }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(Take(axis: axis), to: [resultGradient, inputs[1]]), nil]
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    result.address.initializeMemory(as: UInt8.self, repeating: 0, count: result.signature.byteCount)
    let (extent, inner) = (shape[axis], Shape(shape[(axis + 1)...]).elementCount)
    let picks = inputs[1].count
    for outer in 0..<Shape(shape[..<axis]).elementCount {
      for pick in 0..<picks {
        let place = index(inputs[1], pick, extent: extent, operation: name)
        let (to, from) = ((outer * extent + place) * inner, (outer * picks + pick) * inner)
        for step in 0..<inner { add(result, to + step, inputs[0], from + step) }
      }
    }
  }
}

/// One element for each index, along an axis: result[…, i, …] = x[…, indices[…, i, …], …].
struct Gather: MovingOperation {
  let axis: Int

  var name: String { "gather" }
  var attributes: [Int] { [axis] }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    try checkIndices(inputs[1])
    let (shape, indices) = (inputs[0].shape, inputs[1].shape)
    guard shape.count == indices.count, shape.indices.allSatisfy({ $0 == axis || shape[$0] == indices[$0] }) else {
      throw ShapeError("indices must have the tensor's extents on every axis but \(axis)")
    }
    return Signature(indices, inputs[0].type)
  }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(GatherBack(axis: axis, extent: inputs[0].shape[axis]), to: [resultGradient, inputs[1]]), nil]
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    let size = result.type.byteCount
    forEachGathered(inputs[1], axis: axis, extent: inputs[0].shape[axis], operation: name) { position, source in
      (result.address + position * size).copyMemory(from: inputs[0].address + source * size, byteCount: size)
    }
  }
}

/// The converse of gather: elements added to zeros at the places they were taken from.
struct GatherBack: Operation {
  let axis, extent: Int

  var name: String { "gatherBack" }
  var attributes: [Int] { [axis, extent] }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    try checkIndices(inputs[1])
    guard inputs[0].shape == inputs[1].shape else { throw ShapeError("updates and indices differ in shape") }
    var shape = inputs[0].shape
    shape[axis] = extent
    return Signature(shape, inputs[0].type)
  }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(Gather(axis: axis), to: [resultGradient, inputs[1]]), nil]
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    result.address.initializeMemory(as: UInt8.self, repeating: 0, count: result.signature.byteCount)
    forEachGathered(inputs[1], axis: axis, extent: extent, operation: name) { position, source in
      add(result, source, inputs[0], position)
    }
  }
}

// MARK: What they share

private func checkIndices(_ indices: Signature) throws(ShapeError) {
  guard indices.type.isInteger else {
    throw ShapeError("indices must be whole numbers, not \(indices.type)")
  }
}

private func index(_ indices: Elements, _ position: Int, extent: Int, operation: String) -> Int {
  let place = Int(indices[integer: position])
  check(place >= 0 && place < extent, "\(operation): index \(place) is outside extent \(extent)")
  return place
}

private func add(_ result: Elements, _ position: Int, _ update: Elements, _ source: Int) {
  if result.type.isFloatingPoint {
    result[real: position] += update[real: source]
  } else {
    result[integer: position] &+= update[integer: source]
  }
}

/// Calls the body with each position in the indices and the position it points at in the indexed tensor.
private func forEachGathered(
  _ indices: Elements, axis: Int, extent: Int, operation: String, _ body: (Int, Int) -> Void
) {
  let (picks, inner) = (indices.shape[axis], Shape(indices.shape[(axis + 1)...]).elementCount)
  for outer in 0..<Shape(indices.shape[..<axis]).elementCount {
    for pick in 0..<picks {
      for place in 0..<inner {
        let position = (outer * picks + pick) * inner + place
        let chosen = index(indices, position, extent: extent, operation: operation)
        body(position, (outer * extent + chosen) * inner + place)
      }
    }
  }
}

extension Tensor {
  /// Slices along an axis, picked by whole numbers: shape[..<axis] + indices.shape + shape[(axis + 1)...].
  ///
  /// An index outside the axis stops the program when the numbers are computed.
  public func take(_ indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = resolve(axis: axis, rank: rank, in: "take", file: file, line: line)
    return .applying(Take(axis: axis), to: [self, indices], file: file, line: line)
  }

  /// One element for each index, along an axis: `result[i][j] = x[i][indices[i][j]]` for axis 1.
  ///
  /// - Parameter indices: whole numbers, of this tensor's shape but for the axis.
  public func gather(_ indices: Tensor, axis: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = resolve(axis: axis, rank: rank, in: "gather", file: file, line: line)
    return .applying(Gather(axis: axis), to: [self, indices], file: file, line: line)
  }

  /// This tensor with slices added along an axis at the places that the indices name; repeated places add up.
  ///
  /// - Parameter updates: shape[..<axis] + indices.shape + shape[(axis + 1)...].
  public func scatterAdding(
    _ updates: Tensor, at indices: Tensor, axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    let axis = resolve(axis: axis, rank: rank, in: "scatterAdd", file: file, line: line)
    if type == .bfloat16 && updates.type == .bfloat16 {
      let updates = updates.cast(to: .float32)
      return inFloat32 { $0.scatterAdding(updates, at: indices, axis: axis, file: file, line: line) }
    }
    return self
      + .applying(TakeBack(axis: axis, shape: shape), to: [updates, indices], file: file, line: line)
  }

  /// 1 at the place that each whole number names, 0 elsewhere: shape + [count].
  ///
  /// A number outside 0 ..< count gives zeros only.
  public func oneHot(
    count: Int, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(self.type.isInteger, "oneHot(\(signature)): needs whole numbers; use cast(to:)", file: file, line: line)
    let places = cast(to: .int64).expandingAxis(at: -1, file: file, line: line)
    return (places .== Tensor.range(count, file: file, line: line)).cast(to: type)
  }
}
