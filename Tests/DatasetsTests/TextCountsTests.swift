import Testing

@testable import DescentDatasets

/// Different texts, counted by a hash table of our own, beside the standard library's.
@Suite struct TextCountsTests {
  @Test(arguments: [5, 300, 100_000]) func countsAsADictionaryDoes(limit: Int) {
    var counts = TextCounts(limit: limit)
    var (numbers, expected, uncounted): ([String: Int], [Int], Int) = ([:], [], 0)
    var random = SplitMix64(seed: 5)
    for _ in 0..<40_000 {
      // lengths around one and two words; some texts differ in one byte only
      let length = 1 + Int(random.next() % 20)
      let text = String(repeating: "a", count: length - 1) + String(UnicodeScalar(97 + UInt8(random.next() % 26)))
      let mixed = random.next() % 4 == 0 ? "\(random.next() % 500)\(text)" : text
      let number = Array(mixed.utf8).withUnsafeBufferPointer { counts.add($0) }
      if let known = numbers[mixed] {
        expected[known] += 1
      } else if expected.count < limit {
        numbers[mixed] = expected.count
        expected.append(1)
      } else {
        uncounted += 1
      }
      #expect(number == numbers[mixed])
    }
    #expect(
      (0..<counts.count).map { counts.count(of: $0) } == expected && counts.uncounted == uncounted
        && counts.count == expected.count)
    let texts = (0..<counts.count).map { counts.text($0) }
    #expect(texts.enumerated().allSatisfy { numbers[$0.element] == $0.offset })
  }

  /// What is told to be no number without asking the standard library is none.
  @Test func whatMayBeANumber() {
    let parts = [
      "", "1", "12.5", ".", "e", "E", "-", "+", "x", "nan", "inf", "2013-01", " ", "_", "p", ",", "Infinity",
    ]
    for first in parts {
      for second in parts {
        for third in parts {
          let text = first + second + third
          let isHexadecimal = text.contains("x") || text.contains("_")
          let value = isHexadecimal ? nil : Double(text)
          Array(text.utf8).withUnsafeBufferPointer { bytes in
            switch CSVNumber(bytes) {
            case .finite(let number): #expect(number == value, "\(text)")
            case .notFinite: #expect(value?.isFinite != true, "\(text)")
            case .text: #expect(value == nil, "\(text)")
            }
          }
        }
      }
    }
  }
}
