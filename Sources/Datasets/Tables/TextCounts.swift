/// How often each different text occurs, told apart by bytes: exact up to a limit of different ones.
struct TextCounts {
  private let pool = TextPool()
  private let limit: Int
  private var places: [FieldKey: Int] = [:]
  private var keys: [FieldKey] = []
  private(set) var counts: [Int] = []
  /// Texts that came when the limit was reached, and were not among those that are counted.
  private(set) var uncounted = 0

  init(limit: Int) { self.limit = limit }

  /// How many different texts are counted.
  var count: Int { keys.count }

  /// Counts a text, which must not be empty.
  ///
  /// - Returns: its number by first occurrence; nil where it is beyond the limit.
  @discardableResult
  mutating func add(_ content: UnsafeBufferPointer<UInt8>) -> Int? {
    if let place = places[FieldKey(bytes: content)] {
      counts[place] += 1
      return place
    }
    guard keys.count < limit else {
      uncounted += 1
      return nil
    }
    let key = FieldKey(bytes: pool.keep(content))
    places[key] = keys.count
    keys.append(key)
    counts.append(1)
    return keys.count - 1
  }

  /// The bytes of a text by its number.
  func content(_ place: Int) -> UnsafeBufferPointer<UInt8> { keys[place].bytes }

  /// The text itself; what is no valid UTF-8 is shown by replacement characters.
  func text(_ place: Int) -> String { TableField.shownText(content(place)) }
}
