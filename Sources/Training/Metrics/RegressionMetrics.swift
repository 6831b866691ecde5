/// Errors of predicted values, gathered in one pass.
public struct RegressionMetrics: Sendable, Equatable {
  /// How many samples were counted.
  public private(set) var samples = 0
  private var squaredError = 0.0
  private var absoluteError = 0.0
  private var mean = 0.0
  private var squaredDeviation = 0.0

  /// Nothing counted yet.
  public init() {}

  /// Counts one sample.
  public mutating func add(predicted: Float, truth: Float) {
    let (error, truth) = (Double(predicted) - Double(truth), Double(truth))
    samples += 1
    squaredError += error * error
    absoluteError += abs(error)
    // Welford's update: exact where the mean is large beside the spread
    let step = truth - mean
    mean += step / Double(samples)
    squaredDeviation += step * (truth - mean)
  }

  /// √ of the mean squared error, in the target's unit.
  public var rmse: Double { (squaredError / Double(max(samples, 1))).squareRoot() }

  /// The mean absolute error, in the target's unit.
  public var mae: Double { absoluteError / Double(max(samples, 1)) }

  /// 1 − squared error ÷ squared deviation from the mean: 1 is perfect, 0 as good as the mean. 0 where all values are the
  /// same and missed.
  public var r2: Double {
    squaredDeviation == 0 ? (squaredError == 0 ? 1 : 0) : 1 - squaredError / squaredDeviation
  }
}
