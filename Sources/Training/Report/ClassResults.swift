import DescentTensors

extension Report {
  /// Predicted and true classes of rows.
  public struct ClassResults: Sendable {
    /// The true classes.
    public let labels: [Int32]
    /// Shape: [rows, classes].
    public let probabilities: [Float]
    /// The classes' names.
    public let classNames: [String]
    /// The rows' places in the data, counted from 0; those among the results where this is empty.
    public let rows: [Int32]

    /// Classes of rows.
    ///
    /// - Parameters:
    ///   - labels: of 0 ..< classes.
    ///   - probabilities: [rows, classes] in row-major order; the greatest is the prediction.
    public init(
      labels: [Int32], probabilities: [Float], classNames: [String], rows: [Int32] = [], file: StaticString = #fileID,
      line: UInt = #line
    ) {
      check(
        classNames.count > 1 && probabilities.count == labels.count * classNames.count
          && (rows.isEmpty || rows.count == labels.count)
          && labels.allSatisfy { $0 >= 0 && $0 < classNames.count },
        "Report: got \(labels.count) labels of \(classNames.count) classes with \(probabilities.count) probabilities",
        file: file, line: line)
      self.labels = labels
      self.probabilities = probabilities
      self.classNames = classNames
      self.rows = rows
    }

    /// The results of an evaluation; nil where it measured values, or no probabilities.
    ///
    /// - Parameter classNames: of the classes in their order; a class without a name is called by its number.
    public init?(_ results: RowResults, classNames: [String]) {
      guard let count = results.classCount, count > 1, !results.probabilities.isEmpty else { return nil }
      let unnamed = (min(classNames.count, count)..<count).map { "\($0)" }
      self.init(
        labels: results.labels, probabilities: results.probabilities,
        classNames: Array(classNames.prefix(count)) + unnamed,
        rows: results.rows)
    }

    /// How many rows there are.
    public var count: Int { labels.count }

    /// The probability of a class for a row.
    func probability(_ place: Int, of label: Int) -> Float { probabilities[place * classNames.count + label] }

    /// The predicted class of a row.
    func prediction(_ place: Int) -> Int {
      predictedClass(probabilities[place * classNames.count..<(place + 1) * classNames.count])
    }

    /// The probabilities of one class, row by row.
    func scores(of label: Int) -> [Float] { (0..<count).map { probability($0, of: label) } }

    /// Counts of predicted against true classes.
    var metrics: ClassificationMetrics {
      var metrics = ClassificationMetrics(classCount: classNames.count)
      for place in 0..<count { metrics.add(predicted: prediction(place), label: Int(labels[place])) }
      return metrics
    }

    /// The rows that are classified wrongly, those first whose true class was held for least likely.
    public func worstMistakes(_ most: Int = 12) -> [Mistake] {
      let wrong = (0..<count).filter { prediction($0) != Int(labels[$0]) }
      let keyed = wrong.map { (truth: probability($0, of: Int(labels[$0])), place: $0) }
      return keyed.sorted { ($0.truth, $0.place) < ($1.truth, $1.place) }.prefix(most).map { _, place in
        let prediction = prediction(place)
        return Mistake(
          place: place, row: (rows.isEmpty ? place : Int(rows[place])) + 1, truth: classNames[Int(labels[place])],
          prediction: classNames[prediction], certainty: Double(probability(place, of: prediction)), error: nil)
      }
    }
  }
}
