/// The flat place of the greatest element of every window in its plane: the first of equals; NaN counts as the greatest.
/// [batch, channels, spatial...] → [batch, channels, counts...], int64.
///
/// Windows are given by their bounds, because adaptive ones differ in extent: window o of an axis covers every `steps`-th
/// place from `starts[o]` to before `ends[o]`.
package struct GreatestPlaces: Operation {
  /// One axis of windows.
  package struct Axis: Sendable, Hashable {
    package let extent, step: Int
    package let starts, ends: [Int]
  }

  package let axes: [Axis]

  package var name: String { "greatestPlaces" }
  package var attributes: [Int] {
    axes.flatMap { [$0.extent, $0.step, $0.starts.count] + $0.starts + $0.ends }
  }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let shape = inputs[0].shape
    guard shape.count == axes.count + 2, Array(shape[2...]) == axes.map(\.extent) else {
      throw ShapeError("windows over \(axes.map(\.extent)) need an input [batch, channels] + \(axes.map(\.extent))")
    }
    guard inputs[0].type.isFloatingPoint else { throw ShapeError("needs a floating-point type; use cast(to:)") }
    guard axes.allSatisfy({ zip($0.starts, $0.ends).allSatisfy { $0 < $1 } }) else {
      throw ShapeError("a window covers no element")
    }
    return Signature(shape[..<2] + axes.map(\.starts.count), .int64)
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let extent = axes.reduce(1) { $0 * $1.extent }
    // the places of each window, in row-major order
    var windows: [[Int]] = [[0]]
    for axis in axes {
      windows = windows.flatMap { outer in
        axis.starts.indices.map { o in
          let places = stride(from: axis.starts[o], to: axis.ends[o], by: axis.step)
          return outer.flatMap { place in places.map { place * axis.extent + $0 } }
        }
      }
    }
    for plane in 0..<(windows.isEmpty ? 0 : result.count / windows.count) {
      for (window, places) in windows.enumerated() {
        var best = places[0]
        for place in places.dropFirst() {
          let (value, top) = (inputs[0][real: plane * extent + place], inputs[0][real: plane * extent + best])
          if !top.isNaN && (value.isNaN || value > top) { best = place }
        }
        result[integer: plane * windows.count + window] = Int64(best)
      }
    }
  }
}

extension GreatestPlaces {
  /// Windows of one extent; what reaches beyond the input is left out.
  init(_ windows: Windows) {
    axes = windows.extents.indices.map { axis in
      let (step, width) = (windows.dilation[axis], windows.dilation[axis] * (windows.kernel[axis] - 1) + 1)
      let firsts = (0..<windows.counts[axis]).map { $0 * windows.stride[axis] - windows.low[axis] }
      return Axis(
        extent: windows.extents[axis], step: step,
        starts: firsts.map { $0 >= 0 ? $0 : $0 + (-$0 + step - 1) / step * step },
        ends: firsts.map { min($0 + width, windows.extents[axis]) })
    }
  }

  /// Windows that divide each axis into so many parts: ⌊o · extent / count⌋ to ⌈(o + 1) · extent / count⌉.
  init(dividing extents: [Int], into counts: [Int]) {
    axes = zip(extents, counts).map { extent, count in
      let bounds = adaptiveBounds(extent: extent, count: count)
      return Axis(extent: extent, step: 1, starts: bounds.map(\.lowerBound), ends: bounds.map(\.upperBound))
    }
  }
}

/// The parts of an axis that adaptive pooling sees, which overlap where the extent is no multiple of the count.
func adaptiveBounds(extent: Int, count: Int) -> [Range<Int>] {
  (0..<count).map { $0 * extent / count..<(($0 + 1) * extent + count - 1) / count }
}

extension Tensor {
  /// The greatest element of every window, and its flat place in its plane (PyTorch's `max_pool1d`, `2d`, `3d` with
  /// `return_indices`). The first of equal elements takes the gradient; the padding takes no part.
  ///
  /// - Shapes: [batch, channels, spatial...] → [batch, channels, windows...], twice; the places are int64.
  public func maxPooled(
    _ windows: Windows, file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, places: Tensor) { greatest(GreatestPlaces(windows), file, line) }

  /// The greatest element of so many parts of each axis (PyTorch's `adaptive_max_pool1d`, `2d`, `3d`).
  ///
  /// - Shapes: [batch, channels, spatial...] → [batch, channels] + counts.
  public func adaptiveMaxPooled(
    to counts: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> (values: Tensor, places: Tensor) {
    checkAdaptive(counts, "adaptive max pooling", file, line)
    return greatest(GreatestPlaces(dividing: Array(shape[2...]), into: counts), file, line)
  }

  func checkAdaptive(_ counts: [Int], _ name: String, _ file: StaticString, _ line: UInt) {
    check(
      rank == counts.count + 2 && counts.allSatisfy { $0 > 0 } && shape[2...].allSatisfy { $0 > 0 },
      "\(name)(\(signature)): needs an input [batch, channels, spatial...] and one count an axis, 1 or more, got \(counts)",
      file: file, line: line)
  }

  private func greatest(
    _ operation: GreatestPlaces, _ file: StaticString, _ line: UInt
  ) -> (values: Tensor, places: Tensor) {
    let places = Tensor.applying(operation, to: [stopGradient()], file: file, line: line)
    let planes = shape[0] * shape[1]
    let values = reshaped(to: [planes, shape[2...].reduce(1, *)])
      .gather(places.reshaped(to: [planes, places.shape[2...].reduce(1, *)]), axis: 1)
    return (values.reshaped(to: places.shape), places)
  }

  /// The converse of max pooling: each element at its place in a plane of zeros (PyTorch's `max_unpool2d`). Where two
  /// elements have one place, as overlapping windows may give, they add up.
  ///
  /// - Shapes: [batch, channels, counts...], with places of the same shape → [batch, channels] + extents.
  public func maxUnpooled(
    _ places: Tensor, to extents: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      rank >= 2 && places.shape == shape && extents.allSatisfy { $0 >= 0 },
      "max unpooling(\(signature), \(places.signature)): needs a place for each element", file: file, line: line)
    let (planes, count) = (shape[0] * shape[1], shape[2...].reduce(1, *))
    let operation = GatherBack(axis: 1, extent: extents.reduce(1, *))
    return Tensor.applying(
      operation, to: [reshaped(to: [planes, count]), places.reshaped(to: [planes, count])], file: file, line: line
    ).reshaped(to: shape[..<2] + extents)
  }
}
