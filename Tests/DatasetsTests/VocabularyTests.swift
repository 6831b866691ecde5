import Foundation
import Testing

@testable import DescentDatasets

/// Texts as numbers of pieces.
@Suite struct VocabularyTests {
  private func fitted(
    _ method: Vocabulary.Method, _ texts: [String], limit: Int = 1000, lowercases: Bool = false
  ) -> Vocabulary {
    var builder = Vocabulary.Builder(method, lowercases: lowercases)
    for text in texts { builder.add(text) }
    return builder.vocabulary(limit: limit)
  }

  private func pieces(_ vocabulary: Vocabulary) -> [String] {
    (2..<Int32(vocabulary.count)).map(vocabulary.piece)
  }

  /// The words of a text, each one in a line of its own.
  private func words(_ text: String, joinsUnspaced: Bool = false) -> [String] {
    var words: [String] = []
    var text = text
    text.withUTF8 { bytes in
      TextUnits.words(of: bytes, joinsUnspaced: joinsUnspaced) {
        words.append(String(decoding: $0, as: UTF8.self))
        return true
      }
    }
    return words
  }

  // MARK: Words and characters

  @Test func wordsAreCutAtBlanksAndSigns() {
    #expect(words("") == [])
    #expect(words(" \t\n\u{A0}\u{3000} ") == [])
    #expect(words("The cat, sat.") == ["The", "cat", ",", "sat", "."])
    #expect(words("don't pay $3.50!!") == ["don", "'", "t", "pay", "$", "3", ".", "50", "!", "!"])
    #expect(words("größer naïve Ψυχή щука שלום") == ["größer", "naïve", "Ψυχή", "щука", "שלום"])
    #expect(words("e\u{301}tude") == ["e\u{301}tude"])
    #expect(words("हिन्दी भाषा") == ["हिन्दी", "भाषा"])
    #expect(words("我喜欢Swift。") == ["我", "喜", "欢", "Swift", "。"])
    #expect(words("我喜欢Swift。", joinsUnspaced: true) == ["我喜欢Swift", "。"])
    #expect(words("ネコ ที่") == ["ネ", "コ", "ที่"])
    #expect(words("👍🏽ok") == ["👍", "🏽", "ok"])
    #expect(words("x²½") == ["x²½"])
  }

  @Test func longWordsAreCut() {
    let cut = words(String(repeating: "a", count: 300)).map(\.utf8.count)
    #expect(cut == [128, 128, 44])
    #expect(words(String(repeating: "ж", count: 65)).map(\.utf8.count) == [128, 2])
    #expect(words(String(repeating: "我", count: 50), joinsUnspaced: true).map(\.utf8.count) == [126, 24])
    #expect(words("a" + String(repeating: "\u{301}", count: 100)).map(\.utf8.count) == [127, 74])
  }

  @Test func wordsAreNumberedByFrequency() {
    let vocabulary = fitted(.words, ["b a c", "a b a .", "d"])
    #expect(pieces(vocabulary) == ["a", "b", "c", ".", "d"])
    #expect(vocabulary.count == 7)
    #expect(vocabulary.piece(0) == "<padding>" && vocabulary.piece(1) == "<unknown>")
    #expect(vocabulary.encode("d a zebra", length: 5) == [6, 2, 1, 0, 0])
    #expect(vocabulary.encode("d a zebra", length: 2) == [6, 2])
    #expect(vocabulary.encode("d a zebra", length: 0) == [])
    #expect(vocabulary.encode("", length: 2) == [0, 0])
    #expect(vocabulary.counts(of: "a a zebra . d") == [0, 1, 2, 0, 0, 1, 1])
    #expect(pieces(fitted(.words, ["b a c", "a b a .", "d"], limit: 4)) == ["a", "b"])
  }

  @Test func charactersAreScalars() {
    let vocabulary = fitted(.characters, ["e\u{301} é", "éé"])
    #expect(vocabulary.count == 6)
    #expect(vocabulary.encode("é e\u{301}x", length: 6) == [2, 5, 3, 4, 1, 0])
    let chinese = fitted(.characters, ["我我你"])
    #expect(pieces(chinese) == ["我", "你"])
    #expect(chinese.encode("你我他", length: 3) == [3, 2, 1])
  }

  @Test func lowerCaseIsUnicodes() {
    let vocabulary = fitted(.words, ["STRASSE Ärger ΣΟΦΟΣ İ"], lowercases: true)
    #expect(pieces(vocabulary) == ["strasse", "ärger", "σοφοσ", "i\u{307}"])
    #expect(vocabulary.encode("ärger ÄRGER Strasse", length: 3) == [3, 3, 2])
    #expect(fitted(.words, ["Ärger"]).encode("ärger", length: 1) == [1])
  }

  @Test func whatIsNoTextIsUnknown() throws {
    let bytes: [UInt8] = [0x61, 0x20, 0xFF, 0xC3, 0x20, 0x61]
    for method in Vocabulary.Method.allCases {
      var builder = Vocabulary.Builder(method, lowercases: true)
      bytes.withUnsafeBufferPointer { builder.add(utf8: $0) }
      let vocabulary = builder.vocabulary(limit: 300)
      let again = try JSONDecoder().decode(Vocabulary.self, from: JSONEncoder().encode(vocabulary))
      #expect(again == vocabulary)
      var numbers: [Int32] = []
      bytes.withUnsafeBufferPointer {
        vocabulary.forEachNumber(in: $0) {
          numbers.append($0)
          return true
        }
      }
      switch method {
      case .characters: #expect(numbers == [2, 3, 1, 1, 3, 2])
      case .words: #expect(numbers == [2, 1, 2])
      // a, end of word; nothing is unknown
      case .bytePairs: #expect(numbers == [259, 0xFF + 2, 0xC3 + 2, 258, 259])
      }
    }
  }

  // MARK: Room

  @Test func theMostFrequentStayWhereRoomIsShort() {
    // 2000 words that come once, between two that come often
    var builder = Vocabulary.Builder(.words, capacity: 100)
    for number in 0..<2000 {
      builder.add("often w\(number)")
      if number.isMultiple(of: 4) { builder.add("sometimes") }
    }
    let vocabulary = builder.vocabulary(limit: 1000)
    #expect(builder.forgotten > 0)
    #expect(vocabulary.count == 52)
    #expect(pieces(vocabulary).prefix(2) == ["often", "sometimes"])
    // of what comes once, a choice from everywhere
    let kept = pieces(vocabulary).dropFirst(2).compactMap { Int($0.dropFirst()) }
    #expect(kept.count == 48)
    #expect((12...36).contains(kept.filter { $0 < 1000 }.count))

    var exact = Vocabulary.Builder(.words, capacity: 100)
    for number in 0..<99 { exact.add("w\(number)") }
    #expect(exact.forgotten == 0)
    #expect(exact.vocabulary(limit: 1000).count == 101)
  }

  // MARK: Stored form

  @Test func storedFormIsTextAndComesBack() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let words = fitted(.words, ["b a a"])
    #expect(
      String(decoding: try encoder.encode(words), as: UTF8.self)
        == #"{"lower-case":false,"method":"words","pieces":["a","b"]}"#)
    let pairs = fitted(.bytePairs, ["ab ab"], lowercases: true)
    #expect(
      String(decoding: try encoder.encode(pairs), as: UTF8.self)
        == #"{"lower-case":true,"merges":[99,100,259,258],"method":"byte-pairs"}"#)
    for vocabulary in [words, pairs, fitted(.characters, ["é\u{301}\0\n"]), fitted(.words, [])] {
      #expect(try JSONDecoder().decode(Vocabulary.self, from: encoder.encode(vocabulary)) == vocabulary)
    }
  }

  @Test(arguments: [
    #"{"method":"words","lower-case":false,"pieces":["a","a"]}"#,
    #"{"method":"words","lower-case":false,"pieces":[""]}"#,
    #"{"method":"words","lower-case":false,"merges":[]}"#,
    #"{"method":"words","pieces":["a"]}"#,
    #"{"method":"letters","lower-case":false,"pieces":["a"]}"#,
    #"{"method":"characters","lower-case":false,"pieces":["ab"]}"#,
    #"{"method":"words","lower-case":false,"pieces":[""# + String(repeating: "a", count: 129) + #""]}"#,
    #"{"method":"byte-pairs","lower-case":false,"merges":[99]}"#,
    #"{"method":"byte-pairs","lower-case":false,"merges":[1,99]}"#,
    #"{"method":"byte-pairs","lower-case":false,"merges":[99,-1]}"#,
    #"{"method":"byte-pairs","lower-case":false,"merges":[99,259]}"#,
    #"{"method":"byte-pairs","lower-case":false,"merges":[258,99]}"#,
    #"{"method":"byte-pairs","lower-case":false,"merges":[99,99,99,99]}"#,
    #"{"method":"byte-pairs","lower-case":false,"merges":[99,99,259,259,260,260,261,261,262,262,263,263,264,264,265,265]}"#,
    #"{"method":"byte-pairs","lower-case":false,"merges":[99,99999999999]}"#,
    #"{"method":"byte-pairs","lower-case":false,"pieces":["a"]}"#,
  ])
  func hostileStoredFormsAreRefused(text: String) {
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Vocabulary.self, from: Data(text.utf8)) }
  }
}
