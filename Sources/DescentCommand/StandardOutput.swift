import Descent
import Synchronization

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

  /// Prints a text and shows it at once, also where nobody but a pipe or a file takes it: who reads there wants to see the
  /// columns before the training, too.
  static func say(_ text: String) {
    print(text)
    if fflush(nil) != 0 {
      let code = errno
      lost.withLock { $0 = $0 == 0 ? code : $0 }
    }
  }

  /// What kept something that was printed from its reader; a stream forgets it.
  private static let lost = Mutex<Int32>(0)

  /// Sends what is still held back.
  ///
  /// - Throws: `DataError` where what was printed is lost, but not where its reader has left.
  static func finish() throws(DataError) {
    let last = fflush(nil) == 0 ? 0 : errno
    let code = last != 0 ? last : lost.withLock { $0 }
    guard code != 0, code != EPIPE else { return }
    throw .unwritable("standard output", "can't be written: \(String(cString: strerror(code)))")
  }
}
