import DescentTensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// How good predicted probabilities of classes are, gathered in one pass.
public struct ProbabilityMetrics: Sendable, Equatable {
  /// k of ``topKAccuracy``.
  public let k: Int
  private let isBinary: Bool
  /// How many samples were counted.
  public private(set) var samples = 0
  private var negativeLogarithm = 0.0
  private var squaredError = 0.0
  private var amongFirst = 0
  private var bins: [Bin]

  private struct Bin: Sendable, Equatable {
    var confidence = 0.0
    var right = 0
  }

  /// What one sample adds.
  struct Sample: Sendable {
    fileprivate let negativeLogarithm, squaredError, confidence: Double
    fileprivate let bin: Int
    fileprivate let isAmongFirst, isRight: Bool
  }

  /// Metrics of so many classes, with nothing counted yet.
  ///
  /// - Parameters:
  ///   - k: how many classes may be named for a sample, 1 or more.
  ///   - bins: into how many equal parts [0, 1] is divided for ``calibrationError``.
  public init(classCount: Int, k: Int = 5, bins: Int = 15, file: StaticString = #fileID, line: UInt = #line) {
    check(
      classCount >= 0 && k > 0 && bins > 0,
      "ProbabilityMetrics: k and the bins must be 1 or more, got \(k) and \(bins)", file: file, line: line)
    self.k = k
    isBinary = classCount == 2
    self.bins = Array(repeating: Bin(), count: bins)
  }

  /// Counts one sample.
  ///
  /// - Parameters:
  ///   - probabilities: one a class, that sum to 1.
  ///   - label: its class; the probability of a class for which there is none is 0.
  public mutating func add(probabilities: some RandomAccessCollection<Float>, label: Int) {
    add(sample(probabilities: probabilities, label: label), times: 1)
  }

  /// What a sample adds to metrics of as many classes, k and bins.
  func sample(probabilities: some RandomAccessCollection<Float>, label: Int) -> Sample {
    check(label >= 0, "ProbabilityMetrics: class \(label) is below 0")
    var (own, best, first) = (0.0, -Double.infinity, 0)
    var (squares, place) = (0.0, 0)
    for probability in probabilities {
      let probability = Double(probability)
      if place == label { own = probability }
      if probability > best { (best, first) = (probability, place) }
      squares += probability * probability
      place += 1
    }
    // Σ (p − y)² where y is 1 at the label
    let error = squares - 2 * own + 1
    // those named before it: greater ones, and equal ones that come first, as the predicted class does
    var (before, other) = (0, 0)
    for probability in probabilities {
      if Double(probability) > own || Double(probability) == own && other < label { before += 1 }
      other += 1
    }
    return Sample(
      // written so that NaN stays NaN
      negativeLogarithm: -log(own < Self.smallest ? Self.smallest : own), squaredError: isBinary ? error / 2 : error,
      confidence: best > -.infinity ? best : .nan,
      bin: best > 0 ? Int((min(best, 1) * Double(bins.count)).rounded(.up)) - 1 : 0,
      isAmongFirst: before < k && label < place && !own.isNaN, isRight: first == label)
  }

  /// Counts a sample as many.
  mutating func add(_ sample: Sample, times: Int) {
    let weight = Double(times)
    samples += times
    negativeLogarithm += weight * sample.negativeLogarithm
    squaredError += weight * sample.squaredError
    if sample.isAmongFirst { amongFirst += times }
    bins[sample.bin].confidence += weight * sample.confidence
    if sample.isRight { bins[sample.bin].right += times }
  }

  /// The probability below which ``logLoss`` counts no further: that of a float32 beside 1, as in scikit-learn.
  private static let smallest = Double(Float.ulpOfOne)

  /// The mean of −ln p of the true class, the cross-entropy; p counts as 1.2·10⁻⁷ at the least. scikit-learn: `log_loss`.
  public var logLoss: Double { mean(negativeLogarithm) }

  /// exp of ``logLoss``: between how many equally likely classes the prediction is as uncertain (Jelinek and others,
  /// "Perplexity, a measure of the difficulty of speech recognition tasks", 1977).
  public var perplexity: Double { exp(logLoss) }

  /// The mean squared error of the probabilities, Σ (p − y)² over classes (Brier, "Verification of forecasts expressed in
  /// terms of probability", 1950); of two classes half of it, the squared error of one. scikit-learn: `brier_score_loss`.
  public var brierScore: Double { mean(squaredError) }

  /// The share of samples whose class is among the k most probable. scikit-learn: `top_k_accuracy_score`; Keras:
  /// `TopKCategoricalAccuracy`.
  public var topKAccuracy: Double { mean(Double(amongFirst)) }

  /// The expected calibration error: samples are put into bins by the greatest probability, bin i of n from (i − 1)/n to
  /// i/n, its end included; the mean over samples of |accuracy of the bin − mean probability of the bin| (Guo and others,
  /// "On calibration of modern neural networks", 2017, with 15 bins).
  public var calibrationError: Double { mean(bins.reduce(0) { $0 + abs(Double($1.right) - $1.confidence) }) }

  private func mean(_ sum: Double) -> Double { sum / Double(max(samples, 1)) }
}

/// The share of yes-or-no predictions that are right. Keras: `BinaryAccuracy`.
public struct BinaryAccuracy: Sendable, Equatable {
  /// The probability above which yes is predicted.
  public let threshold: Float
  /// How many predictions were counted.
  public private(set) var count = 0
  private var right = 0

  /// Nothing counted yet.
  public init(threshold: Float = 0.5) { self.threshold = threshold }

  /// Counts one prediction; of several labels a sample, each is one.
  public mutating func add(probability: Float, label: Bool) {
    count += 1
    if (probability > threshold) == label { right += 1 }
  }

  /// The share that is right.
  public var value: Double { Double(right) / Double(max(count, 1)) }
}
