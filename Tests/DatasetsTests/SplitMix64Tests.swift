import Testing

@testable import DescentDatasets

@Suite struct SplitMix64Tests {
  // The first numbers of seed 1234567, as the authors' reference program in C prints them.
  @Test func drawsTheReferenceSequence() {
    var generator = SplitMix64(seed: 1_234_567)
    let drawn = (0..<5).map { _ in generator.next() }
    #expect(
      drawn == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test func uniformNumbersStayInTheirRange() {
    var generator = SplitMix64(seed: 3)
    let drawn = (0..<10_000).map { _ in generator.uniform(-2, 5) }
    #expect(drawn.allSatisfy { $0 >= -2 && $0 < 5 })
    #expect(abs(drawn.reduce(0, +) / 10_000 - 1.5) < 0.1)
  }

  @Test func everyNumberBelowABoundIsDrawn() {
    var generator = SplitMix64(seed: 0)
    var counts = Array(repeating: 0, count: 7)
    for _ in 0..<7_000 { counts[generator.below(7)] += 1 }
    #expect(counts.allSatisfy { (850...1_150).contains($0) })
  }

  @Test func shufflingKeepsEveryElementAndFollowsTheSeed() {
    func shuffled(_ seed: UInt64) -> [Int] {
      var numbers = Array(0..<100)
      var generator = SplitMix64(seed: seed)
      generator.shuffle(&numbers)
      return numbers
    }
    #expect(shuffled(1).sorted() == Array(0..<100))
    #expect(shuffled(1) == shuffled(1))
    #expect(shuffled(1) != shuffled(2))
    #expect(shuffled(1) != Array(0..<100))
    for count in 0...3 {
      var few = Array(0..<count)
      var generator = SplitMix64(seed: 0)
      generator.shuffle(&few)
      #expect(few.sorted() == Array(0..<count))
    }
  }
}
