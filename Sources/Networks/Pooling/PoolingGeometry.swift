import DescentTensors

/// What places the windows of a pooling layer.
struct PoolingGeometry<Axes: SpatialAxes>: Sendable {
  let name: String
  let geometry: KernelGeometry
  let padding: [Int]
  let ceilMode: Bool

  init(
    _ layer: String, kernel: PerAxis, stride: PerAxis?, padding: PerAxis, dilation: PerAxis = 1, ceilMode: Bool,
    file: StaticString, line: UInt
  ) {
    name = Axes.name(layer)
    geometry = KernelGeometry(
      Axes.self, name, kernel: kernel, stride: stride ?? kernel, dilation: dilation, file: file, line: line)
    self.padding = padding.numbers(Axes.self, from: 0, "\(name): the padding", file: file, line: line)
    self.ceilMode = ceilMode
    let (kernel, amounts) = (geometry.kernel, self.padding)
    check(
      zip(amounts, kernel).allSatisfy { $0 <= $1 / 2 },
      "\(name): padding \(amounts) must be half of the kernel \(kernel.byCross) at most", file: file, line: line)
  }

  var description: String { "\(name)(\(geometry.description))" }

  func windows(over input: Tensor) -> Windows {
    Axes.checkInput(input, description)
    let extents = Axes.extents(of: input)
    let fits = extents.indices.allSatisfy {
      // rounding up, the last window may reach beyond the end
      extents[$0] + 2 * padding[$0] + (ceilMode ? geometry.stride[$0] - 1 : 0)
        > geometry.dilation[$0] * (geometry.kernel[$0] - 1)
    }
    check(fits, "\(description) does not fit into input \(input.shape) padded by \(padding)")
    return Windows(
      over: extents, kernel: geometry.kernel, stride: geometry.stride, dilation: geometry.dilation, low: padding,
      ceilMode: ceilMode)
  }
}
