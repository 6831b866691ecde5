import DescentFormats

extension CSVTable {
  /// The label of each row's class among known classes. Where all of those are numbers, numbers are compared,
  /// not their spelling: `1.0` is the class `1`.
  ///
  /// - Throws: ``DataError`` with line and column: the column is missing, or a class is empty or not among them.
  public func labels(named name: String, classes: [String]) throws(DataError) -> [Int32] {
    let position = try position(of: name)
    let slots = columns.indices.map { $0 == position ? 0 : -1 }
    let numbers = classes.compactMap(Double.init)
    let areNumbers = numbers.count == classes.count
    let byNumber = areNumbers ? Dictionary(zip(numbers, Int32(0)...), uniquingKeysWith: { first, _ in first }) : [:]
    let byText = Dictionary(zip(classes, Int32(0)...), uniquingKeysWith: { first, _ in first })
    var labels: [Int32] = []
    labels.reserveCapacity(rowCount)
    try forEachField(slots: slots) { reader, _, _, field throws(DataError) in
      if field.isEmpty { throw Self.emptyField(field, column: name, reader) }
      var label: Int32?
      if areNumbers, case .finite(let number) = reader.number(of: field) {
        label = byNumber[number]
      } else if !areNumbers {
        label = reader.text(of: field).flatMap { byText[$0] }
      }
      guard let label else {
        throw reader.invalid(
          field, column: name,
          "the model does not know the class \(reader.shown(field)); it knows \(quotedList(classes))")
      }
      labels.append(label)
      return true
    }
    return labels
  }
}
