import DescentNetworks
import DescentTensors

/// An average of the weights that training passes through, to be used in their place.
public enum WeightAveraging: Sendable, Hashable {
  /// a ← δ·a + (1 − δ)·w behind every step, from the weights behind the first (Polyak and Juditsky, "Acceleration of
  /// stochastic approximation by averaging", 1992): PyTorch's `AveragedModel` with `get_ema_multi_avg_fn(decay)`.
  case exponential(decay: Double)
  /// The mean of the weights behind step `start` and every so many steps from there (Izmailov and others, "Averaging
  /// weights leads to wider optima and better generalization", 2018): PyTorch's `AveragedModel`. Running statistics of a
  /// network are not averaged: run the network over training data in training mode before it is used.
  case stochastic(start: Int = 1, every: Int = 1)

  var isValid: Bool {
    switch self {
    case .exponential(let decay): decay >= 0 && decay < 1
    case .stochastic(let start, let period): start > 0 && period > 0
    }
  }

  /// The share that the new weights take in the average, as a float64 scalar, and of how many the average is then.
  ///
  /// - Parameter isStep: whether a step was made; nil where it always is.
  func mixing(step: Tensor, averaged: Tensor, isStep: Tensor?) -> (share: Tensor, averaged: Tensor) {
    var isDue = isStep
    let share: Tensor
    switch self {
    case .exponential(let decay):
      // the first weights are the average
      share = Tensor.select(averaged .> 0, Tensor(1 - decay), Tensor(1.0))
    case .stochastic(let start, let period):
      let since = step - Double(start)
      let isSampled = (since .>= 0) .& (since - (since / Double(period)).floor() * Double(period) .== 0)
      isDue = isDue.map { $0 .& isSampled } ?? isSampled
      share = 1 / (averaged.cast(to: .float64) + 1)
    }
    guard let isDue else { return (share, averaged + 1) }
    return (
      Tensor.select(isDue, share, Tensor(0.0)), averaged + isDue.cast(to: .float32)
    )
  }
}

extension Optimizer {
  /// The optimizer, keeping an average of the weights beside them. ``withAverages(of:_:)`` uses it; a ``Trainer`` measures
  /// the network with it, and leaves it in the network.
  public func averaging(
    _ averaging: WeightAveraging, file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    check(
      averaging.isValid,
      "Optimizer: a decay must lie in [0, 1), start and period must be 1 or more, got \(averaging)",
      file: file, line: line)
    return with { $0.averaging = averaging }
  }

  /// Whether parameters are to be used with other numbers than they are trained with: where weights are averaged, and
  /// with rules that average themselves.
  public var hasAverages: Bool { configuration.averages }

  /// Runs a function while parameters hold their averages, and puts back what they are trained with. A parameter without
  /// one keeps its numbers.
  public func withAverages<Result>(of parameters: [Parameter], _ body: () throws -> Result) rethrows -> Result {
    guard hasAverages else { return try body() }
    let trained = parameters.map(\.value)
    for (parameter, value) in zip(parameters, averages(of: parameters)) { parameter.value = value }
    defer { for (parameter, value) in zip(parameters, trained) { parameter.value = value } }
    return try body()
  }

  /// Gives parameters their averages, for good: the end of training. Steps behind it go on from there.
  public func useAverages(of parameters: [Parameter]) {
    guard hasAverages else { return }
    adopt(averages(of: parameters), for: parameters)
  }
}
