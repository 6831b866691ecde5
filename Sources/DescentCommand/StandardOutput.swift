import Descent

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a command prints.
enum StandardOutput {
  /// Lets a command go on when nobody reads what it prints any longer (`descent train digits | head -1`), because its
  /// file is the result.
  static func outliveItsReader() { signal(SIGPIPE, SIG_IGN) }

  /// Sends what is still held back.
  ///
  /// - Throws: `DataError` where what was printed is lost, but not where its reader has left.
  static func finish() throws(DataError) {
    guard fflush(nil) != 0 else { return }
    let code = errno
    guard code != EPIPE else { return }
    throw .unwritable("standard output", "can't be written: \(String(cString: strerror(code)))")
  }
}
