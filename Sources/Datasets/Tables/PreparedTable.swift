import DescentFormats

/// A table's rows as samples, with a preparation that was fitted on those to learn from.
public struct PreparedTable: Sendable {
  /// A column and what is done with it.
  public struct Treatment: Sendable {
    /// The column.
    public let column: ColumnSummary
    /// What is done with it, in a few words.
    public let summary: String
    /// Whether it becomes an input.
    public let isUsed: Bool

    fileprivate init(_ column: ColumnSummary, _ summary: String, isUsed: Bool) {
      (self.column, self.isUsed) = (column, isUsed)
      self.summary = summary + (column.hint.map { "; \($0)" } ?? "")
    }
  }

  /// The table.
  public let table: Table
  /// The samples: those that have a target, in the table's order. The training rows are those to learn from and those
  /// that watch.
  public let dataset: Dataset
  /// Rows of the data set to learn from, and rows that watch the training.
  public let split: Dataset.ValidationSplit
  /// What was fitted on the rows to learn from.
  public let preparation: TablePreparation
  /// All columns of the table, and what is done with each.
  public let treatments: [Treatment]
  /// The table's row of each sample, counted from 0.
  public let sourceRows: [Int32]

  /// Fits a preparation on the training part, and prepares the rows of all parts.
  ///
  /// - Throws: ``DataError`` where a field does not fit its column's kind, and where no column is left to learn from.
  public init(_ survey: TableSurvey, _ parts: RowSplit.Parts) throws(DataError) {
    let (preparation, treatments) = try Self.fitted(survey, parts.training)
    let rows = (parts.training + parts.validation + parts.test).sorted()
    let samples = try SampleWriter(preparation, survey.table)
    var next = rows[...]
    try survey.table.forEachRow { row throws(DataError) in
      guard next.first == Int32(row.index) else { return !next.isEmpty }
      next.removeFirst()
      try samples.append(row)
      return true
    }
    guard next.isEmpty else {
      throw .invalid(
        survey.table.place, "the table has fewer rows than before; it changed while it was being read")
    }
    let features = try samples.finish()
    var place = Array(repeating: Int32(-1), count: survey.rowCount)
    for (sample, row) in rows.enumerated() { place[Int(row)] = Int32(sample) }
    let target: Dataset.Target =
      switch survey.target {
      case .classes(let labels, let names): .classes(labels: rows.map { labels[Int($0)] }, names: names)
      case .values(let values): .values(rows.map { values[Int($0)] })
      }
    let (training, validation) = (parts.training.map { place[Int($0)] }, parts.validation.map { place[Int($0)] })
    dataset = Dataset(
      name: survey.table.place, features: features, sampleShape: [preparation.width],
      featureNames: preparation.featureNames, target: target, targetName: survey.targetName,
      taskReason: survey.taskReason, trainRows: (training + validation).sorted(),
      testRows: parts.test.map { place[Int($0)] })
    (split, table) = ((training, validation), survey.table)
    (self.preparation, self.treatments, sourceRows) = (preparation, treatments, rows)
  }

  /// Walks over the training rows once.
  private static func fitted(
    _ survey: TableSurvey, _ rows: [Int32]
  ) throws(DataError) -> (TablePreparation, [Treatment]) {
    let fitters = zip(survey.columns, survey.meanLengths).map { column, length -> (any ColumnFitter)? in
      guard survey.reasonToLeaveOut(column) == nil else { return nil }
      return column.fitter(survey.options.columns[column.name] ?? ColumnOptions(), meanLength: length, survey.table)
    }
    let used = fitters.indices.filter { fitters[$0] != nil }
    let nothingLeft = DataError.invalid(
      survey.table.place, "no column is left to learn from; --column NAME=number or NAME=category takes one in")
    guard !used.isEmpty else { throw nothingLeft }
    var next = rows[...]
    var isSeen = Array(repeating: false, count: fitters.count)
    try survey.table.forEachRow { row throws(DataError) in
      guard next.first == Int32(row.index) else { return !next.isEmpty }
      next.removeFirst()
      for column in used {
        let field = row.fields[column]
        isSeen[column] = isSeen[column] || survey.columns[column].isValue(field)
        try fitters[column]?.add(field, row, column)
      }
      return true
    }
    var columns: [ColumnPreparation] = []
    var treatments: [Treatment] = []
    for (place, column) in survey.columns.enumerated() {
      guard let fitter = fitters[place], isSeen[place] else {
        // another part may have values, but there is nothing to fit to
        let reason =
          survey.reasonToLeaveOut(column)
          ?? (fitters[place] == nil ? "left out" : "left out: no row to learn from has a value")
        treatments.append(Treatment(column, reason, isUsed: false))
        continue
      }
      let (inputs, reason) = try fitter.finish()
      let preparation = ColumnPreparation(name: column.name, inputs: inputs)
      columns.append(preparation)
      let summary = preparation.summary + (reason.map { " (\($0))" } ?? "")
      treatments.append(Treatment(column, summary, isUsed: true))
    }
    guard !columns.isEmpty else { throw nothingLeft }
    let leftOut = treatments.filter { !$0.isUsed && $0.column.name != survey.targetName }.map(\.column.name)
    return (TablePreparation(columns: columns, leftOut: leftOut), treatments)
  }
}

extension ColumnSummary {
  /// Whether a field of the column has something to fit to: numbers and dates may also be missing by a word.
  fileprivate func isValue(_ field: TableField) -> Bool {
    !field.isMissing && !([.number, .dateTime].contains(kind) && field.isMarker)
  }
}
