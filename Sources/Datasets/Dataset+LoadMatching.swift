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
    let dataset: Dataset
    switch try DataSource.load(spec, encoding: encoding) {
    case .samples(let samples): dataset = samples
    case .folder(let folder): dataset = folder.dataset
    case .table(let table): return try Dataset(table, matching: schema, needsTarget: needsTarget)
    case .texts: throw textsAreNoSamples(spec)
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
      let known = (columns: schema.featureNames.count + 1, target: schema.targetName)
      let table = try Table(bytes: NumPyTable.text(path: path, known: known), place: path)
      if needsTarget || Set(table.columns).isSuperset(of: schema.featureNames) {
        return try Dataset(table, matching: schema, needsTarget: needsTarget)
      }
    }
    return try Dataset(numPy: path, matching: schema, needsTarget: needsTarget)
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

extension Dataset.Schema {
  func unknownTarget(_ count: Int) -> Dataset.Target {
    guard let classNames else { return .values(Array(repeating: .nan, count: count)) }
    return .classes(labels: Array(repeating: -1, count: count), names: classNames)
  }
}
