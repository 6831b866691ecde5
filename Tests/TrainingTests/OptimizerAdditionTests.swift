import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Synchronization
import Testing

/// What is added to optimizers, against PyTorch: Tests/References/training.py writes the weights behind 20 steps.
@Suite struct OptimizerAdditionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable (Dense) -> Optimizer

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    // AdamW([{"params": [w], "lr": 0.02, "weight_decay": 0.3}, {"params": [b], "weight_decay": 0.0}], lr=0.1)
    Case(name: "groups") {
      .adamW(learningRate: 0.1).groups(
        of: $0, [ParameterGroup("w*t", learningRate: 0.02, weightDecay: 0.3), ParameterGroup("bias", weightDecay: 0)])
    },
    // SGD([w], lr=0.1)
    Case(name: "frozen") { .sgd(learningRate: 0.1).groups(of: $0, [.frozen("*bias")]) },
    // SGD([w], lr=0.1, momentum=0.9) and Adam([b], lr=0.02)
    Case(name: "two-rules") {
      .momentum(learningRate: 0.1).groups(of: $0, [ParameterGroup("bias", by: .adam(learningRate: 0.02))])
    },
    // Adam(p, lr=0.1) that steps behind every fourth gradient
    Case(name: "accumulating") { _ in .adam(learningRate: 0.1).accumulating(4) },
    // SAM(SGD(p, lr=0.1, momentum=0.9), radius=0.2)
    Case(name: "sharpness") { _ in .momentum(learningRate: 0.1).sharpnessAware(radius: 0.2) },
    // ASGD(p, lr=0.1, t0=5), state["ax"]
    Case(name: "asgd") { _ in .asgd(learningRate: 0.1, start: 5) },
    // ScheduleFree(p, lr=0.1), state["x"]
    Case(name: "schedule-free") { _ in .scheduleFree(learningRate: 0.1) },
    // AveragedModel(m, multi_avg_fn=get_ema_multi_avg_fn(0.9)) beside Adam(p, lr=0.1)
    Case(name: "exponential") { _ in .adam(learningRate: 0.1).averaging(.exponential(decay: 0.9)) },
    // AveragedModel(m) beside Adam(p, lr=0.1)
    Case(name: "stochastic") { _ in .adam(learningRate: 0.1).averaging(.stochastic()) },
    // the same, behind steps 5, 8, 11, ...
    Case(name: "stochastic-every-third") { _ in
      .adam(learningRate: 0.1).averaging(.stochastic(start: 5, every: 3))
    },
  ]

  private let references: References

  init() throws { references = try References() }

  private func problem() throws -> (layer: Dense, inputs: Tensor, targets: Tensor) {
    func tensor(_ name: String) throws -> Tensor { try references("problem/\(name)").cast(to: .float64) }
    return (
      try Dense(weight: tensor("weight"), bias: tensor("bias")), try tensor("inputs"), try tensor("targets")
    )
  }

  @Test func everyCaseHasAReferenceAndEveryReferenceACase() {
    #expect(Set(Self.cases.map(\.name)) == references.cases(of: "addition"))
  }

  @Test(arguments: cases, [false, true])
  func stepsArePyTorchs(row: Case, isCompiled: Bool) throws {
    let (layer, inputs, targets) = try problem()
    let optimizer = row.make(layer)
    let traces = Counter()
    @Sendable func step(_ arguments: [Tensor]) -> [Tensor] {
      traces.add()
      return [
        optimizer.minimize(over: layer.parameters) { Loss.meanSquared(layer(arguments[0]).tanh(), arguments[1]) }
      ]
    }
    let compiled = compile(step)
    for _ in 0..<20 { _ = isCompiled ? compiled(inputs, targets) : step([inputs, targets]) }
    #expect(traces.value == (isCompiled ? 1 : 20))

    func expect(_ kind: String, hasAverage: Bool) throws {
      for (parameter, name) in [(layer.weight, "weight"), (try #require(layer.bias), "bias")] {
        let wanted = try references("addition/\(row.name)/\(kind)\(name)")
        expectClose(parameter.value, wanted, relative: 1e-12, absolute: 1e-12, kind + name)
      }
    }
    try expect("", hasAverage: false)
    if optimizer.hasAverages {
      try optimizer.withAverages(of: layer.parameters) { try expect("average-", hasAverage: true) }
      try expect("", hasAverage: false)
      optimizer.useAverages(of: layer.parameters)
      try expect("average-", hasAverage: true)
    }
  }

  private final class Counter: Sendable {
    private let count = Atomic<Int>(0)
    var value: Int { count.load(ordering: .relaxed) }
    func add() { count.add(1, ordering: .relaxed) }
  }

  // MARK: Groups

  @Test func aGroupsRateKeepsItsProportion() {
    let layer = Dense(weight: Tensor([1.0], shape: [1, 1]), bias: Tensor([1.0]))
    let optimizer = Optimizer.sgd(learningRate: 1).groups(of: layer, [ParameterGroup("bias", learningRate: 0.1)])
    optimizer.learningRate = 0.5
    optimizer.update(layer.parameters, with: layer.parameters.map { .ones($0.shape, type: .float64) })
    expectClose(layer.weight.value, Tensor([0.5], shape: [1, 1]))
    #expect(layer.bias?.value.reals() == [0.95])
  }

  @Test func theFirstPatternThatFitsHolds() {
    let network = smallNetwork()
    let optimizer = Optimizer.sgd(learningRate: 1).groups(of: network, [.frozen("0.*"), ParameterGroup("*weight")])
    let before = bits(network)
    optimizer.update(network.parameters, with: network.parameters.map { .ones($0.shape) })
    let after = bits(network)
    #expect(zip(before, after).map { $0 == $1 } == [true, true, false, false])
  }

  @Test(arguments: [
    ("*", "layers.0.weight", true), ("layers.?.weight", "layers.0.weight", true),
    ("layers.?.weight", "layers.10.weight", false), ("*.weight", "layers.10.weight", true),
    ("*a*b", "aXbXaXb", true), ("*a*b", "ab.", false), ("0.bias", "0.bias", true), ("0.bia", "0.bias", false),
    ("", "", true), ("?", "", false), ("a**", "a", true),
  ])
  func patterns(pattern: String, name: String, fits: Bool) {
    #expect(ParameterGroup(pattern).matches(name) == fits)
  }

  @Test func aFrozenParameterNeedsNoGradient() {
    let layer = Dense(weight: Tensor([1.0], shape: [1, 1]), bias: Tensor([1.0]))
    let optimizer = Optimizer.sgd(learningRate: 1).groups(of: layer, [.frozen("*")])
    // a loss that no parameter reaches through a graph would stop the program
    optimizer.minimize(Tensor(1.0), over: layer.parameters)
    #expect(layer.weight.value.reals() == [1])
  }

  @Test func additionsStartAfresh() {
    let parameter = Parameter(Tensor([0.0]))
    let optimizer = Optimizer.momentum(0.5, learningRate: 1)
    optimizer.update([parameter], with: [Tensor([1.0])])
    let other = optimizer.accumulating(1)
    other.update([parameter], with: [Tensor([1.0])])
    #expect(parameter.value.reals() == [-2])
  }

  @Test func averagesBeforeAStepAreTheWeights() {
    for optimizer in [
      Optimizer.asgd(decay: 0), .scheduleFree(), .sgd().averaging(.stochastic(start: 3)),
    ] {
      let parameter = Parameter(Tensor([Float(4)]))
      optimizer.useAverages(of: [parameter])
      #expect(parameter.value.reals() == [4])
      optimizer.update([parameter], with: [Tensor([Float(0)])])
      optimizer.useAverages(of: [parameter])
      #expect(parameter.value.reals() == [4])
      optimizer.reset()
      optimizer.useAverages(of: [parameter])
      #expect(parameter.value.reals() == [4])
    }
  }

  @Test func scheduleFreeStepsGoOnFromTheAverages() {
    func steps(_ count: Int, _ optimizer: Optimizer, _ parameter: Parameter, gradient: Double = 1) {
      for _ in 0..<count { optimizer.update([parameter], with: [Tensor([gradient, -3 * gradient])]) }
    }
    let (parameter, other) = (Parameter(Tensor([4.0, 1])), Parameter(Tensor([4.0, 1])))
    let (optimizer, twin) = (Optimizer.scheduleFree(learningRate: 0.1), Optimizer.scheduleFree(learningRate: 0.1))
    steps(5, optimizer, parameter)
    steps(5, twin, other)
    // looking at the averages changes nothing
    optimizer.withAverages(of: [parameter]) {}
    steps(5, optimizer, parameter)
    steps(5, twin, other)
    #expect(parameter.value.reals() == other.value.reals())

    optimizer.useAverages(of: [parameter])
    let average = parameter.value.reals()
    #expect(average != other.value.reals())
    optimizer.useAverages(of: [parameter])
    #expect(parameter.value.reals() == average)
    // without a gradient they stay where they are
    steps(3, optimizer, parameter, gradient: 0)
    #expect(parameter.value.reals() == average)
    optimizer.useAverages(of: [parameter])
    #expect(parameter.value.reals() == average)
  }

  // MARK: Muon and Adafactor

  @Test(arguments: [[5, 3], [3, 5], [4, 4], [1, 6]])
  func muonStepsAreNearlyOrthogonal(shape: [Int]) {
    let parameter = Parameter(Tensor.zeros(shape, type: .float64))
    let numbers = (0..<shape[0] * shape[1]).map { Double($0 * $0 % 7) - Double($0 % 3) }
    Optimizer.muon(learningRate: 1, weightDecay: 0).update([parameter], with: [Tensor(numbers, shape: shape)])
    // o·oᵀ of the shorter side has singular values near 1 on its diagonal on average
    let isTall = shape[0] > shape[1]
    let scale = max(1, Double(shape[0]) / Double(shape[1])).squareRoot()
    let o = (isTall ? parameter.value.transposed() : parameter.value) / scale
    let trace = o.squared().sum().item(Double.self)
    let short = Double(min(shape[0], shape[1]))
    #expect(trace > 0.3 * short && trace < 1.6 * short)
  }

  @Test func adafactorRemembersRowsAndColumns() {
    let parameter = Parameter(Tensor.ones([2, 3, 4]))
    let optimizer = Optimizer.adafactor(learningRate: 0.1)
    optimizer.update([parameter], with: [Tensor.ones([2, 3, 4])])
    // u is 1 everywhere, and rms(w) is 1
    expectClose(parameter.value, .full(0.9, shape: [2, 3, 4]))
  }

  // MARK: Training

  @Test func aSecondRunGoesOnFromTheAverages() throws {
    let network = smallNetwork()
    let optimizer = Optimizer.scheduleFree(learningRate: 0.1)
    let trainer = Trainer(network, loss: meanSquared, optimizer: optimizer)
    let data = TrainingData(BatchSource(sample(64)))
    try trainer.fit(data, epochs: 3, batchSize: 16)
    let before = bits(network)
    optimizer.learningRate = 0
    try trainer.fit(data, epochs: 1, batchSize: 16)
    #expect(bits(network) == before)
  }

  @Test func aTrainerMeasuresAndLeavesTheAverages() throws {
    let dataset = sample(64)
    let network = smallNetwork()
    let trainer = Trainer(
      network, loss: meanSquared, optimizer: .sgd(learningRate: 0.1).averaging(.exponential(decay: 0.9)))
    let data = TrainingData(BatchSource(dataset))
    let history = try trainer.fit(data, validation: data.rows, epochs: 3, batchSize: 16)
    #expect(trainer.evaluate(data).loss == history.epochs[2].validationLoss)
  }

  @Test func sharpnessMovesStatesOnce() {
    let tracking = Tracking()
    let network = Sequential([tracking, Dense(weight: Tensor([Float(1), 1], shape: [1, 2]))])
    let trainer = Trainer(network, loss: meanSquared, optimizer: .sgd().sharpnessAware())
    let (inputs, targets) = (Tensor([Float(2), 4], shape: [1, 2]), Tensor([Float(0)], shape: [1, 1]))
    trainer.train(inputs, targets)
    #expect(tracking.average.value.reals() == [1, 2])
    trainer.train(inputs, targets)
    #expect(tracking.average.value.reals() == [1.5, 3])
  }

  @Test func sharpnessLooksTwiceAndReportsTheFirstLoss() {
    let parameter = Parameter(Tensor([3.0]))
    let optimizer = Optimizer.sgd(learningRate: 0.1).sharpnessAware(radius: 1)
    let loss = optimizer.minimize(over: [parameter]) { parameter.value.squared().sum() }
    #expect(loss.item(Double.self) == 9)
    // the gradient at 3 + 1 is 8
    expectClose(parameter.value, Tensor([2.2]), relative: 1e-12, absolute: 0)
  }

  @Test func gradientsLeftOverAreDroppedAtTheEndOfARun() throws {
    let line = Dense(weight: Tensor([1.0], shape: [1, 1]))
    let samples = TensorSamples(
      inputs: Tensor([1.0, 1, 1], shape: [3, 1]), targets: Tensor([0.0, 0, 0], shape: [3, 1]))
    let trainer = Trainer(line, loss: meanSquared, optimizer: .sgd(learningRate: 0.25).accumulating(2))
    // a step behind two of three batches, and none behind one
    try trainer.fit(samples, epochs: 1, batchSize: 1)
    #expect(line.weight.value.reals() == [0.5])
    try trainer.fit(samples, rows: [0], epochs: 1, batchSize: 1)
    #expect(line.weight.value.reals() == [0.5])
    try trainer.fit(samples, rows: [0, 1], epochs: 1, batchSize: 1)
    #expect(line.weight.value.reals() == [0.25])
  }

  // MARK: Programmer's errors

  @Test func mistakesStopWithAMessage() async {
    let pattern = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Optimizer.sgd().groups(of: smallNetwork(), [.frozen("embedding.*")])
    }
    #expect(message(pattern).contains("no parameter fits \"embedding.*\"; there are 0.weight, 0.bias"))
    let sharpness = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(Tensor([3.0]))
      Optimizer.sgd().sharpnessAware().minimize(parameter.value.sum(), over: [parameter])
    }
    #expect(message(sharpness).contains("give minimize(over:) a closure"))
    let update = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(Tensor([3.0]))
      Optimizer.sgd().sharpnessAware().update([parameter], with: [Tensor([1.0])])
    }
    #expect(message(update).contains("give minimize(over:) a closure"))
    let noise = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(Tensor([3.0], shape: [1, 1]))
      Optimizer.sgd().noisyWeights(standardDeviation: 0.1).minimize(parameter.value.sum(), over: [parameter])
    }
    #expect(message(noise).contains("give minimize(over:) a closure"))
    let deviation = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Optimizer.sgd().noisyWeights(standardDeviation: -1)
    }
    #expect(message(deviation).contains("weight noise must be 0 or more, got -1"))
    let decay = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Optimizer.sgd().averaging(.exponential(decay: 1))
    }
    #expect(message(decay).contains("a decay must lie in [0, 1)"))
  }
}
