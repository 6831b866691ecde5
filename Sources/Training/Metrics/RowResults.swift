import DescentTensors

/// What a network gave for rows, row by row, beside what is true.
///
/// ``Evaluator/rowResults(_:rows:probabilities:losses:)`` makes it.
public struct RowResults: Sendable {
  /// The rows that were measured, in their order.
  public private(set) var rows: [Int32] = []
  /// How many classes there are; nil for values, and where there are no rows.
  public private(set) var classCount: Int?
  /// The true classes; empty for values.
  public private(set) var labels: [Int32] = []
  /// The predicted classes; empty for values.
  public private(set) var predictions: [Int32] = []
  /// Shape: [rows, ``classCount``]. Empty for values, and where these were not asked for. A class that the network has no
  /// output for has the probability 0.
  public private(set) var probabilities: [Float] = []
  /// The true values in the data's own unit, one or more a row; empty for classes, and where outputs and targets are not
  /// as many.
  public private(set) var truths: [Float] = []
  /// The predicted values, as many.
  public private(set) var values: [Float] = []
  /// The loss of each row by itself; empty where these were not asked for.
  public internal(set) var losses: [Double] = []
  /// How many classes the network has probabilities for.
  private(set) var knownClasses = 0

  /// Nothing yet.
  init() {}

  /// A batch's results.
  ///
  /// - Parameters:
  ///   - outputs: float32 `[rows, ...]`.
  ///   - probabilities: as of ``Evaluator/evaluate(_:rows:probabilities:)``.
  init(
    _ rows: ArraySlice<Int32>, _ data: some SampleSource, outputs: Tensor, probabilities: ((Tensor) -> Tensor)?
  ) {
    self.rows = Array(rows)
    let numbers = outputs.scalars(Float.self)
    guard let named = data.classCount else {
      let (predictions, truths) = (data.values(fromOutputs: numbers), data.values(of: rows))
      // targets may hold more than what is predicted, for the loss alone
      if predictions.count == truths.count { (values, self.truths) = (predictions, truths) }
      return
    }
    let width = numbers.count / rows.count
    // a single output tells two classes apart, whichever of them these samples are of
    knownClasses = width == 1 ? 2 : width
    let count = max(named, knownClasses)
    classCount = count
    labels = data.classes(of: rows)
    predictions = (0..<rows.count).map { place in
      Int32(predictedClass(numbers[place * width..<(place + 1) * width]))
    }
    guard let probabilities else { return }
    let shares =
      width > 1
      ? probabilities(outputs.reshaped(to: [rows.count, width])).scalars(Float.self) : numbers.flatMap { [1 - $0, $0] }
    if count == knownClasses {
      self.probabilities = shares
    } else {
      for place in 0..<rows.count {
        self.probabilities += shares[place * knownClasses..<(place + 1) * knownClasses]
        self.probabilities += Array(repeating: 0, count: count - knownClasses)
      }
    }
  }

  mutating func append(_ more: RowResults) {
    rows += more.rows
    (classCount, knownClasses) = (more.classCount, more.knownClasses)
    labels += more.labels
    predictions += more.predictions
    probabilities += more.probabilities
    truths += more.truths
    values += more.values
    losses += more.losses
  }

  /// The probabilities of the row at a place: one a class.
  public func probabilities(of place: Int) -> ArraySlice<Float> {
    let count = classCount ?? 0
    return probabilities[place * count..<(place + 1) * count]
  }

  /// Those of the classes that the network has an output for.
  func knownProbabilities(of place: Int) -> ArraySlice<Float> { probabilities(of: place).prefix(knownClasses) }
}
