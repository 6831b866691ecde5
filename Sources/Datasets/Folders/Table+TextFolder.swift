import DescentFormats

extension Table {
  /// The names of the columns that texts of a folder become.
  public enum TextFolderColumn {
    /// A text.
    public static let text = "text"
    /// The class, by the name of the file or folder.
    public static let target = "class"
    /// `train`, `validation` or `test`, where folders name the parts.
    public static let part = "part"
  }

  /// A table in memory of the texts in a folder, with a column `text` and a column `class`.
  ///
  /// Where the folder holds files, each file is a class and each of its lines that is not blank a text. Where it holds
  /// folders, each folder is a class and each file in it a text. Folders `train` and `test` or `validation` around either
  /// make a third column, `part`. Files are `.txt`, in UTF-8 or with a byte order mark.
  ///
  /// - Parameters:
  ///   - encoding: how the texts are written; nil for UTF-8, or what a byte order mark says.
  ///   - needsClasses: whether there must be classes, and two or more to learn; where not, there is no column of them, and a
  ///     single file is taken as well, with a text a line.
  /// - Throws: ``DataError``: there are no such files or fewer than two classes, files lie beside folders, a file is not
  ///   text, or all together take more memory than there is.
  public init(texts path: String, encoding: TextEncoding? = nil, needsClasses: Bool = true) throws(DataError) {
    let layout =
      Files.isDirectory(path)
      ? try FolderLayout(path, .text, needsClasses: needsClasses) : FolderLayout(file: path, .text)
    if needsClasses { try layout.checkLearnable() }
    let depths = layout.files.indices.map { layout.stepCount($0) }
    guard let depth = depths.first, depths.allSatisfy({ ($0 == 1) == (depth == 1) }) else {
      throw .invalid(path, "some texts lie in folders and some beside them; one file a class, or one folder a class")
    }
    var parts: [String] = []
    if let named = layout.parts {
      parts = Array(repeating: "train", count: layout.files.count)
      for row in named.validation { parts[Int(row)] = "validation" }
      for row in named.test { parts[Int(row)] = "test" }
    }
    var csv = TextColumns(hasClasses: needsClasses, hasParts: !parts.isEmpty)
    for file in layout.files.indices {
      let text = try layout.text(file, encoding)
      let name = needsClasses ? layout.classNames[Int(layout.labels[file])] : nil
      let part = parts.isEmpty ? nil : parts[file]
      guard csv.bytes.count + text.utf8.count <= Files.sizeLimit else {
        throw .invalid(path, "its texts do not fit into memory; take fewer")
      }
      if depth > 1 {
        csv.add(text[...], name, part)
      } else {
        for line in text.split(whereSeparator: \.isNewline) where !line.allSatisfy(\.isWhitespace) {
          csv.add(line, name, part)
        }
      }
    }
    try self.init(bytes: csv.bytes, place: path)
  }
}

extension FolderLayout {
  /// Folders and file on the way to a file, those of the parts left out.
  fileprivate func stepCount(_ file: Int) -> Int {
    files[file].split(separator: "/" as Character).count - (parts == nil ? 0 : 1)
  }

  /// The text of a file.
  fileprivate func text(_ file: Int, _ encoding: TextEncoding?) throws(DataError) -> String {
    var bytes = try ByteSource(path: path(file)).inUTF8(from: encoding).bytes()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .invalid(path(file), "the file is not valid UTF-8; save it as UTF-8, or name its --encoding")
    }
    return text
  }
}

/// The bytes of a table, as RFC 4180 writes it.
private struct TextColumns {
  private(set) var bytes: [UInt8]

  init(hasClasses: Bool, hasParts: Bool) {
    var columns = [Table.TextFolderColumn.text]
    if hasClasses { columns.append(Table.TextFolderColumn.target) }
    if hasParts { columns.append(Table.TextFolderColumn.part) }
    bytes = Array(columns.joined(separator: ",").utf8) + [.lineFeed]
  }

  mutating func add(_ text: Substring, _ name: String?, _ part: String?) {
    field(text)
    if let name {
      bytes.append(.comma)
      field(name[...])
    }
    if let part {
      bytes.append(.comma)
      bytes += part.utf8
    }
    bytes.append(.lineFeed)
  }

  private mutating func field(_ text: Substring) {
    bytes.append(.quote)
    for byte in text.utf8 {
      if byte == .quote { bytes.append(.quote) }
      bytes.append(byte)
    }
    bytes.append(.quote)
  }
}
