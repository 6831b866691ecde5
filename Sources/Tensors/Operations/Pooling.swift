extension Tensor {
  /// The mean of every window (PyTorch's `avg_pool1d`, `2d`, `3d`).
  ///
  /// - Shapes: [batch, channels, spatial...] → [batch, channels, windows...].
  /// - Parameters:
  ///   - windows: where the windows lie.
  ///   - high: padding behind each axis, which a mean counts as far as it goes.
  ///   - countsPadding: whether a mean is over the padding's zeros too, not over the input's elements alone.
  ///   - divisor: what every sum is divided by instead of the number of elements.
  public func averagePooled(
    _ windows: Windows, high: [Int]? = nil, countsPadding: Bool = true, divisor: Double? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    if type == .bfloat16 {
      return inFloat32 {
        $0.averagePooled(windows, high: high, countsPadding: countsPadding, divisor: divisor, file: file, line: line)
      }
    }
    let high = high ?? windows.low
    let sums = unfolded(windows, file: file, line: line).sum(axes: [2])
    var divisors = [1.0]
    for axis in windows.extents.indices {
      let extent = windows.extents[axis]
      let counts = (0..<windows.counts[axis]).map { o -> Double in
        let first = o * windows.stride[axis] - windows.low[axis]
        return Double(
          (0..<windows.kernel[axis]).count { k in
            let place = first + k * windows.dilation[axis]
            return countsPadding ? place < extent + high[axis] : place >= 0 && place < extent
          })
      }
      divisors = divisors.flatMap { outer in counts.map { outer * $0 } }
    }
    let means: Tensor
    if let divisor {
      means = sums / divisor
    } else if let first = divisors.first, divisors.allSatisfy({ $0 == first }) {
      means = sums / first
    } else {
      means = sums / Tensor.constants(divisors, type: type)
    }
    return means.reshaped(to: shape[..<2] + windows.counts)
  }

  /// (Σ xᵖ)^(1/p) over every window, of slope 0 where the sum is 0 (PyTorch's `lp_pool1d`, `2d`, `3d`, which take the mean
  /// and multiply it by the number of elements; that differs in windows which `ceilMode` leaves unfilled).
  ///
  /// - Shapes: [batch, channels, spatial...] → [batch, channels, windows...].
  public func normPooled(
    _ windows: Windows, norm: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(norm > 0 && norm.isFinite, "LP pooling: norm \(norm) must be above 0 and finite", file: file, line: line)
    if type == .bfloat16 { return inFloat32 { $0.normPooled(windows, norm: norm, file: file, line: line) } }
    let means = power(norm).averagePooled(windows, file: file, line: line)
    let sums = means * Double(windows.kernel.reduce(1, *))
    let isZero = sums .== 0
    let (zero, one) = (Tensor(0, type: type), Tensor(1, type: type))
    return .select(isZero, zero, Tensor.select(isZero, one, sums).power(1 / norm))
  }

  /// The mean of so many parts of each axis (PyTorch's `adaptive_avg_pool1d`, `2d`, `3d`).
  ///
  /// - Shapes: [batch, channels, spatial...] → [batch, channels] + counts.
  public func adaptiveAveragePooled(
    to counts: [Int], file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    checkAdaptive(counts, "adaptive average pooling", file, line)
    let extents = Array(shape[2...])
    if zip(extents, counts).allSatisfy({ $0 % $1 == 0 }) {
      let kernel = zip(extents, counts).map { $0 / $1 }
      return averagePooled(Windows(over: extents, kernel: kernel, stride: kernel), file: file, line: line)
    }
    // parts that overlap unevenly are the same on every line of an axis: one small matrix an axis
    return counts.indices.reduce(self) { result, axis in
      let parts = adaptiveBounds(extent: extents[axis], count: counts[axis])
      return result.resampled(axis: axis + 2, to: counts[axis]) { part in
        parts[part].map { ($0, 1 / Double(parts[part].count)) }
      }
    }
  }
}

extension Tensor {
  /// Known numbers in a floating-point type.
  static func constants(_ numbers: [Double], shape: Shape? = nil, type: ElementType) -> Tensor {
    type == .float64 ? Tensor(numbers, shape: shape) : Tensor(numbers.map { Float($0) }, shape: shape).cast(to: type)
  }
}
