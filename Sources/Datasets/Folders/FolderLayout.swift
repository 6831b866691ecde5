import DescentFormats

/// The files of a folder, and what their places say: the class by the folder that they lie in, and the part of the data
/// where there are folders `train` and `test` or `validation` around those.
struct FolderLayout {
  /// The folder; nothing for a single file.
  let root: String
  /// What the files are.
  let kind: FileKind
  /// The files as paths from the folder, sorted.
  let files: [String]
  /// The classes, sorted; none where they were not asked for.
  let classNames: [String]
  /// The class of each file; −1 where it was not asked for.
  let labels: [Int32]
  /// The parts that folders name; nil where none do.
  let parts: RowSplit.Parts?
  /// What lies beside the files and is none of them, in clauses.
  let notes: [String]

  /// A single file, without a class.
  init(file: String, _ kind: FileKind) {
    (root, self.kind, files, classNames, labels, parts, notes) = ("", kind, [file], [], [-1], nil, [])
  }

  /// The whole path of a file.
  func path(_ file: Int) -> String { root.isEmpty ? files[file] : "\(root)/\(files[file])" }

  private enum Part: String, CaseIterable {
    case training, validation, test

    init?(folder name: String) {
      switch name {
      case "train": self = .training
      case "validation", "valid", "val": self = .validation
      case "test": self = .test
      default: return nil
      }
    }
  }

  /// Looks through a folder.
  ///
  /// - Parameter needsClasses: whether every file must have a class.
  /// - Throws: ``DataError`` where there are no such files, a file lies beside the folders, or a class has no file.
  init(_ root: String, _ kind: FileKind, needsClasses: Bool) throws(DataError) {
    self.root = root
    self.kind = kind
    let all = try FolderListing.files(below: root) { _ in true }
    files = all.filter { FileKind(path: $0) == kind }
    let others = all.filter { FileKind(path: $0) != kind }
    let count = "\(others.count) other file\(others.count == 1 ? "" : "s")"
    notes = others.isEmpty ? [] : ["\(count) left out (\(quotedList(Array(others.prefix(3)))))"]
    guard !files.isEmpty else {
      throw .invalid(root, "there is no \(kind.rawValue) in this folder (\(kind.endings.joined(separator: ", ")))")
    }
    let folders = try FolderListing.names(in: root).filter { Files.isDirectory("\(root)/\($0)") }
    let partsNamed = Set(folders.compactMap { Part(folder: $0) })
    let hasParts = partsNamed.contains(.training) && partsNamed.count > 1

    var rows = RowSplit.Parts(training: [], validation: [], test: [])
    var names: [String] = []
    for (row, file) in files.enumerated() {
      var steps = file.split(separator: "/" as Character).map { String($0) }[...]
      if hasParts {
        switch Part(folder: steps[0]) {
        case .training: rows.training.append(Int32(row))
        case .validation: rows.validation.append(Int32(row))
        case .test: rows.test.append(Int32(row))
        case nil: throw .invalid("\(root)/\(file)", "it lies beside the folders of the parts; move it into one of them")
        }
        steps = steps.dropFirst()
      }
      if kind == .text, steps.count == 1 {
        // a file with a sample a line is a class by itself
        names.append(String(steps[steps.startIndex].dropLast(4)))
      } else {
        names.append(steps.count > 1 ? steps[steps.startIndex] : "")
      }
    }
    parts = hasParts ? rows : nil
    guard needsClasses else {
      (classNames, labels) = ([], Array(repeating: -1, count: files.count))
      return
    }
    if let loose = names.firstIndex(of: "") {
      throw .invalid("\(root)/\(files[loose])", "it lies in no folder that names its class; move it into one")
    }
    let classes = Set(names).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let numbers = Dictionary(uniqueKeysWithValues: classes.enumerated().map { ($1, Int32($0)) })
    (classNames, labels) = (classes, names.map { numbers[$0] ?? -1 })
    try checkFolders(hasParts ? folders.filter { Part(folder: $0) != nil } : [""])
  }

  /// Every folder that could be a class must have a file.
  private func checkFolders(_ parts: [String]) throws(DataError) {
    for part in parts {
      let place = part.isEmpty ? root : "\(root)/\(part)"
      let prefix = part.isEmpty ? "" : "\(part)/"
      let filled = Set(files.filter { $0.hasPrefix(prefix) }.compactMap { firstStep($0, behind: prefix) })
      for name in try FolderListing.names(in: place)
      where Files.isDirectory("\(place)/\(name)") && !filled.contains(name) {
        throw .invalid(
          "\(place)/\(name)",
          "there is no \(kind.rawValue) in this folder (\(kind.endings.joined(separator: ", "))); fill or remove it")
      }
    }
  }

  private func firstStep(_ file: String, behind prefix: String) -> String? {
    file.dropFirst(prefix.count).split(separator: "/" as Character).first.map { String($0) }
  }

  /// Whether there is something to tell apart, and all of it can be learnt.
  ///
  /// - Throws: ``DataError`` where there is one class, or the training part lacks a class.
  func checkLearnable() throws(DataError) {
    guard classNames.count > 1 else {
      throw .invalid(
        root,
        "every \(kind.rawValue) is of the class \(quoted(classNames[0])); there is nothing to tell apart with fewer "
          + "than two classes, each in a folder of its own")
    }
    guard let parts else { return }
    let known = Set(parts.training.map { labels[Int($0)] })
    if let stranger = labels.indices.first(where: { !known.contains(labels[$0]) }) {
      throw .invalid(
        "\(root)/\(files[stranger])", "the training part has no class \(quoted(classNames[Int(labels[stranger])]))")
    }
  }
}
