import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// Noise on weights while their gradient is taken.
@Suite struct WeightNoiseTests {
  private let inputs = Tensor([Float(1), 2, 3, 4, 5, -6], shape: [3, 2])
  private let targets = Tensor([Float(1), 0, -1], shape: [3, 1])

  private func network() -> Sequential {
    RandomSource.withSeed(3) { .dense(inputs: 2, hidden: [5, 4], outputs: 1, activation: .tanh) }
  }

  private func numbers(_ network: Sequential) -> [[Double]] { network.parameters.map { $0.value.reals() } }

  /// Without biases, which are 0 and become something with the smallest step.
  private func kernels(_ network: Sequential) -> [[Double]] {
    network.parameters.filter { $0.shape.count > 1 }.map { $0.value.reals() }
  }

  /// The gradient is that at the moved weights, and the step is made from the weights as they were.
  @Test func definition() {
    let (weight, bias) = (Parameter(Tensor([3.0, -2], shape: [1, 2])), Parameter(Tensor([0.5])))
    var seen: (weight: Tensor, bias: Tensor)?
    let loss = RandomSource.withSeed(8) {
      Optimizer.sgd(learningRate: 0.1).noisyWeights(standardDeviation: 0.25).minimize(over: [weight, bias]) {
        seen = (weight.value, bias.value)
        return weight.value.squared().sum() + bias.value.squared().sum()
      }
    }
    let noise = RandomSource.withSeed(8) { Tensor.randomNormal([1, 2], type: .float64) }.reals()
    let moved = zip([3.0, -2], noise).map { $0 + 0.25 * $1 }
    #expect(noise.allSatisfy { $0 != 0 } && seen?.bias.reals() == [0.5])
    expectClose(seen?.weight ?? Tensor(0.0), Tensor(moved, shape: [1, 2]), relative: 1e-12, absolute: 0)
    let wanted = zip([3.0, -2], moved).map { $0 - 0.1 * 2 * $1 }
    expectClose(weight.value, Tensor(wanted, shape: [1, 2]), relative: 1e-12, absolute: 0)
    expectClose(bias.value, Tensor([0.5 - 0.1 * 2 * 0.5]), relative: 1e-12, absolute: 0)
    expectClose(loss, Tensor(moved.reduce(0.25) { $0 + $1 * $1 }), relative: 1e-12, absolute: 0)
  }

  /// Of a linear loss the gradient is the same everywhere, so that nothing of the noise stays.
  @Test func noiseIsTakenOffAgain() {
    let weight = Parameter(Tensor([1.0, 2, 3, 4], shape: [2, 2]))
    let optimizer = Optimizer.sgd(learningRate: 0.5).noisyWeights(standardDeviation: 10)
    for _ in 0..<3 { optimizer.minimize(over: [weight]) { weight.value.sum() } }
    #expect(weight.value.reals() == [-0.5, 0.5, 1.5, 2.5])
  }

  @Test func sharpnessLooksAroundTheMovedWeights() {
    let weight = Parameter(Tensor([3.0], shape: [1, 1]))
    let optimizer = Optimizer.sgd(learningRate: 0.1).noisyWeights(standardDeviation: 0.25).sharpnessAware(radius: 1)
    RandomSource.withSeed(8) { _ = optimizer.minimize(over: [weight]) { weight.value.squared().sum() } }
    let noise = RandomSource.withSeed(8) { Tensor.randomNormal([1, 1], type: .float64) }.reals()[0]
    let wanted = 3 - 0.1 * 2 * (3 + 0.25 * noise + 1)
    expectClose(weight.value, Tensor([wanted], shape: [1, 1]), relative: 1e-9, absolute: 0)
  }

  /// A trainer's step is a compiled plan: replayed, it draws other numbers each time, and the same for the same seed.
  @Test func plansDrawAnewAndAreReproducible() {
    func run(_ seed: UInt64, _ deviation: Double) -> (losses: [Double], weights: [[Double]]) {
      let network = network()
      return RandomSource.withSeed(seed) {
        let trainer = Trainer(
          network, loss: meanSquared,
          optimizer: .sgd(learningRate: 1e-30).noisyWeights(standardDeviation: deviation))
        let losses = (0..<4).map { _ in trainer.train(inputs, targets).loss }
        return (losses, kernels(network))
      }
    }
    let first = run(1, 0.1)
    // the weights stay where they are, and the losses differ by the noise alone
    #expect(Set(first.losses).count == 4 && first.weights == kernels(network()))
    #expect(run(1, 0.1).losses == first.losses && run(2, 0.1).losses != first.losses)
    #expect(Set(run(1, 0).losses).count == 1)
  }

  @Test func withoutNoiseNothingChanges() {
    func train(_ optimizer: Optimizer) -> [[Double]] {
      let network = network()
      RandomSource.withSeed(5) {
        let trainer = Trainer(network, loss: meanSquared, optimizer: optimizer)
        for _ in 0..<5 { trainer.train(inputs, targets) }
      }
      return numbers(network)
    }
    let plain = train(.adam(learningRate: 0.01))
    #expect(train(Optimizer.adam(learningRate: 0.01).noisyWeights(standardDeviation: 0)) == plain)
    #expect(train(Optimizer.adam(learningRate: 0.01).noisyWeights(standardDeviation: 0.1)) != plain)
  }

  @Test func settingsHaveItOnlyWhereThereIsNoise() throws {
    var settings = TrainingSettings()
    #expect(settings.weightNoise == 0)
    settings.weightNoise = 0.05
    #expect(settings != TrainingSettings() && settings.weightNoise == 0.05)
    settings.weightNoise = 0
    #expect(settings == TrainingSettings())
  }
}
