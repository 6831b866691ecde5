extension Tensor {
  /// y[b, o] = Σ over the group's channels and the window's elements of weight · x (a cross-correlation, which every
  /// library calls convolution; PyTorch's `conv1d`, `conv2d`, `conv3d` without the bias).
  ///
  /// - Shapes: [batch, inputs, spatial...] with weight [outputs, inputs / groups, kernel...] → [batch, outputs, windows...].
  /// - Parameters:
  ///   - weight: the kernels.
  ///   - windows: where the kernels are laid; of the weight's extents.
  ///   - groups: into how many groups, in order, inputs and outputs are divided; each output sees its group's inputs only.
  public func convolved(
    with weight: Tensor, windows: Windows, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      rank == windows.extents.count + 2 && weight.rank == rank && Array(weight.shape[2...]) == windows.kernel
        && groups > 0 && weight.shape[1] * groups == shape[1] && weight.shape[0] % groups == 0,
      "convolution(\(signature), \(weight.signature)): needs an input [batch, inputs] + \(windows.extents) and a weight "
        + "[outputs, inputs / \(groups)] + \(windows.kernel)", file: file, line: line)
    let form = ConvolutionForm(windows: windows, groups: groups)
    return .applying(Convolve(form: form), to: [self, weight], file: file, line: line)
  }

  /// The gradient of a convolution with respect to its input, as an operation of its own: each element is spread over a
  /// window, weighted (PyTorch's `conv_transpose1d`, `2d`, `3d` without the bias; Zeiler and others 2010).
  ///
  /// - Shapes: [batch, inputs, windows...] with weight [inputs, outputs / groups, kernel...] → [batch, outputs, spatial...].
  /// - Parameters:
  ///   - weight: the kernels.
  ///   - windows: the windows over the *result*, as many as this tensor has elements.
  ///   - groups: into how many groups, in order, inputs and outputs are divided.
  public func transposeConvolved(
    with weight: Tensor, windows: Windows, groups: Int = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      rank == windows.counts.count + 2 && weight.rank == rank && Array(weight.shape[2...]) == windows.kernel
        && Array(shape[2...]) == windows.counts && groups > 0 && weight.shape[0] == shape[1]
        && shape[1] % groups == 0,
      "transposed convolution(\(signature), \(weight.signature)): needs an input [batch, inputs] + \(windows.counts) and "
        + "a weight [inputs, outputs / \(groups)] + \(windows.kernel)", file: file, line: line)
    let form = ConvolutionForm(windows: windows, groups: groups)
    return .applying(ConvolveToInput(form: form), to: [self, weight], file: file, line: line)
  }
}

extension Windows {
  /// The windows over the result of a transposed convolution, whose extents are
  /// (count − 1) · stride − low − high + dilation · (kernel − 1) + 1 + more.
  ///
  /// - Parameters:
  ///   - counts: extents of the input, whose elements are spread over one window each.
  ///   - low: how much is cut off in front of each axis.
  ///   - high: how much is cut off behind.
  ///   - more: how much is added behind, since a stride leaves the extent open (PyTorch's `output_padding`).
  public init(
    spreading counts: [Int], kernel: [Int], stride: [Int], dilation: [Int], low: [Int], high: [Int], more: [Int],
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let extents = counts.indices.map {
      (counts[$0] - 1) * stride[$0] - low[$0] - high[$0] + dilation[$0] * (kernel[$0] - 1) + 1 + more[$0]
    }
    check(
      extents.allSatisfy { $0 > 0 } && (kernel + stride + dilation).allSatisfy { $0 > 0 },
      "transposed windows: \(counts) elements, kernel \(kernel), stride \(stride), dilation \(dilation) and padding \(low) "
        + "and \(high) leave extents \(extents)", file: file, line: line)
    self.init(extents: extents, kernel: kernel, stride: stride, dilation: dilation, low: low, counts: counts)
  }
}
