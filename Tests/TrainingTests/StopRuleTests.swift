import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

@Suite struct StopRuleTests {
  /// w ← w − η · 2 · (w − 0) from 1: the loss is w² before the step, and the rate of every epoch is chosen.
  private struct Descent {
    let layer = Dense(weight: Tensor([1.0], shape: [1, 1]))
    let optimizer = Optimizer.sgd(learningRate: 0.25)
    let samples = TensorSamples(inputs: Tensor([1.0], shape: [1, 1]), targets: Tensor([0.0], shape: [1, 1]))

    func run(epochs: Int, rates: [Int: Double] = [:], _ callbacks: [any Callback]) throws -> History {
      let optimizer = optimizer
      let change = AfterEpoch { record in
        if let rate = rates[record.epoch] { optimizer.learningRate = rate }
        return nil
      }
      return try Trainer(layer, loss: meanSquared, optimizer: optimizer).fit(
        samples, validation: [0], epochs: epochs, callbacks: [change] + callbacks)
    }

    var weight: Double { layer.weight.value.item() }
  }

  @Test func earlyStoppingRestoresTheBestWeights() throws {
    let descent = Descent()
    // |w| behind the epochs: 1/2, 1/4, then at rate 2, which multiplies by −3: 3/4, 9/4
    let history = try descent.run(epochs: 10, rates: [2: 2], [EarlyStopping(patience: 2)])
    #expect(history.epochs.map(\.validationLoss) == [0.25, 0.0625, 0.5625, 5.0625])
    #expect(history.epochs.map(\.loss) == [1, 0.25, 0.0625, 0.5625])
    #expect(history.stopReason == "no better loss for 2 epochs")
    #expect(history.bestEpoch == 2)
    #expect(descent.weight == 0.25)
  }

  @Test func theBestWeightsAreRestoredAlsoWhenEpochsRunOut() throws {
    let descent = Descent()
    let history = try descent.run(epochs: 3, rates: [2: 2], [EarlyStopping(patience: 5)])
    #expect(history.stopReason == nil)
    #expect(history.bestEpoch == 2)
    #expect(descent.weight == 0.25)
  }

  @Test func theBestWeightsAreThoseOfTheEpochInWhichAnotherRuleEndsTheRun() throws {
    let descent = Descent()
    let history = try descent.run(
      epochs: 9, [AfterEpoch { $0.epoch == 3 ? "enough" : nil }, EarlyStopping(patience: 5)])
    #expect(history.stopReason == "enough")
    #expect(history.bestEpoch == 3)
    #expect(descent.weight == 0.125)
  }

  @Test func aRuleForgetsTheRunBefore() throws {
    let (stopping, change) = (EarlyStopping(patience: 2), MinimumLossChange(1e-3))
    let first = Descent()
    _ = try first.run(epochs: 3, [stopping, change])
    #expect(first.weight == 0.125)
    // a worse network of its own: its first epoch is the best, whatever the other one reached
    let second = Descent()
    let history = try second.run(epochs: 9, rates: [1: 2], [stopping, change])
    #expect(history.bestEpoch == 1)
    #expect(history.epochs.count == 3)
    #expect(second.weight == 0.5)
    #expect(first.weight == 0.125)
  }

  @Test func statesAreRestoredToo() throws {
    let tracking = Tracking()
    let network = Sequential([tracking, Dense(weight: Tensor([Float(1), 1], shape: [1, 2]))])
    let samples = TensorSamples(
      inputs: Tensor([Float(2), 4], shape: [1, 2]), targets: Tensor([Float(0)], shape: [1, 1]))
    let optimizer = Optimizer.sgd(learningRate: 0.01)
    let history = try Trainer(network, loss: meanSquared, optimizer: optimizer).fit(
      samples, validation: [0], epochs: 9,
      callbacks: [
        AfterEpoch { record in
          if record.epoch == 2 { optimizer.learningRate = 10 }
          return nil
        },
        EarlyStopping(patience: 1),
      ])
    #expect(history.epochs.count == 3)
    #expect(history.bestEpoch == 2)
    // half of what is missing to (2, 4), twice; a third step would make it (1.75, 3.5)
    #expect(tracking.average.value.reals() == [1.5, 3])
  }

  @Test func theLossMustGoOnChanging() throws {
    // losses 1, 1/4, 1/16, 1/64: changes 3/4, 3/16, 3/64
    for (bound, epochs) in [(0.2, 3), (0.1, 4), (0.75, 3), (0.76, 2), (0, 6)] {
      let history = try Descent().run(epochs: 6, [MinimumLossChange(bound)])
      #expect(history.epochs.count == epochs, "bound \(bound)")
      #expect((history.stopReason == nil) == (epochs == 6))
      if epochs < 6 { #expect(history.stopReason == "the loss changed by less than \(bound)") }
    }
  }

  @Test func patienceIsOneOrMore() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = EarlyStopping(patience: 0)
    }
    #expect(message(result).contains("patience must be 1 or more, got 0"))
  }
}
