import DescentDatasets
import DescentFormats
import DescentTensors

/// A network's predictions for rows, as a table.
public struct PredictionTable: Sendable {
  /// `prediction`, and a column for every class where probabilities are asked for.
  private let columns: [String]
  /// A line for each row: its fields, quoted where they need it.
  private let lines: [String]

  /// Predicts the rows, in their order.
  public init(_ model: SavedModel, _ data: TrainingData, rows: [Int32], withProbabilities: Bool) {
    let terms = model.terms
    let outputs = model.evaluator.outputs(data, rows: rows)
    if let classes = model.schema.classNames {
      let names = classes.map(quotedField)
      columns = ["prediction"] + (withProbabilities ? classes : [])
      let width = classes.count
      let probabilities =
        withProbabilities ? terms.probabilities(Tensor(outputs, shape: [rows.count, width])).scalars(Float.self) : []
      lines = rows.indices.map { row in
        let range = row * width..<(row + 1) * width
        var line = names[predictedClass(outputs[range])]
        for probability in withProbabilities ? probabilities[range] : [] { line += ",\(probability)" }
        return line
      }
    } else {
      columns = ["prediction"]
      lines = data.source.unscaledValues(outputs).map { "\($0)" }
    }
  }

  /// One CSV text with a header.
  public var csv: String {
    (["\(columns.map(quotedField).joined(separator: ","))"] + lines).joined(separator: "\n") + "\n"
  }

  /// One CSV text with the file of each row before its prediction, under `file`.
  ///
  /// - Parameter files: the files of the rows that were predicted.
  public func csv(files: [String]) -> String {
    check(files.count == lines.count, "PredictionTable: \(files.count) files for \(lines.count) rows")
    let rows = zip(files, lines).map { "\(quotedField($0)),\($1)" }
    return ((["file"] + columns).map(quotedField).joined(separator: ",") + "\n") + rows.joined(separator: "\n") + "\n"
  }

  /// One CSV text with the columns of the table that the rows were read from before the predictions. A column whose name
  /// the table has already is called `prediction 2`, and so on.
  ///
  /// - Throws: `DataError` where the table cannot be read again.
  public func csv(beside table: Table) throws(DataError) -> String {
    var names = table.columns
    for column in columns {
      var (name, number) = (column, 2)
      while names.contains(name) {
        name = "\(column) \(number)"
        number += 1
      }
      names.append(name)
    }
    var text = names.map(quotedField).joined(separator: ",") + "\n"
    try table.forEachTextRow { row, fields in
      text += (fields.map(quotedField) + [lines[row]]).joined(separator: ",") + "\n"
    }
    return text
  }
}

/// A field as RFC 4180 writes it. Blanks at its ends are put in quotes too, because readers drop them elsewhere.
func quotedField(_ text: String) -> String {
  let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
  guard !isPlain || text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
