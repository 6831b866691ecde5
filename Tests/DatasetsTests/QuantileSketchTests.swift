import DescentDatasets
import Testing

@Suite struct QuantileSketchTests {
  private let values = [2, 3.5, -1, 7, 7, 0.25, 12]
  private let parts = [0, 0.05, 0.25, 0.5, 0.9, 1]

  private func sketch(_ values: [Double], _ weights: [Double]) -> QuantileSketch {
    var sketch = QuantileSketch()
    for (value, weight) in zip(values, weights) { sketch.add(value, weight: weight) }
    return sketch
  }

  // x = [2, 3.5, -1, 7, 7, 0.25, 12]; [numpy.quantile(x, p) for p in (0, .05, .25, .5, .9, 1)]
  @Test func fewValuesAreExact() {
    let sketch = QuantileSketch(values)
    for (p, expected) in zip(parts, [-1, -0.625, 1.125, 3.5, 9, 12]) { expectNear(sketch.quantile(p), expected) }
    #expect(sketch.isExact && sketch.weight == 7)
  }

  // numpy.quantile(numpy.repeat(x, [1, 2, 0, 4, 1, 3, 2]), p)
  @Test func aWeightOfTwoIsTheValueTwice() {
    let sketch = sketch(values, [1, 2, 0, 4, 1, 3, 2])
    for (p, expected) in zip(parts, [0.25, 0.25, 2, 7, 11, 12]) { expectNear(sketch.quantile(p), expected) }
  }

  // w = [.5, .25, .1, .7, .3, 1.2, .15]; numpy.quantile(x, p, weights=w, method='inverted_cdf')
  @Test func weightsWithFractions() {
    let sketch = sketch(values, [0.5, 0.25, 0.1, 0.7, 0.3, 1.2, 0.15])
    for (p, expected) in zip(parts, [-1, 0.25, 0.25, 2, 7, 12]) { expectNear(sketch.quantile(p), expected) }
    // half of the weight exactly between two values: their mean, as of values that are repeated
    expectNear(self.sketch([1, 2, 3, 4], [0.1, 0.2, 0.2, 0.1]).median, 2.5)
    expectNear(self.sketch([1, 2, 3, 4], [1, 2, 2, 1]).median, 2.5)
    // weights mean the same on any scale
    expectNear(self.sketch([1, 2, 3], [1e-6, 1e-6, 3e-6]).median, 3)
  }

  /// How far the rank of a value is from the part of the weight that is asked for; 0 where it lies within equal values.
  private func rankError(_ value: Double, _ p: Double, _ sorted: [Double]) -> Double {
    let below = Double(sorted.partitioningIndex { $0 >= value }) / Double(sorted.count)
    let notAbove = Double(sorted.partitioningIndex { $0 > value }) / Double(sorted.count)
    return p < below ? below - p : max(0, p - notAbove)
  }

  private static let draws: [(name: String, draw: @Sendable (inout SplitMix64, Int) -> Double)] = [
    ("uniform", { generator, _ in generator.uniform() }),
    ("ascending", { _, index in Double(index) }),
    ("descending", { _, index in -Double(index) }),
    ("bell", { generator, _ in (0..<12).reduce(-6) { sum, _ in sum + generator.uniform() } }),
    ("long tail", { generator, _ in 1 / (1e-9 + generator.uniform()) }),
    ("zeros", { generator, _ in generator.uniform() < 0.6 ? 0 : generator.uniform() }),
    ("far away", { generator, _ in 1e9 + generator.uniform() }),
  ]

  @Test(arguments: draws.indices) func aMillionValues(_ index: Int) throws {
    var generator = SplitMix64(seed: UInt64(index))
    let values = (0..<1_000_000).map { Self.draws[index].draw(&generator, $0) }
    var sketch = QuantileSketch()
    for value in values { sketch.add(value) }
    #expect(!sketch.isExact)
    sketch.compress()
    var halves = QuantileSketch(values[..<300_000])
    halves.merge(QuantileSketch(values[300_000...]))
    halves.compress()
    let sorted = values.sorted()
    for sketch in [sketch, halves] {
      #expect(sketch.weight == 1e6 && sketch.quantile(0) == sorted.first && sketch.quantile(1) == sorted.last)
      for p in [1e-5, 1e-4, 0.001, 0.01, 0.05, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999, 0.9999, 0.99999] {
        let error = rankError(try #require(sketch.quantile(p)), p, sorted)
        // half of what may be kept together at this place, and the whole value beside it
        let bound = 1e-6 + Double.pi / 2000 * (p * (1 - p)).squareRoot()
        #expect(error <= bound, "\(Self.draws[index].name), \(p): \(error) of at most \(bound)")
      }
    }
  }

  @Test func fewDifferentValuesStayExactHoweverManyCome() {
    let values = (0..<200_000).map { Double($0 * 7919 % 256) }
    let sketch = QuantileSketch(values)
    #expect(sketch.isExact)
    let sorted = values.sorted()
    for p in [0.001, 0.2503, 0.5, 0.77, 0.999] {
      let rank = p * 199_999
      let (lower, upper) = (sorted[Int(rank)], sorted[Int(rank) + 1])
      expectNear(sketch.quantile(p), lower + (upper - lower) * (rank - rank.rounded(.down)), 1e-9)
    }
  }

  @Test func mergedPartsAreTheWholeWhileExact() {
    var front = QuantileSketch(values[..<3])
    front.merge(QuantileSketch(values[3...]))
    for p in parts { expectNear(front.quantile(p), QuantileSketch(values).quantile(p)) }
    front.merge(QuantileSketch())
    #expect(front.median == 3.5 && front.isExact)
  }

  @Test func nothingOneAndEqualValues() {
    #expect(QuantileSketch().median == nil && QuantileSketch().quantile(0) == nil)
    #expect(parts.allSatisfy { QuantileSketch([3]).quantile($0) == 3 })
    let constant = QuantileSketch(Array(repeating: 0.1, count: 30_000))
    #expect(parts.allSatisfy { constant.quantile($0) == 0.1 })
    let wide = QuantileSketch([-1.7e308, 1.7e308])
    #expect(wide.median == 0)
  }
}

extension Array {
  /// The first place from which on the condition holds.
  fileprivate func partitioningIndex(_ condition: (Element) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if condition(self[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
