import Testing

@testable import DescentDatasets

/// Byte pairs against the algorithm as it was published.
@Suite struct BytePairTests {
  /// Algorithm 1 of Sennrich, Haddow and Birch (2016): all pairs counted anew, the first of the most frequent ones joined
  /// everywhere. Pieces are strings here, with `·` at a word's end.
  private func published(_ words: [(text: String, count: Int)], merges: Int) -> [(String, String)] {
    var words = words.map { (pieces: $0.text.map(String.init) + ["·"], count: $0.count) }
    var joined: [(String, String)] = []
    while joined.count < merges {
      var counts: [[String]: Int] = [:]
      var order: [[String]] = []
      for word in words {
        for index in 1..<word.pieces.count {
          let pair = [word.pieces[index - 1], word.pieces[index]]
          if counts[pair] == nil { order.append(pair) }
          counts[pair, default: 0] += word.count
        }
      }
      guard let most = counts.values.max(), most > 1, let best = order.first(where: { counts[$0] == most }) else {
        return joined
      }
      if !joined.contains(where: { $0.0 == best[0] && $0.1 == best[1] }) { joined.append((best[0], best[1])) }
      for word in words.indices {
        var pieces: [String] = []
        for piece in words[word].pieces {
          // what has just been joined may not be joined again: only a piece that is exactly the left one is
          if let last = pieces.last, last == best[0], piece == best[1] {
            pieces[pieces.count - 1] = "\(last)\u{1}\(piece)"
          } else {
            pieces.append(piece)
          }
        }
        words[word].pieces = pieces.map { $0.filter { $0 != "\u{1}" } }
      }
    }
    return joined
  }

  private func learnt(_ words: [(text: String, count: Int)], limit: Int) -> [(String, String)] {
    var builder = Vocabulary.Builder(.bytePairs)
    for word in words { for _ in 0..<word.count { builder.add(word.text) } }
    let vocabulary = builder.vocabulary(limit: limit)
    let pairs = vocabulary.merges.pairs.map(vocabulary.piece)
    return stride(from: 0, to: pairs.count, by: 2).map { (pairs[$0], pairs[$0 + 1]) }
  }

  private func shown(_ pairs: [(String, String)]) -> [String] { pairs.map { "\($0.0) \($0.1)" } }

  @Test func theExampleOfThePaper() {
    // vocab = {'l o w </w>': 5, 'l o w e r </w>': 2, 'n e w e s t </w>': 6, 'w i d e s t </w>': 3}, num_merges = 10
    let words = [("low", 5), ("lower", 2), ("newest", 6), ("widest", 3)]
    let expected = [
      "e s", "es t", "est ·", "l o", "lo w", "n e", "ne w", "new est·", "low ·", "w i",
    ]
    #expect(shown(learnt(words, limit: 259 + 10)) == expected)
    #expect(shown(published(words, merges: 10)) == expected)
  }

  @Test func randomWordsLikeThePublishedAlgorithm() {
    var generator = SplitMix64(seed: 5)
    for round in 0..<60 {
      let letters = Array(round.isMultiple(of: 2) ? "ab" : "abcde")
      var seen: Set<String> = []
      var words: [(String, Int)] = []
      for _ in 0..<30 {
        let text = String((0...generator.below(9)).map { _ in letters[generator.below(letters.count)] })
        if seen.insert(text).inserted { words.append((text, 1 + generator.below(4))) }
      }
      let expected = published(words, merges: 1000)
      let limit = 1_000_000
      #expect(shown(learnt(words, limit: limit)) == shown(expected), "round \(round)")
    }
  }

  @Test func everyTextIsEncodedAndNothingIsLost() {
    var builder = Vocabulary.Builder(.bytePairs)
    for text in ["low lower newest widest", "the lowest width", "低い低い"] { builder.add(text) }
    let vocabulary = builder.vocabulary(limit: 300)
    for text in ["low", "slowest", "日本語 текст 👍🏽", "low-lower", "低い低い", "", "a\u{301}\u{FFFF}"] {
      let numbers = vocabulary.encode(text, length: 100).filter { $0 != 0 }
      #expect(!numbers.contains(Vocabulary.unknown))
      // the pieces' bytes are the text without its blanks
      let bytes = numbers.flatMap { vocabulary.table[Int($0) - 2].dropLast() }
      #expect(bytes == Array(text.utf8.filter { $0 != 0x20 }))
      #expect(numbers.filter { vocabulary.table[Int($0) - 2].last == 1 }.count == (text.isEmpty ? 0 : words(text)))
    }

    func words(_ text: String) -> Int {
      var (text, count) = (text, 0)
      text.withUTF8 {
        TextUnits.words(of: $0, joinsUnspaced: true) { _ in
          count += 1
          return true
        }
      }
      return count
    }
  }

  @Test func aSmallerVocabularyIsTheBeginningOfALargerOne() {
    var generator = SplitMix64(seed: 8)
    let letters = Array("abc")
    for _ in 0..<20 {
      var builder = Vocabulary.Builder(.bytePairs)
      for _ in 0..<40 { builder.add(String((0...generator.below(7)).map { _ in letters[generator.below(3)] })) }
      let whole = builder.vocabulary(limit: 100_000)
      let small = builder.vocabulary(limit: 265)
      #expect(small.merges.pairs == Array(whole.merges.pairs.prefix(small.merges.pairs.count)))
      #expect(small.count <= 265)
      let (fine, coarse) = (small.encode("abcabc", length: 9), whole.encode("abcabc", length: 9))
      #expect(coarse.filter { $0 != 0 }.count <= fine.filter { $0 != 0 }.count)
    }
  }
}
