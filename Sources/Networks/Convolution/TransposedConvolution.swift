import DescentTensors

/// A transposed convolution over one, two or three axes: each element of the input is spread over a window of the output,
/// weighted; what a convolution's gradient does to its input (Zeiler and others, "Deconvolutional networks", 2010;
/// PyTorch's `ConvTranspose1d`, `ConvTranspose2d`, `ConvTranspose3d`).
///
/// - Shapes: input `[batch, inputs, spatial...]` → output `[batch, outputs, spatial...]`, where an axis has
///   (extent − 1) · stride − 2 · padding + dilation · (kernel − 1) + 1 + output padding places; `weight` is
///   `[inputs, outputs / groups, kernel...]`, `bias` is `[outputs]`.
public struct TransposedConvolution<Axes: SpatialAxes>: WeightedLayer {
  /// The kernels.
  public let weight: Parameter
  /// What is added to each output channel, where there is one.
  public let bias: Parameter?
  /// The distance between the windows of the output, on each axis.
  public let stride: [Int]
  /// The distance between the elements of a window, on each axis.
  public let dilation: [Int]
  /// How much is cut off on either side of each axis.
  public let padding: [Int]
  /// How much is added behind each axis.
  public let outputPadding: [Int]
  /// Into how many groups inputs and outputs are divided.
  public let groups: Int
  private let geometry: KernelGeometry

  /// A layer with fresh parameters, which start as PyTorch's where no initializer is given.
  ///
  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - kernel: the kernel's extents.
  ///   - stride: the distance between the windows.
  ///   - padding: how much is cut off on either side.
  ///   - outputPadding: how much is added behind; less than the stride or the dilation.
  ///   - dilation: the distance between the elements of a window.
  ///   - groups: into how many groups the channels are divided.
  ///   - bias: whether a bias is added.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: PerAxis, stride: PerAxis = 1, padding: PerAxis = 0,
    outputPadding: PerAxis = 0, dilation: PerAxis = 1, groups: Int = 1, bias: Bool = true,
    weights: Initializer = .uniformByFanIn, biases: Initializer? = nil, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let name = Axes.name("ConvTranspose")
    check(
      inputs > 0 && outputs > 0 && groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "\(name)(\(inputs) → \(outputs)): channels must be 1 or more and multiples of the \(groups) groups", file: file,
      line: line)
    let geometry = KernelGeometry(
      Axes.self, name, kernel: kernel, stride: stride, dilation: dilation, file: file, line: line)
    let more = outputPadding.numbers(Axes.self, from: 0, "\(name): the output padding", file: file, line: line)
    check(
      more.indices.allSatisfy { more[$0] < max(geometry.stride[$0], geometry.dilation[$0]) },
      "\(name): output padding \(more) must be less than stride \(geometry.stride) or dilation \(geometry.dilation)",
      file: file, line: line)
    let shape = [inputs, outputs / groups] + geometry.kernel
    weight = Parameter(weights(shape, type: type))
    self.bias = bias ? Parameter((biases ?? .uniform(fanInOf: shape))([outputs], type: type)) : nil
    (self.stride, self.dilation) = (geometry.stride, geometry.dilation)
    self.padding = padding.numbers(Axes.self, from: 0, "\(name): the padding", file: file, line: line)
    self.outputPadding = more
    self.groups = groups
    self.geometry = geometry
  }

  /// The kernel's extents.
  public var kernel: [Int] { geometry.kernel }

  private var description: String {
    let channels = "\(weight.shape[0]) → \(weight.shape[1] * groups)"
    let grouping = groups == 1 ? "" : ", \(groups) groups"
    return "\(Axes.name("ConvTranspose"))(\(channels), \(geometry.description)\(grouping))"
  }

  /// The second.
  public static var outputAxis: Int { 1 }

  /// The transposed convolution, and the bias.
  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, weight: weight.value) }

  /// The same with other weights of their shape, made from them.
  public func callAsFunction(_ input: Tensor, weight: Tensor) -> Tensor {
    Axes.checkInput(input, channels: weight.shape[0], description)
    let windows = Windows(
      spreading: Axes.extents(of: input), kernel: geometry.kernel, stride: geometry.stride,
      dilation: geometry.dilation, low: padding, high: padding, more: outputPadding)
    let result = input.transposeConvolved(with: weight, windows: windows, groups: groups)
    return bias.map { result.addingToChannels($0.value) } ?? result
  }
}

/// A transposed convolution over sequences. See ``TransposedConvolution``.
public typealias ConvTranspose1D = TransposedConvolution<OneAxis>
/// A transposed convolution over pictures. See ``TransposedConvolution``.
public typealias ConvTranspose2D = TransposedConvolution<TwoAxes>
/// A transposed convolution over volumes. See ``TransposedConvolution``.
public typealias ConvTranspose3D = TransposedConvolution<ThreeAxes>
