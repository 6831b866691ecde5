import DescentTensors

/// While training, sets whole channels of each sample to 0 with a probability p and divides the others by 1 − p: in a
/// picture neighbouring elements say nearly the same, so that dropping single ones drops little (Tompson and others,
/// "Efficient object localization using convolutional networks", 2015; PyTorch's `Dropout1d`, `Dropout2d`, `Dropout3d`).
///
/// - Shapes: input `[batch, channels, spatial...]` → output of the same shape.
public struct ChannelDropout<Axes: SpatialAxes>: Module {
  /// p: 0 or more, below 1.
  public let probability: Double

  /// A layer that drops channels with this probability: 0 or more, below 1.
  public init(_ probability: Double = 0.5, file: StaticString = #fileID, line: UInt = #line) {
    checkProbability(probability, Axes.name("Dropout"), file, line)
    self.probability = probability
  }

  /// The input, in training with channels set to 0.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    Axes.checkInput(input, "\(Axes.name("Dropout"))(\(probability))")
    return input.dropped(input.shape[..<2] + [Int](repeating: 1, count: Axes.count), probability)
  }
}

/// Dropout of whole channels of sequences. See ``ChannelDropout``.
public typealias Dropout1D = ChannelDropout<OneAxis>
/// Dropout of whole channels of pictures. See ``ChannelDropout``.
public typealias Dropout2D = ChannelDropout<TwoAxes>
/// Dropout of whole channels of volumes. See ``ChannelDropout``.
public typealias Dropout3D = ChannelDropout<ThreeAxes>
