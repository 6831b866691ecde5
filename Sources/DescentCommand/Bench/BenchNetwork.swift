import Descent

/// The network of a training workload.
protocol BenchNetwork: Sendable {
  /// The same weights every time.
  func make() -> any Module

  /// Floating-point operations of a training step, 2 a multiply-add: forward, weight gradients, and input gradients of all
  /// layers but the first.
  func trainingFlops(batchSize: Int) -> Double
}

/// Convolutions with pooling, and dense layers behind them.
struct PictureNetwork: BenchNetwork {
  /// Multiply-adds of each layer for one picture.
  private let layers: [Int]
  private let makeNetwork: @Sendable () -> any Module

  /// Two 5×5 convolutions of 32 and 64 channels that keep the extents, each with ReLU and 2×2 max pooling, and dense layers
  /// of 512 and 10.
  static let cnn = PictureNetwork(layers: [
    28 * 28 * 32 * 25, 14 * 14 * 64 * 32 * 25, 7 * 7 * 64 * 512, 512 * 10,
  ]) {
    let relu = Activation.relu
    return Sequential {
      Conv2D(1, 32, kernel: 5, padding: 2, weights: relu.weights, biases: .zeros)
      relu
      MaxPool2D(kernel: 2)
      Conv2D(32, 64, kernel: 5, padding: 2, weights: relu.weights, biases: .zeros)
      relu
      MaxPool2D(kernel: 2)
      Flatten()
      Dense(7 * 7 * 64, 512, weights: relu.weights)
      relu
      Dense(512, 10)
    }
  }

  /// LeNet with ReLU and max pooling.
  static let leNet = PictureNetwork(layers: [
    28 * 28 * 6 * 25, 10 * 10 * 16 * 6 * 25, 400 * 120, 120 * 84, 84 * 10,
  ]) { LeNet() }

  private init(layers: [Int], _ makeNetwork: @escaping @Sendable () -> any Module) {
    self.layers = layers
    self.makeNetwork = makeNetwork
  }

  func make() -> any Module { RandomSource.withSeed(0) { makeNetwork() } }

  func trainingFlops(batchSize: Int) -> Double { 2 * Double(batchSize * (3 * layers.reduce(0, +) - layers[0])) }
}
