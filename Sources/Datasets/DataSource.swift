import DescentFormats

/// Data that a user names: samples, or a table whose columns have yet to become samples.
public enum DataSource: Sendable {
  /// Built-in and generated data, folders of IDX files, and archives of NumPy arrays.
  case samples(Dataset)
  /// A folder of pictures or recordings.
  case folder(FolderSamples)
  /// A table in a file; a single NumPy array of [rows, columns] is one too.
  case table(Table)
  /// A folder of texts, as a table with the columns of ``Table/TextFolderColumn``.
  case texts(Table)

  /// Finds the data of a name or path. A built-in name comes before a file of that name; write `./iris` for the file.
  ///
  /// - Parameters:
  ///   - encoding: how a table's text is written; nil for UTF-8, or what a byte order mark says.
  ///   - hasHeader: whether a table's first line names the columns.
  ///   - sound: what is taken of a folder's recordings.
  ///   - task: what an archive's targets are taken for; nil for what follows from them.
  /// - Throws: ``DataError`` where the data is missing or wrong, ``DatasetNameError`` where it is asked for wrongly.
  public static func load(
    _ spec: String, encoding: TextEncoding? = nil, hasHeader: Bool = true, sound: SoundPreparation.Form = .logMel,
    task: Dataset.Task? = nil
  ) throws -> DataSource {
    if let (entry, options) = try Catalog.find(spec) { return .samples(try entry.make(spec, options)) }
    guard Files.exists(spec) else {
      throw DataError.missing(spec, "neither a built-in data set nor a file ('descent datasets' lists the former)")
    }
    guard Files.isDirectory(spec) else {
      guard NumPyArrays.isNamed(by: spec) else {
        return .table(try Table(path: spec, encoding: encoding, hasHeader: hasHeader))
      }
      guard NumPyArrays.isArray(spec) else { return .samples(try Dataset(numPyArchive: spec, task: task)) }
      return .table(try Table(bytes: NumPyTable.text(path: spec), place: spec))
    }
    if IDXFolder.isOne(spec) { return .samples(try Dataset(idxFolder: spec)) }
    let kind = try FileKind.commonest(in: spec)
    return kind == .text
      ? .texts(try Table(texts: spec, encoding: encoding)) : .folder(try FolderSamples(spec, sound: sound))
  }
}

extension DataSource {
  /// A single NumPy array of [rows, columns] as the table that a model learnt from, with or without its target; nil for any
  /// other file.
  ///
  /// - Parameters:
  ///   - columns: how many columns that table had.
  ///   - target: which of them was the target.
  package static func table(ofArray path: String, columns: Int, target: String) throws(DataError) -> Table? {
    guard NumPyArrays.isArray(path), Files.isRegularFile(path) else { return nil }
    return try Table(bytes: NumPyTable.text(path: path, known: (columns, target)), place: path)
  }

  /// Whether a path is a folder of texts, or a file of lines by its name.
  package static func holdsTexts(_ path: String) -> Bool {
    guard Files.isDirectory(path) else { return FileKind(path: path) == .text }
    return !IDXFolder.isOne(path) && (try? FileKind.commonest(in: path)) == .text
  }
}

extension Dataset {
  /// The same samples, divided otherwise.
  public func divided(training: [Int32], validation: [Int32], test: [Int32]) -> Dataset {
    Dataset(
      name: name, features: features, sampleShape: sampleShape, featureNames: featureNames, pixelRange: pixelRange,
      target: target, targetName: targetName, taskReason: taskReason, trainRows: (training + validation).sorted(),
      testRows: test)
  }

  /// Parts drawn from all samples, within each class where there are any.
  public func parts(_ split: RowSplit) -> RowSplit.Parts { split.parts(of: rows(.all), strata: strata(split)) }

  /// Parts for so many folds, each of which tests once while the others learn; within each class where there are any.
  public func folds(_ count: Int, _ split: RowSplit) -> [RowSplit.Parts] {
    split.folded(count, of: rows(.all), strata: strata(split))
  }

  private func strata(_ split: RowSplit) -> [Int32] {
    if case .classes(let labels, _) = target, split.method != .random { labels } else { [] }
  }
}
