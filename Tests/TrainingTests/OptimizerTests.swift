import DescentNetworks
import DescentTensors
import DescentTraining
import Synchronization
import Testing

/// Against PyTorch: Tests/References/training.py writes the numbers; above each case stands what makes PyTorch's.
@Suite struct OptimizerTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let make: @Sendable () -> Optimizer
    /// The learning rate of a step, counted from 0, where it changes.
    var rates: (@Sendable (Int) -> Double)?

    var testDescription: String { name }
  }

  static let cases: [Case] =
    // the optimizers by name, at a rate at which RMSProp does not yet multiply rounding errors, and what else PyTorch has as standard: SGD(p, lr=0.02),
    // SGD(p, lr=0.02, momentum=0.9), SGD(..., nesterov=True), Adagrad, RMSprop, Adam, AdamW (p, lr=0.02)
    TrainingSettings.optimizers.map { row in Case(name: row.name) { row.make(0.02) } } + [
      // SGD(p, lr=0.1, weight_decay=0.05)
      Case(name: "sgd-decay") { .sgd(learningRate: 0.1, weightDecay: 0.05) },
      // SGD(p, lr=0.1), param_groups[0]["lr"] = 0.1 if t < 10 else 0.02
      Case(name: "sgd-rate", make: { .sgd(learningRate: 0.1) }, rates: { $0 < 10 ? 0.1 : 0.02 }),
      // SGD(p, lr=0.5) behind clip_grad_norm_(p, 0.1)
      Case(name: "sgd-global-norm") { .sgd(learningRate: 0.5, clipping: .globalNorm(0.1)) },
      // SGD(p, lr=0.5) behind clip_grad_value_(p, 0.02)
      Case(name: "sgd-value") { .sgd(learningRate: 0.5, clipping: .value(0.02)) },
      // SGD(p, lr=0.5, weight_decay=0.05) behind clip_grad_norm_(p, 0.1)
      Case(name: "sgd-decay-global-norm") {
        .sgd(learningRate: 0.5, weightDecay: 0.05, clipping: .globalNorm(0.1))
      },
      // SGD(p, lr=0.1, momentum=0.5)
      Case(name: "momentum-half") { .momentum(0.5, learningRate: 0.1) },
      // SGD(p, lr=0.1, momentum=0.9, weight_decay=0.05)
      Case(name: "momentum-decay") { .momentum(learningRate: 0.1, weightDecay: 0.05) },
      // SGD(p, lr=0.1, momentum=0.9), param_groups[0]["lr"] = 0.1 / (1 + t)
      Case(name: "momentum-rate", make: { .momentum(learningRate: 0.1) }, rates: { 0.1 / Double(1 + $0) }),
      // SGD(p, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05)
      Case(name: "nesterov-decay") { .momentum(0.8, nesterov: true, learningRate: 0.1, weightDecay: 0.05) },
      // Adagrad(p, lr=0.1, eps=1e-3, weight_decay=0.05)
      Case(name: "adagrad-decay") { .adaGrad(learningRate: 0.1, epsilon: 1e-3, weightDecay: 0.05) },
      // RMSprop(p, lr=0.01, alpha=0.9, eps=1e-3, weight_decay=0.05)
      Case(name: "rmsprop-decay") {
        .rmsProp(learningRate: 0.01, smoothing: 0.9, epsilon: 1e-3, weightDecay: 0.05)
      },
      // RMSprop(p, lr=0.01, momentum=0.9)
      Case(name: "rmsprop-momentum") { .rmsProp(learningRate: 0.01, momentum: 0.9) },
      // Adam(p, lr=0.1, betas=(0.5, 0.9), eps=1e-2)
      Case(name: "adam-betas") { .adam(learningRate: 0.1, beta1: 0.5, beta2: 0.9, epsilon: 1e-2) },
      // Adam(p, lr=0.01, betas=(0.0, 0.0), eps=1e-3)
      Case(name: "adam-no-memory") { .adam(learningRate: 0.01, beta1: 0, beta2: 0, epsilon: 1e-3) },
      // Adam(p, lr=0.1, weight_decay=0.05)
      Case(name: "adam-decay") { .adam(learningRate: 0.1, weightDecay: 0.05) },
      // Adam(p, lr=0.1), param_groups[0]["lr"] = 0.1 if t < 10 else 0.02
      Case(name: "adam-rate", make: { .adam(learningRate: 0.1) }, rates: { $0 < 10 ? 0.1 : 0.02 }),
      // AdamW(p, lr=0.1, weight_decay=0.3)
      Case(name: "adamw-decay") { .adamW(learningRate: 0.1, weightDecay: 0.3) },
    ] + furtherCases

  /// mean((tanh(x · Wᵀ + b) − y)²) and an optimizer that lowers it.
  private struct Problem {
    let layer: Dense
    let optimizer: Optimizer
    let rates: (@Sendable (Int) -> Double)?
    let inputs, targets: Tensor

    init(_ row: Case, _ references: References, type: ElementType = .float32) throws {
      func tensor(_ name: String) throws -> Tensor { try references("problem/\(name)").cast(to: type) }
      layer = try Dense(weight: tensor("weight"), bias: tensor("bias"))
      optimizer = row.make()
      rates = row.rates
      (inputs, targets) = (try tensor("inputs"), try tensor("targets"))
    }

    func minimize(_ inputs: Tensor, _ targets: Tensor) -> Tensor {
      let loss = Loss.meanSquared(layer(inputs).tanh(), targets)
      optimizer.minimize(loss, over: layer.parameters)
      return loss
    }

    /// The weights behind each of 20 steps: [20, 3, 4] and [20, 3].
    func path(_ step: (Tensor, Tensor) -> Void) -> (weights: Tensor, biases: Tensor) {
      var path: [[Tensor]] = []
      for count in 0..<20 {
        if let rates { optimizer.learningRate = rates(count) }
        step(inputs, targets)
        // copies: where nobody else holds the old numbers, a compiled step writes over them
        path.append(layer.parameters.map { Tensor($0.value.reals(), shape: $0.shape).cast(to: $0.value.type) })
      }
      return (Tensor.stack(path.map { $0[0] }), Tensor.stack(path.map { $0[1] }))
    }
  }

  private let references: References

  init() throws { references = try References() }

  @Test func everyCaseHasAReferenceAndEveryReferenceACase() {
    #expect(Self.cases.count == Set(Self.cases.map(\.name)).count)
    #expect(Set(Self.cases.map(\.name)) == references.cases(of: "optimizer"))
  }

  @Test(arguments: cases)
  func stepsArePyTorchs(row: Case) throws {
    let problem = try Problem(row, references)
    let path = problem.path { _ = problem.minimize($0, $1) }
    expectClose(path.weights, try references("optimizer/\(row.name)/weights"), "weights")
    expectClose(path.biases, try references("optimizer/\(row.name)/biases"), "biases")
  }

  @Test(arguments: cases)
  func compiledStepsAreTheSameAndAreTracedOnce(row: Case) throws {
    let problem = try Problem(row, references)
    let step = Counted { [problem.minimize($0[0], $0[1])] }
    let path = problem.path { _ = step.function($0, $1) }
    #expect(step.traces == 1)
    expectClose(path.weights, try references("optimizer/\(row.name)/weights"), "weights")
    expectClose(path.biases, try references("optimizer/\(row.name)/biases"), "biases")

    // A plan sums in another order: some last bits of a weight near 1 differ, and so does a weight near 0 by as much.
    let eager = try Problem(row, references)
    let other = eager.path { _ = eager.minimize($0, $1) }
    expectClose(path.weights, other.weights, relative: 1e-6, absolute: 1e-6, "compiled against eager")
  }

  @Test(arguments: cases)
  func formulasHoldInDoublePrecision(row: Case) throws {
    for isCompiled in [false, true] {
      let problem = try Problem(row, references, type: .float64)
      let step = Counted { [problem.minimize($0[0], $0[1])] }
      let path = problem.path { inputs, targets in
        if isCompiled { _ = step.function(inputs, targets) } else { _ = problem.minimize(inputs, targets) }
      }
      let wanted = try references("optimizer/\(row.name)/double-weight")
      expectClose(
        path.weights.sliced(axis: 0, 19..<20).squeezed(axes: [0]), wanted, relative: 1e-12, absolute: 1e-12,
        "weight, compiled: \(isCompiled)")
      let bias = try references("optimizer/\(row.name)/double-bias")
      expectClose(
        path.biases.sliced(axis: 0, 19..<20).squeezed(axes: [0]), bias, relative: 1e-12, absolute: 1e-12,
        "bias, compiled: \(isCompiled)")
    }
  }

  /// A compiled function, and how often it has been traced.
  private final class Counted: Sendable {
    let function: CompiledFunction
    private let count: Count

    private final class Count: Sendable { let value = Atomic<Int>(0) }

    var traces: Int { count.value.load(ordering: .relaxed) }

    init(_ body: @escaping @Sendable ([Tensor]) -> [Tensor]) {
      let count = Count()
      self.count = count
      function = compile { arguments in
        count.value.add(1, ordering: .relaxed)
        return body(arguments)
      }
    }
  }

  // MARK: Clipping

  static let clippings: [(String, GradientClipping)] = [
    // clip_grad_norm_(p, 1.0)
    ("global-norm", .globalNorm(1)),
    ("global-norm-not-reached", .globalNorm(1)),
    ("global-norm-zero", .globalNorm(1)),
    // clip_grad_value_(p, 0.5)
    ("value", .value(0.5)),
  ]

  @Test func everyClippingHasAReference() {
    #expect(Set(Self.clippings.map(\.0)) == references.cases(of: "clipping"))
  }

  @Test(arguments: clippings)
  func clippingIsPyTorchs(name: String, clipping: GradientClipping) throws {
    let before = try (0..<3).map { try references("clipping/\(name)/before-\($0)") }
    for (index, after) in clipping.clipped(before).enumerated() {
      expectClose(after, try references("clipping/\(name)/after-\(index)"), "gradient \(index)")
    }
  }

  @Test func clippingByNormHoldsOverMixedTypes() {
    // the norm of (3, 4) is 5
    let clipped = GradientClipping.globalNorm(1).clipped([Tensor([Float(3)]), Tensor([4.0])])
    #expect(clipped.map(\.type) == [.float32, .float64])
    expectClose(clipped[0], Tensor([Float(0.6)]))
    expectClose(clipped[1], Tensor([0.8]))
  }

  @Test func noGradientsAreNoGradients() { #expect(GradientClipping.globalNorm(1).clipped([]).isEmpty) }

  // MARK: State

  @Test func theRateIsWhatWasGiven() {
    let optimizer = Optimizer.adam(learningRate: 0.001)
    #expect(optimizer.learningRate == 0.001)
    optimizer.learningRate = 0.3
    #expect(optimizer.learningRate == 0.3)
  }

  @Test func resetMakesTheNextStepAFirstOne() throws {
    for row in Self.cases {
      let problem = try Problem(row, references)
      let start = problem.layer.parameters.map(\.value)
      let step = Counted { [problem.minimize($0[0], $0[1])] }
      func run() -> [Double] {
        for (parameter, value) in zip(problem.layer.parameters, start) { parameter.value = value }
        for _ in 0..<3 { _ = step.function(problem.inputs, problem.targets) }
        return problem.layer.weight.value.reals()
      }
      let first = run()
      problem.optimizer.reset()
      #expect(run() == first, "\(row.name)")
    }
  }

  @Test func memoryBelongsToAParameterNotToAnAddress() {
    // a parameter that is made where another one lay must not get its memory: not the numbers, and not the shape
    let optimizer = Optimizer.momentum(learningRate: 1)
    for extent in 1...50 {
      let parameter = Parameter(Tensor.zeros([extent]))
      optimizer.update([parameter], with: [Tensor.ones([extent])])
      #expect(parameter.value.reals() == Array(repeating: -1, count: extent))
    }
  }

  @Test func oneOptimizerServesTwoNetworksAndTypes() {
    let optimizer = Optimizer.momentum(0.5, learningRate: 1)
    let (single, double) = (Parameter(Tensor([Float(0)])), Parameter(Tensor([0.0])))
    for _ in 0..<2 { optimizer.update([single, double], with: [Tensor([Float(1)]), Tensor([1.0])]) }
    #expect(single.value.reals() == [-2.5])
    #expect(double.value.reals() == [-2.5])
  }

  @Test func aRuleOfOnesOwnSeesStepsFromOne() {
    struct Decaying: UpdateRule {
      var memoryCount: Int { 0 }
      func updated(_ w: Tensor, gradient: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
        w - moment.learningRate / moment.step * gradient
      }
    }
    let optimizer = Optimizer(Decaying(), learningRate: 1)
    let parameter = Parameter(Tensor([0.0]))
    for _ in 0..<3 { optimizer.update([parameter], with: [Tensor([6.0])]) }
    // 6 + 6/2 + 6/3
    expectClose(parameter.value, Tensor([-11.0]), relative: 1e-15, absolute: 0)
  }

  // MARK: Worked example

  @Test func aPlaneIsDescended() {
    // f = x + y from (2, 4), rate 0.01: each step takes 0.01 from both; after 300 of them (−1, 1), where f is 0
    for isCompiled in [false, true] {
      let point = Parameter(Tensor([2.0, 4.0]))
      let optimizer = Optimizer.sgd(learningRate: 0.01)
      let step = compile { _ in
        let sum = point.value.sum()
        optimizer.minimize(sum, over: [point])
        return [sum]
      }
      for _ in 0..<300 {
        if isCompiled { _ = step() } else { optimizer.minimize(point.value.sum(), over: [point]) }
      }
      expectClose(point.value, Tensor([-1.0, 1.0]), relative: 0, absolute: 1e-12)
      #expect(abs(point.value.sum().item(Double.self)) < 1e-12)
    }
  }

  // MARK: Mistakes

  @Test func mistakesAreNamed() async {
    let rate = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Optimizer.sgd(learningRate: 0)
    }
    #expect(message(rate).contains("learning rate must be above 0, got 0.0"))
    let share = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Optimizer.adam(beta2: 1)
    }
    #expect(message(share).contains("beta2 must lie in [0, 1), got 1.0"))
    let bound = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Optimizer.adamW(clipping: .globalNorm(0))
    }
    #expect(message(bound).contains("clipping bound must be above 0"))
    let gradients = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Optimizer.sgd().update([Parameter(Tensor([1.0]))], with: [])
    }
    #expect(message(gradients).contains("1 parameters and 0 gradients"))
  }
}
