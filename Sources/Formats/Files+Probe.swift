#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension Files {
  /// Finds out whether a file can be written at `path`, before work is done whose result would be lost.
  ///
  /// - Throws: ``DataError/Kind/unwritable``, with the system's reason. A disk may still be full later.
  public static func checkWritable(_ path: String) throws(DataError) {
    let code: Int32
    switch Destination(path) {
    case .failure(let failed): code = failed
    case .file(let target, _): code = access(Destination.folder(of: target), W_OK | X_OK) == 0 ? 0 : errno
    case .existing(let target): code = access(target, W_OK) == 0 ? 0 : errno
    case .descriptor: code = 0
    }
    guard code == 0 else { throw unwritable(path, code) }
  }

  /// Whether what lies at `path` is a regular file, its links followed.
  public static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && stat(path, &status) == 0 && isRegular(status)
  }
}
