import Foundation
import Testing

@testable import DescentTensors

/// A function to differentiate, and where.
private struct GradientCase: Sendable, CustomTestStringConvertible {
  let name: String
  let points: [Tensor]
  /// Whether the gradient of the gradient is checked too.
  let isCheckedTwice: Bool
  let function: @Sendable ([Tensor]) -> Tensor

  init(
    _ name: String, _ points: Tensor..., twice: Bool = true, function: @escaping @Sendable ([Tensor]) -> Tensor
  ) {
    self.name = name
    self.points = points
    isCheckedTwice = twice
    self.function = function
  }

  var testDescription: String { name }
}

private let signed = Tensor([-1.7, -0.6, -0.2, 0.3, 0.9, 1.6, 2.3], shape: [7])
private let positive = ramp([3, 1, 2])
private let factor = Tensor([0.5, -1.5, 2.5, 1.25, -0.75, 3.5], shape: [3, 2])
private let cube = Tensor(
  (0..<24).map { 1.3 * sin(Double($0) * 1.7) + 0.11 * Double($0 % 5) }, shape: [2, 3, 4])
private let one = Tensor([0.7], shape: [1, 1, 1])
private let none = Tensor([] as [Double], shape: [2, 0])

/// Points for every elementwise function, nil where its gradient is zero or none.
private func elementwiseCase(_ function: ElementwiseFunction) -> GradientCase? {
  func of(_ points: Tensor...) -> GradientCase {
    GradientCase(function.rawValue, points: points) { .applying(Elementwise(function), to: $0) }
  }
  switch function {
  case .negate, .absolute, .exp, .expm1, .tanh, .sigmoid, .erf, .sin, .cos: return of(signed)
  case .log, .log1p, .sqrt, .rsqrt: return of(positive)
  case .add, .subtract, .multiply, .minimum, .maximum: return of(factor, ramp([2, 1, 2], from: -0.9, by: 0.77))
  case .divide, .power: return of(positive, ramp([2, 2], from: 0.4, by: 0.7))
  case .select:
    return GradientCase("select", factor, ramp([2])) {
      .select(Tensor([true, false, true], shape: [3, 1]), $0[0], $0[1])
    }
  case .sign, .floor, .round, .not, .equal, .notEqual, .less, .lessEqual, .greater, .greaterEqual, .and, .or: return nil
  }
}

extension GradientCase {
  fileprivate init(_ name: String, points: [Tensor], function: @escaping @Sendable ([Tensor]) -> Tensor) {
    self.name = name
    self.points = points
    isCheckedTwice = true
    self.function = function
  }
}

private let cases: [GradientCase] =
  ElementwiseFunction.allCases.compactMap(elementwiseCase) + [
    .init("power of a negative base", signed) { $0[0].power(3) },
    .init("power 0", signed) { $0[0].power(0) },
    .init("clamp", signed) { $0[0].clamped(from: -0.5, to: 1) },
    .init("cast", signed, twice: false) { ($0[0].cast(to: .int32).cast(to: .float64) + 1) * $0[0] },
    .init("sum", cube) { $0[0].sum() },
    .init("sum over outer axes", cube) { $0[0].squared().sum(axes: [0, 2]) },
    .init("sum of one", one) { $0[0].exp().sum(axes: [1], keepsAxes: true) },
    .init("sum of none", none) { $0[0].exp().sum() },
    .init("mean", cube) { $0[0].squared().mean(axes: [1], keepsAxes: true) },
    .init("product", cube) { $0[0].product(axes: [0, 2]) },
    .init("product with a zero", Tensor([2, 0, 3, 4, 0, 0, 5, 1.5], shape: [2, 4])) { $0[0].product(axes: [1]) },
    .init("product of all", factor) { $0[0].product() },
    .init("product of one", one) { $0[0].product() },
    .init("max", cube) { $0[0].max(axes: [1]) },
    .init("min", cube) { $0[0].min(axes: [0, 2], keepsAxes: true) },
    .init("variance", cube) { $0[0].variance(axes: [0, 2]) },
    .init("variance of the elements", cube) { $0[0].variance(correction: 0) },
    .init("logSumExp", cube) { $0[0].logSumExp(axes: [0, 2]) },
    .init("softmax", cube) { $0[0].softmax(axes: [1]) },
    .init("softmax over all", factor) { $0[0].softmax(axes: [0, 1]) },
    .init("logSoftmax", cube) { $0[0].logSoftmax() },
    .init("reshape", cube) { $0[0].reshaped(to: [4, -1]).exp() },
    .init("permute", cube) { $0[0].permuted([2, 0, 1]).exp() },
    .init("expand", factor) { $0[0].expandingAxis(at: 1).expanded(to: [2, 3, 4, 2]).exp() },
    .init("slice", cube) { $0[0].sliced(axis: 2, by: -2).sliced(axis: 1, 1..<3).exp() },
    .init("slice of none", cube) { $0[0].sliced(axis: 2, 2..<2) },
    .init("pad", factor) { $0[0].padded(low: [0, 1], high: [2, 0], with: 3).exp() },
    .init("concatenate", factor, ramp([1, 2])) { Tensor.concatenate([$0[0], $0[1], $0[0]]).exp() },
    .init("stack", factor, factor * 2) { Tensor.stack($0, axis: 1).exp() },
    .init("split", factor) { $0[0].split(sizes: [1, 2])[1].exp() },
    .init("take", factor) { $0[0].take(Tensor([2, 0, 2] as [Int32])).exp() },
    .init("gather", factor) { $0[0].gather(Tensor([1, 0, 1] as [Int64], shape: [3, 1]), axis: 1).exp() },
    .init("scatterAdd", factor, ramp([2, 2])) { $0[0].scatterAdding($0[1], at: Tensor([2, 2] as [Int64])).exp() },
    .init("matmul", factor, ramp([2, 5])) { $0[0].matmul($0[1]) },
    .init("matmul, transposing", factor, ramp([5, 2])) { $0[0].matmul($0[1], transposingOther: true) },
    .init("matmul of transposed", factor, ramp([3, 5])) { $0[0].transposed().matmul($0[1]) },
    .init("matmul of both transposed", factor, ramp([5, 3])) {
      $0[0].product($0[1], transposesLeft: true, transposesRight: true)
    },
    .init("matmul over batches", cube, ramp([4, 2])) { $0[0].matmul($0[1]) },
    .init("matmul, broadcast", cube.reshaped(to: [2, 1, 3, 4]), ramp([3, 4, 2])) { $0[0].matmul($0[1]) },
    .init("matmul of vectors", signed, signed * 2) { $0[0].matmul($0[1]) },
    .init("matmul of none", none, none) { $0[0].matmul($0[1], transposingOther: true) },
    .init("scaled", signed) {
      Tensor.withCustomGradient(of: $0) {
        $0[0] * 3
      } gradient: { _, _, g in
        [g * 3]
      }
    },
    .init("network", factor, ramp([2, 3], by: 0.1), ramp([3], by: 0.2)) {
      $0[0].matmul($0[1]).tanh().matmul($0[1], transposingOther: true).sigmoid().matmul($0[1]) * $0[2]
    },
  ]

@Suite struct GradientTests {
  @Test(arguments: cases)
  private func gradientsByDifferences(_ row: GradientCase) {
    expectGradient(row.name, at: row.points, of: row.function)
  }

  /// The sum of a function of the gradients, differentiated again.
  @Test(arguments: cases.filter(\.isCheckedTwice))
  private func gradientsOfGradients(_ row: GradientCase) {
    expectGradient("\(row.name), twice", at: row.points) { points in
      let result = row.function(points)
      // weights that depend on nothing, so that linear functions have a second gradient of zero
      let weights = Tensor((0..<result.elementCount).map { 1 + Double($0 % 3) }, shape: result.shape)
      let found = gradients(of: (result * weights).sum(), with: points)
      return zip(found, points).reduce(Tensor(0.0)) { $0 + ($1.0 * $1.1.sin()).sum() }
    }
  }

  @Test(arguments: ElementwiseFunction.allCases.filter { elementwiseCase($0) == nil && !$0.row.isComparison })
  func stepsHaveNoGradient(_ function: ElementwiseFunction) {
    guard function.row.domain != .logical else { return }
    let x = Tensor([1.2, -0.7])
    expect(gradient(of: Tensor.applying(Elementwise(function), to: [x]).sum(), with: x), [0, 0])
  }

  @Test func knownSecondDerivatives() {
    func second(_ x: Double, _ function: (Tensor) -> Tensor) -> Double {
      let x = Tensor(x)
      return gradient(of: gradient(of: function(x), with: x), with: x).item(Double.self)
    }
    #expect(second(0) { $0 * $0 } == 2)
    #expect(second(0) { $0.power(2) } == 2)
    #expect(second(1) { 1 + 2 * $0 - $0 * $0 } == -2)
    let x = 0.8
    // ln cosh x by eˣ: its second derivative is sech²
    let curvature = second(x) { (($0.exp() + (-$0).exp()) / 2).log() }
    #expect(abs(curvature - 1 / (cosh(x) * cosh(x))) < 1e-12)
    let cube = Tensor([3.0])
    let slope = gradient(of: (cube * cube * cube).sum(), with: cube)
    #expect(slope.item(Double.self) == 27)
  }

  @Test func partialDerivatives() {
    // x⁴ − 3xyz
    let (x, y, z) = (Tensor(2.0), Tensor(3.0), Tensor(5.0))
    let found = gradients(of: x.power(4) - 3 * x * y * z, with: [x, y, z])
    #expect(found.map { $0.item(Double.self) } == [32 - 45, -30, -18])
  }

  /// Steps of a sequence pass back one tensor, and not one of the sequence's size each.
  @Test func slicesAndProductsAreJoined() throws {
    let (x, w) = (RandomSource.withSeed(1) { Tensor.randomNormal([7, 2, 3], type: .float64) }, Tensor([1.0, 2, 3]))
    evaluate([x])
    // disjoint with a gap before, between and behind; overlapping; of two axes; with steps
    let pieces: [(name: String, of: (Tensor) -> [Tensor], isJoined: Bool)] = [
      ("all", { x in (0..<7).map { x.sliced(axis: 0, $0..<$0 + 1) } }, true),
      ("gaps", { x in [x.sliced(axis: 0, 5..<6), x.sliced(axis: 0, 1..<3)] }, true),
      ("overlapping", { x in [x.sliced(axis: 0, 0..<4), x.sliced(axis: 0, 3..<6)] }, false),
      ("axes", { x in [x.sliced(axis: 0, 0..<4), x.sliced(axis: 2, 0..<1), x.sliced(axis: 2, 1..<3)] }, false),
      ("steps", { x in [x.sliced(axis: 0, by: 2), x.sliced(axis: 0, from: 1, by: 2)] }, false),
      ("reversed", { x in [x.sliced(axis: 0, by: -1), x.sliced(axis: 0, 0..<1)] }, false),
      ("empty", { x in [x.sliced(axis: 0, 0..<0), x.sliced(axis: 0, 2..<3), x.sliced(axis: 0, 3..<3)] }, true),
    ]
    for (name, cut, isJoined) in pieces {
      let function = { (x: Tensor) in
        cut(x).enumerated().map { (($1 * Double($0 + 1)).squared()).sum() }.reduce(Tensor(0.0), +)
      }
      #expect(gradientCheck(of: { function($0[0]) }, at: [x]) == [], "\(name)")
      #expect((gradient(of: function(x), with: x).node.operation is Concatenate) == isJoined, "\(name)")
    }
    let weights = RandomSource.withSeed(2) { Tensor.randomNormal([3, 3], type: .float64) }
    evaluate([weights])
    func steps(_ batch: Int) -> (Tensor) -> Tensor {
      { weights in
        (0..<4).reduce(x.sliced(axis: 0, 0..<1).reshaped(to: [2, 3]).sliced(axis: 0, 0..<batch)) { state, _ in
          (state.matmul(weights) * w).tanh()
        }.sum()
      }
    }
    for batch in [1, 2] {
      #expect(gradientCheck(of: { steps(batch)($0[0]) }, at: [weights]) == [])
      let found = gradient(of: steps(batch)(weights), with: weights)
      // six numbers are copied to save nine; of two rows it would be twelve
      #expect((found.node.operation is Product) == (batch == 1))
    }
  }

  @Test func descent() {
    // f = x + y by 300 steps of 0.01 from (2, 4)
    var (x, y) = (Tensor(2.0), Tensor(4.0))
    for _ in 0..<300 {
      let found = gradients(of: x + y, with: [x, y])
      (x, y) = (x - found[0] * 0.01, y - found[1] * 0.01)
    }
    expect(x, [-1], absolute: 1e-12)
    expect(y, [1], absolute: 1e-12)
    expect(x + y, [0], absolute: 1e-12)
  }

  @Test func powersAtZero() {
    let x = Tensor([0.0, 0.0, 0.0])
    let exponents = Tensor([0.0, 1.0, 2.0])
    let found = gradients(of: x.power(exponents).sum(), with: [x, exponents])
    expect(found[0], [0, 1, 0])
    expect(found[1], [0, 0, 0])
    // the fourth derivative of x³ is 0 there too
    var derivative = x.power(3)
    for _ in 0..<4 { derivative = gradient(of: derivative.sum(), with: x) }
    expect(derivative, [0, 0, 0])
  }

  @Test func ties() {
    let x = Tensor([1.0, 1, 0])
    expect(gradient(of: x.max(), with: x), [0.5, 0.5, 0])
    expect(gradient(of: x.maximum(1).sum(), with: x), [0.5, 0.5, 0])
    expect(gradient(of: Tensor([0.0]).absolute().sum(), with: x), [0, 0, 0])
  }

  @Test func stoppedGradients() {
    let x = Tensor([2.0, 3])
    expect(gradient(of: (x * x.stopGradient()).sum(), with: x), [2, 3])
    expect(gradient(of: x.stopGradient().sum(), with: x), [0, 0])
  }

  @Test func whatIsDifferentiatedBy() {
    let (x, y) = (Tensor([2.0]), Tensor([5.0]))
    let middle = x * y
    let loss = (middle * middle).sum()
    // inner values, the loss itself, and what it does not depend on
    let found = gradients(of: loss, with: [middle, loss, x, Tensor([1.0, 1])])
    expect(found[0], [20])
    expect(found[1], [1])
    expect(found[2], [100])
    expect(found[3], [0, 0])
    // one tensor twice
    expect(gradients(of: x + x, with: [x, x], resultGradient: y)[1], [10])
    // an element type of its own on the way
    let single = Tensor([3] as [Float])
    #expect(gradient(of: single.cast(to: .float64).squared().sum(), with: single).scalars(Float.self) == [6])
  }

  @Test func mixedResultGradients() {
    let x = Tensor([1.0, 2, 3])
    expect(gradients(of: x.squared(), with: [x], resultGradient: Tensor([1.0, 0, -1]))[0], [2, 0, -6])
  }

  @Test func ownRules() {
    // a step function with the straight-through rule
    let x = Tensor([-1.0, 2])
    let step = Tensor.withCustomGradient(of: [x]) {
      ($0[0] .> 0).cast(to: .float64)
    } gradient: { _, _, g in
      [g]
    }
    expect(step, [0, 1])
    let again = Tensor.withCustomGradient(of: [x]) {
      ($0[0] .> 0).cast(to: .float64)
    } gradient: { inputs, result, g in
      [g * result * inputs[0]]
    }
    expect(gradient(of: again.sum(), with: x), [0, 2])
  }

  @Test func ownOperations() {
    let x = Tensor([1.0, 2, 3])
    let cumulative = Tensor.applying(RunningSum(isReversed: false), to: [x])
    expect(cumulative, [1, 3, 6])
    expectGradient("running sum", at: [x]) { .applying(RunningSum(isReversed: false), to: [$0[0].exp()]) }
    // attributes tell two of them apart, in one plan and from plan to plan
    let both =
      Tensor.applying(RunningSum(isReversed: false), to: [x + 0])
      - .applying(RunningSum(isReversed: true), to: [x + 0])
    expect(both, [-5, -2, 3])
    expect(Tensor.applying(RunningSum(isReversed: true), to: [Tensor([1.0, 2, 3])]), [6, 5, 3])
  }
}

/// Sums up to each element: an operation that a user might write.
private struct RunningSum: DescentTensors.Operation {
  let isReversed: Bool

  var name: String { "runningSum" }
  var attributes: [Int] { [isReversed ? 1 : 0] }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard inputs[0].shape.count == 1 else { throw ShapeError("needs one axis") }
    return inputs[0]
  }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(RunningSum(isReversed: !isReversed), to: [resultGradient])]
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    var total = 0.0
    for place in isReversed ? Array((0..<result.count).reversed()) : Array(0..<result.count) {
      total += inputs[0][real: place]
      result[real: place] = total
    }
  }
}
