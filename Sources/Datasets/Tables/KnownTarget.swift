import DescentFormats

/// A target column read for a model, whose classes are known.
struct KnownTarget {
  private let schema: Dataset.Schema
  private let classes: CategoryPreparation
  private var labels: [Int32] = []
  private var values: [Float] = []

  init(_ schema: Dataset.Schema) {
    self.schema = schema
    classes = CategoryPreparation(form: .ordinal, values: schema.classNames ?? [])
  }

  /// What has been read.
  var target: Dataset.Target {
    schema.classNames.map { .classes(labels: labels, names: $0) } ?? .values(values)
  }

  /// A row whose target is not looked at.
  mutating func addUnknown() {
    if schema.classNames != nil { labels.append(-1) } else { values.append(.nan) }
  }

  /// Reads a row's target. Where all classes are numbers, numbers are compared, not their spelling: `1.0` is the class
  /// `1`.
  ///
  /// - Throws: ``DataError`` where the model does not know the class, or a quantity is none.
  mutating func add(_ row: borrowing TableRow, _ column: Int) throws(DataError) {
    let field = row.fields[column]
    if let names = schema.classNames {
      guard let label = classes.code(of: field) else {
        throw row.invalid(column, "the model does not know the class \(field.shown); it knows \(quotedList(names))")
      }
      labels.append(Int32(label))
    } else {
      guard let number = field.finiteNumber, Float(number).isFinite else { throw row.notFinite(column) }
      values.append(Float(number))
    }
  }
}
