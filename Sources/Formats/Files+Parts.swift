#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The content of a file while it is made, piece by piece.
///
/// Of what was appended at most a mebibyte is in memory. A piece that cannot be written is reported when the file is
/// complete, and all behind it are dropped.
public final class FileParts {
  private static let most = 1 << 20
  private var buffer: [UInt8] = []
  /// Where the content goes that the buffer does not hold; opened when there is some.
  private let open: () -> Int32
  fileprivate private(set) var descriptor: Int32?
  /// The error number of what went wrong first, or 0.
  fileprivate private(set) var code: Int32 = 0

  fileprivate init(_ open: @escaping () -> Int32) { self.open = open }

  /// Appends a text in UTF-8.
  public func append(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    if buffer.count >= Self.most { flush() }
  }

  fileprivate var content: [UInt8] { buffer }

  /// Writes what the buffer holds.
  fileprivate func flush() {
    if descriptor == nil {
      let opened = open()
      if opened < 0 { code = code == 0 ? errno : code }
      descriptor = opened
    }
    if code == 0, let descriptor { code = Files.writeAll(buffer, to: descriptor) }
    buffer.removeAll(keepingCapacity: true)
  }
}

extension Files {
  /// Writes what `body` appends as the whole content of the file at `path`, or leaves `path` as it was: where `body`
  /// throws, and where something cannot be written. The content need not fit into memory.
  ///
  /// A regular or a new file is written as by ``write(_:to:)``. For what is no regular file (`/dev/stdout`, a named pipe)
  /// the content is gathered in a file in ``temporaryFolder`` first, unless it is small.
  ///
  /// - Throws: what `body` throws, and ``DataError/Kind/unwritable``, with the system's reason.
  public static func write(
    to path: String, _ body: (FileParts) throws(DataError) -> Void
  ) throws(DataError) {
    var failure: DataError?
    /// Returns an error number, or 0; with a failure of the body it is not 0.
    func fill(_ parts: FileParts) -> Int32 {
      do throws(DataError) { try body(parts) } catch { failure = error }
      return failure == nil ? parts.code : ECANCELED
    }
    let code: Int32
    switch Destination(path) {
    case .failure(let failed): code = failed
    case .file(let target, let mode):
      code = replace(target, mode: mode) { descriptor in
        let parts = FileParts { descriptor }
        let code = fill(parts)
        guard code == 0 else { return code }
        parts.flush()
        return parts.code
      }
    case .existing(let target): code = gather(fill) { retrying { openFile(target, O_WRONLY | O_CLOEXEC) } }
    case .descriptor(let number):
      code = gather(fill) {
        // What was printed before has to come before.
        fflush(nil)
        return dup(number)
      }
    }
    if let failure { throw failure }
    guard code == 0 else { throw unwritable(path, code) }
  }

  /// Gathers the content, and writes it to what `open` opens once it is whole; returns an error number, or 0.
  private static func gather(_ fill: (FileParts) -> Int32, into open: () -> Int32) -> Int32 {
    let parts = FileParts { nameless() }
    defer { if let descriptor = parts.descriptor, descriptor >= 0 { close(descriptor) } }
    let code = fill(parts)
    guard code == 0 else { return code }
    guard let gathered = parts.descriptor else { return writing(to: open()) { writeAll(parts.content, to: $0) } }
    parts.flush()
    guard parts.code == 0 else { return parts.code }
    guard lseek(gathered, 0, SEEK_SET) == 0 else { return errno }
    return writing(to: open()) { target in
      var piece = [UInt8](repeating: 0, count: 1 << 20)
      while true {
        let count = piece.withUnsafeMutableBytes { buffer in
          retrying { sysRead(gathered, buffer.baseAddress!, buffer.count) }
        }
        guard count > 0 else { return count == 0 ? 0 : errno }
        let code = writeAll(count == piece.count ? piece : Array(piece[..<count]), to: target)
        guard code == 0 else { return code }
      }
    }
  }
}
