import DescentTensors

/// Batch normalisation: y = γ · (x − μ) / √(σ² + ε) + β for each channel (Ioffe and Szegedy, "Batch normalization", 2015).
///
/// In training μ and σ² are the batch's own mean and variance over all axes but the channels', and the running ones move
/// towards them: r ← (1 − momentum) · r + momentum · batch's, the variance over n − 1. In inference μ and σ² are the
/// running ones. PyTorch: `BatchNorm1d`, `BatchNorm2d`, `BatchNorm3d`, whose state files it shares.
///
/// - Shapes: input `[batch, channels, ...]` → output of the same shape.
public struct BatchNorm: Module, NamedParts {
  /// The channels.
  public let features: Int
  /// ε.
  public let epsilon: Double
  /// The part of a batch's statistics in the running ones; nil takes the mean over all batches so far.
  public let momentum: Double?

  private let affine: Affine
  private let running: (mean: State, variance: State, batches: State)?

  /// γ, where it is learnt.
  public var weight: Parameter? { affine.weight }
  /// β, where it is learnt.
  public var bias: Parameter? { affine.bias }
  /// The running mean, where it is kept.
  public var runningMean: State? { running?.mean }
  /// The running variance, where it is kept.
  public var runningVariance: State? { running?.variance }

  /// A layer with γ = 1, β = 0 and running statistics of 0 and 1.
  ///
  /// - Parameters:
  ///   - features: channels, 1 or more.
  ///   - affine: whether γ and β are learnt.
  ///   - tracksRunningStatistics: whether running statistics are kept; without them inference, too, takes the batch's.
  public init(
    _ features: Int, epsilon: Double = 1e-5, momentum: Double? = 0.1, affine: Bool = true,
    tracksRunningStatistics: Bool = true, type: ElementType = .float32, file: StaticString = #fileID,
    line: UInt = #line
  ) {
    check(features > 0, "BatchNorm(\(features)): needs one channel or more", file: file, line: line)
    check(
      momentum.map { (0...1).contains($0) } ?? true,
      "BatchNorm(\(features)): the momentum must lie in [0, 1], got \(momentum ?? 0)", file: file, line: line)
    self.features = features
    self.epsilon = epsilon
    self.momentum = momentum
    self.affine = Affine([features], weight: affine, bias: affine, type: type)
    running =
      tracksRunningStatistics
      ? (State(.zeros([features], type: type)), State(.ones([features], type: type)), State(Tensor(Int64(0)))) : nil
  }

  /// The input, normalised.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    checkChannels(input, features, in: "BatchNorm(\(features))")
    return input.inFloat32(normalized)
  }

  private func normalized(_ input: Tensor) -> Tensor {
    let place = { (statistic: Tensor) in statistic.cast(to: input.type).alongChannels(ofRank: input.rank) }
    if Mode.current == .inference, let running {
      let scale = (running.variance.value.cast(to: input.type) + epsilon).rsqrt()
      return affine((input - place(running.mean.value)) * place(scale), place)
    }
    let axes = [0] + Array(2..<input.rank)
    let mean = input.mean(axes: axes, keepsAxes: true)
    let deviation = input - mean
    let variance = deviation.squared().mean(axes: axes, keepsAxes: true)
    if Mode.current == .training { keep(mean, variance, count: input.elementCount / features) }
    return affine(deviation * (variance + epsilon).rsqrt(), place)
  }

  /// Moves the running statistics towards a batch's, of so many numbers a channel.
  private func keep(_ mean: Tensor, _ variance: Tensor, count: Int) {
    guard let running else { return }
    check(count > 1, "BatchNorm(\(features)): training needs more than one number a channel in a batch")
    running.batches.value = running.batches.value + Tensor(Int64(1))
    let share =
      momentum.map { Tensor($0, type: mean.type) } ?? 1 / running.batches.value.cast(to: mean.type)
    let unbiased = variance * (Double(count) / Double(count - 1))
    for (state, new) in [(running.mean, mean), (running.variance, unbiased)] {
      let old = state.value.cast(to: new.type)
      let moved = old + (new.stopGradient().reshaped(to: [features]) - old) * share
      state.value = moved.cast(to: state.value.type)
    }
    evaluateUnlessTraced([running.batches.value, running.mean.value, running.variance.value])
  }

  /// Under PyTorch's names.
  public var namedParts: [(name: String, part: Any)] {
    guard let running else { return affine.parts }
    return affine.parts + [
      ("running_mean", running.mean), ("running_var", running.variance), ("num_batches_tracked", running.batches),
    ]
  }
}
