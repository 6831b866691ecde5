#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The growing result of unpacking, which is also the window that matches are copied from.
///
/// It is memory of its own rather than an array, because an array can't be grown in the middle of
/// the loop that holds its pointer. What goes into a ``ByteSpool`` is handed on whenever the memory is full, but for the
/// window. There is always room for a few symbols more than the limit, so
/// that the loop asks for room once and writes without asking.
struct InflateOutput: ~Copyable {
  /// Room for one turn of the decoder: two literals, one match, and a copy that overshoots.
  private static let slack = 258 + 2 + 16

  private var memory: UnsafeMutableRawPointer
  private var capacity: Int
  private let limit: Int
  private let spool: ByteSpool?
  /// The beginning of what the spool has not got yet.
  private var unspooled = 0
  private var memberStart = 0
  /// Of the member's bytes, up to `summed`.
  private var checksum = CRC32()
  private var summed = 0
  /// How many bytes are in memory.
  private(set) var count = 0

  /// How far back a match may reach.
  private static let window = 1 << 15
  /// What is gathered before the spool gets it.
  private static let portion = 1 << 20

  /// Takes at most `limit` bytes, and has room for `expected` from the start.
  init(expected: Int, limit: Int) throws(Inflate.Failure) {
    self.limit = min(max(0, limit), Int.max / 4)
    spool = nil
    capacity = min(max(expected, 4096), self.limit) + Self.slack
    guard let memory = malloc(capacity) else { throw .noMemory }
    self.memory = memory
  }

  /// Hands everything on to a spool.
  init(_ spool: ByteSpool) throws(Inflate.Failure) {
    limit = Int.max / 4
    self.spool = spool
    capacity = Self.window + Self.portion + Self.slack
    guard let memory = malloc(capacity) else { throw .noMemory }
    self.memory = memory
  }

  deinit {
    free(memory)
  }

  /// What has been written since `start`.
  func bytes(from start: Int) -> UnsafeRawBufferPointer {
    UnsafeRawBufferPointer(start: memory + start, count: count - start)
  }

  /// Matches may not reach back before this point.
  mutating func startMember() {
    memberStart = count
    (checksum, summed) = (CRC32(), count)
  }

  /// The checksum of the member so far, and how many bytes it has.
  mutating func memberSum() -> CRC32 {
    checksum.add(bytes(from: summed))
    summed = count
    return checksum
  }

  /// Gives the spool what it has not got yet.
  mutating func flush() throws(Inflate.Failure) {
    guard let spool else { return }
    do throws(DataError) { try spool.append(bytes(from: unspooled)) } catch { throw .refused(error) }
    _ = memberSum()
    let passed = max(0, count - Self.window)
    memmove(memory, memory + passed, count - passed)
    count -= passed
    (unspooled, summed, memberStart) = (count, count, max(0, memberStart - passed))
  }

  /// Makes room for what one turn of the decoder writes.
  @inline(__always)
  mutating func reserveForSymbols() -> Inflate.Failure? {
    count &+ Self.slack <= capacity ? nil : grow(by: 0)
  }

  /// Appends one byte, for which there is room.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    memory.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
    count &+= 1
  }

  /// Appends `bytes`.
  mutating func append(_ bytes: UnsafeRawBufferPointer) throws(Inflate.Failure) {
    if count + bytes.count + Self.slack > capacity, let failure = grow(by: bytes.count) { throw failure }
    if let source = bytes.baseAddress { (memory + count).copyMemory(from: source, byteCount: bytes.count) }
    count += bytes.count
    try check()
  }

  /// Throws if there is more than the limit.
  func check() throws(Inflate.Failure) {
    if count > limit { throw .full }
  }

  /// Appends `length` bytes of what was written `distance` bytes ago, for which there is room.
  ///
  /// - Returns: False where that was before the start.
  @inline(__always)
  mutating func repeatBytes(_ length: Int, from distance: Int) -> Bool {
    guard distance <= count &- memberStart else { return false }
    var target = memory + count
    var source = target - distance
    count &+= length
    let end = memory + count
    if distance >= 8 {
      // Eight bytes at a time, past the end by up to seven, which the next symbol overwrites.
      repeat {
        target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
        source += 8
        target += 8
      } while target < end
    } else if distance == 1 {
      memset(target, Int32(source.load(as: UInt8.self)), length)
    } else {
      repeat {
        target.storeBytes(of: source.load(as: UInt8.self), as: UInt8.self)
        source += 1
        target += 1
      } while target < end
    }
    return true
  }

  /// Makes room for `extra` bytes and a turn of the decoder, unless the limit has been passed.
  @inline(never)
  private mutating func grow(by extra: Int) -> Inflate.Failure? {
    guard spool == nil else {
      do throws(Inflate.Failure) { try flush() } catch { return error }
      return nil
    }
    guard count + extra <= limit else { return .full }
    let wanted = min(max(capacity * 2, count + extra), limit) + Self.slack
    guard let grown = realloc(memory, wanted) else { return .noMemory }
    memory = grown
    capacity = wanted
    return nil
  }
}
