import CKernels
import Testing

@testable import DescentTensors

@Suite struct RandomTests {
  /// The known answers of Random123's `kat_vectors` for philox4x32-10.
  @Test func philoxKnownAnswers() {
    let rows: [(counter: [UInt32], key: UInt64, words: [UInt32])] = [
      ([0, 0, 0, 0], 0, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
      (
        [UInt32](repeating: .max, count: 4), .max, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
      ),
      (
        [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], 0x299f_31d0_a409_3822,
        [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
      ),
    ]
    for row in rows {
      var words = [UInt32](repeating: 0, count: 4)
      descent_philox(row.key, row.counter, &words)
      #expect(words == row.words)
    }
  }

  @Test func kernelsAgreeWithDefinitions() {
    let source = RandomSource(seed: 11)
    for count in [0, 1, 3, 4, 63, 64, 65, 1000] {
      let uniform = Tensor.randomUniform([count], source: source)
      let normal = Tensor.randomNormal([count], source: source)
      let expected = planned([uniform, normal], options: .definitions).outputs
      let found = planned([uniform, normal]).outputs
      #expect(found[0].bytes == expected[0].bytes)
      expect(found[1], expected[1].reals(), relative: 1e-5, absolute: 1e-6, "normal \(count)")
    }
  }

  @Test(arguments: [ElementType.float32, .float64])
  func moments(_ type: ElementType) {
    let source = RandomSource(seed: 5)
    let count = 40_000
    let uniform = Tensor.randomUniform([count], from: -1, to: 3, type: type, source: source).reals()
    #expect(uniform.allSatisfy { $0 >= -1 && $0 <= 3 })
    let normal = Tensor.randomNormal([count], mean: 2, standardDeviation: 3, type: type, source: source).reals()
    func mean(_ numbers: [Double]) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
    for (numbers, expected, deviation) in [(uniform, 1.0, 4 / 12.0.squareRoot()), (normal, 2.0, 3.0)] {
      let average = mean(numbers)
      let variance = mean(numbers.map { ($0 - average) * ($0 - average) })
      let skew = mean(numbers.map { ($0 - average) * ($0 - average) * ($0 - average) }) / (variance * deviation)
      // four standard errors
      #expect(abs(average - expected) < 4 * deviation / 200)
      #expect(abs(variance.squareRoot() / deviation - 1) < 4 / 200.0)
      #expect(abs(skew) < 4 * 6.0.squareRoot() / 200)
    }
    // of a normal distribution 68.27 % lie within one deviation
    let inside = normal.filter { abs($0 - 2) < 3 }.count
    #expect(abs(Double(inside) / Double(count) - 0.6827) < 0.01)
  }

  @Test func bernoulli() {
    let source = RandomSource(seed: 1)
    for probability in [0, 0.3, 1] {
      let truth = Tensor.randomBernoulli([10_000], probability: probability, source: source)
      #expect(truth.type == .bool)
      #expect(
        abs(truth.cast(to: .float64).mean().item(Double.self) - probability) < (probability == 0.3 ? 0.02 : 1e-12))
    }
  }

  @Test func permutations() {
    let source = RandomSource(seed: 2)
    for count in [0, 1, 2, 100] {
      let order = Tensor.randomPermutation(count, source: source).scalars(Int64.self)
      #expect(order.sorted() == (0..<Int64(count)).map { $0 })
    }
    // every order of three comes about as often
    var counts: [[Int64]: Int] = [:]
    for _ in 0..<1200 { counts[Tensor.randomPermutation(3, source: source).scalars(Int64.self), default: 0] += 1 }
    #expect(counts.count == 6 && counts.values.allSatisfy { (140...260).contains($0) })
  }

  @Test func seeds() {
    func draw(_ seed: UInt64) -> [[Float]] {
      RandomSource.withSeed(seed) {
        [Tensor.randomUniform([5]).scalars(Float.self), Tensor.randomUniform([5]).scalars(Float.self)]
      }
    }
    #expect(draw(1) == draw(1))
    #expect(draw(1) != draw(2))
    #expect(draw(1)[0] != draw(1)[1])
    // what is evaluated first does not matter
    let source = RandomSource(seed: 1)
    let (first, second) = (Tensor.randomUniform([5], source: source), Tensor.randomUniform([5], source: source))
    #expect([second.scalars(Float.self), first.scalars(Float.self)].reversed() == draw(1))
  }

  @Test func randomOperationsAreNeverShared() {
    let source = RandomSource(seed: 3)
    let difference = Tensor.randomUniform([8], source: source) - Tensor.randomUniform([8], source: source)
    #expect(difference.scalars(Float.self).allSatisfy { $0 != 0 })
    let compiled = RandomSource.withSeed(3) {
      compile { _ in [Tensor.randomUniform([8]) - Tensor.randomUniform([8]), Tensor.randomNormal([8])] }
    }
    #expect(compiled()[0].scalars(Float.self).allSatisfy { $0 != 0 })
    // the same tensor twice is one
    let once = Tensor.randomUniform([8], source: source)
    #expect((once - once).scalars(Float.self).allSatisfy { $0 == 0 })
  }

  @Test func compiledFunctionsAdvance() {
    func run() -> [[Float]] {
      let function = RandomSource.withSeed(9) {
        compile { inputs in [Tensor.randomUniform([4]) + inputs[0]] }
      }
      let zero = Tensor.zeros([4])
      // another shape is another plan of the same function, and goes on counting
      return [function(zero), function(zero), function(Tensor.zeros([1, 4])), function(zero)].map {
        $0[0].scalars(Float.self)
      }
    }
    let rows = run()
    #expect(Set(rows).count == 4)
    #expect(run() == rows)
  }
}
