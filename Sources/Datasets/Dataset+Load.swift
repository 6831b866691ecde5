import DescentFormats

extension Dataset {
  /// Reads the data that a user names: a built-in name, a generated one such as `spiral:size=1000,seed=3`, a
  /// folder of IDX files, of pictures or of recordings, an archive of NumPy's arrays (`.npz`), or a table of numbers, which
  /// may be a single array (`.npy`, whose columns are `column 1`, `column 2`, …).
  ///
  /// A built-in name comes before a file of that name; write `./iris` for the file.
  ///
  /// - Parameters:
  ///   - spec: the name or path.
  ///   - target: a table's target column. Other data brings its own; to name that one is allowed.
  ///   - task: overrides whether the target is classes or values. Classes whose names are numbers can be values.
  /// - Throws: ``DataError`` where the data is missing or wrong, ``DatasetNameError`` where it is asked for wrongly.
  public static func load(_ spec: String, target: String? = nil, task: Task? = nil) throws -> Dataset {
    switch try DataSource.load(spec, task: task) {
    case .samples(let dataset): return try dataset.asked(target: target, task: task)
    case .folder(let folder): return try folder.dataset.asked(target: target, task: task)
    case .table(let table):
      guard let target else {
        throw DatasetNameError("'\(spec)' is a table: name the column to predict (--target COLUMN)")
      }
      return try Dataset(table, target: target, task: task)
    case .texts: throw textsAreNoSamples(spec)
    }
  }

  static func textsAreNoSamples(_ spec: String) -> DataError {
    .invalid(spec, "a folder of texts becomes a table, not samples; read it as Table(texts:)")
  }

  /// The same samples with what was asked for of their own target.
  ///
  /// - Throws: ``DatasetNameError`` where they can't have it.
  package func asked(target: String?, task: Task?) throws(DatasetNameError) -> Dataset {
    if let target, target != targetName {
      throw DatasetNameError("'\(name)' has its own target, '\(targetName)'; '\(target)' can't be chosen")
    }
    guard let task else { return self }
    return try converted(to: task)
  }

  /// The same samples with the target as this task needs it.
  private func converted(to task: Task) throws(DatasetNameError) -> Dataset {
    guard task != self.task else { return self }
    guard case .classes(let labels, let names) = target else {
      throw DatasetNameError("'\(name)': '\(targetName)' is a quantity, not classes; use regression")
    }
    let numbers = names.compactMap(Float.init)
    guard numbers.count == names.count else {
      throw DatasetNameError("'\(name)': the classes \(quotedList(names)) are no numbers; use classification")
    }
    return with(
      target: .values(labels.map { numbers[Int($0)] }), taskReason: "that is the task asked for")
  }

  func with(target: Target, taskReason: String) -> Dataset {
    Dataset(
      name: name, features: features, sampleShape: sampleShape, featureNames: featureNames, pixelRange: pixelRange,
      target: target, targetName: targetName, taskReason: taskReason, trainRows: trainRows, testRows: testRows)
  }
}
