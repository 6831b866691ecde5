import DescentDatasets
import Testing

@Suite struct MomentsTests {
  private let values = [2, 3.5, -1, 7, 7, 0.25, 12]

  // x = [2, 3.5, -1, 7, 7, 0.25, 12]
  // numpy.mean(x), numpy.var(x, ddof=1), numpy.var(x), numpy.std(x, ddof=1), scipy.stats.skew(x)
  @Test func agreesWithNumPy() {
    let moments = Moments(values)
    #expect(moments.weight == 7 && moments.minimum == -1 && moments.maximum == 12)
    expectNear(moments.mean, 4.392857142857143)
    expectNear(moments.variance, 20.705357142857142)
    expectNear(moments.populationVariance, 17.747448979591837)
    expectNear(moments.standardDeviation, 4.550313960910516)
    expectNear(moments.skewness, 0.4457715211333473)
  }

  // r = numpy.repeat(x, [1, 2, 0, 4, 1, 3, 2]); numpy.mean(r), numpy.var(r, ddof=1), scipy.stats.skew(r)
  @Test func aWeightOfTwoIsTheValueTwice() {
    let weights = [1.0, 2, 0, 4, 1, 3, 2]
    var weighted = Moments()
    for (value, weight) in zip(values, weights) { weighted.add(value, weight: weight) }
    #expect(weighted.minimum == 0.25)
    expectNear(weighted.mean, 5.288461538461538)
    expectNear(weighted.variance, 16.508814102564102)
    expectNear(weighted.skewness, 0.2573034278349986)
    let repeated = Moments(zip(values, weights).flatMap { Array(repeating: $0, count: Int($1)) })
    expectNear(weighted.variance, repeated.variance)
    expectNear(weighted.skewness, repeated.skewness)
  }

  @Test func partsMergeToTheWhole() {
    var generator = SplitMix64(seed: 1)
    let values = (0..<1000).map { _ in generator.uniform(-5, 5) * generator.uniform() }
    let whole = Moments(values)
    for cut in [0, 1, 2, 499, 999, 1000] {
      var merged = Moments(values[..<cut])
      merged.merge(Moments(values[cut...]))
      #expect(merged.weight == 1000 && merged.minimum == whole.minimum && merged.maximum == whole.maximum)
      expectNear(merged.mean, whole.mean)
      expectNear(merged.variance, whole.variance)
      expectNear(merged.skewness, whole.skewness, 1e-9)
    }
  }

  @Test func aSmallVarianceFarFromZeroIsKept() {
    // numpy.var([4, 7, 13, 16], ddof=1)
    expectNear(Moments([4, 7, 13, 16].map { 1e9 + $0 }).variance, 30)
    var generator = SplitMix64(seed: 2)
    let near = (0..<100_000).map { _ in (generator.uniform() * 1024).rounded() / 1024 }
    expectNear(Moments(near.map { $0 + 1e9 }).variance, Moments(near).variance, 1e-7)
  }

  @Test func whatHasNoSpread() {
    let none = Moments()
    #expect(none.weight == 0 && none.variance == nil && none.populationVariance == nil && none.skewness == nil)
    let one = Moments([3])
    #expect(one.mean == 3 && one.variance == nil && one.populationVariance == 0 && one.skewness == nil)
    // 0.1 has no exact sum, and yet no spread
    let constant = Moments(Array(repeating: 0.1, count: 1000))
    #expect(constant.mean == 0.1 && constant.variance == 0 && constant.skewness == nil)
    let huge = Moments([-1.7e308, 1.7e308, 1.7e308])
    #expect(huge.variance == nil && huge.skewness == nil && huge.maximum == 1.7e308)
  }

  @Test func aLongTailHasItsSign() throws {
    #expect(try #require(Moments([1, 1, 1, 2, 50]).skewness) > 1)
    #expect(try #require(Moments([-1, -1, -1, -2, -50]).skewness) < -1)
    #expect(Moments([-2, -1, 0, 1, 2]).skewness == 0)
  }
}

@Suite struct CorrelationTests {
  private let pairs = zip([2, 3.5, -1, 7, 7, 0.25, 12], [1, 0, 2, -3, 4, 0.5, 9])

  // y = [1, 0, 2, -3, 4, .5, 9]; numpy.corrcoef(x, y)[0, 1], numpy.cov(x, y)[0, 1]
  @Test func agreesWithNumPy() {
    var correlation = Correlation()
    for (x, y) in pairs { correlation.add(x, y) }
    expectNear(correlation.coefficient, 0.5425349923666758)
    expectNear(correlation.covariance, 9.303571428571427)
  }

  @Test func partsMergeToTheWholeAndWeightsRepeat() {
    var (whole, front, back, weighted) = (Correlation(), Correlation(), Correlation(), Correlation())
    for (index, pair) in pairs.enumerated() {
      for _ in 0..<2 { whole.add(pair.0, pair.1) }
      weighted.add(pair.0, pair.1, weight: 2)
      if index < 3 { front.add(pair.0, pair.1, weight: 2) } else { back.add(pair.0, pair.1, weight: 2) }
    }
    front.merge(back)
    for other in [front, weighted] {
      expectNear(other.coefficient, whole.coefficient)
      expectNear(other.covariance, whole.covariance)
    }
  }

  @Test func straightLinesAndConstants() {
    var (up, down, flat) = (Correlation(), Correlation(), Correlation())
    #expect(up.coefficient == nil && up.covariance == nil)
    for x in 0..<100 {
      up.add(1e9 + Double(x), 3 * Double(x))
      down.add(Double(x), 5 - Double(x))
      flat.add(Double(x), 0.1)
    }
    expectNear(up.coefficient, 1)
    expectNear(down.coefficient, -1)
    #expect(flat.coefficient == nil && flat.covariance == 0)
  }
}

/// Equal but for rounding, relative to the expected number.
func expectNear(
  _ value: Double?, _ expected: Double?, _ tolerance: Double = 1e-12, sourceLocation: SourceLocation = #_sourceLocation
) {
  guard let value, let expected else {
    #expect(value == nil && expected == nil, "\(value as Any) for \(expected as Any)", sourceLocation: sourceLocation)
    return
  }
  #expect(
    abs(value - expected) <= tolerance * max(abs(expected), 1), "\(value) for \(expected)",
    sourceLocation: sourceLocation)
}
