import DescentTensors

extension Report {
  /// Predicted and true quantities of rows.
  public struct QuantityResults: Sendable {
    /// The true quantities, in the data's own unit.
    public let truths: [Float]
    /// The predicted ones.
    public let predictions: [Float]
    /// What the quantity is called.
    public let name: String
    /// The rows' places in the data, counted from 0; those among the results where this is empty.
    public let rows: [Int32]

    /// Quantities of rows, one a row.
    public init(
      truths: [Float], predictions: [Float], name: String, rows: [Int32] = [], file: StaticString = #fileID,
      line: UInt = #line
    ) {
      check(
        truths.count == predictions.count && (rows.isEmpty || rows.count == truths.count),
        "Report: \(predictions.count) predictions for \(truths.count) quantities of \(rows.count) rows", file: file,
        line: line)
      self.truths = truths
      self.predictions = predictions
      self.name = name
      self.rows = rows
    }

    /// The results of an evaluation; nil where it measured classes, or several quantities a row.
    public init?(_ results: RowResults, name: String) {
      guard results.classCount == nil, results.truths.count == results.rows.count else { return nil }
      self.init(truths: results.truths, predictions: results.values, name: name, rows: results.rows)
    }

    /// Predictions and truths that can be drawn: the finite ones.
    var finite: [(prediction: Double, truth: Double)] {
      zip(predictions, truths).filter { $0.isFinite && $1.isFinite }.map { (Double($0), Double($1)) }
    }

    /// The rows whose prediction is furthest off.
    public func worstMistakes(_ most: Int = 12) -> [Mistake] {
      let errors = zip(predictions, truths).map { Double($0) - Double($1) }
      // what is no number is furthest off
      let order = errors.indices.sorted { first, second in
        let sizes = (abs(errors[first]), abs(errors[second]))
        if sizes.0.isNaN || sizes.1.isNaN { return sizes.0.isNaN && (!sizes.1.isNaN || first < second) }
        return (-sizes.0, first) < (-sizes.1, second)
      }
      return order.prefix(most).filter { errors[$0] != 0 }.map { place in
        Mistake(
          place: place, row: (rows.isEmpty ? place : Int(rows[place])) + 1,
          truth: NumberText.plain(Double(truths[place])), prediction: NumberText.plain(Double(predictions[place])),
          certainty: nil, error: errors[place])
      }
    }
  }
}
