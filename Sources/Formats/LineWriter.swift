#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file that grows line by line, each line in it as soon as it is written: a log of metrics that
/// another program may follow, and of which a killed process loses nothing.
///
/// A line goes out in one call to the system, so that lines of several tasks don't mix.
public final class LineWriter: Sendable {
  /// The path that was asked for.
  public let path: String
  private let descriptor: Int32

  /// Opens the file at `path` and empties it, or makes it.
  ///
  /// What is no regular file (`/dev/stdout`, a named pipe) is written to as it is.
  ///
  /// - Throws: ``DataError/Kind/unwritable``, with the system's reason.
  public init(path: String) throws(DataError) {
    switch Destination(path) {
    case .failure(let code): throw Files.unwritable(path, code)
    case .file(let target, _):
      descriptor = retrying { openFile(target, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o666) }
    case .existing(let target): descriptor = retrying { openFile(target, O_WRONLY | O_CLOEXEC) }
    case .descriptor(let number): descriptor = dup(number)
    }
    self.path = path
    guard descriptor >= 0 else { throw Files.unwritable(path, errno) }
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Appends `line` and a line feed.
  ///
  /// - Throws: ``DataError/Kind/unwritable``, with the system's reason, such as a full disk.
  public func write(_ line: String) throws(DataError) {
    let code = Files.writeAll(Array(line.utf8) + [0x0A], to: descriptor)
    guard code == 0 else { throw Files.unwritable(path, code) }
  }
}
