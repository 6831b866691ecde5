import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// Constraints and activity penalties in training.
@Suite struct ConstraintTests {
  static let constraints: [(name: String, constraint: Constraint, norm: ClosedRange<Double>)] = [
    ("max-norm", .maxNorm(0.7), 0...0.7), ("unit-norm", .unitNorm(), 1...1),
    ("norm", .norm(atLeast: 0.5, atMost: 0.6), 0.5...0.6), ("non-negative", .nonNegative, 0 ... .infinity),
  ]

  static let optimizers: [(name: String, make: @Sendable () -> Optimizer)] = [
    ("sgd", { .sgd(learningRate: 0.5) }), ("momentum", { .momentum(learningRate: 0.3) }),
    ("adam", { .adam(learningRate: 0.2) }), ("accumulating", { .sgd(learningRate: 0.5).accumulating(3) }),
    ("averaging", { .adam(learningRate: 0.2).averaging(.exponential(decay: 0.8)) }),
    ("schedule-free", { .scheduleFree(learningRate: 0.2) }),
    ("sharpness", { .sgd(learningRate: 0.3).sharpnessAware() }),
  ]

  private func norms(_ weights: Tensor) -> [Double] {
    weights.squared().sum(axes: [1]).sqrt().reals()
  }

  /// A compiled step holds the first layer's weights, leaves the others alone, and holds averages too.
  @Test(arguments: constraints.indices, optimizers.indices)
  func everyStepHolds(constraint place: Int, optimizer: Int) {
    let (name, constraint, range) = Self.constraints[place]
    let network = smallNetwork(outputs: 2)
    let parameters = network.parameters
    let optimizer = Self.optimizers[optimizer].make()
      .groups(of: network, [ParameterGroup("0.weight", constraint: constraint)])
    let trainer = Trainer(network, loss: meanSquared, optimizer: optimizer)
    let (inputs, targets) = RandomSource.withSeed(4) {
      (Tensor.randomNormal([16, 2]), Tensor.randomNormal([16, 2], standardDeviation: 20))
    }
    func holds() -> Bool {
      let weights = parameters[0].value
      if name == "non-negative" { return weights.reals().allSatisfy { $0 >= 0 } }
      return norms(weights).allSatisfy { range.lowerBound - 1e-5 <= $0 && $0 <= range.upperBound + 1e-5 }
    }
    #expect(!holds(), "the constraint says nothing about fresh weights")
    let others = parameters[2].value.reals()
    for step in 1...9 {
      trainer.train(inputs, targets)
      // nothing moves before the first step of several batches
      if step > 2 { #expect(holds(), "step \(step)") }
    }
    optimizer.withAverages(of: parameters) { #expect(holds(), "averages") }
    #expect(parameters[2].value.reals() != others)
  }

  /// By hand: w − η·g, and then what the constraint makes of it.
  @Test func aStepIsTheUpdateAndThenTheConstraint() {
    let layer = Dense(weight: Tensor([3, 4, 0.1, -0.2], shape: [2, 2]), bias: Tensor([1.0, -1]))
    let optimizer = Optimizer.sgd(learningRate: 1).groups(
      of: layer, [ParameterGroup("weight", constraint: .maxNorm(2)), ParameterGroup("bias", constraint: .nonNegative)])
    optimizer.update(layer.parameters, with: [.zeros([2, 2], type: .float64), Tensor([0.5, 0.5])])
    expectClose(layer.weight.value, Tensor([1.2, 1.6, 0.1, -0.2], shape: [2, 2]), relative: 1e-14, absolute: 0)
    #expect(layer.bias?.value.reals() == [0.5, 0])
    let other = Optimizer.sgd(learningRate: 1).groups(
      of: layer, [ParameterGroup("weight", by: .sgd(learningRate: 0.5), constraint: .unitNorm())])
    other.update(layer.parameters, with: [Tensor([0, 0, 0.2, 0], shape: [2, 2]), Tensor([0.0, 0])])
    expectClose(layer.weight.value, Tensor([0.6, 0.8, 0, -1], shape: [2, 2]), relative: 1e-14, absolute: 1e-15)
  }

  // MARK: Activity

  /// Against the same cost written into the loss by hand.
  @Test func anActivityPenaltyTrainsAndIsNotReported() throws {
    func network(_ middle: any Module) -> Sequential {
      RandomSource.withSeed(2) { Sequential([Dense(2, 6), middle, Dense(6, 1)]) }
    }
    let (plain, penalised) = (network(Activation.tanh), network(ActivityPenalty(.l1(0.3), of: Activation.tanh)))
    let first = Trainer(
      plain, loss: meanSquared, optimizer: .sgd(learningRate: 0.1),
      penalty: { [plain] _ in Activation.tanh(plain.layers[0](Self.inputs)).absolute().sum() * (0.3 / 16) })
    let second = Trainer(penalised, loss: meanSquared, optimizer: .sgd(learningRate: 0.1))
    let untouched = Trainer(network(Activation.tanh), loss: meanSquared, optimizer: .sgd(learningRate: 0.1))
    let targets = Self.inputs.sum(axes: [1], keepsAxes: true)
    for step in 0..<5 {
      let (wanted, found) = (first.train(Self.inputs, targets).loss, second.train(Self.inputs, targets).loss)
      #expect(abs(wanted - found) < 1e-6 * wanted)
      let other = untouched.train(Self.inputs, targets).loss
      #expect(step == 0 ? other == found : other != found)
    }
    for (wanted, found) in zip(plain.parameters, penalised.parameters) {
      expectClose(found.value, wanted.value, relative: 1e-5, absolute: 1e-6)
    }
    // evaluation is that of the plain network
    #expect(plain(Self.inputs).shape == penalised(Self.inputs).shape)
  }

  private static let inputs = RandomSource.withSeed(9) {
    let inputs = Tensor.randomNormal([16, 2])
    evaluate(inputs)
    return inputs
  }

  @Test func aPenalisedCodeIsSparser() throws {
    func activity(_ penalty: Penalty) throws -> Double {
      let code = ActivityPenalty(penalty, of: Activation.relu)
      let network = RandomSource.withSeed(2) { Sequential([Dense(2, 16), code, Dense(16, 2)]) }
      let trainer = Trainer(network, loss: meanSquared, optimizer: .adam(learningRate: 0.02))
      for _ in 0..<150 { trainer.train(Self.inputs, Self.inputs) }
      return Double(Activation.relu(network.layers[0](Self.inputs)).mean().item(Float.self))
    }
    #expect(try activity(.l1(0.05)) < 0.5 * activity(.l1(0)))
  }
}
