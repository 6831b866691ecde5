/// How often each different value occurs: exact up to a limit of different values.
struct ValueCounts<Key: Hashable> {
  private var places: [Key: Int] = [:]
  private(set) var entries: [(key: Key, count: Int)] = []
  private(set) var isOverLimit: Bool

  init(isOverLimit: Bool = false, minimumCapacity: Int = 0) {
    self.isOverLimit = isOverLimit
    places.reserveCapacity(minimumCapacity)
    entries.reserveCapacity(minimumCapacity)
  }

  mutating func add(_ key: Key, count: Int = 1) {
    if let place = places[key] {
      entries[place].count += count
    } else if entries.count < DistinctCount.limit {
      places[key] = entries.count
      entries.append((key, count))
    } else {
      isOverLimit = true
    }
  }

  var distinct: DistinctCount { isOverLimit ? .moreThan(DistinctCount.limit) : .exactly(entries.count) }

  /// The values that occur most often, those of equal number in the order of their first occurrence. None where values
  /// went uncounted.
  func commonest(_ most: Int, _ text: (Key) -> String) -> [ColumnSummary.ValueCount] {
    guard !isOverLimit else { return [] }
    let order = entries.indices.sorted { (-entries[$0].count, $0) < (-entries[$1].count, $1) }
    return order.prefix(most).map { ColumnSummary.ValueCount(value: text(entries[$0].key), count: entries[$0].count) }
  }
}

/// How many different values there are.
public enum DistinctCount: Sendable, Hashable {
  /// So many.
  case exactly(Int)
  /// More than so many, up to which they are counted.
  case moreThan(Int)

  /// The most different values that a summary tells apart.
  public static let limit = 20_000
}
