/// How often each different text occurs, told apart by bytes: exact up to a limit of different ones.
///
/// Copies share their memory: one of them alone may go on counting. It is a struct of pointers all the same, because a
/// reference would be counted at each of a table's fields.
struct TextCounts {
  private let pool = TextPool()
  private let owner: Owner
  private let limit: Int
  /// A hash table with open addressing, at most half full: the upper half of a text's hash, and in the lower one its number,
  /// counted from 1; 0 where there is none.
  private var slots: UnsafeMutablePointer<UInt64>
  /// One less than the number of slots, a power of two.
  private var slotMask: Int
  /// The texts, and how often each came: one line of the cache holds all that tells a text of up to 16 bytes.
  private var keys: UnsafeMutablePointer<Key>
  private var capacity: Int
  /// How many different texts are counted.
  private(set) var count = 0
  /// The number of the text that came last: in a sorted table it comes again.
  private var last = 0
  /// Texts that came when the limit was reached, and were not among those that are counted.
  private(set) var uncounted = 0
  /// Another one in every run, so that no table can be made whose texts all meet in one slot. Nothing else depends on it.
  private let seed = UInt64.random(in: 0 ... .max)

  init(limit: Int) {
    self.limit = limit
    (capacity, slotMask) = (16, 31)
    keys = .allocate(capacity: capacity)
    slots = .allocate(capacity: slotMask + 1)
    slots.initialize(repeating: 0, count: slotMask + 1)
    owner = Owner(keys, slots)
  }

  /// Frees what the pointers point to.
  private final class Owner {
    var keys: UnsafeMutablePointer<Key>
    var slots: UnsafeMutablePointer<UInt64>

    init(_ keys: UnsafeMutablePointer<Key>, _ slots: UnsafeMutablePointer<UInt64>) {
      (self.keys, self.slots) = (keys, slots)
    }

    deinit {
      keys.deallocate()
      slots.deallocate()
    }
  }

  private struct Key {
    let ends: Ends
    let start: UnsafePointer<UInt8>?
    let length: UInt32
    var count: UInt32 = 1

    var bytes: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: start, count: Int(length)) }
  }

  /// The first and the last eight bytes of a text; of a shorter one all of it, and zero.
  private struct Ends: Equatable {
    let first: UInt64
    let last: UInt64

    @inline(__always)
    init(_ bytes: UnsafeRawBufferPointer) {
      let count = bytes.count
      if count >= 8 {
        first = bytes.loadUnaligned(as: UInt64.self)
        last = bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        return
      }
      last = 0
      if count >= 4 {
        let high = bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
        first = UInt64(bytes.loadUnaligned(as: UInt32.self)) | UInt64(high) << 32
      } else {
        first = UInt64(bytes[0]) | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]) << 16
      }
    }
  }

  /// Counts what a field says, with doubled quotes undone.
  ///
  /// - Returns: as of a text's bytes.
  @discardableResult
  @inline(__always)
  mutating func add(_ field: TableField) -> Int? {
    guard field.hasDoubledQuotes else { return add(field.content) }
    return field.singleQuoted.withUnsafeBufferPointer { add($0) }
  }

  /// Counts a text, which must not be empty.
  ///
  /// - Returns: its number by first occurrence; nil where it is beyond the limit.
  @discardableResult
  mutating func add(_ content: UnsafeBufferPointer<UInt8>) -> Int? {
    let bytes = UnsafeRawBufferPointer(content)
    let ends = Ends(bytes)
    if last < count, isText(last, bytes, ends) {
      keys[last].count += 1
      return last
    }
    let tag = hash(bytes, ends) & Self.tagBits
    var slot = slot(of: tag)
    while slots[slot] > 0 {
      if slots[slot] & Self.tagBits == tag {
        let place = Int(slots[slot] & ~Self.tagBits) - 1
        if isText(place, bytes, ends) {
          keys[place].count += 1
          last = place
          return place
        }
      }
      slot = (slot + 1) & slotMask
    }
    guard count < limit else {
      uncounted += 1
      return nil
    }
    (keys + count).initialize(
      to: Key(ends: ends, start: pool.keep(content).baseAddress, length: UInt32(content.count)))
    count += 1
    slots[slot] = tag | UInt64(count)
    last = count - 1
    if count == capacity { grow() }
    return last
  }

  /// The bytes of a text by its number.
  func content(_ place: Int) -> UnsafeBufferPointer<UInt8> { keys[place].bytes }

  /// How often a text came, by its number.
  func count(of place: Int) -> Int { Int(keys[place].count) }

  /// The text itself; what is no valid UTF-8 is shown by replacement characters.
  func text(_ place: Int) -> String { String(decoding: content(place), as: UTF8.self) }

  private static let tagBits: UInt64 = 0xFFFF_FFFF_0000_0000

  @inline(__always)
  private func slot(of tag: UInt64) -> Int { Int(truncatingIfNeeded: tag >> 32) & slotMask }

  /// Twice the room.
  @inline(never)
  private mutating func grow() {
    let (oldKeys, oldSlots, oldMask) = (keys, slots, slotMask)
    (capacity, slotMask) = (2 * capacity, 2 * slotMask + 1)
    keys = .allocate(capacity: capacity)
    keys.moveInitialize(from: oldKeys, count: count)
    slots = .allocate(capacity: slotMask + 1)
    slots.initialize(repeating: 0, count: slotMask + 1)
    for place in 0...oldMask where oldSlots[place] > 0 {
      var slot = slot(of: oldSlots[place])
      while slots[slot] > 0 { slot = (slot + 1) & slotMask }
      slots[slot] = oldSlots[place]
    }
    oldKeys.deallocate()
    oldSlots.deallocate()
    (owner.keys, owner.slots) = (keys, slots)
  }

  /// Whether the text of a number is the one with these bytes.
  @inline(__always)
  private func isText(_ place: Int, _ bytes: UnsafeRawBufferPointer, _ ends: Ends) -> Bool {
    let key = keys[place]
    guard key.ends == ends, Int(key.length) == bytes.count else { return false }
    let kept = UnsafeRawBufferPointer(key.bytes)
    var position = 8
    while position + 8 < bytes.count {
      let next = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      guard next == kept.loadUnaligned(fromByteOffset: position, as: UInt64.self) else { return false }
      position += 8
    }
    return true
  }

  /// Folded products of the text's words with an odd constant, as Wang Yi's wyhash makes them.
  @inline(__always)
  private func hash(_ bytes: UnsafeRawBufferPointer, _ ends: Ends) -> UInt64 {
    var state = Self.mixed(seed ^ UInt64(truncatingIfNeeded: bytes.count) ^ ends.first)
    if bytes.count <= 8 { return state }
    var position = 8
    while position + 8 < bytes.count {
      state = Self.mixed(state ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    return Self.mixed(state ^ ends.last)
  }

  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
