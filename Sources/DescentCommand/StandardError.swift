#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// What a user should know and a program that reads the output should not.
enum StandardError {
  /// A line, under the program's name.
  static func say(_ text: String) {
    let line = Array("descent: \(text)\n".utf8)
    _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
