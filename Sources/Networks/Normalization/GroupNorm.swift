import DescentTensors

/// Group normalisation: channels in groups, each standardised for each sample by its own mean and variance, then
/// γ · x + β for each channel (Wu and He, "Group normalization", 2018). PyTorch: `GroupNorm`.
///
/// - Shapes: input `[batch, channels, ...]` → output of the same shape.
public struct GroupNorm: Module, NamedParts {
  /// The groups and the channels.
  public let groups, channels: Int
  /// ε.
  public let epsilon: Double
  private let affine: Affine

  /// γ, where it is learnt.
  public var weight: Parameter? { affine.weight }
  /// β, where it is learnt.
  public var bias: Parameter? { affine.bias }

  /// A layer with γ = 1 and β = 0.
  ///
  /// - Parameters:
  ///   - groups: how many; a divisor of the channels.
  ///   - channels: 1 or more.
  ///   - affine: whether γ and β are learnt.
  public init(
    groups: Int, channels: Int, epsilon: Double = 1e-5, affine: Bool = true, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      groups > 0 && channels > 0 && channels % groups == 0,
      "GroupNorm: \(channels) channels cannot be divided into \(groups) groups", file: file, line: line)
    self.groups = groups
    self.channels = channels
    self.epsilon = epsilon
    self.affine = Affine([channels], weight: affine, bias: affine, type: type)
  }

  /// The input, normalised.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    checkChannels(input, channels, in: "GroupNorm(\(groups) groups of \(channels) channels)")
    return input.inFloat32 { input in
      let grouped = input.reshaped(to: [input.shape[0], groups, input.elementCount / max(1, input.shape[0] * groups)])
      let standard = grouped.standardized(axes: [2], epsilon: epsilon).reshaped(to: input.shape)
      return affine(standard) { $0.alongChannels(ofRank: input.rank) }
    }
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] { affine.parts }
}

/// Instance normalisation: every channel of every sample standardised by itself (Ulyanov, Vedaldi and Lempitsky, "Instance
/// normalization", 2016). PyTorch: `InstanceNorm1d`, `InstanceNorm2d`, `InstanceNorm3d`, without running statistics.
///
/// - Shapes: input `[batch, channels, ...]`, with an axis or more behind the channels → output of the same shape.
public struct InstanceNorm: Module, NamedParts {
  private let norm: GroupNorm

  /// The channels.
  public var features: Int { norm.channels }

  /// A layer, with γ = 1 and β = 0 where they are learnt.
  ///
  /// - Parameters:
  ///   - features: channels, 1 or more.
  ///   - affine: whether γ and β are learnt.
  public init(
    _ features: Int, epsilon: Double = 1e-5, affine: Bool = false, type: ElementType = .float32,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    norm = GroupNorm(
      groups: features, channels: features, epsilon: epsilon, affine: affine, type: type, file: file, line: line)
  }

  /// The input, normalised.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(input.rank > 2, "InstanceNorm(\(features)) expects input [batch, \(features), ...], got \(input.shape)")
    return norm(input)
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] { norm.namedParts }
}

/// Local response normalisation: each number divided by (k + α/n · Σ x²)^β over n neighbouring channels (Krizhevsky,
/// Sutskever and Hinton, "ImageNet classification with deep convolutional neural networks", 2012, with PyTorch's division
/// of α by n). PyTorch: `LocalResponseNorm`.
///
/// - Shapes: input `[batch, channels, ...]` → output of the same shape.
public struct LocalResponseNorm: Module {
  /// n.
  public let size: Int
  /// The formula's constants.
  public let alpha, beta, k: Double

  /// A layer over this many neighbouring channels, 1 or more.
  public init(
    size: Int, alpha: Double = 1e-4, beta: Double = 0.75, k: Double = 1, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(size > 0, "LocalResponseNorm: needs one channel or more, got \(size)", file: file, line: line)
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  /// The input, normalised.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(input.rank >= 2, "LocalResponseNorm expects input [batch, channels, ...], got \(input.shape)")
    return input.inFloat32 { input in
      let channels = input.shape[1]
      var (low, high) = (input.shape.map { _ in 0 }, input.shape.map { _ in 0 })
      (low[1], high[1]) = (size / 2, (size - 1) / 2)
      let squares = input.squared().padded(low: low, high: high)
      let sums = (1..<size).reduce(squares.sliced(axis: 1, 0..<channels)) { sum, shift in
        sum + squares.sliced(axis: 1, shift..<shift + channels)
      }
      return input / (sums * (alpha / Double(size)) + k).power(beta)
    }
  }
}
