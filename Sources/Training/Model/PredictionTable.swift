import DescentDatasets
import DescentTensors

/// A network's predictions for rows, as a table.
public struct PredictionTable: Sendable {
  /// One CSV text with a header: `prediction`, and a column for every class where probabilities are asked for.
  public let csv: String

  /// Predicts the rows, in their order.
  public init(_ model: SavedModel, _ data: TrainingData, rows: [Int32], withProbabilities: Bool) {
    let terms = model.terms
    let outputs = model.evaluator.outputs(data, rows: rows)
    var lines = ""
    if let classes = model.schema.classNames {
      let quoted = classes.map(quotedField)
      lines += (["prediction"] + (withProbabilities ? quoted : [])).joined(separator: ",") + "\n"
      let width = classes.count
      let probabilities =
        withProbabilities ? terms.probabilities(Tensor(outputs, shape: [rows.count, width])).scalars(Float.self) : []
      for row in rows.indices {
        let range = row * width..<(row + 1) * width
        lines += quoted[predictedClass(outputs[range])]
        for probability in withProbabilities ? probabilities[range] : [] { lines += ",\(probability)" }
        lines += "\n"
      }
    } else {
      lines += "prediction\n"
      for value in data.source.unscaledValues(outputs) { lines += "\(value)\n" }
    }
    csv = lines
  }
}

/// A field as RFC 4180 writes it. Blanks at its ends are put in quotes too, because readers drop them elsewhere.
func quotedField(_ text: String) -> String {
  let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
  guard !isPlain || text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
