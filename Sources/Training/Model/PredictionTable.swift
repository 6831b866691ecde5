import DescentDatasets
import DescentFormats
import DescentTensors

/// A network's predictions for rows, as a table.
public struct PredictionTable: Sendable {
  /// `prediction`, and a column for every class where probabilities are asked for.
  private let columns: [String]
  /// What is predicted for each row.
  private let predictions: Predictions
  /// The probabilities of each row's classes; empty where they are not asked for.
  private let probabilities: [Float]

  private enum Predictions {
    /// Places in names, which are quoted where they need it.
    case classes([Int32], names: [String])
    case values([Float])
  }

  /// Predicts the rows, in their order.
  public init(_ model: SavedModel, _ data: TrainingData, rows: [Int32], withProbabilities: Bool) {
    let outputs = model.evaluator.outputs(data, rows: rows)
    guard let classes = model.schema.classNames else {
      columns = ["prediction"]
      (predictions, probabilities) = (.values(data.source.unscaledValues(outputs)), [])
      return
    }
    let width = classes.count
    columns = ["prediction"] + (withProbabilities ? classes : [])
    let places = rows.indices.map { Int32(predictedClass(outputs[$0 * width..<($0 + 1) * width])) }
    predictions = .classes(places, names: classes.map(quotedField))
    guard withProbabilities else {
      probabilities = []
      return
    }
    probabilities = model.terms.probabilities(Tensor(outputs, shape: [rows.count, width])).scalars(Float.self)
  }

  /// How many rows there are.
  private var count: Int {
    switch predictions {
    case .classes(let places, _): places.count
    case .values(let values): values.count
    }
  }

  /// A row's fields.
  private func line(_ row: Int) -> String {
    switch predictions {
    case .values(let values): return "\(values[row])"
    case .classes(let places, let names):
      var line = names[Int(places[row])]
      let width = columns.count - 1
      for probability in probabilities[row * width..<(row + 1) * width] { line += ",\(probability)" }
      return line
    }
  }

  /// Writes a CSV file with a header at `path`, whole or not at all.
  ///
  /// - Throws: `DataError` where it cannot be written.
  public func write(to path: String) throws(DataError) {
    try Files.write(to: path) { file throws(DataError) in
      file.append(columns.map(quotedField).joined(separator: ",") + "\n")
      for row in 0..<count { file.append(line(row) + "\n") }
    }
  }

  /// Writes a CSV file with the file of each row before its prediction, under `file`, whole or not at all.
  ///
  /// - Parameter files: the files of the rows that were predicted.
  /// - Throws: `DataError` where it cannot be written.
  public func write(to path: String, files: [String]) throws(DataError) {
    check(files.count == count, "PredictionTable: \(files.count) files for \(count) rows")
    try Files.write(to: path) { file throws(DataError) in
      file.append((["file"] + columns).map(quotedField).joined(separator: ",") + "\n")
      for row in 0..<count { file.append("\(quotedField(files[row])),\(line(row))\n") }
    }
  }

  /// Writes a CSV file with the columns of the table that the rows were read from before the predictions, whole or not at
  /// all. A column whose name the table has already is called `prediction 2`, and so on. The table is read again, and may be
  /// larger than the memory.
  ///
  /// - Throws: `DataError` where the table cannot be read again, or the file not be written.
  public func write(to path: String, beside table: Table) throws(DataError) {
    var names = table.columns
    for column in columns {
      var (name, number) = (column, 2)
      while names.contains(name) {
        name = "\(column) \(number)"
        number += 1
      }
      names.append(name)
    }
    try Files.write(to: path) { file throws(DataError) in
      file.append(names.map(quotedField).joined(separator: ",") + "\n")
      var found = 0
      try table.forEachTextRow { row, fields in
        found = row + 1
        guard row < count else { return }
        file.append((fields.map(quotedField) + [line(row)]).joined(separator: ",") + "\n")
      }
      guard found == count else {
        throw .invalid(table.place, "it has changed while it was read: \(found) rows, and \(count) before")
      }
    }
  }
}

/// A field as RFC 4180 writes it. Blanks at its ends are put in quotes too, because readers drop them elsewhere.
func quotedField(_ text: String) -> String {
  let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
  guard !isPlain || text.first?.isWhitespace == true || text.last?.isWhitespace == true else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
