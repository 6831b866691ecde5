import Descent

/// The network of a workload: dense layers, an activation behind each.
struct DenseNetwork: BenchNetwork {
  private let sizes: [Int]
  private let activation: Activation
  private let output: Activation?

  init(_ sizes: [Int], _ activation: Activation, output: Activation?) {
    self.sizes = sizes
    self.activation = activation
    self.output = output
  }

  /// 784-512-256-10.
  static let mlp = DenseNetwork([784, 512, 256, 10], .relu, output: nil)

  /// The numbers that it takes.
  var inputs: Int { sizes[0] }

  /// The numbers that it gives.
  var outputs: Int { sizes[sizes.count - 1] }

  func make() -> any Module {
    RandomSource.withSeed(0) {
      Sequential.dense(
        inputs: sizes[0], hidden: Array(sizes.dropFirst().dropLast()), outputs: sizes[sizes.count - 1],
        activation: activation, output: output)
    }
  }

  /// Floating-point operations of the forward pass, 2 a multiply-add.
  func forwardFlops(batchSize: Int) -> Double {
    zip(sizes, sizes.dropFirst()).reduce(0) { $0 + 2 * Double(batchSize * $1.0 * $1.1) }
  }

  func trainingFlops(batchSize: Int) -> Double {
    3 * forwardFlops(batchSize: batchSize) - 2 * Double(batchSize * sizes[0] * sizes[1])
  }
}
