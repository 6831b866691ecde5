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
  /// - Parameter byteCount: how much room it will need.
  /// - Throws: ``DataError/Kind/unwritable``, with the system's reason. A disk may still be full later.
  public static func checkWritable(_ path: String, byteCount: Int = 0) throws(DataError) {
    let code: Int32
    switch Destination(path) {
    case .failure(let failed): code = failed
    case .file(let target, _):
      let folder = Destination.folder(of: target)
      code = access(folder, W_OK | X_OK) == 0 ? (hasRoom(folder, byteCount) ? 0 : ENOSPC) : errno
    case .existing(let target): code = access(target, W_OK) == 0 ? refusal(of: target) : errno
    case .descriptor: code = 0
    }
    guard code == 0 else { throw unwritable(path, code) }
  }

  /// Whether the disk of a folder has room; a disk that does not say has.
  private static func hasRoom(_ folder: String, _ byteCount: Int) -> Bool {
    var status = statvfs()
    guard statvfs(folder, &status) == 0, status.f_blocks > 0 else { return true }
    return UInt64(status.f_bavail) >= UInt64(max(byteCount, 0)) / UInt64(max(status.f_frsize, 1))
  }

  /// The error number with which a device refuses all that is written (`/dev/full`), or 0. A pipe is not opened: its
  /// reader would take that for the beginning.
  private static func refusal(of target: String) -> Int32 {
    var status = stat()
    guard stat(target, &status) == 0, status.st_mode & S_IFMT == S_IFCHR else { return 0 }
    let descriptor = retrying { openFile(target, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK) }
    guard descriptor >= 0 else { return errno }
    defer { close(descriptor) }
    var nothing: UInt8 = 0
    return retrying { sysWrite(descriptor, &nothing, 0) } < 0 ? errno : 0
  }

  /// The folder for files that nobody has chosen a place for: `TMPDIR`, or `/tmp`.
  public static var temporaryFolder: String {
    let named = getenv("TMPDIR").map { String(cString: $0) } ?? ""
    return named.isEmpty ? "/tmp" : named
  }

  /// Whether what is written at `path` comes out of this process's standard output, as of `/dev/stdout`.
  public static func isStandardOutput(_ path: String) -> Bool {
    guard case .descriptor(STDOUT_FILENO) = Destination(path) else { return false }
    return true
  }

  /// Whether two paths lead to one file: by their spelling, or because one regular file is at the end of both.
  public static func areSame(_ first: String, _ second: String) -> Bool {
    if first == second { return !first.isEmpty }
    var (one, other) = (stat(), stat())
    guard isRegularFile(first), isRegularFile(second), stat(first, &one) == 0, stat(second, &other) == 0 else {
      return false
    }
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino
  }

  /// Whether what lies at `path` is a regular file, its links followed.
  public static func isRegularFile(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && stat(path, &status) == 0 && isRegular(status)
  }
}
