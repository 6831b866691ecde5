import DescentFormats

/// What the files of a folder are, by their names.
public enum FileKind: String, Sendable, CaseIterable {
  /// PNG and JPEG.
  case picture
  /// WAVE.
  case recording
  /// Plain text.
  case text

  /// By the end of a file's name; nil where it is none of them.
  public init?(path: String) {
    let name = path.lowercased()
    guard let kind = FileKind.allCases.first(where: { $0.endings.contains(where: name.hasSuffix) }) else { return nil }
    self = kind
  }

  /// What all of these texts name as files in a folder; nil where they are not of one kind.
  init?(namedByAll texts: some Sequence<String>) {
    var common: FileKind?
    for text in texts {
      // what is on the web is no file here
      guard let kind = FileKind(path: text), kind == common ?? kind, !text.contains("://") else { return nil }
      common = kind
    }
    guard let common else { return nil }
    self = common
  }

  /// How their names end.
  public var endings: [String] {
    switch self {
    case .picture: [".png", ".jpg", ".jpeg"]
    case .recording: [".wav"]
    case .text: [".txt"]
    }
  }

  /// What most of the files in a folder are, and in the folders within it; in this order where they are as many.
  ///
  /// - Throws: ``DataError``: there are none of any kind, or a folder can't be read.
  static func commonest(in folder: String) throws(DataError) -> FileKind {
    let files = try FolderListing.files(below: folder) { FileKind(path: $0) != nil }
    let counts = allCases.map { kind in files.count { FileKind(path: $0) == kind } }
    guard let most = counts.max(), most > 0, let place = counts.firstIndex(of: most) else {
      throw .missing(
        folder,
        "no data set: the folder holds neither IDX files (train-images-idx3-ubyte or the same as .gz) nor pictures "
          + "(.png, .jpg), recordings (.wav) or texts (.txt), one folder a class")
    }
    return allCases[place]
  }
}
