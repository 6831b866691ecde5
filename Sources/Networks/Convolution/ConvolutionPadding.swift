import DescentTensors

/// How far zeros are added around the input of a convolution.
public enum ConvolutionPadding: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
  /// So many on either side of each axis.
  case explicit(PerAxis)
  /// As many as give ⌈extent / stride⌉ windows; where they are odd, the one more lies behind.
  case same
  /// None.
  case valid
  /// All in front, as many as let no window see what comes after its place; for one axis only.
  case causal

  /// The same on all axes.
  public init(integerLiteral value: Int) { self = .explicit(.all(value)) }
  /// One number for each axis.
  public init(arrayLiteral elements: Int...) { self = .explicit(.each(elements)) }
}

/// What places a kernel: shared by convolutions and pooling.
struct KernelGeometry: Sendable, Hashable {
  let kernel, stride, dilation: [Int]

  init(
    _ axes: any SpatialAxes.Type, _ layer: String, kernel: PerAxis, stride: PerAxis, dilation: PerAxis,
    file: StaticString, line: UInt
  ) {
    self.kernel = kernel.numbers(axes, from: 1, "\(layer): the kernel", file: file, line: line)
    self.stride = stride.numbers(axes, from: 1, "\(layer): the stride", file: file, line: line)
    self.dilation = dilation.numbers(axes, from: 1, "\(layer): the dilation", file: file, line: line)
  }

  /// What differs from a plain kernel, for messages: `kernel 5×5, stride 2×2`.
  var description: String {
    var parts = ["kernel \(kernel.byCross)"]
    if stride.contains(where: { $0 != 1 }) { parts.append("stride \(stride.byCross)") }
    if dilation.contains(where: { $0 != 1 }) { parts.append("dilation \(dilation.byCross)") }
    return parts.joined(separator: ", ")
  }

  /// Zeros in front of and behind each axis.
  func amounts(_ padding: ConvolutionPadding, _ axes: any SpatialAxes.Type, extents: [Int]) -> (low: [Int], high: [Int])
  {
    switch padding {
    case .explicit(let amounts):
      let numbers = amounts.numbers(axes, from: 0, "the padding", file: #fileID, line: #line)
      return (numbers, numbers)
    case .valid:
      let none = kernel.map { _ in 0 }
      return (none, none)
    case .causal:
      return (zip(kernel, dilation).map { ($0 - 1) * $1 }, kernel.map { _ in 0 })
    case .same:
      let totals = kernel.indices.map { axis in
        let windows = (extents[axis] + stride[axis] - 1) / stride[axis]
        return max(0, (windows - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1 - extents[axis])
      }
      return (totals.map { $0 / 2 }, totals.map { $0 - $0 / 2 })
    }
  }
}
