import DescentFormats
import DescentTensors

extension Vocabulary {
  /// Counts the pieces of training texts, one text after the other, without keeping them.
  ///
  /// At most 200,000 different words or characters are counted at a time. Where there are more, the 100,000 that came most
  /// often go on, and of those that came equally often a fixed random choice, as good for a file that is sorted as for one
  /// that is not; ``forgotten`` says how many were left out on the way.
  public struct Builder: Sendable {
    /// What texts are cut into.
    public let method: Method
    /// Whether texts are brought to lower case first.
    public let lowercases: Bool
    /// How many different words or characters were given up for want of room, each as often as it was; 0 where the counts
    /// are exact.
    public private(set) var forgotten = 0

    private var table = PieceTable()
    private var counts: [Int] = []
    private let capacity: Int

    /// A count that has seen nothing yet.
    public init(_ method: Method, lowercases: Bool = false) {
      self.init(method, lowercases: lowercases, capacity: 200_000)
    }

    init(_ method: Method, lowercases: Bool = false, capacity: Int) {
      self.method = method
      self.lowercases = lowercases
      self.capacity = capacity
    }

    /// Counts the pieces of a text.
    public mutating func add(_ text: String) {
      var text = text
      text.withUTF8 { add(utf8: $0) }
    }

    /// Counts the pieces of a text.
    public mutating func add(utf8 text: UnsafeBufferPointer<UInt8>) {
      if lowercases {
        TextUnits.lowercased(text).withUnsafeBufferPointer { count($0) }
      } else {
        count(text)
      }
    }

    private mutating func count(_ text: UnsafeBufferPointer<UInt8>) {
      switch method {
      case .characters: TextUnits.characters(of: text) { count(piece: $0) }
      case .words, .bytePairs:
        TextUnits.words(of: text, joinsUnspaced: method == .bytePairs) { count(piece: $0) }
      }
    }

    private mutating func count(piece: UnsafeBufferPointer<UInt8>) -> Bool {
      let number = table.add(piece)
      if number < counts.count {
        counts[number] += 1
      } else {
        counts.append(1)
        if counts.count == capacity { keep(capacity / 2) }
      }
      return true
    }

    /// Forgets all but so many pieces.
    private mutating func keep(_ most: Int) {
      guard counts.count > most else { return }
      let draws = (0..<table.count).map { fixedDraw(table[$0]) }
      let kept = (0..<table.count).sorted { (counts[$1], draws[$0], $0) < (counts[$0], draws[$1], $1) }
        .prefix(most).sorted()
      forgotten += counts.count - most
      var smaller = PieceTable()
      for number in kept { _ = table[number].withUnsafeBufferPointer { smaller.add($0) } }
      table = smaller
      counts = kept.map { counts[$0] }
    }

    /// The vocabulary of what was counted so far.
    ///
    /// - Parameter limit: the most numbers, padding and unknown with them. Byte pairs need 259 for padding, unknown, the
    ///   bytes and the end of a word, and have these in any case; no pair is joined that comes only once.
    public func vocabulary(limit: Int) -> Vocabulary {
      check(limit > 2, "Vocabulary.Builder: 0 and 1 are padding and unknown: the limit must be above 2, got \(limit)")
      var counted = self
      if forgotten > 0 { counted.keep(capacity / 2) }
      return counted.fitted(limit: min(limit, Int(Int32.max)))
    }

    private func fitted(limit: Int) -> Vocabulary {
      if method == .bytePairs {
        var training = BytePairTraining(table, counts: counts)
        training.run(pieces: limit - 2)
        return Vocabulary(method, lowercases: lowercases, table: training.table, merges: training.merges)
      }
      var pieces = PieceTable()
      // a byte that is no text can't be written down as a piece, and stays unknown
      let texts = counts.indices.filter { table[$0].withUnsafeBufferPointer { UTF8Text.firstInvalid(in: $0) == nil } }
      let order = texts.sorted { (counts[$1], $0) < (counts[$0], $1) }
      for number in order.prefix(limit - 2) { _ = table[number].withUnsafeBufferPointer { pieces.add($0) } }
      return Vocabulary(method, lowercases: lowercases, table: pieces)
    }
  }

  fileprivate init(
    _ method: Method, lowercases: Bool, table: PieceTable, merges: BytePairMerges = BytePairMerges()
  ) {
    self.method = method
    self.lowercases = lowercases
    self.table = table
    self.merges = merges
  }
}

/// A number that looks drawn at random and is always the same for the same bytes: FNV-1a, mixed.
private func fixedDraw(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  var generator = SplitMix64(seed: bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  return generator.next()
}
