import DescentTensors

/// The pieces that texts are made of, each with a number, for a network that begins with an embedding.
///
///     var builder = Vocabulary.Builder(.words, lowercases: true)
///     for text in trainingTexts { builder.add(text) }
///     let vocabulary = builder.vocabulary(limit: 10_000)
///     let numbers = vocabulary.encode("The cat sat.", length: 64)
///
/// It is fitted on training texts only. 0 is padding, 1 is unknown, and pieces begin at 2, the most frequent first; of
/// byte pairs, the 256 bytes and the end of a word come first, and then the pairs as they were joined.
///
/// Texts are compared character by character, without normalising: an é of one Unicode scalar is not the é of two. Where
/// texts come from several systems, bring them to one form (NFC) beforehand.
public struct Vocabulary: Sendable {
  /// What a text is cut into.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Unicode scalars, blanks too.
    case characters
    /// Letters and digits that stand together, and every other sign by itself; of scripts without blanks, such as Chinese,
    /// every character.
    case words
    /// Groups of letters that are frequent within words, down to single bytes, so that nothing is unknown: R. Sennrich,
    /// B. Haddow and A. Birch, "Neural machine translation of rare words with subword units", 2016, over bytes. Blanks
    /// only end words.
    case bytePairs = "byte-pairs"
  }

  /// What stands behind the last piece of a text, and what a piece is that training did not see.
  public static let (padding, unknown): (Int32, Int32) = (0, 1)

  /// What texts are cut into.
  public let method: Method
  /// Whether texts are brought to lower case first.
  public let lowercases: Bool
  /// Number minus 2. Of byte pairs, a piece's last byte says whether it ends a word.
  let table: PieceTable
  /// Of byte pairs: what is joined, left and right, in the order of joining.
  let merges: BytePairMerges

  /// How many numbers there are, padding and unknown with them: the rows of an embedding.
  public var count: Int { table.count + 2 }

  /// A text as numbers: cut behind `length` pieces, and padded with 0 behind its last piece.
  public func encode(_ text: String, length: Int) -> [Int32] {
    check(length >= 0, "Vocabulary.encode: the length must be 0 or more, got \(length)")
    var text = text
    return text.withUTF8 { bytes in
      [Int32](unsafeUninitializedCapacity: length) { numbers, count in
        encode(utf8: bytes, into: UnsafeMutableBufferPointer(rebasing: numbers[..<length]))
        count = length
      }
    }
  }

  /// A text as numbers, as many as there is room for, padded with 0 behind its last piece.
  public func encode(utf8 text: UnsafeBufferPointer<UInt8>, into numbers: UnsafeMutableBufferPointer<Int32>) {
    var used = 0
    if numbers.count > 0 {
      forEachNumber(in: text) { number in
        numbers[used] = number
        used += 1
        return used < numbers.count
      }
    }
    numbers[used...].update(repeating: Self.padding)
  }

  /// How often each piece comes in a text, by number. Shape: [count]; padding is 0. For a network without an embedding.
  public func counts(of text: String) -> [Float] {
    var counts = [Float](repeating: 0, count: count)
    var text = text
    text.withUTF8 { bytes in
      forEachNumber(in: bytes) { number in
        counts[Int(number)] += 1
        return true
      }
    }
    return counts
  }

  /// The numbers of a text's pieces, one by one, until the function says that it is enough.
  public func forEachNumber(in text: UnsafeBufferPointer<UInt8>, _ body: (Int32) -> Bool) {
    if lowercases {
      TextUnits.lowercased(text).withUnsafeBufferPointer { numbers(of: $0, body) }
    } else {
      numbers(of: text, body)
    }
  }

  private func numbers(of text: UnsafeBufferPointer<UInt8>, _ body: (Int32) -> Bool) {
    switch method {
    case .characters: TextUnits.characters(of: text) { body(number(of: $0)) }
    case .words: TextUnits.words(of: text, joinsUnspaced: false) { body(number(of: $0)) }
    case .bytePairs:
      var symbols = BytePairMerges.Symbols()
      TextUnits.words(of: text, joinsUnspaced: true) { word in
        merges.apply(to: word, &symbols)
        return symbols.numbers.allSatisfy(body)
      }
    }
  }

  private func number(of piece: UnsafeBufferPointer<UInt8>) -> Int32 {
    table.number(of: piece).map { Int32($0 + 2) } ?? Self.unknown
  }

  /// A piece for people to read: its text, `·` behind what ends a word of byte pairs, `<E4>` for a byte that is no text by
  /// itself, `<padding>` and `<unknown>`.
  public func piece(_ number: Int32) -> String {
    check(number >= 0 && number < count, "Vocabulary.piece: there is no number \(number) among \(count)")
    guard number >= 2 else { return number == Self.padding ? "<padding>" : "<unknown>" }
    var bytes = table[Int(number) - 2]
    let ending = method == .bytePairs && bytes.removeLast() == 1 ? "·" : ""
    let text = String(validating: bytes, as: UTF8.self)
    return (text ?? bytes.map { "<" + String($0, radix: 16, uppercase: true) + ">" }.joined()) + ending
  }
}

extension Vocabulary: Equatable {
  /// Whether both give every text the same numbers.
  public static func == (left: Vocabulary, right: Vocabulary) -> Bool {
    left.method == right.method && left.lowercases == right.lowercases && left.table == right.table
      && left.merges.pairs == right.merges.pairs
  }
}
