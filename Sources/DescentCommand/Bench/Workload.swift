import Descent

/// Something that `descent bench` times. `Benchmarks/README.md` defines each; what times other frameworks follows it too.
protocol Workload: Sendable {
  var name: String { get }

  /// Makes networks and data, before any clock starts.
  func prepared() throws -> Work
}

/// A workload made ready: a call that is repeated.
struct Work {
  /// What is counted.
  let unit: Unit
  /// Calls that belong together: once through all batches. The time is looked at between laps, and one lap's
  /// allocations are counted.
  let lap: Int
  /// Floating-point operations of one call by definition, whatever a plan makes of them: 2 a multiply-add. Nil where
  /// they say nothing.
  let flops: Double?
  /// The plan that a call replays, and what it is replayed on.
  let plan: () -> (plan: CompiledPlan, arguments: [Tensor])
  /// Does the work once, and gives the loss where there is one.
  let call: () -> Double?

  /// What a figure counts.
  enum Unit: Sendable {
    /// Higher is better; a call handles so many samples.
    case samplesPerSecond(Int)
    /// Of one call; lower is better.
    case microseconds, milliseconds

    var name: String {
      switch self {
      case .samplesPerSecond: "samples/s"
      case .microseconds: "µs"
      case .milliseconds: "ms"
      }
    }

    /// The figure of a number of calls in so many seconds.
    func figure(calls: Int, seconds: Double) -> Double {
      switch self {
      case .samplesPerSecond(let samples): Double(calls * samples) / seconds
      case .microseconds: 1e6 * seconds / Double(calls)
      case .milliseconds: 1e3 * seconds / Double(calls)
      }
    }
  }
}

/// Every workload, in the order in which they run.
enum Workloads {
  static let training = [
    TrainingWorkload(
      name: "tiny", network: DenseNetwork([2, 8, 8, 1], .tanh, output: .tanh), loss: .halfMeanSquared, batchSize: 10,
      makeOptimizer: { .sgd(learningRate: 0.03) }, makeBatches: quadrants),
    TrainingWorkload(
      name: "nielsen", network: DenseNetwork([784, 100, 40, 10], .sigmoid, output: .sigmoid), loss: .halfSumOfSquares,
      batchSize: 10, makeOptimizer: { .sgd(learningRate: 3) }, makeBatches: { try pictures($0, .oneHot) }),
    TrainingWorkload(
      name: "mlp", network: DenseNetwork.mlp, loss: .crossEntropy, batchSize: 128,
      makeOptimizer: { .adam() }, makeBatches: { try pictures($0, .classIndices) }),
    TrainingWorkload(
      name: "autoencoder", network: DenseNetwork([784, 128, 32, 128, 784], .relu, output: .sigmoid),
      loss: .meanSquared, batchSize: 128, makeOptimizer: { .adam() },
      makeBatches: { size in try pictures(size, .classIndices).map { ($0.inputs, $0.inputs) } }),
    TrainingWorkload(
      name: "lenet", network: PictureNetwork.leNet, loss: .crossEntropy, batchSize: 128,
      makeOptimizer: { .adam() }, makeBatches: { try pictures($0, .classIndices, shape: [1, 28, 28]) }),
    TrainingWorkload(
      name: "cnn", network: PictureNetwork.cnn, loss: .crossEntropy, batchSize: 128,
      makeOptimizer: { .adam() }, makeBatches: { try pictures($0, .classIndices, shape: [1, 28, 28]) }),
  ]

  static let all: [any Workload] =
    training + [InferenceWorkload(name: "infer-mlp", network: .mlp)]
    + [PlanningWorkload.network, PlanningWorkload.chain]

  static var names: String { all.map(\.name).joined(separator: ", ") }

  /// The workloads of names.
  ///
  /// - Throws: ``UsageError`` where there is none of a name.
  static func named(_ names: [String]) throws(UsageError) -> [any Workload] {
    guard !names.isEmpty else { return all }
    var chosen: [any Workload] = []
    for name in names {
      guard let workload = all.first(where: { $0.name == name }) else {
        throw UsageError("\(name) is no workload; it is one of \(Self.names)")
      }
      chosen.append(workload)
    }
    return chosen
  }
}
