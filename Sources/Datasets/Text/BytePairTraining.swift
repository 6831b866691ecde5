/// Learns which pairs of pieces to join: over and over the pair that comes most often in all words, the first one to come
/// among equals, as Algorithm 1 of Sennrich, Haddow and Birch (2016) does.
///
/// The counts are kept up to date while words change, and only the words that hold a pair are looked at when it is joined.
struct BytePairTraining {
  /// A pair of neighbours.
  private struct Pair {
    let left, right: Int32
    var count = 0
    /// The words that hold it, or have held it, from the first that still may.
    var words: [Int32] = []
    var first = 0
    /// Whether the words don't ascend: a piece that was made in two ways.
    var isUnordered = false
  }

  /// How a pair compares with others. It never rises but by an entry of its own: whatever an entry says that was put there
  /// before, the pair is no better now.
  private struct Entry {
    var count: Int
    var word, offset: Int32
    var pair: Int32

    static func comesBefore(_ left: Entry, _ right: Entry) -> Bool {
      (right.count, left.word, left.offset) < (left.count, right.word, right.offset)
    }
  }

  private(set) var merges = BytePairMerges()
  private(set) var table = BytePairMerges.firstPieces
  /// The words' pieces, each word from its start on.
  private var symbols: [Int32] = []
  private var starts: [Int] = []
  private var lengths: [Int] = []
  private let counts: [Int]
  private var pairs: [Pair] = []
  private var numbers: [UInt64: Int32] = [:]
  private var queue: [Entry] = []
  /// The pairs that the last joining made.
  private var grown: [Int32] = []

  /// Words in the order of their coming, with how often each came.
  init(_ words: PieceTable, counts: [Int]) {
    self.counts = counts
    for word in 0..<words.count {
      let bytes = words[word]
      starts.append(symbols.count)
      lengths.append(bytes.count + 1)
      symbols += bytes.map { Int32($0) + BytePairMerges.firstByte }
      symbols.append(BytePairMerges.endOfWord)
      for place in starts[word]..<symbols.count - 1 {
        count(symbols[place], symbols[place + 1], in: word, by: counts[word])
      }
    }
    queueGrown()
  }

  /// Joins pairs until there are so many pieces, or no pair comes twice.
  mutating func run(pieces limit: Int) {
    while table.count < limit, let entry = queue.popFirst(by: Entry.comesBefore) {
      let pair = pairs[Int(entry.pair)]
      guard pair.count > 1, let current = self.entry(entry.pair) else { continue }
      if Entry.comesBefore(entry, current) {
        queue.insert(current, by: Entry.comesBefore)
        continue
      }
      guard let joined = merges.join(pair.left, pair.right, in: &table) else { continue }
      let words = pairs[Int(entry.pair)].words[pairs[Int(entry.pair)].first...]
      pairs[Int(entry.pair)].words = []
      pairs[Int(entry.pair)].first = 0
      for word in words { join(pair.left, pair.right, as: joined, in: Int(word)) }
      queueGrown()
    }
  }

  private mutating func join(_ left: Int32, _ right: Int32, as joined: Int32, in word: Int) {
    let (start, times) = (starts[word], counts[word])
    var end = start + lengths[word]
    var place = start
    while place + 1 < end {
      if symbols[place] == left, symbols[place + 1] == right {
        count(left, right, in: word, by: -times)
        if place > start {
          count(symbols[place - 1], left, in: word, by: -times)
          count(symbols[place - 1], joined, in: word, by: times)
        }
        if place + 2 < end {
          count(right, symbols[place + 2], in: word, by: -times)
          count(joined, symbols[place + 2], in: word, by: times)
        }
        symbols[place] = joined
        for next in place + 2..<max(end, place + 2) { symbols[next - 1] = symbols[next] }
        end -= 1
      }
      place += 1
    }
    lengths[word] = end - start
  }

  private mutating func count(_ left: Int32, _ right: Int32, in word: Int, by change: Int) {
    let key = BytePairMerges.key(left, right)
    let number: Int
    if let known = numbers[key] {
      number = Int(known)
    } else {
      number = pairs.count
      numbers[key] = Int32(number)
      pairs.append(Pair(left: left, right: right))
    }
    pairs[number].count += change
    guard change > 0 else { return }
    if grown.last != Int32(number) { grown.append(Int32(number)) }
    guard let last = pairs[number].words.last else {
      pairs[number].words = [Int32(word)]
      return
    }
    if last > word { pairs[number].isUnordered = true }
    if last != word { pairs[number].words.append(Int32(word)) }
  }

  private mutating func queueGrown() {
    grown.sort()
    var last: Int32 = -1
    for number in grown where number != last {
      last = number
      if pairs[Int(number)].count > 1, let entry = entry(number) { queue.insert(entry, by: Entry.comesBefore) }
    }
    grown.removeAll(keepingCapacity: true)
  }

  /// Where the pair stands now: its count, and the first place where it comes.
  private mutating func entry(_ number: Int32) -> Entry? {
    let index = Int(number)
    if pairs[index].isUnordered {
      pairs[index].words.sort()
      (pairs[index].first, pairs[index].isUnordered) = (0, false)
    }
    let (left, right) = (pairs[index].left, pairs[index].right)
    while pairs[index].first < pairs[index].words.count {
      let word = pairs[index].words[pairs[index].first]
      if let offset = offset(of: left, right, in: Int(word)) {
        return Entry(count: pairs[index].count, word: word, offset: offset, pair: number)
      }
      pairs[index].first += 1
    }
    return nil
  }

  /// How many bytes of a word are before the pair.
  private func offset(of left: Int32, _ right: Int32, in word: Int) -> Int32? {
    var offset = 0
    for place in starts[word]..<starts[word] + lengths[word] - 1 {
      if symbols[place] == left, symbols[place + 1] == right { return Int32(offset) }
      offset += table[Int(symbols[place] - BytePairMerges.firstByte)].count - 1
    }
    return nil
  }
}

extension Array {
  /// Puts an element into a binary heap.
  fileprivate mutating func insert(_ element: Element, by comesBefore: (Element, Element) -> Bool) {
    append(element)
    var place = count - 1
    while place > 0, comesBefore(self[place], self[(place - 1) / 2]) {
      swapAt(place, (place - 1) / 2)
      place = (place - 1) / 2
    }
  }

  /// Takes the first element out of a binary heap.
  fileprivate mutating func popFirst(by comesBefore: (Element, Element) -> Bool) -> Element? {
    guard let first else { return nil }
    swapAt(0, count - 1)
    removeLast()
    var place = 0
    while true {
      var best = place
      for child in [2 * place + 1, 2 * place + 2] where child < count && comesBefore(self[child], self[best]) {
        best = child
      }
      if best == place { return first }
      swapAt(place, best)
      place = best
    }
  }
}
