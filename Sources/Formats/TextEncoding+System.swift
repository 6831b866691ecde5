#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The C library's own conversion to UTF-8.
final class SystemConverter {
  private let descriptor: iconv_t
  /// What the library writes into, before it goes behind the text.
  private var room = [UInt8](repeating: 0, count: 1 << 16)

  /// A conversion from what the C library calls `name`.
  init(from name: String, encoding: TextEncoding) throws(DataError) {
    let opened: iconv_t? = iconv_open("UTF-8", name)
    // the library says "none" with the address of all ones
    guard let opened, Int(bitPattern: opened) != -1 else {
      throw .invalid(
        "encoding '\(encoding)'",
        "this system can't read it: its C library has no converter for \(name); install it "
          + "(Fedora: glibc-gconv-extra), or save the text as UTF-8")
    }
    descriptor = opened
  }

  deinit { iconv_close(descriptor) }

  /// Appends whole characters; says how many bytes they take, and whether what follows is no character at all.
  func convert(_ bytes: UnsafeBufferPointer<UInt8>, into text: inout [UInt8]) -> (used: Int, isWrong: Bool) {
    guard let base = bytes.baseAddress else { return (0, false) }
    // the library takes the address of what it only reads as one that it might write to
    var input = Optional(UnsafeMutableRawPointer(mutating: base).assumingMemoryBound(to: CChar.self))
    var left = bytes.count
    while left > 0 {
      let code = write(&input, &left, into: &text)
      switch code {
      case 0, E2BIG: continue
      default: return (bytes.count - left, code != EINVAL)
      }
    }
    return (bytes.count, false)
  }

  /// Appends what the library still holds back.
  func finish(into text: inout [UInt8]) {
    var (none, left): (UnsafeMutablePointer<CChar>?, Int) = (nil, 0)
    _ = write(&none, &left, into: &text)
  }

  /// One call of the library; the error that it stopped with, or 0.
  private func write(
    _ input: inout UnsafeMutablePointer<CChar>?, _ left: inout Int, into text: inout [UInt8]
  ) -> Int32 {
    let capacity = room.count
    let (written, code) = room.withUnsafeMutableBytes { room -> (Int, Int32) in
      var output = room.bindMemory(to: CChar.self).baseAddress
      var free = capacity
      let failed = iconv(descriptor, &input, &left, &output, &free) == -1
      return (capacity - free, failed ? errno : 0)
    }
    text.append(contentsOf: room[..<written])
    return code
  }
}
