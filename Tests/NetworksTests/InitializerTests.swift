import DescentNetworks
import DescentTensors
import Testing

@Suite struct InitializerTests {
  struct Row: Sendable {
    let name: String
    let initializer: Initializer
    /// From fan-in and fan-out.
    let variance: @Sendable (Double, Double) -> Double
    var isUniform = false
  }

  static let rows = [
    Row(name: "normal", initializer: .normal(), variance: { _, _ in 1e-6 }),
    Row(name: "normal 2", initializer: .normal(standardDeviation: 2), variance: { _, _ in 4 }),
    Row(name: "fan-in normal", initializer: .leCunNormal, variance: { fanIn, _ in 1 / fanIn }),
    Row(name: "Glorot normal", initializer: .glorotNormal, variance: { 2 / ($0 + $1) }),
    Row(name: "Glorot uniform", initializer: .glorotUniform, variance: { 2 / ($0 + $1) }, isUniform: true),
    Row(name: "He normal", initializer: .heNormal, variance: { fanIn, _ in 2 / fanIn }),
    Row(name: "He uniform", initializer: .heUniform, variance: { fanIn, _ in 2 / fanIn }, isUniform: true),
  ]

  /// [outputs, inputs, kernel...]: fan-in is inputs · kernel, fan-out outputs · kernel.
  @Test(arguments: rows, [([200, 300], 300, 200), ([40, 30, 5, 5], 750, 1000)] as [(Shape, Double, Double)])
  func meanAndVariance(row: Row, weights: (shape: Shape, fanIn: Double, fanOut: Double)) {
    for type in [ElementType.float32, .float64] {
      let numbers = RandomSource.withSeed(7) { row.initializer(weights.shape, type: type) }.reals()
      let (count, variance) = (Double(numbers.count), row.variance(weights.fanIn, weights.fanOut))
      let mean = numbers.reduce(0, +) / count
      let spread = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
      // five standard errors; the fourth moment is 3 variances² of a normal, 9/5 of a uniform distribution
      #expect(abs(mean) < 5 * (variance / count).squareRoot(), "\(row.name)")
      let fourth = row.isUniform ? 1.8 : 3
      #expect(abs(spread - variance) < 5 * variance * ((fourth - 1) / count).squareRoot(), "\(row.name)")
      let bound = (3 * variance).squareRoot() * (1 + 1e-6)
      let farthest = numbers.map(abs).max() ?? 0
      #expect(row.isUniform ? farthest <= bound && farthest > 0.99 * bound : farthest > 3 * variance.squareRoot())
    }
  }

  @Test func sameSeedSameNumbers() {
    for row in Self.rows {
      let draw = { (seed: UInt64) in
        RandomSource.withSeed(seed) {
          (row.initializer([3, 4]).scalars(Float.self), row.initializer([3, 4]).scalars(Float.self))
        }
      }
      let (one, again, other) = (draw(1), draw(1), draw(2))
      #expect(one == again, "\(row.name)")
      #expect(one.0 != one.1 && one.0 != other.0, "\(row.name)")
    }
  }

  @Test func constants() {
    #expect(Initializer.zeros([2, 2]).scalars(Float.self) == [0, 0, 0, 0])
    #expect(Initializer.constant(0.5)([3], type: .float64).scalars(Double.self) == [0.5, 0.5, 0.5])
    #expect(Initializer { .ones($0, type: $1) }([2]).scalars(Float.self) == [1, 1])
  }
}
