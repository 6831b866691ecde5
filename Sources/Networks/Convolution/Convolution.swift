import DescentTensors

/// A convolution over one, two or three axes: y[b, o] = bias[o] + Σ weight[o, c, k] · x[b, c, window's element k], over the
/// channels c of the output's group (LeCun and others, "Gradient-based learning applied to document recognition", 1998;
/// PyTorch's `Conv1d`, `Conv2d`, `Conv3d`).
///
///     Conv2D(1, 6, kernel: 5, padding: 2)
///
/// - Shapes: input `[batch, inputs, spatial...]` → output `[batch, outputs, spatial...]`, where an axis has
///   ⌊(extent + padding in front and behind − dilation · (kernel − 1) − 1) / stride⌋ + 1 places; `weight` is
///   `[outputs, inputs / groups, kernel...]`, `bias` is `[outputs]`.
public struct Convolution<Axes: SpatialAxes>: WeightedLayer {
  /// The kernels.
  public let weight: Parameter
  /// What is added to each output channel, where there is one.
  public let bias: Parameter?
  /// The distance between the places of the kernel, on each axis.
  public let stride: [Int]
  /// The distance between the elements that the kernel sees, on each axis.
  public let dilation: [Int]
  /// Zeros around the input.
  public let padding: ConvolutionPadding
  /// Into how many groups inputs and outputs are divided.
  public let groups: Int
  private let geometry: KernelGeometry

  /// A layer with fresh parameters.
  ///
  /// - Parameters:
  ///   - inputs: channels of the input.
  ///   - outputs: channels of the output.
  ///   - kernel: the kernel's extents.
  ///   - stride: the distance between its places.
  ///   - padding: zeros around the input: a number, or `.same`, `.valid`, `.causal`.
  ///   - dilation: the distance between the elements that it sees.
  ///   - groups: into how many groups the channels are divided; each output sees its group's inputs only.
  ///   - bias: whether a bias is added.
  ///   - weights: what the weights start from; PyTorch's start where it is left out.
  ///   - biases: what the biases start from; uniform within ±1/√fan-in where it is left out, as in PyTorch.
  public init(
    _ inputs: Int, _ outputs: Int, kernel: PerAxis, stride: PerAxis = 1, padding: ConvolutionPadding = 0,
    dilation: PerAxis = 1, groups: Int = 1, bias: Bool = true, weights: Initializer = .uniformByFanIn,
    biases: Initializer? = nil, type: ElementType = .float32, file: StaticString = #fileID, line: UInt = #line
  ) {
    let name = Axes.name("Conv")
    check(
      inputs > 0 && outputs > 0 && groups > 0 && inputs % groups == 0 && outputs % groups == 0,
      "\(name)(\(inputs) → \(outputs)): channels must be 1 or more and multiples of the \(groups) groups", file: file,
      line: line)
    check(
      padding != .causal || Axes.count == 1, "\(name): causal padding is for one axis", file: file, line: line)
    geometry = KernelGeometry(
      Axes.self, name, kernel: kernel, stride: stride, dilation: dilation, file: file, line: line)
    if case .explicit(let amounts) = padding {
      _ = amounts.numbers(Axes.self, from: 0, "\(name): the padding", file: file, line: line)
    }
    let shape = [outputs, inputs / groups] + geometry.kernel
    weight = Parameter(weights(shape, type: type))
    self.bias = bias ? Parameter((biases ?? .uniform(fanInOf: shape))([outputs], type: type)) : nil
    (self.stride, self.dilation) = (geometry.stride, geometry.dilation)
    self.padding = padding
    self.groups = groups
  }

  /// The kernel's extents.
  public var kernel: [Int] { geometry.kernel }

  private var description: String {
    let channels = "\(weight.shape[1] * groups) → \(weight.shape[0])"
    return "\(Axes.name("Conv"))(\(channels), \(geometry.description)\(groups == 1 ? "" : ", \(groups) groups"))"
  }

  /// The convolution, and the bias.
  public func callAsFunction(_ input: Tensor) -> Tensor { self(input, weight: weight.value) }

  /// The same with other weights of their shape, made from them.
  public func callAsFunction(_ input: Tensor, weight: Tensor) -> Tensor {
    Axes.checkInput(input, channels: weight.shape[1] * groups, description)
    let extents = Axes.extents(of: input)
    let (low, high) = geometry.amounts(padding, Axes.self, extents: extents)
    let fits = extents.indices.allSatisfy {
      extents[$0] + low[$0] + high[$0] > geometry.dilation[$0] * (geometry.kernel[$0] - 1)
    }
    check(fits, "\(description) does not fit into input \(input.shape) padded by \(low) and \(high)")
    let windows = Windows(
      over: extents, kernel: geometry.kernel, stride: geometry.stride, dilation: geometry.dilation, low: low, high: high
    )
    let result = input.convolved(with: weight, windows: windows, groups: groups)
    return bias.map { result.addingToChannels($0.value) } ?? result
  }
}

/// A convolution over sequences: `[batch, channels, length]`. See ``Convolution``.
public typealias Conv1D = Convolution<OneAxis>
/// A convolution over pictures: `[batch, channels, height, width]`. See ``Convolution``.
public typealias Conv2D = Convolution<TwoAxes>
/// A convolution over volumes: `[batch, channels, depth, height, width]`. See ``Convolution``.
public typealias Conv3D = Convolution<ThreeAxes>

extension Tensor {
  /// A number a channel added to [batch, channels, spatial...].
  func addingToChannels(_ bias: Tensor) -> Tensor {
    self + bias.cast(to: type).alongChannels(ofRank: rank)
  }
}
