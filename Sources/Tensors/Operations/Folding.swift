/// The elements of every window, laid side by side: [batch, channels, spatial...] → [batch, channels, kernel, windows],
/// both axes row-major over the spatial ones. Zeros lie where a window reaches beyond the input.
package struct Unfold: MovingOperation {
  package let windows: Windows

  package var name: String { "unfold" }
  package var attributes: [Int] { windows.words }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let shape = inputs[0].shape
    guard shape.count == windows.extents.count + 2, Array(shape[2...]) == windows.extents else {
      throw ShapeError("windows over \(windows.extents) need an input [batch, channels] + \(windows.extents)")
    }
    return Signature(
      shape[..<2] + [Shape(windows.kernel).elementCount, Shape(windows.counts).elementCount], inputs[0].type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(Fold(windows: windows), to: [resultGradient])]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let (places, extent, size) = (windows.places, Shape(windows.extents).elementCount, result.type.byteCount)
    result.address.initializeMemory(as: UInt8.self, repeating: 0, count: result.signature.byteCount)
    for plane in 0..<(places.isEmpty ? 0 : result.count / places.count) {
      for (position, place) in places.enumerated() where place >= 0 {
        (result.address + (plane * places.count + position) * size)
          .copyMemory(from: inputs[0].address + (plane * extent + place) * size, byteCount: size)
      }
    }
  }
}

/// The converse of unfold: what lies at each element of each window is added up at the place that it was read from.
package struct Fold: Operation {
  package let windows: Windows

  package var name: String { "fold" }
  package var attributes: [Int] { windows.words }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let shape = inputs[0].shape
    let columns = [Shape(windows.kernel).elementCount, Shape(windows.counts).elementCount]
    guard shape.count == 4, Array(shape[2...]) == columns else {
      throw ShapeError(
        "windows of \(windows.kernel), \(windows.counts) of them, need an input [batch, channels] + \(columns)")
    }
    guard inputs[0].type != .bool else { throw ShapeError("is not defined on bool; use cast(to:)") }
    return Signature(shape[..<2] + windows.extents, inputs[0].type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(Unfold(windows: windows), to: [resultGradient])]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let (places, extent) = (windows.places, Shape(windows.extents).elementCount)
    result.address.initializeMemory(as: UInt8.self, repeating: 0, count: result.signature.byteCount)
    for plane in 0..<(places.isEmpty ? 0 : inputs[0].count / places.count) {
      for (position, place) in places.enumerated() where place >= 0 {
        let (to, from) = (plane * extent + place, plane * places.count + position)
        if result.type.isFloatingPoint {
          result[real: to] += inputs[0][real: from]
        } else {
          result[integer: to] &+= inputs[0][integer: from]
        }
      }
    }
  }
}

extension Tensor {
  /// The elements of every window, 0 outside the input (PyTorch's `nn.Unfold`, with the channels' axis apart).
  ///
  /// - Shapes: [batch, channels, spatial...] → [batch, channels, elements of a window, windows].
  public func unfolded(_ windows: Windows, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if windows.areElements, rank == windows.extents.count + 2, Array(shape[2...]) == windows.extents {
      return reshaped(to: [shape[0], shape[1], 1, Shape(windows.extents).elementCount], file: file, line: line)
    }
    return .applying(Unfold(windows: windows), to: [self], file: file, line: line)
  }

  /// The sum at each place of the elements of all windows that cover it (PyTorch's `nn.Fold`).
  ///
  /// - Shapes: [batch, channels, elements of a window, windows] → [batch, channels, spatial...].
  public func folded(_ windows: Windows, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    if windows.areElements, rank == 4, shape[2] == 1, shape[3] == Shape(windows.extents).elementCount {
      return reshaped(to: shape[..<2] + windows.extents, file: file, line: line)
    }
    return .applying(Fold(windows: windows), to: [self], file: file, line: line)
  }
}
