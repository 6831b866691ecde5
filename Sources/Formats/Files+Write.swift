#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension Files {
  /// Writes `bytes` as the whole content of the file at `path`, or leaves `path` as it was.
  ///
  /// Symbolic links are followed first. A regular or a new file is written under a temporary name in
  /// its own folder, synced and renamed, and keeps the permission bits that it had. What is no
  /// regular file (`/dev/stdout`, `/dev/full`, a named pipe) is written straight through.
  ///
  /// - Throws: ``DataError/Kind/unwritable``, with the system's reason: no space, no permission, no
  ///   such folder.
  public static func write(_ bytes: [UInt8], to path: String) throws(DataError) {
    let code: Int32
    switch Destination(path) {
    case .failure(let failed): code = failed
    case .file(let target, let mode): code = replace(target, mode: mode) { writeAll(bytes, to: $0) }
    case .existing(let target):
      code = writing(to: retrying { openFile(target, O_WRONLY | O_CLOEXEC) }) { writeAll(bytes, to: $0) }
    case .descriptor(let number):
      // What was printed before has to come before.
      fflush(nil)
      code = writing(to: dup(number)) { writeAll(bytes, to: $0) }
    }
    guard code == 0 else { throw unwritable(path, code) }
  }

  /// The error for a path that can't be written, for the reason of this error number.
  static func unwritable(_ path: String, _ code: Int32) -> DataError {
    let folder = Destination.folder(of: path)
    let isLost = code == ENOENT && !path.isEmpty && !isDirectory(folder)
    return .unwritable(path, "can't be written: \(isLost ? "there is no folder \(folder)" : reason(code))")
  }

  /// A path in a folder that nothing lies at. It is not made from another file's name, which may be as long as names can
  /// be.
  static func temporaryName(in folder: String) -> String {
    "\(folder)/.descent-\(getpid())-\(String(UInt64.random(in: 0 ... .max), radix: 36))"
  }

  /// Has a new file written beside `target` and moves it there; returns an error number, or 0.
  ///
  /// Where the system knows files without a name, it has none before it is whole: a program that ends meanwhile, in
  /// whatever way, leaves nothing behind.
  static func replace(_ target: String, mode: mode_t?, _ fill: (_ descriptor: Int32) -> Int32) -> Int32 {
    let folder = Destination.folder(of: target)
    let temporary = temporaryName(in: folder)
    let unnamed = openUnnamed(in: folder)
    let descriptor =
      unnamed >= 0 ? unnamed : retrying { openFile(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666) }
    guard descriptor >= 0 else { return errno }
    var code = writing(to: descriptor) { descriptor in
      if let mode, fchmod(descriptor, mode) != 0 { return errno }
      var code = fill(descriptor)
      if code == 0 { code = synced(descriptor) }
      return code == 0 && unnamed >= 0 ? name(descriptor, temporary) : code
    }
    if code == 0, rename(temporary, target) != 0 { code = errno }
    if code != 0 {
      unlink(temporary)
    } else {
      // The new name outlives a crash only once its folder is synced too. Where that fails the file is whole anyway.
      _ = writing(to: retrying { openFile(folder, O_RDONLY | O_CLOEXEC) }, synced)
    }
    return code
  }

  /// Opens a new file without a name in a folder; −1 where the system or the file system has none.
  private static func openUnnamed(in folder: String) -> Int32 {
    #if os(Linux)
      // O_TMPFILE, which is no plain number in the headers
      let descriptor = retrying { openFile(folder, O_WRONLY | O_CLOEXEC | O_DIRECTORY | 0o20_000_000, 0o666) }
      guard descriptor >= 0 else { return -1 }
      // it is named by way of /proc
      if access("/proc/self/fd/\(descriptor)", F_OK) == 0 { return descriptor }
      close(descriptor)
    #endif
    return -1
  }

  /// Gives a file without a name one; returns an error number, or 0.
  private static func name(_ descriptor: Int32, _ path: String) -> Int32 {
    #if os(Linux)
      let own = "/proc/self/fd/\(descriptor)"
      return linkat(AT_FDCWD, own, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 ? 0 : errno
    #else
      return ENOTSUP
    #endif
  }

  /// Waits until the disk has what was written; returns an error number, or 0.
  private static func synced(_ descriptor: Int32) -> Int32 {
    // Some file systems can't sync and say so with EINVAL.
    retrying { fsync(descriptor) } == 0 || errno == EINVAL ? 0 : errno
  }

  /// Runs `body` on a descriptor just opened and closes it; returns the first error number, or 0.
  static func writing(to descriptor: Int32, _ body: (Int32) -> Int32) -> Int32 {
    guard descriptor >= 0 else { return errno }
    let code = body(descriptor)
    // A network file system may report only now that there was no room; an interrupted close has closed.
    let closed = close(descriptor) == 0 || errno == EINTR ? 0 : errno
    return code != 0 ? code : closed
  }

  /// Writes all of `bytes`, however few the system takes at a time; returns an error number, or 0.
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var rest = buffer[...]
      while !rest.isEmpty {
        let part = UnsafeRawBufferPointer(rebasing: rest)
        let count = retrying { sysWrite(descriptor, part.baseAddress!, part.count) }
        if count < 0 { return errno }
        // A device that takes nothing and says no error would keep us here for ever.
        if count == 0 { return EIO }
        rest = rest.dropFirst(count)
      }
      return 0
    }
  }
}

/// What writing to a path comes down to.
enum Destination {
  /// A regular file or a new one, its links resolved, with the permission bits of what is there.
  case file(String, mode: mode_t?)
  /// Something there that is no regular file: a device or a named pipe.
  case existing(String)
  /// One of this process's open descriptors, which `/dev/stdout` and its like are.
  case descriptor(Int32)
  /// Nothing can be written, for the reason of this error number.
  case failure(Int32)

  init(_ path: String) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      self = .failure(path.isEmpty ? ENOENT : EINVAL)
      return
    }
    var target = path
    // Linux itself gives up on a path after 40 links.
    for _ in 0..<40 {
      // Opening a descriptor's path anew would start at the file's beginning and overwrite what was printed.
      if let number = Destination.ownDescriptor(target) {
        self = .descriptor(number)
        return
      }
      guard let next = Destination.link(at: target) else {
        self = Destination.end(target)
        return
      }
      target = next.hasPrefix("/") ? next : "\(Destination.folder(of: target))/\(next)"
    }
    self = .failure(ELOOP)
  }

  /// The folder that holds `path`.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// What to do with a path that is no symbolic link.
  private static func end(_ path: String) -> Destination {
    var status = stat()
    guard stat(path, &status) == 0 else {
      let code = errno
      guard code == ENOENT else { return .failure(code) }
      return path.hasSuffix("/") ? .failure(EISDIR) : .file(path, mode: nil)
    }
    if isFolder(status) { return .failure(EISDIR) }
    guard isRegular(status) else { return .existing(path) }
    // Renaming asks only the folder; a file protected against writing is meant to stay.
    guard access(path, W_OK) == 0 else { return .failure(errno) }
    return .file(path, mode: status.st_mode & 0o7777)
  }

  /// Where the symbolic link at `path` points, or nil where there is none.
  private static func link(at path: String) -> String? {
    withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
      let count = readlink(path, buffer.baseAddress!.assumingMemoryBound(to: CChar.self), buffer.count)
      return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
    }
  }

  /// The number of this process's descriptor that `path` names, as `/proc/self/fd/1` does.
  private static func ownDescriptor(_ path: String) -> Int32? {
    let folders = ["/proc/self/fd/", "/proc/\(getpid())/fd/", "/dev/fd/"]
    guard let folder = folders.first(where: path.hasPrefix) else { return nil }
    return Int32(path.dropFirst(folder.count))
  }
}

func sysWrite(_ descriptor: Int32, _ buffer: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, buffer, count)
}
