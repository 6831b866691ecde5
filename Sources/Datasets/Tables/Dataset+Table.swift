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
    var encoder = try RowEncoder(preparation, table)
    let targetPosition = needsTarget ? try table.position(of: schema.targetName) : nil
    let classes = CategoryPreparation(form: .ordinal, values: schema.classNames ?? [])
    let width = preparation.width
    var (features, labels, values, withoutTarget) = ([Float](), [Int32](), [Float](), 0)
    // the files that rows name are read together, a block of rows at a time
    let block = UnsafeMutableBufferPointer<Float>.allocate(capacity: max(1, min(256, (1 << 22) / width)) * width)
    defer { block.deallocate() }
    var (filled, queue) = (0, FileQueue())
    func takeBlock() throws(DataError) {
      try queue.read(table)
      guard features.count + filled <= Files.sizeLimit / MemoryLayout<Float>.stride else {
        throw .invalid(table.place, "samples of \(width) numbers do not all fit into memory; take fewer rows at a time")
      }
      features.append(contentsOf: block[..<filled])
      filled = 0
    }
    try table.forEachRow { row throws(DataError) in
      if let targetPosition {
        let field = row.fields[targetPosition]
        guard !field.isMissing else {
          withoutTarget += 1
          return true
        }
        if let names = schema.classNames {
          guard let label = classes.code(of: field) else {
            throw row.invalid(
              targetPosition, "the model does not know the class \(field.shown); it knows \(quotedList(names))")
          }
          labels.append(Int32(label))
        } else {
          guard let number = field.finiteNumber, Float(number).isFinite else {
            throw row.invalid(targetPosition, "\(field.shown) is no finite number within ±3.4e38, the range of float32")
          }
          values.append(Float(number))
        }
      } else if schema.classNames != nil {
        labels.append(-1)
      } else {
        values.append(.nan)
      }
      if let base = block.baseAddress { try encoder.encode(row, into: base + filled, &queue) }
      filled += width
      if filled == block.count { try takeBlock() }
      return true
    }
    try takeBlock()
    guard !features.isEmpty else {
      throw .invalid(
        table.place, withoutTarget > 0 ? "no row has a target" : "there is a header and no row; add a line of data")
    }
    notes += encoder.notes(target: schema.targetName)
    if withoutTarget > 0 {
      notes.append("\(withoutTarget) \(withoutTarget == 1 ? "row has" : "rows have") no target: left out")
    }
    self.init(
      name: table.place, features: .float32(features), sampleShape: [width], featureNames: preparation.featureNames,
      target: schema.classNames.map { .classes(labels: labels, names: $0) } ?? .values(values),
      targetName: schema.targetName, taskReason: "the model says so")
  }
}
