/// Every `steps`-th element from `starts` on, `counts` on each axis. Steps may be negative.
package struct Slice: MovingOperation {
  let starts, counts, steps: [Int]

  package var name: String { "slice" }
  package var attributes: [Int] { starts + counts + steps }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    for (axis, extent) in inputs[0].shape.enumerated() where counts[axis] > 0 {
      let last = starts[axis] + (counts[axis] - 1) * steps[axis]
      guard starts[axis] >= 0, starts[axis] < extent, last >= 0, last < extent else {
        throw ShapeError("elements \(starts[axis]) to \(last) of axis \(axis) are not all within extent \(extent)")
      }
    }
    return Signature(counts, inputs[0].type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(Place(shape: inputs[0].shape, starts: starts, steps: steps, background: 0), to: [resultGradient])]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let strides = inputs[0].shape.contiguousStrides
    StridedCopy.run(
      counts, elementSize: result.type.byteCount,
      from: .init(
        address: inputs[0].address, start: zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 },
        strides: zip(steps, strides).map { $0 * $1 }),
      to: .init(address: result.address, strides: counts.contiguousStrides))
  }
}

/// The converse of a slice: the elements put at its places in a tensor of one value. Padding is the case of steps of 1.
package struct Place: MovingOperation {
  let shape: Shape
  let starts, steps: [Int]
  let background: Double

  package var name: String { "place" }
  package var attributes: [Int] { shape + starts + steps + [Int(truncatingIfNeeded: background.bitPattern)] }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let whole = Slice(starts: starts, counts: inputs[0].shape, steps: steps)
    _ = try whole.result(of: [Signature(shape, inputs[0].type)])
    return Signature(shape, inputs[0].type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(Slice(starts: starts, counts: inputs[0].shape, steps: steps), to: [resultGradient])]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    if background == 0 {
      result.address.initializeMemory(as: UInt8.self, repeating: 0, count: result.signature.byteCount)
    } else {
      for index in 0..<result.count { result[real: index] = background }
    }
    let strides = shape.contiguousStrides
    StridedCopy.run(
      inputs[0].shape, elementSize: result.type.byteCount,
      from: .init(address: inputs[0].address, strides: inputs[0].shape.contiguousStrides),
      to: .init(
        address: result.address, start: zip(starts, strides).reduce(0) { $0 + $1.0 * $1.1 },
        strides: zip(steps, strides).map { $0 * $1 }))
  }
}

/// Tensors one behind the other along an axis.
package struct Concatenate: MovingOperation {
  let axis: Int

  package var name: String { "concatenate" }
  package var attributes: [Int] { [axis] }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard var shape = inputs.first?.shape, let type = inputs.first?.type else { throw ShapeError("needs a tensor") }
    shape[axis] = 0
    for input in inputs {
      guard input.type == type else { throw ShapeError("element types differ; cast one with cast(to:)") }
      guard input.shape.count == shape.count,
        shape.indices.allSatisfy({ $0 == axis || input.shape[$0] == shape[$0] })
      else { throw ShapeError("extents differ on an axis other than \(axis)") }
      shape[axis] += input.shape[axis]
    }
    return Signature(shape, type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    resultGradient.split(sizes: inputs.map { $0.shape[axis] }, axis: axis)
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let strides = result.shape.contiguousStrides
    var start = 0
    for input in inputs {
      StridedCopy.run(
        input.shape, elementSize: result.type.byteCount,
        from: .init(address: input.address, strides: input.shape.contiguousStrides),
        to: .init(address: result.address, start: start * strides[axis], strides: strides))
      start += input.shape[axis]
    }
  }
}

extension Tensor {
  /// Elements `start`, `start + step`, … before `end` on one axis, by NumPy's rules: negative places count from the end,
  /// places outside are held to the axis, a negative step goes backwards, and what is left out is the whole axis.
  public func sliced(
    axis: Int, from start: Int? = nil, to end: Int? = nil, by step: Int = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    check(step != 0, "slice(\(signature)): the step is 0", file: file, line: line)
    let axis = resolve(axis: axis, rank: rank, in: "slice", file: file, line: line)
    let extent = shape[axis]
    let bounds = step > 0 ? (0, extent) : (-1, extent - 1)
    func place(_ given: Int?, _ otherwise: Int) -> Int {
      guard let given else { return otherwise }
      return Swift.min(Swift.max(given < 0 ? given + extent : given, bounds.0), bounds.1)
    }
    let first = place(start, step > 0 ? bounds.0 : bounds.1)
    let past = place(end, step > 0 ? bounds.1 : bounds.0)
    var (starts, counts, steps) = (shape.map { _ in 0 }, shape, shape.map { _ in 1 })
    counts[axis] = Swift.max(0, (past - first + step - step.signum()) / step)
    (starts[axis], steps[axis]) = (counts[axis] == 0 ? 0 : first, step)
    return .applying(Slice(starts: starts, counts: counts, steps: steps), to: [self], file: file, line: line)
  }

  /// The part of one axis with those places, all of which must be on it.
  public func sliced(axis: Int, _ places: Range<Int>, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let axis = resolve(axis: axis, rank: rank, in: "slice", file: file, line: line)
    check(
      places.lowerBound >= 0 && places.upperBound <= shape[axis],
      "slice(\(signature)): places \(places) are not all on axis \(axis)", file: file, line: line)
    return sliced(axis: axis, from: places.lowerBound, to: places.upperBound, file: file, line: line)
  }

  /// `value` added around the tensor: `low[i]` elements before and `high[i]` behind on axis i.
  public func padded(
    low: [Int], high: [Int], with value: Double = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      low.count == rank && high.count == rank && (low + high).allSatisfy { $0 >= 0 },
      "pad(\(signature)): needs \(rank) amounts of 0 or more on either side, got \(low) and \(high)", file: file,
      line: line)
    let padded = shape.indices.map { low[$0] + shape[$0] + high[$0] }
    let operation = Place(shape: padded, starts: low, steps: shape.map { _ in 1 }, background: value)
    return .applying(operation, to: [self], file: file, line: line)
  }

  /// Tensors one behind the other along an axis on which alone they may differ.
  public static func concatenate(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(!tensors.isEmpty, "concatenate: needs a tensor", file: file, line: line)
    let axis = resolve(axis: axis, rank: tensors[0].rank, in: "concatenate", file: file, line: line)
    return tensors.count == 1 ? tensors[0] : applying(Concatenate(axis: axis), to: tensors, file: file, line: line)
  }

  /// Tensors of one shape along a new axis.
  public static func stack(
    _ tensors: [Tensor], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    concatenate(tensors.map { $0.expandingAxis(at: axis, file: file, line: line) }, axis: axis, file: file, line: line)
  }

  /// The tensor cut along an axis into parts of the given extents, which must add up.
  public func split(sizes: [Int], axis: Int = 0, file: StaticString = #fileID, line: UInt = #line) -> [Tensor] {
    let axis = resolve(axis: axis, rank: rank, in: "split", file: file, line: line)
    check(
      sizes.allSatisfy { $0 >= 0 } && sizes.reduce(0, +) == shape[axis],
      "split(\(signature)): sizes \(sizes) do not add up to extent \(shape[axis])", file: file, line: line)
    var start = 0
    return sizes.map { size in
      defer { start += size }
      return sliced(axis: axis, start..<start + size, file: file, line: line)
    }
  }
}
