import DescentTensors

/// A convolution of every channel by itself, with one or more kernels each (Keras' `DepthwiseConv1D` and `2D`; PyTorch's
/// convolution with as many groups as inputs).
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels · multiplier, spatial...]`; `weight` is
///   `[channels · multiplier, 1, kernel...]`, `bias` is `[channels · multiplier]`.
public struct DepthwiseConvolution<Axes: SpatialAxes>: Module, NamedParts {
  /// The convolution with a group for each channel.
  public let convolution: Convolution<Axes>

  /// A layer with fresh parameters.
  ///
  /// - Parameters:
  ///   - channels: channels of the input.
  ///   - multiplier: output channels for each of them.
  ///   - kernel: the kernels' extents.
  ///   - stride: the distance between their places.
  ///   - padding: zeros around the input.
  ///   - dilation: the distance between the elements that they see.
  ///   - bias: whether a bias is added.
  public init(
    _ channels: Int, multiplier: Int = 1, kernel: PerAxis, stride: PerAxis = 1, padding: ConvolutionPadding = 0,
    dilation: PerAxis = 1, bias: Bool = true, weights: Initializer = .uniformByFanIn, biases: Initializer? = nil,
    type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    convolution = Convolution(
      channels, channels * multiplier, kernel: kernel, stride: stride, padding: padding, dilation: dilation,
      groups: channels, bias: bias, weights: weights, biases: biases, type: type, file: file, line: line)
  }

  /// `weight` and `bias`, as of any convolution.
  public var namedParts: [(name: String, part: Any)] {
    [("weight", convolution.weight), ("bias", convolution.bias as Any)]
  }

  /// Every channel convolved by itself.
  public func callAsFunction(_ input: Tensor) -> Tensor { convolution(input) }
}

/// A depthwise convolution followed by one of kernel 1 that mixes the channels: far fewer parameters and multiplications
/// than a whole one (Chollet, "Xception", 2017; Keras' `SeparableConv1D` and `2D`).
///
/// - Shapes: input `[batch, inputs, spatial...]` → output `[batch, outputs, spatial...]`; `depthwise.weight` is
///   `[inputs · multiplier, 1, kernel...]`, `pointwise.weight` is `[outputs, inputs · multiplier, 1...]`,
///   `pointwise.bias` is `[outputs]`.
public struct SeparableConvolution<Axes: SpatialAxes>: Module {
  /// Every channel by itself, without a bias.
  public let depthwise: DepthwiseConvolution<Axes>
  /// All channels of a place.
  public let pointwise: Convolution<Axes>

  /// A layer with fresh parameters.
  ///
  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - multiplier: channels between the two convolutions for each input.
  ///   - kernel: the depthwise kernels' extents.
  ///   - stride: the distance between their places.
  ///   - padding: zeros around the input.
  ///   - dilation: the distance between the elements that they see.
  ///   - bias: whether the second adds a bias.
  public init(
    _ inputs: Int, _ outputs: Int, multiplier: Int = 1, kernel: PerAxis, stride: PerAxis = 1,
    padding: ConvolutionPadding = 0, dilation: PerAxis = 1, bias: Bool = true,
    weights: Initializer = .uniformByFanIn, biases: Initializer? = nil, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    depthwise = DepthwiseConvolution(
      inputs, multiplier: multiplier, kernel: kernel, stride: stride, padding: padding, dilation: dilation, bias: false,
      weights: weights, type: type, file: file, line: line)
    pointwise = Convolution(
      inputs * multiplier, outputs, kernel: 1, bias: bias, weights: weights, biases: biases, type: type, file: file,
      line: line)
  }

  /// Each channel by itself, then all channels of each place.
  public func callAsFunction(_ input: Tensor) -> Tensor { pointwise(depthwise(input)) }
}

/// A depthwise convolution over sequences. See ``DepthwiseConvolution``.
public typealias DepthwiseConv1D = DepthwiseConvolution<OneAxis>
/// A depthwise convolution over pictures. See ``DepthwiseConvolution``.
public typealias DepthwiseConv2D = DepthwiseConvolution<TwoAxes>
/// A depthwise convolution over volumes. See ``DepthwiseConvolution``.
public typealias DepthwiseConv3D = DepthwiseConvolution<ThreeAxes>
/// A separable convolution over sequences. See ``SeparableConvolution``.
public typealias SeparableConv1D = SeparableConvolution<OneAxis>
/// A separable convolution over pictures. See ``SeparableConvolution``.
public typealias SeparableConv2D = SeparableConvolution<TwoAxes>
/// A separable convolution over volumes. See ``SeparableConvolution``.
public typealias SeparableConv3D = SeparableConvolution<ThreeAxes>
