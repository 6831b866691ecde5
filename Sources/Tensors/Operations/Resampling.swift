#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What lies between the elements of an axis when it is made longer or shorter.
public enum Interpolation: Sendable, Hashable, CaseIterable {
  /// The element at ⌊o · extent / count⌋.
  case nearest
  /// The two neighbours, weighted by their distance; over two and three axes bilinear and trilinear.
  case linear
  /// Four neighbours, by Keys' cubic with a = −0.75 (Keys, "Cubic convolution interpolation for digital image
  /// processing", 1981).
  case cubic
}

extension Tensor {
  /// An axis of another extent, whose elements are weighted sums of this one's: a product with a matrix that is the same
  /// for every line along the axis.
  ///
  /// - Parameter weights: for each element of the result the places that it is made of, with their weights.
  func resampled(axis: Int, to count: Int, weights: (Int) -> [(place: Int, weight: Double)]) -> Tensor {
    let extent = shape[axis]
    check(
      count <= 1 << 26 / Swift.max(extent, 1),
      "resampling(\(signature)): an axis from \(extent) to \(count) elements takes a matrix of more than 2²⁶")
    var matrix = [Double](repeating: 0, count: count * extent)
    for row in 0..<count {
      for (place, weight) in weights(row) { matrix[row * extent + place] += weight }
    }
    let (outer, inner) = (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
    var result = shape
    result[axis] = count
    // weights keep their digits, whatever other products are computed in
    return Precision.float32 {
      inFloat32 { x in
        let factor = Tensor.constants(matrix, shape: [count, extent], type: x.type)
        return inner == 1
          ? x.reshaped(to: [outer, extent]).matmul(factor, transposingOther: true).reshaped(to: result)
          : factor.matmul(x.reshaped(to: [outer, extent, inner])).reshaped(to: result)
      }
    }
  }

  /// The spatial axes in other extents (PyTorch's `interpolate`, without its antialiasing).
  ///
  /// Element o of the result lies at (o + ½) · extent / count − ½ of the axis, or, where corners are aligned, at
  /// o · (extent − 1) / (count − 1), so that first and last elements are kept.
  ///
  /// - Shapes: [batch, channels, spatial...] → [batch, channels] + counts.
  public func interpolated(
    to counts: [Int], by interpolation: Interpolation = .nearest, alignsCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      rank == counts.count + 2 && counts.allSatisfy { $0 > 0 } && shape[2...].allSatisfy { $0 > 0 },
      "interpolation(\(signature)): needs an input [batch, channels, spatial...] and one extent an axis, got \(counts)",
      file: file, line: line)
    check(
      type.isFloatingPoint || interpolation == .nearest,
      "interpolation(\(signature)): needs a floating-point type; use cast(to:)", file: file, line: line)
    check(
      !(alignsCorners && interpolation == .nearest), "interpolation: the nearest element has no corners to align",
      file: file, line: line)
    return counts.indices.reduce(self) { result, axis in
      let (extent, count) = (result.shape[axis + 2], counts[axis])
      if interpolation == .nearest { return result.nearest(axis: axis + 2, to: count) }
      // at the same extent every element lies on itself
      guard extent != count else { return result }
      let step =
        alignsCorners ? Double(extent - 1) / Double(Swift.max(count - 1, 1)) : Double(extent) / Double(count)
      return result.resampled(axis: axis + 2, to: count) { place in
        let position = alignsCorners ? Double(place) * step : (Double(place) + 0.5) * step - 0.5
        return interpolation == .linear ? linear(position, extent) : cubic(position, extent)
      }
    }
  }

  private func nearest(axis: Int, to count: Int) -> Tensor {
    let extent = shape[axis]
    guard extent != count else { return self }
    guard count % extent == 0 else {
      return take(Tensor((0..<count).map { Int64($0 * extent / count) }), axis: axis)
    }
    // every element several times: its gradient is a sum over an axis
    var (repeated, result) = (shape, shape)
    repeated.insert(count / extent, at: axis + 1)
    result[axis] = count
    return expandingAxis(at: axis + 1).expanded(to: repeated).reshaped(to: result)
  }
}

private func linear(_ position: Double, _ extent: Int) -> [(place: Int, weight: Double)] {
  let position = max(position, 0)
  let first = min(Int(position), extent - 1)
  let part = position - Double(first)
  return [(first, 1 - part), (min(first + 1, extent - 1), part)]
}

private func cubic(_ position: Double, _ extent: Int) -> [(place: Int, weight: Double)] {
  let a = -0.75
  func near(_ x: Double) -> Double { ((a + 2) * x - (a + 3)) * x * x + 1 }
  func far(_ x: Double) -> Double { ((a * x - 5 * a) * x + 8 * a) * x - 4 * a }
  let first = floor(position)
  let part = position - first
  let weights = [far(1 + part), near(part), near(1 - part), far(2 - part)]
  return weights.enumerated().map { (min(max(Int(first) - 1 + $0, 0), extent - 1), $1) }
}

extension Tensor {
  /// Channels laid out as finer pixels: r² channels of a pixel become r × r pixels (PyTorch's `pixel_shuffle`; Shi and
  /// others, "Real-time single image and video super-resolution", 2016).
  ///
  /// - Shapes: [batch, channels · r², height, width] → [batch, channels, height · r, width · r].
  public func pixelShuffled(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    check(
      rank == 4 && factor > 0 && shape[1] % (factor * factor) == 0,
      "pixel shuffle(\(signature)): needs [batch, channels · \(factor)², height, width]", file: file, line: line)
    let (channels, height, width) = (shape[1] / (factor * factor), shape[2], shape[3])
    return reshaped(to: [shape[0], channels, factor, factor, height, width]).permuted([0, 1, 4, 2, 5, 3])
      .reshaped(to: [shape[0], channels, height * factor, width * factor])
  }

  /// The converse: r × r pixels become r² channels of one (PyTorch's `pixel_unshuffle`).
  ///
  /// - Shapes: [batch, channels, height · r, width · r] → [batch, channels · r², height, width].
  public func pixelUnshuffled(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    check(
      rank == 4 && factor > 0 && shape[2] % factor == 0 && shape[3] % factor == 0,
      "pixel unshuffle(\(signature)): needs [batch, channels, height · \(factor), width · \(factor)]", file: file,
      line: line)
    let (channels, height, width) = (shape[1], shape[2] / factor, shape[3] / factor)
    return reshaped(to: [shape[0], channels, height, factor, width, factor]).permuted([0, 1, 3, 5, 2, 4])
      .reshaped(to: [shape[0], channels * factor * factor, height, width])
  }
}
