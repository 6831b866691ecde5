import Testing

@testable import DescentTensors

/// A random step on variables: the same operations for the same seed.
private struct RandomStep: Sendable {
  let seed: UInt64
  static let shapes: [Shape] = [[4, 3], [4, 3], [3], [1, 3], [4, 3], []]

  /// - Parameter note: is given every value at once; in eager mode it computes it.
  func run(_ inputs: [Tensor], _ variables: [Variable], note: (Tensor) -> Tensor) -> [Tensor] {
    var random = Randomness(seed)
    var pool = variables.map(\.value) + inputs
    func fitted(_ tensor: Tensor, to shape: Shape) -> Tensor {
      tensor.shape == shape ? tensor : note(note(tensor.mean()).expanded(to: shape))
    }
    for _ in 0..<4 + random.below(16) {
      let (x, y) = (pool[random.below(pool.count)], pool[random.below(pool.count)])
      switch random.below(9) {
      case 0: pool.append(note([x.tanh(), x.sin(), -x, x.sigmoid(), x * 0.75][random.below(5)]))
      case 1, 2: pool.append(note([x + y, x - y, x * y, x.maximum(y)][random.below(4)]).tanh())
      case 3: pool.append(note(.select(note(inputs[0] .> 0), x, y)))
      case 4: pool.append(note(x.sum(axes: [], keepsAxes: true) * 0.5))
      case 5:
        // what was read before an assignment keeps its value
        let variable = variables[random.below(variables.count)]
        let before = variable.value
        variable.value = fitted(x, to: variable.signature.shape)
        pool += [before, variable.value]
      case 6:
        // a' = f(b), b' = g(a)
        let (a, b) = (variables[0], variables[1 + 3 * random.below(2)])
        let exchanged =
          random.isTrue() ? (b.value, a.value) : (note(note(b.value * 0.5) + a.value), note(a.value.tanh() - b.value))
        (a.value, b.value) = exchanged
      case 7:
        // one value in two variables
        let value = fitted(x, to: [4, 3])
        variables[1].value = value
        if random.isTrue() { variables[4].value = value }
      default:
        guard x.rank == 2 else { continue }
        pool.append(note(note(x.sum(axes: [0], keepsAxes: true)) / 4))
      }
    }
    for index in variables.indices where random.isTrue(0.7) {
      let variable = variables[index]
      let change = fitted(pool[random.below(pool.count)], to: variable.signature.shape)
      variable.value = note(note(variable.value * 0.9) + note(change * 0.1))
    }
    // results: computed ones, arguments, variables before and after, some twice
    return (0..<1 + random.below(4)).map { _ in pool[random.below(pool.count)] }
      + (random.isTrue() ? [variables[random.below(variables.count)].value] : [])
  }
}

@Suite struct CompileTests {
  @Test func arithmetic() {
    let x = Tensor([1, 2, 3] as [Float])
    let y = Tensor([10, 20, 30] as [Float])
    #expect((x + y * 2).scalars(Float.self) == [21, 42, 63])
    #expect((x.exp() - x.exp()).sum().item(Float.self) == 0)
    let m = Tensor((0..<6).map(Float.init), shape: [2, 3])
    #expect(m.matmul(m.transposed()).scalars(Float.self) == [5, 14, 14, 50])
    #expect(m.sum(axes: [0]).scalars(Float.self) == [3, 5, 7])
    #expect((m + Tensor([1, 2] as [Float], shape: [2, 1])).scalars(Float.self) == [1, 2, 3, 5, 6, 7])
  }

  @Test func compiledDescent() {
    let w = Variable(Tensor([2, 4] as [Float]))
    let step = compile { inputs in
      let loss = (w.value * inputs[0]).squared().sum()
      w.value = w.value - gradient(of: loss, with: w.value) * 0.1
      return [loss]
    }
    let x = Tensor([1, 1] as [Float])
    #expect(step(x)[0].item(Float.self) == 20)
    #expect(abs(step(x)[0].item(Float.self) - 12.8) < 1e-5)
    let kept = w.value
    _ = step(x)
    #expect(abs(kept.scalars(Float.self)[0] - 1.28) < 1e-5)
    #expect(abs(w.value.scalars(Float.self)[0] - 1.024) < 1e-5)
  }

  /// Steps replayed against the same operations computed one by one. Plans of whole steps join sums and multiples, so that
  /// the last bits differ.
  @Test(arguments: 0..<150)
  func stepsAgreeWithEagerEvaluation(_ seed: Int) {
    var random = Randomness(UInt64(seed) &+ 1000)
    let step = RandomStep(seed: UInt64(seed))
    let initial = RandomStep.shapes.map { random.floats($0) }
    let eager = initial.map { Variable(Tensor($0.scalars(Float.self), shape: $0.shape)) }
    // variables that share their first value, and pending ones
    let replayed = initial.map { Variable(random.isTrue(0.3) ? $0 + 0 : $0) }
    let compiled = compile { inputs in step.run(inputs, replayed) { $0 } }
    var kept: [(tensor: Tensor, bytes: [UInt8])] = []
    for round in 0..<4 {
      let inputs = [random.floats([4, 3]), random.floats([3])]
      if random.isTrue() {
        let tensor = replayed[random.below(replayed.count)].value
        kept.append((tensor, tensor.bytes))
      }
      if random.isTrue(0.3) {
        // one value in two places
        (eager[4].value, replayed[4].value) = (eager[0].value, replayed[0].value)
      }
      let expected = step.run(inputs, eager) { tensor in
        evaluate(tensor)
        return tensor
      }
      evaluate(expected + eager.map(\.value))
      let found = compiled(inputs)
      for (place, (found, expected)) in zip(found, expected).enumerated() {
        expect(found, expected.reals(), relative: 1e-4, "seed \(seed), round \(round), result \(place)")
      }
      for (place, (found, expected)) in zip(replayed, eager).enumerated() {
        expect(
          found.value, expected.value.reals(), relative: 1e-4, "seed \(seed), round \(round), variable \(place)")
      }
      if random.isTrue(0.3) { kept.removeAll() }
      for (tensor, bytes) in kept { #expect(tensor.bytes == bytes, "seed \(seed), round \(round), kept") }
    }
  }

  @Test func exchangedVariables() {
    let (a, b) = (Variable(Tensor([1, 2] as [Float])), Variable(Tensor([3, 4] as [Float])))
    let exchange = compile { _ in
      (a.value, b.value) = (b.value, a.value)
      return []
    }
    for _ in 0..<3 { _ = exchange() }
    #expect(a.value.scalars(Float.self) == [3, 4])
    #expect(b.value.scalars(Float.self) == [1, 2])
    let mixed = compile { _ in
      let (x, y) = (a.value, b.value)
      a.value = y * 2
      b.value = x + y.sum()
      return [x, y, a.value, b.value, a.value]
    }
    let results = mixed().map { $0.scalars(Float.self) }
    #expect(results == [[3, 4], [1, 2], [2, 4], [6, 7], [2, 4]])
  }

  @Test func assignmentsAreReadBack() {
    let w = Variable(Tensor([1, 2] as [Float]))
    let step = compile { inputs in
      let before = w.value
      w.value = w.value + 1
      w.value = w.value * 2
      return [before, w.value, inputs[0]]
    }
    let input = Tensor([9] as [Float])
    #expect(step(input).map { $0.scalars(Float.self) } == [[1, 2], [4, 6], [9]])
    #expect(w.value.scalars(Float.self) == [4, 6])
    #expect(input.scalars(Float.self) == [9])
  }

  @Test func constantsCanBeAssigned() {
    let constant = Tensor([5, 6] as [Float])
    let (w, v) = (Variable(Tensor([1, 2] as [Float])), Variable(Tensor([3, 4] as [Float])))
    let reset = compile { inputs in
      w.value = constant
      v.value = inputs[0]
      return []
    }
    let add = compile { _ in
      w.value = w.value + 1
      v.value = v.value + 1
      return []
    }
    let given = Tensor([7, 8] as [Float])
    for _ in 0..<2 {
      _ = reset(given)
      _ = add()
      #expect(w.value.scalars(Float.self) == [6, 7])
      #expect(v.value.scalars(Float.self) == [8, 9])
    }
    #expect(constant.scalars(Float.self) == [5, 6])
    #expect(given.scalars(Float.self) == [7, 8])
  }

  /// A multilayer perceptron, its gradient and the update with momentum.
  private struct Training {
    let parameters: [Variable]
    let step: CompiledFunction

    init(type: ElementType = .float32) {
      var random = Randomness(4)
      let shapes: [Shape] = [[64, 20], [64], [32, 64], [32], [3, 32], [3]]
      let parameters = shapes.map { Variable((random.floats($0) * 0.1).cast(to: type)) }
      let velocities = shapes.map { Variable(.zeros($0, type: type)) }
      self.parameters = parameters + velocities
      step = compile { inputs in
        var x = inputs[0]
        let weights = parameters.map(\.value)
        for layer in 0..<3 {
          x = x.matmul(weights[2 * layer], transposingOther: true) + weights[2 * layer + 1]
          if layer < 2 { x = x.tanh() }
        }
        let loss = -(x.logSoftmax() * inputs[1]).sum(axes: [1]).mean()
        for (place, slope) in gradients(of: loss, with: weights).enumerated() {
          velocities[place].value = velocities[place].value * 0.9 + slope
          parameters[place].value = parameters[place].value - velocities[place].value * 0.1
        }
        return [loss]
      }
    }

    static func batch(_ count: Int, type: ElementType = .float32) -> [Tensor] {
      var random = Randomness(8)
      let labels = Tensor((0..<count).map { Int32($0 % 3) })
      return [random.floats([count, 20]).cast(to: type), labels.oneHot(count: 3, type: type)]
    }
  }

  @Test func trainingStepsUpdateInPlace() {
    let training = Training()
    let batch = Training.batch(48)
    evaluate(batch)
    _ = training.step(batch)
    let addresses = training.parameters.map { $0.held.node.storage?.address }
    var losses: [Float] = []
    for _ in 0..<30 { losses.append(training.step(batch)[0].item(Float.self)) }
    #expect(training.parameters.map { $0.held.node.storage?.address } == addresses)
    #expect(losses[29] < losses[0] / 2)
    // nobody sees a value change under their eyes
    let kept = training.parameters[0].value
    let before = kept.bytes
    _ = training.step(batch)
    #expect(kept.bytes == before)
    #expect(training.parameters[0].value.bytes != before)
  }

  @Test func trainingAgreesWithDefinitions() {
    let (single, double) = (Training(), Training(type: .float64))
    for _ in 0..<10 {
      let found = single.step(Training.batch(7))[0].item(Float.self)
      let expected = double.step(Training.batch(7, type: .float64))[0].item(Double.self)
      #expect(abs(Double(found) - expected) < 1e-4)
    }
  }

  @Test(arguments: [1, 48, 300])
  func arenaOfATrainingStep(_ count: Int) {
    let plan = Training().step.plan(for: Training.batch(count)).plan
    #expect(plan.liveByteCount > 0)
    #expect(Double(plan.arenaByteCount) <= 1.2 * Double(plan.liveByteCount))
  }

  @Test func plansByShapeTypeAndMode() {
    let traces = Variable(Tensor(0 as Int64))
    let function = compile { inputs in
      traces.value = traces.value + 1
      return [Mode.current == .training ? inputs[0] * 2 : inputs[0]]
    }
    #expect(function(Tensor([1, 2] as [Float]))[0].reals() == [1, 2])
    #expect(function(Tensor([1.0, 2, 3]))[0].reals() == [1, 2, 3])
    #expect(Mode.training { function(Tensor([1, 2] as [Float]))[0].reals() } == [2, 4])
    #expect(function(Tensor([3, 4] as [Float]))[0].reals() == [3, 4])
    #expect(traces.value.item(Int64.self) == 4)
    let (one, two) = (Tensor([1, 2] as [Float]), Tensor([5, 6] as [Float]))
    #expect(function.plan(for: [one]) === function.plan(for: [two]))
    #expect(function.plan(for: [one]) !== Mode.training { function.plan(for: [one]) })
  }

  @Test func compiledInsideCompiled() {
    let inner = compile { [$0[0] * 2] }
    let outer = compile { inputs in [inner(inputs[0])[0] + 1] }
    #expect(outer(Tensor([1, 2] as [Float]))[0].reals() == [3, 5])
  }

  @Test func nothingToDo() {
    let function = compile { $0 }
    let x = Tensor([1, 2] as [Float])
    let result = function(x)[0]
    #expect(result.scalars(Float.self) == [1, 2])
    #expect(function().isEmpty)
    let empty = compile { [$0[0].exp().sum(), $0[0] * 2] }
    #expect(empty(Tensor([] as [Float])).map { $0.reals() } == [[0], []])
  }

  /// One task steps, others read: every value read is whole.
  @Test func variablesAreReadWhileStepsRun() async {
    let w = Variable(Tensor.zeros([2000]))
    let step = compile { _ in
      w.value = w.value + 1
      return []
    }
    let isWhole = await withTaskGroup(of: Bool.self) { group in
      for task in 0..<4 {
        group.addTask {
          (0..<100).allSatisfy { _ in
            if task < 2 { _ = step() }
            let numbers = w.value.scalars(Float.self)
            return numbers.allSatisfy { $0 == numbers[0] }
          }
        }
      }
      return await group.reduce(true) { $0 && $1 }
    }
    #expect(isWhole)
    #expect(w.value.scalars(Float.self)[0] == 200)
  }
}
