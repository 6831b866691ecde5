import DescentTensors

/// The spatial axes made longer, or shorter: by the nearest element, linearly or by cubics (PyTorch's `Upsample`, Keras'
/// `UpSampling1D`, `2D`, `3D`; linear over two and three axes is bilinear and trilinear).
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels, spatial...]` with the extents times the
///   scale, or those that are given.
public struct Upsampling<Axes: SpatialAxes>: Module {
  private enum Extent: Sendable {
    case scale([Int])
    case counts([Int])
  }

  private let extent: Extent
  /// What lies between the elements.
  public let interpolation: Interpolation
  /// Whether the first and last elements of an axis are kept where they are.
  public let alignsCorners: Bool

  /// A layer that multiplies the extents by whole numbers.
  public init(
    scale: PerAxis, by interpolation: Interpolation = .nearest, alignsCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let name = Axes.name("Upsampling")
    self.init(
      .scale(scale.numbers(Axes.self, from: 1, "\(name): the scale", file: file, line: line)), interpolation,
      alignsCorners, file, line)
  }

  /// A layer whose output has these extents.
  public init(
    to counts: PerAxis, by interpolation: Interpolation = .nearest, alignsCorners: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    let name = Axes.name("Upsampling")
    self.init(
      .counts(counts.numbers(Axes.self, from: 1, "\(name): the output", file: file, line: line)), interpolation,
      alignsCorners, file, line)
  }

  private init(
    _ extent: Extent, _ interpolation: Interpolation, _ alignsCorners: Bool, _ file: StaticString, _ line: UInt
  ) {
    check(
      !(alignsCorners && interpolation == .nearest),
      "\(Axes.name("Upsampling")): the nearest element has no corners to align", file: file, line: line)
    self.extent = extent
    self.interpolation = interpolation
    self.alignsCorners = alignsCorners
  }

  /// The input in its new extents.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    Axes.checkInput(input, Axes.name("Upsampling"))
    let counts =
      switch extent {
      case .scale(let scale): zip(Axes.extents(of: input), scale).map { $0 * $1 }
      case .counts(let counts): counts
      }
    return input.interpolated(to: counts, by: interpolation, alignsCorners: alignsCorners)
  }
}

/// Upsampling of sequences. See ``Upsampling``.
public typealias Upsampling1D = Upsampling<OneAxis>
/// Upsampling of pictures. See ``Upsampling``.
public typealias Upsampling2D = Upsampling<TwoAxes>
/// Upsampling of volumes. See ``Upsampling``.
public typealias Upsampling3D = Upsampling<ThreeAxes>

/// Channels laid out as finer pixels (PyTorch's `PixelShuffle`; Shi and others 2016).
///
/// - Shapes: input `[batch, channels · r², height, width]` → output `[batch, channels, height · r, width · r]`.
public struct PixelShuffle: Module {
  /// r.
  public let factor: Int

  /// A layer that makes pixels r times finer.
  public init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    check(factor > 0, "PixelShuffle(\(factor)): the factor must be 1 or more", file: file, line: line)
    self.factor = factor
  }

  /// The finer picture.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(
      input.rank == 4 && input.shape[1] % (factor * factor) == 0,
      "PixelShuffle(\(factor)) expects input [batch, channels · \(factor * factor), height, width], got \(input.shape)")
    return input.pixelShuffled(factor)
  }
}

/// Pixels gathered into the channels of coarser ones (PyTorch's `PixelUnshuffle`).
///
/// - Shapes: input `[batch, channels, height · r, width · r]` → output `[batch, channels · r², height, width]`.
public struct PixelUnshuffle: Module {
  /// r.
  public let factor: Int

  /// A layer that makes pixels r times coarser.
  public init(_ factor: Int, file: StaticString = #fileID, line: UInt = #line) {
    check(factor > 0, "PixelUnshuffle(\(factor)): the factor must be 1 or more", file: file, line: line)
    self.factor = factor
  }

  /// The coarser picture.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(
      input.rank == 4 && input.shape[2] % factor == 0 && input.shape[3] % factor == 0,
      "PixelUnshuffle(\(factor)) expects input [batch, channels, height · \(factor), width · \(factor)], "
        + "got \(input.shape)")
    return input.pixelUnshuffled(factor)
  }
}
