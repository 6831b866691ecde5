import Testing

@testable import DescentTensors

/// A random graph of float32 and bool values.
private struct RandomProgram {
  private struct Value {
    let tensor: Tensor
    /// Whether every way to compute it gives the same bits, so that comparing it cannot go either way.
    let isExact: Bool
  }

  private var random: Randomness
  private var values: [Value] = []
  private var truths: [Tensor] = []

  init(seed: UInt64, length: Int) {
    random = Randomness(seed)
    for shape in [[4, 6], [6], [4, 1], [], [2, 3, 4]] as [Shape] {
      values.append(Value(tensor: random.floats(shape), isExact: true))
    }
    truths.append(values[0].tensor .> 0)
    for _ in 0..<length { grow() }
  }

  /// Some of the values, leaves and repeated ones among them, and which of them are exact.
  mutating func roots() -> [(tensor: Tensor, isExact: Bool)] {
    let picks = (0..<1 + random.below(6)).map { _ in values[random.below(values.count)] }
    let last = values[values.count - 1]
    return (picks + [last]).map { ($0.tensor, $0.isExact) } + [(truths[random.below(truths.count)], true)]
  }

  private mutating func pick(exact: Bool = false) -> Value {
    // recent ones more often, for depth
    let recent = random.isTrue() ? values.suffix(5) : values[...]
    let fitting = recent.filter { $0.isExact || !exact }
    return fitting.randomElement(using: &random) ?? values[0]
  }

  /// A value that broadcasts with a shape and stays small.
  private mutating func partner(of shape: Shape, exact: Bool = false) -> Value? {
    values.filter {
      (!exact || $0.isExact) && $0.tensor.shape.broadcast(with: shape).map { $0.elementCount <= 300 } ?? false
    }.randomElement(using: &random)
  }

  private mutating func grow() {
    let value = pick()
    let x = value.tensor
    switch random.below(12) {
    case 0: add([-x, x.absolute(), x * 0.5, x + 1][random.below(4)].clamped(from: -2, to: 2), value.isExact)
    case 1: add([x.tanh(), x.sigmoid(), x.sin(), x.erf(), x.cos()][random.below(5)], false)
    case 2, 3, 4:
      guard let other = partner(of: x.shape) else { return }
      let y = other.tensor
      let result = [x + y, x - y, (x * y), x.minimum(y), x.maximum(y)][random.below(5)]
      add(result.clamped(from: -2, to: 2), value.isExact && other.isExact)
    case 5:
      let exact = pick(exact: true)
      guard let other = partner(of: exact.tensor.shape, exact: true) else { return }
      let (a, b) = (exact.tensor, other.tensor)
      truths.append([a .< b, a .== b, a .>= b, a.cast(to: .bool), !(a .> b)][random.below(5)])
    case 6:
      guard let other = partner(of: x.shape), let truth = truths.randomElement(using: &random),
        let shape = x.shape.broadcast(with: other.tensor.shape)?.broadcast(with: truth.shape), shape.elementCount <= 300
      else { return }
      if random.isTrue() { truths.append(truth .& !truth .| truth) }
      if random.isTrue() { add(truth.cast(to: .float32), true) }
      add(.select(truth, x, other.tensor), value.isExact && other.isExact)
    case 7:
      guard x.rank > 0, x.elementCount > 0 else { return }
      let axes = (0..<x.rank).filter { _ in random.isTrue() }
      let keepsAxes = random.isTrue()
      if random.isTrue() {
        add(x.max(axes: axes, keepsAxes: keepsAxes), value.isExact)
      } else {
        add(x.mean(axes: axes, keepsAxes: keepsAxes), false)
      }
    case 8:
      let shapes: [Shape] = [[x.elementCount], [1, x.elementCount], x.shape + [1], [-1, x.shape.last ?? 1]]
      add(x.reshaped(to: shapes[random.below(x.elementCount == 0 ? 2 : 4)]).stopGradient(), value.isExact)
    case 9:
      guard x.rank > 0 else { return }
      let axis = random.below(x.rank)
      let cut = x.sliced(axis: axis, from: random.below(2), by: random.isTrue() ? 1 : -2)
      add(random.isTrue() ? cut : .concatenate([x, cut], axis: axis), value.isExact)
      add(x.permuted(Array((0..<x.rank).reversed())), value.isExact)
    case 10:
      guard x.rank == 2, let inner = x.shape.last, inner > 0, x.shape[0] <= 20 else { return }
      add(x.matmul(x.transposed()) * (0.5 / Double(inner)), false)
    default:
      guard x.rank > 0 else { return }
      add(random.isTrue() ? x.softmax() : x.expandingAxis(at: 0).expanded(to: [2] + x.shape), false)
    }
  }

  private mutating func add(_ tensor: Tensor, _ isExact: Bool) {
    if tensor.elementCount <= 300, tensor.rank <= 5 { values.append(Value(tensor: tensor, isExact: isExact)) }
  }
}

@Suite struct FusionTests {
  @Test(arguments: 0..<120)
  func plansAgree(_ seed: Int) {
    var program = RandomProgram(seed: UInt64(seed), length: 10 + seed % 50)
    for _ in 0..<2 {
      let roots = program.roots()
      let tensors = roots.map(\.tensor)
      let expected = planned(tensors, options: .definitions).outputs
      for options in [PlanOptions.standard, PlanOptions(fuses: false)] {
        for (found, (expected, root)) in zip(planned(tensors, options: options).outputs, zip(expected, roots)) {
          if root.isExact {
            #expect(found.reals() == expected.reals(), "seed \(seed), \(options)")
          } else {
            expect(found, expected.reals(), relative: 1e-3, absolute: 1e-3, "seed \(seed), \(options)")
          }
        }
      }
      // evaluated for good, as a user does
      evaluate(tensors)
      for (tensor, expected) in zip(tensors, expected) {
        expect(tensor, expected.reals(), relative: 1e-3, absolute: 1e-3, "seed \(seed), evaluated")
      }
    }
  }

  @Test func elementwiseChainsAreOneStep() {
    let x = Tensor([1, 2, 3] as [Float])
    let chain = ((x * 2 + 1).tanh() - x).exp()
    #expect(planned([chain]).plan.steps.count == 1)
    #expect(planned([chain], options: PlanOptions(fuses: false)).plan.steps.count == 5)
  }

  @Test func whatIsComputedTwiceIsShared() {
    let x = Tensor([1, 2, 3] as [Float])
    let plan = planned([x.exp() + x.exp(), x.stopGradient().exp()], options: .definitions).plan
    #expect(plan.steps.count { $0.name.hasPrefix("exp") } == 1)
    let m = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    // two ways to write one product
    #expect(planned([m.matmul(m.transposed()) - m.matmul(m, transposingOther: true)]).plan.steps.count == 1)
  }

  @Test func whatNobodyReadsIsNotComputed() {
    let (x, y) = (Tensor([1, 2, 3] as [Float]), Tensor([4, 5, 6] as [Float]))
    let loss = (x.exp() * y.sin()).sum()
    // of the gradients, one is wanted
    let plan = planned([gradients(of: loss, with: [x, y])[1]], options: .definitions).plan
    #expect(!plan.steps.contains { $0.name.hasPrefix("sin") })
    // the inputs of an own gradient rule are not those of the value
    let value = Tensor.withCustomGradient(of: [y.exp()]) { _ in
      x + 1
    } gradient: { _, _, g in
      [g]
    }
    #expect(planned([value], options: .definitions).plan.steps.count == 1)
  }

  /// A pass may write over what it reads last, but not before it is read.
  @Test func memoryIsNotReusedTooEarly() {
    let count = 3000
    let x = Tensor((0..<count).map { Float($0 % 13) }, shape: [count])
    let total = x.sum()
    let y = x / total  // lies in the arena
    let shared = y + 1
    let (first, second) = (shared * 2, shared * 3)
    let sum = (first - second).sum()
    // reads y element for element and as a whole
    let result = (y * 5 - first) + y.max() + sum
    let expected = planned([result, first], options: .definitions).outputs
    let found = planned([result, first]).outputs
    expect(found[0], expected[0].reals())
    expect(found[1], expected[1].reals())
    // a row of floats takes as many bytes as four rows of truth that are compared to it
    let means = Tensor((0..<3000).map { Float($0 % 17) }, shape: [3, 1000]).mean(axes: [0])
    let mask = means .< Tensor((0..<4000).map { Float($0 % 16) }, shape: [4, 1000])
    let counts = mask.sum(axes: [1])
    expect(planned([counts]).outputs[0], planned([counts], options: .definitions).outputs[0].reals())
    // a broadcast row that is one memory with an operand read element for element
    let square = Tensor((0..<9).map(Float.init), shape: [3, 3]) * total.cast(to: .float32)
    let row = square.sum(axes: [0]).reshaped(to: [1, 3])
    let outer = row * row.reshaped(to: [3, 1]) + row
    expect(planned([outer]).outputs[0], planned([outer], options: .definitions).outputs[0].reals())
  }
}
