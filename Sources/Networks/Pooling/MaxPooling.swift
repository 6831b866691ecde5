import DescentTensors

/// The greatest element of every window, channel by channel; of equal ones the first takes the gradient (PyTorch's
/// `MaxPool1d`, `MaxPool2d`, `MaxPool3d`).
///
///     MaxPool2D(kernel: 2)
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels, spatial...]`, where an axis has
///   ⌊(extent + 2 · padding − dilation · (kernel − 1) − 1) / stride⌋ + 1 places, rounded up in `ceilMode`.
public struct MaxPooling<Axes: SpatialAxes>: Module {
  private let geometry: PoolingGeometry<Axes>

  /// A pooling layer.
  ///
  /// - Parameters:
  ///   - kernel: the windows' extents.
  ///   - stride: the distance between them; the kernel where it is left out.
  ///   - padding: how far windows may start before the input, half of the kernel at most.
  ///   - dilation: the distance between the elements of a window.
  ///   - ceilMode: whether a last window that is not filled counts.
  public init(
    kernel: PerAxis, stride: PerAxis? = nil, padding: PerAxis = 0, dilation: PerAxis = 1, ceilMode: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    geometry = PoolingGeometry(
      "MaxPool", kernel: kernel, stride: stride, padding: padding, dilation: dilation, ceilMode: ceilMode, file: file,
      line: line)
  }

  /// The greatest elements.
  public func callAsFunction(_ input: Tensor) -> Tensor { withPlaces(input).output }

  /// The greatest elements, and the flat place of each in its plane, int64, of the same shape: what ``MaxUnpooling``
  /// takes (PyTorch's `return_indices`).
  public func withPlaces(_ input: Tensor) -> (output: Tensor, places: Tensor) {
    let (values, places) = input.maxPooled(geometry.windows(over: input))
    return (values, places)
  }
}

/// The greatest element of so many parts of each axis, whatever their extents (PyTorch's `AdaptiveMaxPool1d`, `2d`, `3d`).
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels] + counts`.
public struct AdaptiveMaxPooling<Axes: SpatialAxes>: Module {
  /// Extents of the output.
  public let counts: [Int]

  /// A layer whose output has these extents.
  public init(_ counts: PerAxis, file: StaticString = #fileID, line: UInt = #line) {
    self.counts = counts.numbers(
      Axes.self, from: 1, "\(Axes.name("AdaptiveMaxPool")): the output", file: file, line: line)
  }

  /// The greatest elements of the parts.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    Axes.checkInput(input, "\(Axes.name("AdaptiveMaxPool"))(\(counts.byCross))")
    return input.adaptiveMaxPooled(to: counts).values
  }
}

/// The greatest element of every channel (Keras' `GlobalMaxPooling1D`, `2D`, `3D`). Equal ones share the gradient.
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels]`.
public struct GlobalMaxPooling<Axes: SpatialAxes>: Module {
  /// A global pooling layer.
  public init() {}

  /// The greatest elements.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    Axes.checkInput(input, Axes.name("GlobalMaxPool"))
    return input.max(axes: Array(2..<input.rank))
  }
}

/// Elements put back at the places that max pooling took them from, zeros elsewhere (PyTorch's `MaxUnpool2d`). Where two
/// elements have one place, as overlapping windows may give, they add up.
///
/// - Shapes: input and places `[batch, channels, spatial...]` → output `[batch, channels, spatial...]`, where an axis has
///   (extent − 1) · stride − 2 · padding + kernel places unless extents are given.
public struct MaxUnpooling<Axes: SpatialAxes>: Sendable {
  private let geometry: PoolingGeometry<Axes>

  /// The converse of a pooling layer with the same numbers.
  public init(
    kernel: PerAxis, stride: PerAxis? = nil, padding: PerAxis = 0, file: StaticString = #fileID, line: UInt = #line
  ) {
    geometry = PoolingGeometry(
      "MaxUnpool", kernel: kernel, stride: stride, padding: padding, ceilMode: false, file: file, line: line)
  }

  /// The elements at their places.
  ///
  /// - Parameter extents: of the output's spatial axes, where several have the same pooled extent.
  public func callAsFunction(_ input: Tensor, places: Tensor, extents: [Int]? = nil) -> Tensor {
    Axes.checkInput(input, geometry.description)
    check(
      places.shape == input.shape, "\(geometry.description) expects places \(input.shape), got \(places.shape)")
    check(
      extents?.count ?? Axes.count == Axes.count,
      "\(geometry.description) expects \(Axes.count) extents, got \(extents ?? [])")
    let own = Axes.extents(of: input)
    let (kernel, stride) = (geometry.geometry.kernel, geometry.geometry.stride)
    return input.maxUnpooled(
      places,
      to: extents ?? own.indices.map { (own[$0] - 1) * stride[$0] - 2 * geometry.padding[$0] + kernel[$0] })
  }
}

/// Max pooling of sequences. See ``MaxPooling``.
public typealias MaxPool1D = MaxPooling<OneAxis>
/// Max pooling of pictures. See ``MaxPooling``.
public typealias MaxPool2D = MaxPooling<TwoAxes>
/// Max pooling of volumes. See ``MaxPooling``.
public typealias MaxPool3D = MaxPooling<ThreeAxes>
/// Adaptive max pooling of sequences. See ``AdaptiveMaxPooling``.
public typealias AdaptiveMaxPool1D = AdaptiveMaxPooling<OneAxis>
/// Adaptive max pooling of pictures. See ``AdaptiveMaxPooling``.
public typealias AdaptiveMaxPool2D = AdaptiveMaxPooling<TwoAxes>
/// Adaptive max pooling of volumes. See ``AdaptiveMaxPooling``.
public typealias AdaptiveMaxPool3D = AdaptiveMaxPooling<ThreeAxes>
/// The greatest element of each channel of sequences. See ``GlobalMaxPooling``.
public typealias GlobalMaxPool1D = GlobalMaxPooling<OneAxis>
/// The greatest element of each channel of pictures. See ``GlobalMaxPooling``.
public typealias GlobalMaxPool2D = GlobalMaxPooling<TwoAxes>
/// The greatest element of each channel of volumes. See ``GlobalMaxPooling``.
public typealias GlobalMaxPool3D = GlobalMaxPooling<ThreeAxes>
/// The converse of max pooling of sequences. See ``MaxUnpooling``.
public typealias MaxUnpool1D = MaxUnpooling<OneAxis>
/// The converse of max pooling of pictures. See ``MaxUnpooling``.
public typealias MaxUnpool2D = MaxUnpooling<TwoAxes>
/// The converse of max pooling of volumes. See ``MaxUnpooling``.
public typealias MaxUnpool3D = MaxUnpooling<ThreeAxes>
