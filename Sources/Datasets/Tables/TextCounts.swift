/// How often each different text occurs, told apart by bytes: exact up to a limit of different ones.
struct TextCounts {
  private let pool = TextPool()
  private let limit: Int
  /// A hash table with open addressing, at most half full: the upper half of a text's hash, and in the lower one its number,
  /// counted from 1; 0 where there is none.
  private var slots: [UInt64] = []
  /// The texts, each with its last eight bytes: of a short one these are all.
  private var keys: [(word: UInt64, bytes: UnsafeBufferPointer<UInt8>)] = []
  /// The number of the text that came last: in a sorted table it comes again.
  private var last = 0
  private(set) var counts: [Int] = []
  /// Texts that came when the limit was reached, and were not among those that are counted.
  private(set) var uncounted = 0
  /// Another one in every run, so that no table can be made whose texts all meet in one slot. Nothing else depends on it.
  private let seed = UInt64.random(in: 0 ... .max)

  init(limit: Int) { self.limit = limit }

  /// How many different texts are counted.
  var count: Int { keys.count }

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
    let word = Self.lastWord(bytes)
    if last < keys.count, isText(last, bytes, word) {
      counts[last] += 1
      return last
    }
    if 2 * (keys.count + 1) > slots.count { grow() }
    let tag = hash(bytes, word) & Self.tagBits
    var slot = slot(of: tag)
    while slots[slot] > 0 {
      if slots[slot] & Self.tagBits == tag {
        let place = Int(slots[slot] & ~Self.tagBits) - 1
        if isText(place, bytes, word) {
          counts[place] += 1
          last = place
          return place
        }
      }
      slot = (slot + 1) & (slots.count - 1)
    }
    guard keys.count < limit else {
      uncounted += 1
      return nil
    }
    keys.append((word, pool.keep(content)))
    counts.append(1)
    slots[slot] = tag | UInt64(keys.count)
    return keys.count - 1
  }

  /// The bytes of a text by its number.
  func content(_ place: Int) -> UnsafeBufferPointer<UInt8> { keys[place].bytes }

  /// The text itself; what is no valid UTF-8 is shown by replacement characters.
  func text(_ place: Int) -> String { String(decoding: content(place), as: UTF8.self) }

  private static let tagBits: UInt64 = 0xFFFF_FFFF_0000_0000

  @inline(__always)
  private func slot(of tag: UInt64) -> Int { Int(truncatingIfNeeded: tag >> 32) & (slots.count - 1) }

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: 0, count: max(16, 2 * old.count))
    for entry in old where entry > 0 {
      var slot = slot(of: entry)
      while slots[slot] > 0 { slot = (slot + 1) & (slots.count - 1) }
      slots[slot] = entry
    }
  }

  /// Whether the text of a number is the one with these bytes.
  @inline(__always)
  private func isText(_ place: Int, _ bytes: UnsafeRawBufferPointer, _ word: UInt64) -> Bool {
    let key = keys[place]
    guard key.word == word, key.bytes.count == bytes.count else { return false }
    let kept = UnsafeRawBufferPointer(key.bytes)
    var position = 0
    while position + 8 < bytes.count {
      let next = bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self)
      guard next == kept.loadUnaligned(fromByteOffset: position, as: UInt64.self) else { return false }
      position += 8
    }
    return true
  }

  /// Folded products of the text's words with an odd constant, as Wang Yi's wyhash makes them.
  @inline(__always)
  private func hash(_ bytes: UnsafeRawBufferPointer, _ lastWord: UInt64) -> UInt64 {
    var state = seed ^ UInt64(truncatingIfNeeded: bytes.count)
    var position = 0
    while position + 8 < bytes.count {
      state = Self.mixed(state ^ bytes.loadUnaligned(fromByteOffset: position, as: UInt64.self))
      position += 8
    }
    return Self.mixed(Self.mixed(state ^ lastWord) ^ seed)
  }

  /// The last eight bytes, or all where there are fewer: with their number these tell short texts apart.
  @inline(__always)
  private static func lastWord(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    let count = bytes.count
    if count >= 8 { return bytes.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self) }
    if count >= 4 {
      let high = bytes.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)
      return UInt64(bytes.loadUnaligned(as: UInt32.self)) | UInt64(high) << 32
    }
    return UInt64(bytes[0]) | UInt64(bytes[count / 2]) << 8 | UInt64(bytes[count - 1]) << 16
  }

  @inline(__always)
  private static func mixed(_ word: UInt64) -> UInt64 {
    let product = word.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return product.high ^ product.low
  }
}
