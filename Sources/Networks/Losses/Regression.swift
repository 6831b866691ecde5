import DescentTensors

extension Loss {
  /// A loss of the errors p − t.
  private static func ofErrors(_ name: String, _ sampleLosses: @escaping @Sendable (Tensor) -> Tensor) -> Loss {
    Loss(name) { sampleLosses($0 - $1.cast(to: $0.type)) }
  }

  /// Mean of (p − t)². PyTorch: `mse_loss`.
  public static let meanSquared = ofErrors("mean-squared") { $0.squared().sampleMean() }

  /// Root of the mean of (p − t)², in the unit of the targets: √ of what ``meanSquared`` gives under the same reduction
  /// and weights. Its gradient at a perfect fit is 0. PyTorch: `mse_loss(...).sqrt()`.
  public static let rootMeanSquared = Loss(
    "root-mean-squared", predictions: .values, takesClassIndices: false,
    weighted: { SampleLosses(($0 - $1.cast(to: $0.type)).squared().sampleMean()) }, finish: { $0.rootOrZero() })

  /// Half the mean of (p − t)², whose gradient is the mean error itself. PyTorch: `mse_loss(...) / 2`.
  public static let halfMeanSquared = ofErrors("half-mean-squared") { $0.squared().sampleMean() * 0.5 }

  /// Σ (p − t)² over a sample's outputs. PyTorch, for `.sum`: `mse_loss(..., reduction="sum")`.
  public static let sumOfSquares = ofErrors("sum-of-squares") { $0.squared().sampleSum() }

  /// ½ Σ (p − t)² over a sample's outputs: the error that classic texts on back-propagation take (Rumelhart, Hinton and
  /// Williams 1986); over a batch they take `.sum`. PyTorch, for `.sum`: `mse_loss(..., reduction="sum") / 2`.
  public static let halfSumOfSquares = ofErrors("half-sum-of-squares") { $0.squared().sampleSum() * 0.5 }

  /// Mean of |p − t|. PyTorch: `l1_loss`.
  public static let meanAbsolute = ofErrors("mean-absolute") { $0.absolute().sampleMean() }

  /// Σ |p − t| over a sample's outputs. PyTorch, for `.sum`: `l1_loss(..., reduction="sum")`.
  public static let l1 = ofErrors("l1") { $0.absolute().sampleSum() }

  /// Mean of ln cosh(p − t): squared near 0, absolute far away, smooth everywhere. Finite for every error that is.
  /// Source: Keras, `LogCosh`.
  public static let logCosh = ofErrors("log-cosh") { $0.logCosh().sampleMean() }

  /// ``huber(delta:)`` with delta 1.
  public static let huber = huber(delta: 1)

  /// Mean of ½e² where |e| ≤ δ and δ·(|e| − ½δ) elsewhere, with e = p − t (Huber, "Robust estimation of a location
  /// parameter", 1964). PyTorch: `huber_loss`.
  ///
  /// - Parameter delta: δ > 0, in the unit of the targets: larger errors count in proportion, not squared.
  public static func huber(delta: Double, file: StaticString = #fileID, line: UInt = #line) -> Loss {
    check(delta > 0 && delta.isFinite, "Loss.huber(delta: \(delta)): delta must be above 0", file: file, line: line)
    return ofErrors("huber") { errors in
      // held to ±δ, the error gives both branches without an edge: e·e − ½e², δ·e − ½δ²
      let held = errors.clamped(from: -delta, to: delta)
      return (held * (errors - held * 0.5)).sampleMean()
    }
  }

  /// ``smoothL1(beta:)`` with beta 1.
  public static let smoothL1 = smoothL1(beta: 1)

  /// Mean of ½e²/β where |e| < β and |e| − ½β elsewhere, with e = p − t: ``huber(delta:)`` over β (Girshick, "Fast
  /// R-CNN", 2015). PyTorch: `smooth_l1_loss`.
  ///
  /// - Parameter beta: β > 0, in the unit of the targets: smaller errors count squared.
  public static func smoothL1(beta: Double, file: StaticString = #fileID, line: UInt = #line) -> Loss {
    check(beta > 0 && beta.isFinite, "Loss.smoothL1(beta: \(beta)): beta must be above 0", file: file, line: line)
    return ofErrors("smooth-l1") { errors in
      let held = errors.clamped(from: -beta, to: beta)
      return (held * (errors - held * 0.5) * (1 / beta)).sampleMean()
    }
  }

  /// 100 · mean of |p − t| / max(|t|, 10⁻⁷): the error in percent of the target. Source: Keras,
  /// `MeanAbsolutePercentageError`.
  public static let meanAbsolutePercentage = Loss("mean-absolute-percentage") { predictions, targets in
    let targets = targets.cast(to: predictions.type)
    return ((predictions - targets) / targets.absolute().maximum(1e-7)).absolute().sampleMean() * 100
  }

  /// Mean of (ln(1 + p) − ln(1 + t))², for targets from 0 up that differ by magnitudes; numbers below 0 count as 0.
  /// Source: Keras, `MeanSquaredLogarithmicError`.
  public static let meanSquaredLogarithmic = Loss("mean-squared-logarithmic") { predictions, targets in
    let targets = targets.cast(to: predictions.type)
    let (own, wanted) = (predictions.clamped(from: 0, to: .infinity), targets.clamped(from: 0, to: .infinity))
    return (own.log1p() - wanted.log1p()).squared().sampleMean()
  }

  /// 1 − cos of the angle between predictions and targets over the last axis, the mean over axes between: 0 where they
  /// point the same way, 2 where they point opposite ways. Lengths below 10⁻⁸ count as 10⁻⁸.
  /// PyTorch: `1 - cosine_similarity(p, t, dim=-1)`.
  ///
  /// - Shapes: predictions and targets `[batch, ..., features]`.
  public static let cosineSimilarity = Loss("cosine-similarity") { predictions, targets in
    check(predictions.rank > 1, "loss cosine-similarity expects [batch, ..., features], got \(predictions.shape)")
    let targets = targets.cast(to: predictions.type)
    func inverseLength(_ x: Tensor) -> Tensor {
      x.squared().sum(axes: [-1]).clamped(from: 1e-16, to: .infinity).rsqrt()
    }
    let cosine = (predictions * targets).sum(axes: [-1]) * inverseLength(predictions) * inverseLength(targets)
    return (1 - cosine).sampleMean()
  }
}
