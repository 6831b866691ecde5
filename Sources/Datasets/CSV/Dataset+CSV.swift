import DescentFormats

extension Dataset {
  /// Reads a comma-separated table: one column is the target, all others are features and must be numbers.
  ///
  /// A target of text is classes. A target of numbers is classes only if all are whole and at most 20 differ;
  /// otherwise it is a quantity. ``taskReason`` says which it was. Classes are numbered in numeric order where
  /// all are numbers, else in the order of their Unicode scalars, and keep the table's text as their names.
  /// There is no test part.
  ///
  /// - Parameters:
  ///   - path: the file, plain or gzipped.
  ///   - target: the target column's name.
  ///   - task: overrides the rule about the target.
  /// - Throws: ``DataError`` with line and column.
  public init(csv path: String, target: String, task: Task? = nil) throws(DataError) {
    try self.init(CSVTable(path: path), target: target, task: task)
  }

  /// Reads a table as ``init(csv:target:task:)`` does.
  ///
  /// - Throws: ``DataError`` with line and column.
  public init(_ table: CSVTable, target: String, task: Task? = nil) throws(DataError) {
    let position = try table.position(of: target)
    var names = table.columns
    names.remove(at: position)
    guard !names.isEmpty else {
      throw .invalid(table.place, "\(quoted(target)) is the only column; there must be at least one more to learn from")
    }
    let features = try table.features(named: names)
    let read = try table.target(named: target, task: task)
    self.init(
      name: table.place, features: .float32(features), sampleShape: [names.count], featureNames: names,
      target: read.target, targetName: target, taskReason: read.reason)
  }
}
