import DescentFormats

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// What lies in a folder.
enum FolderListing {
  /// The names in a folder, sorted by their Unicode scalars; hidden ones, which begin with a point, are passed over.
  ///
  /// - Throws: ``DataError/Kind/missing`` where the folder can't be read.
  static func names(in path: String) throws(DataError) -> [String] {
    guard let folder = opendir(path) else {
      throw .missing(path, "the folder can't be read: \(String(cString: strerror(errno)))")
    }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let capacity = MemoryLayout.size(ofValue: entry.pointee.d_name)
      let name = withUnsafePointer(to: &entry.pointee.d_name) { place in
        place.withMemoryRebound(to: CChar.self, capacity: capacity) { String(cString: $0) }
      }
      if !name.hasPrefix(".") { names.append(name) }
    }
    // the order of UTF-8 is that of the scalars
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// The files in a folder and in the folders within it whose names are wanted, as paths from there, sorted folder by
  /// folder. Links are followed; a folder that they lead to a second time is passed over.
  ///
  /// - Throws: ``DataError/Kind/missing`` where a folder can't be read.
  static func files(below path: String, where isWanted: (String) -> Bool) throws(DataError) -> [String] {
    var files: [String] = []
    var seen: Set<Place> = []
    var pending = [""]
    while let entry = pending.popLast() {
      let whole = entry.isEmpty ? path : "\(path)/\(entry)"
      if isWanted(entry), Files.isRegularFile(whole) {
        files.append(entry)
      } else if let place = Place(folder: whole), seen.insert(place).inserted {
        let prefix = entry.isEmpty ? "" : "\(entry)/"
        pending += try names(in: whole).reversed().map { prefix + $0 }
      }
    }
    return files
  }

  /// What tells folders apart.
  private struct Place: Hashable {
    let device, number: UInt64

    init?(folder path: String) {
      var status = stat()
      guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
      device = UInt64(truncatingIfNeeded: status.st_dev)
      number = UInt64(truncatingIfNeeded: status.st_ino)
    }
  }
}
