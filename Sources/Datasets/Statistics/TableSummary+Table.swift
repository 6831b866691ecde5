import DescentFormats

extension TableSummary {
  /// Summarises a table of any columns.
  ///
  /// A column is numbers where every field is one, or is missing: empty, NaN, infinite or beyond double precision, or one
  /// of the words NA, N/A, null, none, missing, `?`, `-`. Likewise of dates and times. Any other column is text, in which
  /// what is empty is missing, and NA, N/A, #N/A, NaN, nan, NULL, null and `?`.
  ///
  /// The table is walked over three times: what the columns hold; moments and quantiles; deviations, outliers, histograms
  /// and correlations, which need those.
  ///
  /// - Parameters:
  ///   - table: the table, with or without a target.
  ///   - weights: the column that weighs the rows, for weighted means and medians.
  /// - Throws: ``DataError``: there is no such column, or a weight in it is no number of 0 or more, or all are 0.
  public init(_ table: Table, weights: String? = nil) throws(DataError) {
    var rowWeights = try weights.map { name throws(DataError) in try RowWeights(name, table) }
    var scans = table.columnScans()
    var rowCount = 0
    try table.forEachRow { row throws(DataError) in
      try scans.add(row)
      try rowWeights?.add(row)
      rowCount += 1
      return true
    }
    guard rowCount > 0 else { throw table.hasNoRow }
    try rowWeights?.checkSum()
    var columns = scans.map { $0.summary() }
    var correlations = CorrelationTable(columns)
    let numeric = columns.indices.filter { columns[$0].holdsNumbers }
    if !numeric.isEmpty {
      var builders = numeric.map { _ in NumberBuilder() }
      try table.forEachRow { row throws(DataError) in
        for (place, column) in numeric.enumerated() {
          guard let number = row.fields[column].finiteNumber else { continue }
          builders[place].add(number, weight: rowWeights?[row.index])
        }
        return true
      }
      var deviations = builders.indices.map { builders[$0].deviations() }
      for (place, column) in numeric.enumerated() where scans[column].areWhole { deviations[place].takeWholeNumbers() }
      try table.forEachRow { row throws(DataError) in
        for (place, column) in numeric.enumerated() {
          if let number = row.fields[column].finiteNumber { deviations[place].add(number) }
        }
        for (place, column) in correlations.columns.enumerated() {
          correlations.set(place, row.fields[column].finiteNumber)
        }
        correlations.addRow()
        return true
      }
      for (place, column) in numeric.enumerated() {
        columns[column] = scans[column].summary(statistics: NumberSummary(builders[place], deviations[place]))
      }
    }
    self.init(name: table.place, rowCount: rowCount, columns: columns, correlations: correlations)
    headerNote = table.headerNote
  }
}

/// The numbers of a column that weighs the rows.
private struct RowWeights {
  private let name: String
  private let place: String
  private let position: Int
  private var weights: [Double] = []
  private var total = 0.0

  init(_ name: String, _ table: Table) throws(DataError) {
    (self.name, place, position) = (name, table.place, try table.position(of: name))
  }

  subscript(row: Int) -> Double { weights[row] }

  mutating func add(_ row: borrowing TableRow) throws(DataError) {
    let field = row.fields[position]
    guard let weight = field.finiteNumber, weight >= 0 else {
      throw row.invalid(
        position, "\(field.isEmpty ? "an empty field" : field.shown) is no weight, which is a number of 0 or more")
    }
    weights.append(weight)
    total += weight
  }

  func checkSum() throws(DataError) {
    guard total > 0, total < .infinity else {
      throw .invalid("\(place), column \(quoted(name))", "the weights sum to \(total == 0 ? "0" : "infinity")")
    }
  }
}
