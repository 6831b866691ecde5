import DescentTensors

/// The mean of every window, channel by channel (PyTorch's `AvgPool1d`, `AvgPool2d`, `AvgPool3d`).
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels, spatial...]`, where an axis has
///   ⌊(extent + 2 · padding − kernel) / stride⌋ + 1 places, rounded up in `ceilMode`.
public struct AveragePooling<Axes: SpatialAxes>: Module {
  /// Whether a mean is over the padding's zeros too.
  public let countsPadding: Bool
  /// What sums are divided by instead of the number of elements.
  public let divisor: Double?
  private let geometry: PoolingGeometry<Axes>

  /// A pooling layer.
  ///
  /// - Parameters:
  ///   - kernel: the windows' extents.
  ///   - stride: the distance between them; the kernel where it is left out.
  ///   - padding: zeros around the input, half of the kernel at most.
  ///   - ceilMode: whether a last window that is not filled counts.
  ///   - countsPadding: whether a mean is over the padding's zeros too (`count_include_pad`).
  ///   - divisor: what sums are divided by instead of the number of elements (`divisor_override`).
  public init(
    kernel: PerAxis, stride: PerAxis? = nil, padding: PerAxis = 0, ceilMode: Bool = false, countsPadding: Bool = true,
    divisor: Double? = nil, file: StaticString = #fileID, line: UInt = #line
  ) {
    geometry = PoolingGeometry(
      "AveragePool", kernel: kernel, stride: stride, padding: padding, ceilMode: ceilMode, file: file, line: line)
    check(divisor != 0, "\(Axes.name("AveragePool")): the divisor is 0", file: file, line: line)
    self.countsPadding = countsPadding
    self.divisor = divisor
  }

  /// The means.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.averagePooled(geometry.windows(over: input), countsPadding: countsPadding, divisor: divisor)
  }
}

/// (Σ xᵖ)^(1/p) over every window, channel by channel (PyTorch's `LPPool1d`, `LPPool2d`, `LPPool3d`): the sum for p = 1,
/// towards the maximum for large p.
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels, spatial...]`, where an axis has
///   ⌊(extent − kernel) / stride⌋ + 1 places, rounded up in `ceilMode`.
public struct LPPooling<Axes: SpatialAxes>: Module {
  /// p.
  public let norm: Double
  private let geometry: PoolingGeometry<Axes>

  /// A pooling layer.
  ///
  /// - Parameters:
  ///   - norm: p, above 0; where it is not even, the input should not be negative.
  ///   - kernel: the windows' extents.
  ///   - stride: the distance between them; the kernel where it is left out.
  ///   - ceilMode: whether a last window that is not filled counts.
  public init(
    norm: Double, kernel: PerAxis, stride: PerAxis? = nil, ceilMode: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    geometry = PoolingGeometry(
      "LPPool", kernel: kernel, stride: stride, padding: 0, ceilMode: ceilMode, file: file, line: line)
    check(
      norm > 0 && norm.isFinite, "\(Axes.name("LPPool")): norm \(norm) must be above 0 and finite", file: file,
      line: line)
    self.norm = norm
  }

  /// The norms.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    input.normPooled(geometry.windows(over: input), norm: norm)
  }
}

/// The mean of so many parts of each axis, whatever their extents (PyTorch's `AdaptiveAvgPool1d`, `2d`, `3d`).
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels] + counts`.
public struct AdaptiveAveragePooling<Axes: SpatialAxes>: Module {
  /// Extents of the output.
  public let counts: [Int]

  /// A layer whose output has these extents.
  public init(_ counts: PerAxis, file: StaticString = #fileID, line: UInt = #line) {
    self.counts = counts.numbers(
      Axes.self, from: 1, "\(Axes.name("AdaptiveAveragePool")): the output", file: file, line: line)
  }

  /// The means of the parts.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    Axes.checkInput(input, "\(Axes.name("AdaptiveAveragePool"))(\(counts.byCross))")
    return input.adaptiveAveragePooled(to: counts)
  }
}

/// The mean of every channel (Keras' `GlobalAveragePooling1D`, `2D`, `3D`).
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels]`.
public struct GlobalAveragePooling<Axes: SpatialAxes>: Module {
  /// A global pooling layer.
  public init() {}

  /// The means.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    Axes.checkInput(input, Axes.name("GlobalAveragePool"))
    return input.mean(axes: Array(2..<input.rank))
  }
}

/// Average pooling of sequences. See ``AveragePooling``.
public typealias AveragePool1D = AveragePooling<OneAxis>
/// Average pooling of pictures. See ``AveragePooling``.
public typealias AveragePool2D = AveragePooling<TwoAxes>
/// Average pooling of volumes. See ``AveragePooling``.
public typealias AveragePool3D = AveragePooling<ThreeAxes>
/// LP pooling of sequences. See ``LPPooling``.
public typealias LPPool1D = LPPooling<OneAxis>
/// LP pooling of pictures. See ``LPPooling``.
public typealias LPPool2D = LPPooling<TwoAxes>
/// LP pooling of volumes. See ``LPPooling``.
public typealias LPPool3D = LPPooling<ThreeAxes>
/// Adaptive average pooling of sequences. See ``AdaptiveAveragePooling``.
public typealias AdaptiveAveragePool1D = AdaptiveAveragePooling<OneAxis>
/// Adaptive average pooling of pictures. See ``AdaptiveAveragePooling``.
public typealias AdaptiveAveragePool2D = AdaptiveAveragePooling<TwoAxes>
/// Adaptive average pooling of volumes. See ``AdaptiveAveragePooling``.
public typealias AdaptiveAveragePool3D = AdaptiveAveragePooling<ThreeAxes>
/// The mean of each channel of sequences. See ``GlobalAveragePooling``.
public typealias GlobalAveragePool1D = GlobalAveragePooling<OneAxis>
/// The mean of each channel of pictures. See ``GlobalAveragePooling``.
public typealias GlobalAveragePool2D = GlobalAveragePooling<TwoAxes>
/// The mean of each channel of volumes. See ``GlobalAveragePooling``.
public typealias GlobalAveragePool3D = GlobalAveragePooling<ThreeAxes>
