#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// A file, or a pipe, read once from beginning to end through a window of memory.
final class ByteStream {
  private let descriptor: Int32
  private let place: String
  private let memory: UnsafeMutableRawBufferPointer
  private var filled = 0
  private var failure: Int32 = 0
  /// How many bytes have been read so far.
  private(set) var count = 0
  /// Whether the window's last byte is the stream's.
  private(set) var isAtEnd = false

  /// Reads from a descriptor that others close.
  init(_ descriptor: Int32, place: String, windowSize: Int) {
    (self.descriptor, self.place) = (descriptor, place)
    memory = .allocate(byteCount: windowSize, alignment: 16)
    fill()
  }

  deinit { memory.deallocate() }

  /// The bytes in memory.
  var window: UnsafeRawBufferPointer { UnsafeRawBufferPointer(rebasing: memory[..<filled]) }

  /// Drops the window's first bytes, fills it up from the stream, and returns it.
  func advance(by passed: Int) -> UnsafeRawBufferPointer {
    filled -= passed
    if let base = memory.baseAddress { memmove(base, base + passed, filled) }
    fill()
    return window
  }

  /// - Throws: ``DataError`` where the system could not read on: the stream then looks as if it ended there.
  func checkReading() throws(DataError) {
    guard failure == 0 else { throw .invalid(place, "reading stopped after \(count) bytes: \(reason(failure))") }
  }

  private func fill() {
    while !isAtEnd, filled < memory.count {
      let read = retrying { sysRead(descriptor, memory.baseAddress! + filled, memory.count - filled) }
      if read < 0 { failure = errno }
      if read <= 0 { isAtEnd = true } else { (filled, count) = (filled + read, count + read) }
    }
  }
}
