import DescentFormats

extension Dataset {
  /// Reads a table of numbers: one column is the target, all others are features and must be numbers.
  ///
  /// A target of text is classes. A target of numbers is classes only if all are whole and at most 20 differ; otherwise it
  /// is a quantity. ``taskReason`` says which it was. Classes are numbered in numeric order where all are numbers, else in
  /// the order of their Unicode scalars, and keep the table's text as their names. There is no test part. ``TableSurvey``
  /// and ``PreparedTable`` take columns of any kind, and missing values.
  ///
  /// - Parameters:
  ///   - path: the file, plain or gzipped, in any form that ``Table`` reads.
  ///   - target: the target column's name.
  ///   - task: overrides the rule about the target.
  /// - Throws: ``DataError`` with line and column.
  public init(csv path: String, target: String, task: Task? = nil) throws(DataError) {
    try self.init(Table(path: path), target: target, task: task)
  }

  /// Reads a table of numbers as ``init(csv:target:task:)`` does.
  ///
  /// - Throws: ``DataError`` with line and column.
  public init(_ table: Table, target: String, task: Task? = nil) throws(DataError) {
    let targetPosition = try table.position(of: target)
    var positions = Array(table.columns.indices)
    positions.remove(at: targetPosition)
    guard !positions.isEmpty else {
      throw .invalid(table.place, "\(quoted(target)) is the only column; there must be at least one more to learn from")
    }
    var targets = TargetColumn(target, place: table.place)
    let features = try table.numbers(at: positions) { row throws(DataError) in
      try row.checkNotEmpty(targetPosition)
      targets.count(row.fields[targetPosition], row, targetPosition)
    }
    let read = try targets.reading(as: task)
    self.init(
      name: table.place, features: .float32(features), sampleShape: [positions.count],
      featureNames: positions.map { table.columns[$0] }, target: read.target, targetName: target,
      taskReason: read.reason)
  }

  /// Reads a table of numbers for a network that was trained on other data of this schema, as
  /// ``load(_:matching:needsTarget:)`` does.
  ///
  /// - Throws: ``DataError`` with line and column.
  public init(_ table: Table, matching schema: Schema, needsTarget: Bool) throws(DataError) {
    let names = try schema.columns(of: table)
    let positions = try names.map { name throws(DataError) in try table.position(of: name) }
    let targetPosition = needsTarget ? try table.position(of: schema.targetName) : nil
    var targets = KnownTarget(schema)
    let features = try table.numbers(at: positions) { row throws(DataError) in
      guard let targetPosition else { return targets.addUnknown() }
      try row.checkNotEmpty(targetPosition)
      try targets.add(row, targetPosition)
    }
    self.init(
      name: table.place, features: .float32(features), sampleShape: schema.sampleShape, featureNames: names,
      target: targets.target, targetName: schema.targetName, taskReason: "the model says so")
  }
}

extension Table {
  /// The numbers of these columns, in this order, wherever they stand in the table; others are not looked at.
  ///
  /// Shape of the result: [rows, names], row by row.
  ///
  /// - Throws: ``DataError`` with line and column: a column or any row is missing, a field is empty, is text, or is no
  ///   finite float32.
  public func features(named names: [String]) throws(DataError) -> [Float] {
    try numbers(at: try names.map { name throws(DataError) in try position(of: name) }) { _ in }
  }

  /// The numbers at these positions, row by row, each of which is handed to `body` as well.
  func numbers(
    at positions: [Int], _ body: (borrowing TableRow) throws(DataError) -> Void
  ) throws(DataError) -> [Float] {
    var numbers: [Float] = []
    try forEachRow { row throws(DataError) in
      for position in positions { numbers.append(try row.float(position)) }
      try body(row)
      return true
    }
    guard !numbers.isEmpty else { throw hasNoRow }
    return numbers
  }
}

extension TableRow {
  /// - Throws: ``DataError`` where the field is empty.
  func checkNotEmpty(_ column: Int) throws(DataError) {
    if fields[column].isEmpty { throw invalid(column, "the field is empty; fill it in or remove the row") }
  }

  /// A field as a number to learn from.
  fileprivate func float(_ column: Int) throws(DataError) -> Float {
    let field = fields[column]
    if let number = field.finiteNumber, Float(number).isFinite { return Float(number) }
    try checkNotEmpty(column)
    if case .text = field.number {
      throw invalid(
        column,
        "\(field.shown) is no number, and only the target may be text; remove the column or write its values as numbers"
      )
    }
    throw notFinite(column)
  }

  /// What is said of a number that float32 does not hold.
  func notFinite(_ column: Int) -> DataError {
    invalid(
      column,
      "\(fields[column].shown) is no finite number within ±3.4e38, the range of float32; correct it or remove the row")
  }
}

extension Dataset.Schema {
  /// The names of the columns that hold a sample's numbers; a picture's are `pixel_ROW_COLUMN`.
  fileprivate func columns(of table: Table) throws(DataError) -> [String] {
    guard featureNames.isEmpty else { return featureNames }
    guard sampleShape.count == 2, let elementCount, elementCount <= table.columns.count else {
      throw .invalid(
        table.place, "the model takes pictures of shape \(sampleShape), and this table has too few columns for one")
    }
    return Dataset.pixelNames(height: sampleShape[0], width: sampleShape[1])
  }
}
