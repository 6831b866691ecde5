import DescentNetworks
import DescentTensors
import Testing

/// Layers that draw at random while training: what they draw, and their slopes while the same is drawn.
@Suite struct NoiseTests {
  struct Row: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// What the mean and the variance of the output are for an input of ones.
    let mean, variance: Double
    let layer: any Module
  }

  private static let alpha = 1.7580993408473766

  static let rows = [
    Row(testDescription: "GaussianNoise", mean: 1, variance: 0.09, layer: GaussianNoise(0.3)),
    // p / (1 − p)
    Row(testDescription: "GaussianDropout", mean: 1, variance: 0.25, layer: GaussianDropout(0.2)),
    Row(testDescription: "Dropout", mean: 1, variance: 0.25, layer: Dropout(0.2)),
    // a·x + b where it stays and b − a·α where it does not, so that mean 0 and variance 1 stay what they are
    Row(
      testDescription: "AlphaDropout",
      mean: {
        let a = 1 / (0.8 * (1 + 0.2 * alpha * alpha)).squareRoot()
        return a * 0.8 - a * 0.2 * alpha + a * 0.2 * alpha
      }(),
      variance: {
        let a = 1 / (0.8 * (1 + 0.2 * alpha * alpha)).squareRoot()
        return a * a * (1 + alpha) * (1 + alpha) * 0.8 * 0.2
      }(), layer: AlphaDropout(0.2)),
  ]

  @Test(arguments: rows)
  func drawsWhatItSays(row: Row) {
    let output = RandomSource.withSeed(4) { Mode.training { row.layer(Tensor.ones([200_000])) } }.reals()
    let mean = output.reduce(0, +) / Double(output.count)
    let variance = output.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(output.count)
    // five standard errors of a mean of 200,000
    #expect(abs(mean - row.mean) < 5 * (row.variance / 200_000).squareRoot())
    #expect(abs(variance - row.variance) < 0.02 * row.variance)
  }

  @Test(arguments: rows)
  func slopesAreThoseOfDifferences(row: Row) {
    let differing = gradientCheck(
      of: { x in RandomSource.withSeed(9) { Mode.training { row.layer(x[0]).tanh() } } },
      at: [normals([3, 4], seed: 1)])
    #expect(differing == [])
  }

  /// DropConnect drops weights, not inputs: with the bias kept, and on average what the layer gives.
  @Test func dropConnectDropsWeights() {
    let dense = Dense(3, 2, type: .float64)
    let layer = DropConnect(0.5, dense)
    let input = normals([2, 3], seed: 2)
    var mean = Tensor.zeros([2, 2], type: .float64)
    for seed in 0..<4000 {
      mean = mean + RandomSource.withSeed(UInt64(seed)) { Mode.training { layer(input) } } * (1 / 4000)
      evaluate(mean)
    }
    expectClose(mean, dense(input), relative: 0, absolute: 0.1, "mean")
    let differing = gradientCheck(
      of: { x in RandomSource.withSeed(9) { Mode.training { layer(x[0]) } } }, at: [input])
    #expect(differing == [])
  }
}
