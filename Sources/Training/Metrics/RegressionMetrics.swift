#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Errors of predicted values, gathered in one pass.
public struct RegressionMetrics: Sendable, Equatable {
  /// How many samples were counted.
  public private(set) var samples = 0
  private var squaredError = 0.0
  private var absoluteError = 0.0
  private var relativeError = 0.0
  private var squaredLogarithmicError = 0.0
  private var truths = Spread()
  private var errors = Spread()
  private var hasZero = false
  private var hasNegative = false

  /// Nothing counted yet.
  public init() {}

  /// What one sample adds.
  struct Sample: Sendable {
    fileprivate let error, truth, squaredLogarithmicError: Double

    init(predicted: Float, truth: Float) {
      (error, self.truth) = (Double(predicted) - Double(truth), Double(truth))
      let difference = log1p(max(Double(predicted), 0)) - log1p(max(self.truth, 0))
      squaredLogarithmicError = difference * difference
    }
  }

  /// Counts one sample.
  public mutating func add(predicted: Float, truth: Float) { add(Sample(predicted: predicted, truth: truth), times: 1) }

  /// Counts a sample as many, one or more.
  mutating func add(_ sample: Sample, times: Int) {
    let (weight, error, truth) = (Double(times), sample.error, sample.truth)
    samples += times
    squaredError += weight * (error * error)
    absoluteError += weight * abs(error)
    relativeError += weight * (abs(error) / abs(truth))
    squaredLogarithmicError += weight * sample.squaredLogarithmicError
    hasZero = hasZero || truth == 0
    hasNegative = hasNegative || truth < 0
    truths.add(truth, weight)
    errors.add(error, weight)
  }

  /// The mean squared error, in the square of the target's unit.
  public var mse: Double { squaredError / Double(max(samples, 1)) }

  /// √ of the mean squared error, in the target's unit.
  public var rmse: Double { mse.squareRoot() }

  /// The mean absolute error, in the target's unit.
  public var mae: Double { absoluteError / Double(max(samples, 1)) }

  /// The mean of |p − t| / |t|, in percent. Keras: `MeanAbsolutePercentageError`. Nil where a true value is 0, of which no
  /// error is any percentage.
  public var mape: Double? { hasZero ? nil : 100 * relativeError / Double(max(samples, 1)) }

  /// The mean of (ln(1 + p) − ln(1 + t))², where predictions below 0 count as 0. Keras: `MeanSquaredLogarithmicError`. Nil
  /// where a true value is below 0: it is for counts and amounts.
  public var msle: Double? { hasNegative ? nil : squaredLogarithmicError / Double(max(samples, 1)) }

  /// 1 − squared error ÷ squared deviation from the mean: 1 is perfect, 0 as good as the mean. 0 where all values are the
  /// same and missed.
  public var r2: Double { explained(squaredError) }

  /// 1 − the errors' variance ÷ that of the values: R² of predictions that may all be off by the same amount. 0 where all
  /// values are the same and the errors are not.
  public var explainedVariance: Double { explained(errors.squares) }

  private func explained(_ rest: Double) -> Double {
    truths.squares == 0 ? (rest == 0 ? 1 : 0) : 1 - rest / truths.squares
  }
}

/// Squared deviations from a mean by Welford's update: exact where the mean is large beside them.
private struct Spread: Sendable, Equatable {
  private var count = 0.0
  private var mean = 0.0
  /// Σ (x − x̄)².
  private(set) var squares = 0.0

  mutating func add(_ value: Double, _ weight: Double) {
    count += weight
    let step = value - mean
    mean += step * weight / count
    squares += weight * step * (value - mean)
  }
}
