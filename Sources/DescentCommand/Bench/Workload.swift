import Descent

/// A network, a loss, an optimizer and batches: what `descent bench` times.
struct Workload: Sendable {
  /// What one reading says, under the names of its JSON line.
  struct Reading: Encodable {
    let workload: String
    let peer = "descent"
    let unit = "samples/s"
    let value, min, max: Double
    let lossFirst, lossLast: Double

    enum CodingKeys: String, CodingKey {
      case workload, peer, unit, value, min, max
      case lossFirst = "loss_first"
      case lossLast = "loss_last"
    }
  }

  let name: String
  let sizes: [Int]
  let activation: Activation
  let output: Activation?
  let loss: Loss
  let batchSize: Int
  let makeOptimizer: @Sendable () -> Optimizer
  let makeBatches: @Sendable (_ count: Int, _ size: Int) throws -> [(inputs: Tensor, targets: Tensor)]

  /// Different batches, in rotation.
  private static let batchCount = 64

  static let all = [
    Workload(
      name: "tiny", sizes: [2, 8, 8, 1], activation: .tanh, output: .tanh, loss: .halfMeanSquared, batchSize: 10,
      makeOptimizer: { .sgd(learningRate: 0.03) }, makeBatches: quadrants),
    Workload(
      name: "nielsen", sizes: [784, 100, 40, 10], activation: .sigmoid, output: .sigmoid, loss: .halfSumOfSquares,
      batchSize: 10, makeOptimizer: { .sgd(learningRate: 3) }, makeBatches: { try pictures($0, $1, .oneHot) }),
    Workload(
      name: "mlp", sizes: [784, 512, 256, 10], activation: .relu, output: nil, loss: .crossEntropy, batchSize: 128,
      makeOptimizer: { .adam() }, makeBatches: { try pictures($0, $1, .classIndices) }),
  ]

  /// Five rounds of training steps.
  func measure(for duration: Double) throws -> Reading {
    let batches = try makeBatches(Self.batchCount, batchSize)
    let network = RandomSource.withSeed(0) {
      Sequential.dense(
        inputs: sizes[0], hidden: Array(sizes.dropFirst().dropLast()), outputs: sizes[sizes.count - 1],
        activation: activation, output: output)
    }
    let trainer = Trainer(network, loss: loss, optimizer: makeOptimizer())
    var done = 0
    func step() -> Double {
      defer { done += 1 }
      let batch = batches[done % batches.count]
      return trainer.train(batch.inputs, batch.targets).loss
    }
    let first = step()
    // the second lap warms up, and tells how many steps fill a round
    let clock = ContinuousClock()
    let lap = clock.measure { for _ in 0..<batches.count { _ = step() } }
    let steps = Swift.max(1, Int(duration / 5 / Swift.max(lap.seconds / Double(batches.count), 1e-9)))
    var last = 0.0
    let rates = (0..<5).map { _ in
      Double(steps * batchSize) / clock.measure { for _ in 0..<steps { last = step() } }.seconds
    }.sorted()
    return Reading(workload: name, value: rates[2], min: rates[0], max: rates[4], lossFirst: first, lossLast: last)
  }
}

/// Uniform points in [−6, 6]² with the sign of x·y as target.
@Sendable private func quadrants(_ count: Int, _ size: Int) -> [(inputs: Tensor, targets: Tensor)] {
  RandomSource.withSeed(0) {
    (0..<count).map { _ in
      let points = Tensor.randomUniform([size, 2], from: -6, to: 6)
      let targets = points.product(axes: [1], keepsAxes: true).sign()
      evaluate(points, targets)
      return (points, targets)
    }
  }
}

/// Fashion-MNIST pictures, pixels in [0, 1].
private func pictures(
  _ count: Int, _ size: Int, _ form: TrainingData.TargetForm
) throws -> [(inputs: Tensor, targets: Tensor)] {
  let folder = "/usr/share/datasets/fashion-mnist"
  guard Files.isDirectory(folder) else {
    throw DataError.missing(
      folder, "Fashion-MNIST is not installed; install it with: sudo apt-get install dataset-fashion-mnist")
  }
  let dataset = try Dataset.load(folder)
  let source = BatchSource(dataset, scaling: .automatic(for: dataset, rows: dataset.trainRows))
  let data = TrainingData(source, targetForm: form)
  return (0..<count).map { batch in
    let rows = dataset.trainRows[batch * size..<(batch + 1) * size]
    let (inputs, targets) = (data.inputs(of: rows), data.targets(of: rows))
    evaluate(inputs, targets)
    return (inputs, targets)
  }
}
