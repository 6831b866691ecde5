import DescentFormats

extension TableSummary {
  /// Summarises a table of any columns.
  ///
  /// A column is numbers where every field is one, or is missing: empty, NaN, infinite or beyond double precision, or one
  /// of the words NA, N/A, null, none, missing, `?`, `-`. Likewise of dates and times. Any other column is text, in which
  /// only empty fields are missing.
  ///
  /// The table is walked over three times: what the columns hold; moments, quantiles and different values; deviations,
  /// outliers, histograms and correlations, which need those.
  ///
  /// - Parameters:
  ///   - table: the table, with or without a target.
  ///   - weights: the column that weighs the rows, for weighted means and medians.
  /// - Throws: ``DataError``: there is no such column, or a weight in it is no number of 0 or more, or all are 0.
  public init(_ table: CSVTable, weights: String? = nil) throws(DataError) {
    var rowWeights: [Double]?
    if let weights { rowWeights = try table.weights(named: weights) }
    let rows = table.rowCount
    let names = table.columns
    let (columns, correlations) = try table.withReader { reader, start throws(DataError) in
      let all = Array(names.indices)
      var kinds = Array(repeating: FieldKinds(), count: names.count)
      try reader.forEachField(from: start, rows: rows, slots: all) { _, column, field throws(DataError) in
        kinds[column].add(field, reader)
        return true
      }
      var passes = kinds.map { ColumnPass($0.reading) }
      try reader.forEachField(from: start, rows: rows, slots: all) { row, column, field throws(DataError) in
        passes[column].add(field, weight: rowWeights?[row], reader)
        return true
      }
      for column in all { passes[column].beginThird() }
      let provisional = all.map { passes[$0].summary(names[$0], rows: rows, reader) }
      var correlations = CorrelationTable(provisional)
      var places = Array(repeating: -1, count: names.count)
      for (place, column) in correlations.columns.enumerated() { places[column] = place }
      // the last column that anybody looks at ends the row
      let numeric = all.map { passes[$0].deviations == nil ? -1 : $0 }
      var current = 0
      try reader.forEachField(from: start, rows: rows, slots: numeric) { row, column, field throws(DataError) in
        if row != current {
          correlations.addRow()
          current = row
        }
        var value: Double?
        if case .finite(let number) = reader.number(of: field) { value = number }
        if let value { passes[column].judge(value) }
        if places[column] >= 0 { correlations.set(places[column], value) }
        return true
      }
      correlations.addRow()
      let summaries = all.map { column in
        passes[column].deviations == nil
          ? provisional[column] : passes[column].summary(names[column], rows: rows, reader)
      }
      return (summaries, correlations)
    }
    self.init(name: table.place, rowCount: rows, columns: columns, correlations: correlations)
  }
}

extension CSVTable {
  /// The numbers of a column that weighs the rows.
  func weights(named name: String) throws(DataError) -> [Double] {
    let position = try position(of: name)
    let slots = columns.indices.map { $0 == position ? 0 : -1 }
    var weights: [Double] = []
    weights.reserveCapacity(rowCount)
    var total = 0.0
    try forEachField(slots: slots) { reader, _, _, field throws(DataError) in
      guard case .finite(let weight) = reader.number(of: field), weight >= 0 else {
        throw reader.invalid(
          field, column: name,
          "\(field.isEmpty ? "an empty field" : reader.shown(field)) is no weight, which is a number of 0 or more")
      }
      weights.append(weight)
      total += weight
      return true
    }
    guard total > 0, total < .infinity else {
      throw .invalid("\(place), column \(quoted(name))", "the weights sum to \(total == 0 ? "0" : "infinity")")
    }
    return weights
  }
}
