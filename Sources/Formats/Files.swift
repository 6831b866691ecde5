#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Whole files in and out, with every failure a ``DataError`` that names the path.
public enum Files {
  /// The largest file that ``read(_:limit:)`` takes unless told otherwise: half of the machine's
  /// memory, because what is read is held there whole.
  public static let sizeLimit: Int = {
    let pages = sysconf(numericCast(_SC_PHYS_PAGES))
    let (bytes, overflow) = max(0, pages).multipliedReportingOverflow(by: max(1, sysconf(numericCast(_SC_PAGESIZE))))
    return overflow ? Int.max / 2 : max(bytes / 2, 1 << 28)
  }()

  /// The content of the file at `path`: a regular file, a pipe, or `/dev/stdin`.
  ///
  /// - Parameters:
  ///   - path: The file; symbolic links are followed.
  ///   - limit: The most bytes that are taken.
  /// - Throws: ``DataError/Kind/missing`` where nothing can be opened at `path`,
  ///   ``DataError/Kind/invalid`` where there is a folder, where the file is larger than `limit`, or
  ///   where reading fails.
  public static func read(_ path: String, limit: Int = sizeLimit) throws(DataError) -> [UInt8] {
    let descriptor = try open(forReading: path)
    defer { _ = close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .missing(path, "can't be read: \(reason(errno))") }
    guard !isFolder(status) else { throw .invalid(path, "this is a folder, where a file is expected") }
    let tooLarge = DataError.invalid(path, "larger than \(limit) bytes, the most that is read into memory here")

    let expected = isRegular(status) ? Int(status.st_size) : 0
    guard expected <= limit else { throw tooLarge }
    var failure: Int32 = 0
    var content = [UInt8](unsafeUninitializedCapacity: expected) { buffer, filled in
      while filled < buffer.count {
        let count = retrying { sysRead(descriptor, buffer.baseAddress! + filled, buffer.count - filled) }
        if count < 0 { failure = errno }
        if count <= 0 { break }
        filled += count
      }
    }
    // A pipe says no size, and a file may have grown since: go on until the end is reported.
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { chunk.deallocate() }
    while failure == 0 {
      let count = retrying { sysRead(descriptor, chunk.baseAddress!, chunk.count) }
      if count < 0 { failure = errno }
      if count <= 0 { break }
      guard content.count + count <= limit else { throw tooLarge }
      content.append(contentsOf: chunk[..<count])
    }
    guard failure == 0 else { throw .invalid(path, "reading stopped after \(content.count) bytes: \(reason(failure))") }
    return content
  }

  /// Whether there is something at `path`, symbolic links followed.
  public static func exists(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && stat(path, &status) == 0
  }

  /// Whether there is a folder at `path`, symbolic links followed.
  public static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return !path.utf8.contains(0) && stat(path, &status) == 0 && isFolder(status)
  }

  static func open(forReading path: String) throws(DataError) -> Int32 {
    // To the kernel a path ends at its first zero byte, so that another file would be opened.
    guard !path.utf8.contains(0) else { throw .missing(path, "a path has no zero byte in it") }
    let descriptor = retrying { openFile(path, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else {
      let code = errno
      switch code {
      case ENOENT, ENOTDIR: throw .missing(path, "there is no such file")
      default: throw .missing(path, "can't be opened: \(reason(code))")
      }
    }
    return descriptor
  }
}

// MARK: - System calls, as Swift can call them

/// Repeats a system call for as long as a signal interrupts it.
func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
  while true {
    let result = call()
    if result != -1 || errno != EINTR { return result }
  }
}

/// What the system calls this error number.
func reason(_ code: Int32) -> String {
  String(cString: strerror(code))
}

func isFolder(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFDIR }

func isRegular(_ status: stat) -> Bool { status.st_mode & S_IFMT == S_IFREG }

/// `open` under a name that ``Files``'s own members don't hide.
func openFile(_ path: String, _ flags: Int32, _ mode: mode_t = 0) -> Int32 {
  open(path, flags, mode)
}

func sysRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
