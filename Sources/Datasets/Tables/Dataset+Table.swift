import DescentFormats

extension Dataset {
  /// A table's rows as samples for a model that was trained on another table.
  ///
  /// Columns may stand in any order. What the model does not know is left out, and what is missing is taken as missing
  /// values; both, and values that the training data did not have, are told in `notes`.
  ///
  /// - Parameters:
  ///   - preparation: what was fitted on the model's training part.
  ///   - schema: what the model predicts.
  ///   - needsTarget: whether the target will be compared with predictions; rows without it are left out then. Otherwise
  ///     it need not be there: every label is −1, every value NaN, and every row is a sample.
  ///   - notes: takes sentences about what did not fit.
  /// - Throws: ``DataError`` with line and column.
  public init(
    _ table: Table, preparedBy preparation: TablePreparation, schema: Schema, needsTarget: Bool, notes: inout [String]
  ) throws(DataError) {
    let samples = try SampleWriter(preparation, table)
    let targetPosition = needsTarget ? try table.position(of: schema.targetName) : nil
    var (targets, withoutTarget) = (KnownTarget(schema), 0)
    try table.forEachRow { row throws(DataError) in
      if let targetPosition {
        guard !row.fields[targetPosition].isMissing else {
          withoutTarget += 1
          return true
        }
        try targets.add(row, targetPosition)
      } else {
        targets.addUnknown()
      }
      try samples.append(row)
      return true
    }
    guard targets.target.count > 0 else {
      throw withoutTarget > 0 ? .invalid(table.place, "no row has a target") : table.hasNoRow
    }
    let features = try samples.finish()
    notes += samples.notes(target: schema.targetName)
    if withoutTarget > 0 {
      notes.append("\(withoutTarget) \(withoutTarget == 1 ? "row has" : "rows have") no target: left out")
    }
    self.init(
      name: table.place, features: features, sampleShape: [preparation.width],
      featureNames: preparation.featureNames,
      target: targets.target, targetName: schema.targetName, taskReason: "the model says so")
  }
}
