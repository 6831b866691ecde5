/// Several arrays under names as NumPy's `savez` and `savez_compressed` write them: `.npz`, a zip archive of `.npy` files.
///
/// Members are stored or deflated, and their checksums are checked. What lies beyond 4 GiB is refused.
public struct NumPyArchive: Sendable, Equatable {
  /// One array.
  public struct Entry: Sendable, Equatable {
    /// Its name without `.npy`, for example `arr_0`.
    public let name: String
    /// The array.
    public let array: NumPyFile
  }

  /// The arrays, in the archive's order; no two have one name.
  public let entries: [Entry]
  /// The names of arrays that were not asked for, in the archive's order.
  package let skipped: [String]

  /// The array of this name, or nil.
  public subscript(name: String) -> NumPyFile? {
    entries.first { $0.name == name }?.array
  }

  /// Reads the file at `path`.
  ///
  /// - Throws: ``DataError/Kind/missing`` where there is no file, and what ``init(_:place:)`` throws.
  public init(path: String) throws(DataError) {
    try self.init(Files.read(path), place: path)
  }

  /// Reads the content of a file; `place` is what errors name.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where the archive or one of its arrays is damaged or of a kind that is not
  ///   read, as ``NumPyFile/init(_:place:)`` does, and where they would unpack to more than 256 MiB, and to more than 256
  ///   times the archive.
  public init(_ bytes: [UInt8], place: String) throws(DataError) {
    try self.init(bytes, place: place) { _ in true }
  }

  /// Reads those arrays whose names are wanted: what others hold does not matter.
  package init(
    _ bytes: [UInt8], place: String, unpacking limit: UnpackingLimit = UnpackingLimit(),
    wanted: (_ name: String) -> Bool
  ) throws(DataError) {
    let archive = try ZipArchive(bytes, place: place, unpacking: limit)
    var entries: [Entry] = []
    var names: Set<String> = []
    var skipped: [String] = []
    for member in archive.members {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      guard wanted(name) else {
        skipped.append(name)
        continue
      }
      let content = try archive.content(of: member)
      let array = try NumPyFile(content, place: "\(place), member '\(member.name)'")
      guard names.insert(name).inserted else {
        throw .invalid(place, "two arrays are called '\(name)'")
      }
      entries.append(Entry(name: name, array: array))
    }
    (self.entries, self.skipped) = (entries, skipped)
  }
}
