import DescentFormats

extension Dataset {
  /// Reads data for a network that was trained on other data of this schema.
  ///
  /// A table may have its columns in any order and more of them. Labels are numbered as the network's classes
  /// are. Without `needsTarget` the target is not read at all, and need not be there: every label is −1, every
  /// value NaN. NumPy's arrays have no names for their columns, which are taken in their order.
  ///
  /// - Parameters:
  ///   - spec: a name or path, as ``load(_:target:task:)`` takes.
  ///   - schema: what the network was trained on.
  ///   - needsTarget: whether the target will be compared with predictions.
  ///   - encoding: how a table's text is written; nil for UTF-8.
  /// - Throws: ``DataError`` where the data is missing, wrong, or does not fit the schema;
  ///   ``DatasetNameError`` where it is asked for wrongly.
  public static func load(
    _ spec: String, matching schema: Schema, needsTarget: Bool, encoding: TextEncoding? = nil
  ) throws -> Dataset {
    if !Catalog.has(spec), FolderSamples.isNamed(by: spec) {
      return try FolderSamples(spec, matching: schema, needsTarget: needsTarget).dataset
    }
    if !Catalog.has(spec), Files.isRegularFile(spec), NumPyArrays.isNamed(by: spec) {
      return try arrays(spec, matching: schema, needsTarget: needsTarget)
    }
    guard let dataset = try loadWithOwnTarget(spec) else {
      let table = try encoding.map { try CSVTable(path: spec, encoding: $0) } ?? CSVTable(path: spec)
      return try Dataset(table, matching: schema, needsTarget: needsTarget)
    }
    guard dataset.sampleShape == schema.sampleShape else {
      throw DataError.invalid(
        spec, "its samples have the shape \(dataset.sampleShape), and the model takes \(schema.sampleShape)")
    }
    let fits = schema.featureNames.isEmpty || dataset.featureNames == schema.featureNames
    guard fits else {
      throw DataError.invalid(
        spec,
        "its features are \(quotedList(dataset.featureNames)), and the model takes \(quotedList(schema.featureNames))")
    }
    guard needsTarget else {
      return dataset.with(target: schema.unknownTarget(dataset.count), taskReason: dataset.taskReason)
    }
    return dataset.with(target: try dataset.relabelled(schema), taskReason: dataset.taskReason)
  }

  /// Reads NumPy's arrays. A single one of [rows, columns] is a table where the target is a column of it.
  private static func arrays(_ path: String, matching schema: Schema, needsTarget: Bool) throws(DataError) -> Dataset {
    if NumPyArrays.isArray(path), schema.sampleShape.count == 1 {
      let table = try CSVTable(bytes: NumPyTable.text(path: path), place: path)
      if needsTarget || table.columns.count != schema.featureNames.count {
        return try Dataset(table, matching: schema, needsTarget: needsTarget)
      }
    }
    return try Dataset(numPy: path, matching: schema, needsTarget: needsTarget)
  }

  /// Reads a table for a network that was trained on other data of this schema, as
  /// ``load(_:matching:needsTarget:)`` does.
  ///
  /// - Throws: ``DataError`` with line and column.
  public init(_ table: CSVTable, matching schema: Schema, needsTarget: Bool) throws(DataError) {
    let names = try schema.columns(of: table)
    let features = try table.features(named: names)
    var target = schema.unknownTarget(table.rowCount)
    if needsTarget {
      if let classes = schema.classNames {
        target = .classes(labels: try table.labels(named: schema.targetName, classes: classes), names: classes)
      } else {
        target = .values(try table.features(named: [schema.targetName]))
      }
    }
    self.init(
      name: table.place, features: .float32(features), sampleShape: schema.sampleShape, featureNames: names,
      target: target, targetName: schema.targetName, taskReason: "the model says so")
  }

  func relabelled(_ schema: Schema) throws(DataError) -> Target {
    switch (target, schema.classNames) {
    case (.values, nil): return target
    case (.classes(let labels, let names), let wanted?):
      let places = names.map { wanted.firstIndex(of: $0).map(Int32.init) }
      let used = Set(labels)
      if let stranger = names.indices.first(where: { places[$0] == nil && used.contains(Int32($0)) }) {
        throw .invalid(
          name, "the model does not know the class \(quoted(names[stranger])); it knows \(quotedList(wanted))")
      }
      return .classes(labels: labels.map { places[Int($0)] ?? -1 }, names: wanted)
    case (.classes(let labels, let names), nil):
      let numbers = names.compactMap(Float.init)
      if numbers.count == names.count { return .values(labels.map { numbers[Int($0)] }) }
      throw .invalid(name, "its target is classes, and the model predicts a quantity")
    case (.values, _?):
      throw .invalid(name, "its target is a quantity, and the model predicts classes")
    }
  }
}

extension CSVTable {
  /// A table that is written in this encoding.
  fileprivate init(path: String, encoding: TextEncoding) throws(DataError) {
    var bytes = try Files.read(path)
    if Gzip.isGzip(bytes) { bytes = try Gzip.decompress(bytes, place: path, limit: Files.sizeLimit) }
    try self.init(bytes: encoding.utf8(bytes, place: path), place: path)
  }
}

extension Dataset.Schema {
  /// The names of the columns that hold a sample's numbers; a picture's are `pixel_ROW_COLUMN`.
  fileprivate func columns(of table: CSVTable) throws(DataError) -> [String] {
    guard featureNames.isEmpty else { return featureNames }
    guard sampleShape.count == 2, let elementCount, elementCount <= table.columns.count else {
      throw .invalid(
        table.place, "the model takes pictures of shape \(sampleShape), and this table has too few columns for one")
    }
    return Dataset.pixelNames(height: sampleShape[0], width: sampleShape[1])
  }

  func unknownTarget(_ count: Int) -> Dataset.Target {
    guard let classNames else { return .values(Array(repeating: .nan, count: count)) }
    return .classes(labels: Array(repeating: -1, count: count), names: classNames)
  }
}
