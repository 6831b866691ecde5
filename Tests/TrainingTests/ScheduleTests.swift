import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// Against PyTorch: Tests/References/schedules.py writes the rates of 20 steps; above each case stands what makes them.
@Suite struct ScheduleTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    var base = 0.1
    let schedule: Schedule

    var testDescription: String { name }
  }

  static let cases: [Case] = [
    // ConstantLR(o, factor=0.3, total_iters=5)
    Case(name: "constant", schedule: .constant(factor: 0.3, steps: 5)),
    // StepLR(o, step_size=3, gamma=0.5)
    Case(name: "step", schedule: .step(size: 3, factor: 0.5)),
    // MultiStepLR(o, milestones=[2, 9, 10], gamma=0.2)
    Case(name: "multi-step", schedule: .multiStep(at: [2, 9, 10], factor: 0.2)),
    // ExponentialLR(o, gamma=0.9)
    Case(name: "exponential", schedule: .exponential(factor: 0.9)),
    // PolynomialLR(o, total_iters=15, power=2.0)
    Case(name: "polynomial", schedule: .polynomial(steps: 15, power: 2)),
    // LambdaLR(o, lambda t: 1 / (1 + 0.25 * t))
    Case(name: "inverse-time", schedule: .inverseTime(decay: 0.25)),
    // LinearLR(o, start_factor=0.25, end_factor=0.8, total_iters=12)
    Case(name: "linear", schedule: .linear(from: 0.25, to: 0.8, steps: 12)),
    // CosineAnnealingLR(o, T_max=20, eta_min=0.01)
    Case(name: "cosine", schedule: .cosine(steps: 20, minimum: 0.01)),
    // CosineAnnealingLR(o, T_max=8, eta_min=0.01)
    Case(name: "cosine-past-its-end", schedule: .cosine(steps: 8, minimum: 0.01)),
    // CosineAnnealingWarmRestarts(o, T_0=5, eta_min=0.01)
    Case(name: "cosine-restarts", schedule: .cosineWithRestarts(steps: 5, minimum: 0.01)),
    // CosineAnnealingWarmRestarts(o, T_0=3, T_mult=2)
    Case(name: "cosine-restarts-growing", schedule: .cosineWithRestarts(steps: 3, growth: 2)),
    // CyclicLR(o, 0.1, 0.5, step_size_up=4)
    Case(name: "cyclic", schedule: .cyclic(maximum: 0.5, up: 4)),
    // CyclicLR(o, 0.1, 0.5, step_size_up=3, step_size_down=5, mode="triangular2")
    Case(name: "cyclic-halving", schedule: .cyclic(maximum: 0.5, up: 3, down: 5, scaling: .halving)),
    // CyclicLR(o, 0.1, 0.5, step_size_up=4, mode="exp_range", gamma=0.9)
    Case(name: "cyclic-exponential", schedule: .cyclic(maximum: 0.5, up: 4, scaling: .exponential(0.9))),
    // OneCycleLR(o, max_lr=0.5, total_steps=21)
    Case(name: "one-cycle", schedule: .oneCycle(maximum: 0.5, steps: 21)),
    // OneCycleLR(o, 0.5, 21, pct_start=0.4, div_factor=10, final_div_factor=100, anneal_strategy="linear")
    Case(
      name: "one-cycle-linear",
      schedule: .oneCycle(
        maximum: 0.5, steps: 21, rising: 0.4, startDivisor: 10, endDivisor: 100, annealing: .linear)),
    // LambdaLR(o, lambda t: 64**-0.5 * min((t + 1) ** -0.5, (t + 1) * 7**-1.5))
    Case(name: "noam", base: 1, schedule: .noam(width: 64, warmUp: 7)),
    // LinearLR(o, start_factor=1 / 8, total_iters=7)
    Case(name: "warm-up", schedule: .warmUp(steps: 8)),
    // SequentialLR(o, [LinearLR(o, 1 / 5, total_iters=4), CosineAnnealingLR(o, 10), ConstantLR(o, 0.05, 100)], [5, 15])
    Case(
      name: "sequence",
      schedule: .sequence([
        (5, .warmUp(steps: 5)), (10, .cosine(steps: 10)), (1, .constant(factor: 0.05, steps: 100)),
      ])),
    // ChainedScheduler([ConstantLR(o, factor=0.1, total_iters=4), ExponentialLR(o, gamma=0.9)])
    Case(name: "chained", schedule: .chained([.constant(factor: 0.1, steps: 4), .exponential(factor: 0.9)])),
  ]

  /// Those that have a memory.
  static let plateaus: [(name: String, make: @Sendable (Optimizer) -> ReduceOnPlateau)] = [
    // ReduceLROnPlateau(o, patience=2)
    ("plateau", { ReduceOnPlateau($0, patience: 2) }),
    // ReduceLROnPlateau(o, factor=0.5, patience=1, threshold=0.02, cooldown=2, min_lr=0.02)
    (
      "plateau-cooldown",
      { ReduceOnPlateau($0, factor: 0.5, patience: 1, threshold: 0.02, pause: 2, minimum: 0.02) }
    ),
  ]

  private let references: References

  init() throws { references = try References("schedules") }

  @Test func everyCaseHasAReferenceAndEveryReferenceACase() {
    #expect(Set(Self.cases.map(\.name) + Self.plateaus.map(\.name)) == references.cases(of: "schedule"))
  }

  @Test(arguments: cases)
  func ratesArePyTorchs(row: Case) throws {
    let rates = (0..<20).map { row.schedule.rate(at: $0, base: row.base) }
    expectClose(Tensor(rates), try references("schedule/\(row.name)/rates"), relative: 1e-12, absolute: 1e-15)
  }

  @Test(arguments: 0..<plateaus.count)
  func plateausArePyTorchs(row: Int) throws {
    let optimizer = Optimizer.sgd(learningRate: 0.1)
    let plateau = Self.plateaus[row].make(optimizer)
    let rates = try references("losses/losses").reals().map { loss in
      defer { plateau.observe(loss) }
      return optimizer.learningRate
    }
    let wanted = try references("schedule/\(Self.plateaus[row].name)/rates")
    expectClose(Tensor(rates), wanted, relative: 1e-12, absolute: 1e-15)
  }

  // MARK: In training

  /// The rates at which weights were moved: plain descent against a gradient of 1.
  private func moves(
    _ schedule: Schedule, epochs: Int, _ callback: (Optimizer) -> any Callback = { _ in AfterEpoch { _ in nil } }
  ) throws -> [Double] {
    final class Watch: Callback {
      let network: Line
      var weights = [0.0]
      init(_ network: Line) { self.network = network }
      func stepEnded(_ progress: StepProgress) { weights.append(network.weight.value.reals()[0]) }
    }
    struct Line: Module {
      let weight = Parameter(Tensor([Float(0)]))
      func callAsFunction(_ input: Tensor) -> Tensor { input * 0 + weight.value }
    }
    let network = Line()
    let watch = Watch(network)
    let optimizer = Optimizer.sgd(learningRate: 0.5)
    let trainer = Trainer(network, loss: { output, _ in output.mean() }, optimizer: optimizer)
    let data = TrainingData(BatchSource(sample(6)))
    try trainer.fit(data, epochs: epochs, batchSize: 2, schedule: schedule, callbacks: [watch, callback(optimizer)])
    #expect(optimizer.learningRate == 0.5)
    return zip(watch.weights, watch.weights.dropFirst()).map { (($0 - $1) * 1e5).rounded() / 1e5 }
  }

  @Test func trainingFollowsASchedule() throws {
    #expect(try moves(.step(size: 2, factor: 0.5), epochs: 2) == [0.5, 0.5, 0.25, 0.25, 0.125, 0.125])
    #expect(
      try moves(.step(size: 1, factor: 0.5).perEpoch, epochs: 2) == [0.5, 0.5, 0.5, 0.25, 0.25, 0.25])
  }

  @Test func whatACallbackChangesTheRateByHolds() throws {
    // the rate rises by 1/16 a step, and no loss is better than the first epoch's
    let rates = try moves(.warmUp(steps: 8), epochs: 4) { optimizer in
      let plateau = ReduceOnPlateau(optimizer, factor: 0.5, patience: 0)
      return AfterEpoch { _ in
        plateau.observe(1)
        return nil
      }
    }
    #expect(
      rates == [0.0625, 0.125, 0.1875, 0.25, 0.3125, 0.375, 0.21875, 0.25, 0.25, 0.125, 0.125, 0.125])
    // a schedule in which the optimizer's own rate plays no part
    let cycle = Schedule.oneCycle(maximum: 0.5, steps: 6)
    let halved = try moves(cycle, epochs: 2) { optimizer in
      AfterEpoch { _ in
        optimizer.learningRate /= 2
        return nil
      }
    }
    for (step, rate) in halved.enumerated() {
      #expect(abs(rate - cycle.rate(at: step, base: 0.5) / (step < 3 ? 1 : 2)) < 2e-5)
    }
  }

  @Test func oneCycleStartsAtItsTopWhereNothingRises() {
    for steps in 2...40 {
      for rising in [0.05, 0.1, 0.2, 0.25, 0.3, 0.5, 0.9] {
        let schedule = Schedule.oneCycle(maximum: 0.5, steps: steps, rising: rising)
        let rates = (0...steps).map { schedule.rate(at: $0, base: 0.1) }
        #expect(rates.allSatisfy { $0 > 0 && $0 < 0.5 + 1e-12 }, "\(rising) of \(steps)")
      }
    }
    #expect(abs(Schedule.oneCycle(maximum: 0.5, steps: 10, rising: 0.1).rate(at: 0, base: 0.1) - 0.5) < 1e-12)
  }

  @Test func mistakesStopWithAMessage() async {
    let steps = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.cosine(steps: 0)
    }
    #expect(message(steps).contains("Schedule.cosine: needs 1 step or more, got 0"))
    let parts = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.sequence([])
    }
    #expect(message(parts).contains("needs a part of a step or more"))
    let units = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.sequence([(5, .warmUp(steps: 5)), (5, .cosine(steps: 5).perEpoch)])
    }
    #expect(message(units).contains("Schedule.sequence: all parts must count the same unit, got step, epoch"))
    let chain = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Schedule.chained([.constant().perEpoch, .warmUp(steps: 5)])
    }
    #expect(message(chain).contains("Schedule.chained: all parts must count the same unit, got epoch, step"))
  }
}
