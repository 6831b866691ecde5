import DescentNetworks
import DescentTensors
import Foundation
import Testing

@Suite struct ActivationTests {
  /// Every kind, with usual parameters and with others.
  static let cases: [Activation] = [
    .step, .linear(), .linear(slope: 0.3), .sigmoid, .tanh, .relu, .leakyReLU(), .leakyReLU(slope: 0.2), .elu(),
    .elu(alpha: 1.7), .softmax, .maxout(pieces: 1), .maxout(pieces: 2), .maxout(pieces: 3), .hardSigmoid, .logSigmoid,
    .hardTanh(), .hardTanh(from: -0.3, to: 0.8), .softsign, .softplus(), .softplus(beta: 2.5), .relu6,
    .thresholdedReLU(), .thresholdedReLU(threshold: -0.3), .celu(), .celu(alpha: 1.7), .selu, .gelu, .geluTanh, .silu,
    .hardSiLU, .mish, .squareplus(), .squareplus(b: 0.3), .glu, .swiGLU, .softmin, .logSoftmax, .sparsemax,
    .hardShrink(), .hardShrink(threshold: 0.2), .softShrink(), .softShrink(threshold: 0.2), .tanhShrink, .exponential,
    .sine,
  ]

  @Test func everyKindHasARow() {
    #expect(Set(Self.cases.map(\.name)) == Set(Activation.all.map(\.name)))
    #expect(Set(Activation.all.map(\.name)).count == Activation.all.count)
  }

  @Test(arguments: cases, [[6], [5, 6], [1, 6], [2, 3, 6], [0, 6]])
  func gradientIsThatOfDifferences(activation: Activation, shape: Shape) {
    let x = normals(shape, seed: 3)
    #expect(gradientCheck(of: { activation($0[0]) }, at: [x]) == [])
    #expect(activation(x).shape.count == shape.count)
  }

  @Test(arguments: cases)
  func secondGradientIsThatOfDifferences(activation: Activation) {
    let x = normals([2, 6], seed: 4)
    let slope = { (v: [Tensor]) in gradient(of: activation(v[0]).squared().sum(), with: v[0]) }
    #expect(gradientCheck(of: slope, at: [x]) == [])
  }

  @Test(arguments: cases, [ElementType.float32, .float64])
  func extremesStayFinite(activation: Activation, type: ElementType) {
    let x = Tensor([-400, 400, 0, -1e30, 1e30, 88, -88, 89, -104, 710, -745, 0], shape: [2, 6]).cast(to: type)
    let y = activation(x)
    let slope = gradient(of: y.sum(), with: x)
    // e⁴⁰⁰ is infinite, but it is a number
    let suits = { (number: Double) in activation == .exponential ? !number.isNaN : number.isFinite }
    #expect(y.reals().allSatisfy(suits), "\(y.reals())")
    #expect(slope.reals().allSatisfy(suits), "\(slope.reals())")
  }

  /// Of [0, 0]: the value, which is the same everywhere, and the slopes of the sum.
  static let atZero: [(Activation, value: Double, slopes: [Double])] = [
    (.step, 1, [0, 0]), (.linear(), 0, [1, 1]), (.linear(slope: -2), 0, [-2, -2]), (.sigmoid, 0.5, [0.25, 0.25]),
    (.tanh, 0, [1, 1]), (.relu, 0, [0, 0]), (.leakyReLU(slope: 0.25), 0, [0.25, 0.25]),
    (.elu(alpha: 1.5), 0, [1.5, 1.5]), (.softmax, 0.5, [0, 0]), (.maxout(pieces: 2), 0, [0.5, 0.5]),
    (.hardSigmoid, 0.5, [1.0 / 6, 1.0 / 6]), (.logSigmoid, -log(2), [0.5, 0.5]), (.hardTanh(), 0, [1, 1]),
    (.softsign, 0, [1, 1]), (.softplus(), log(2), [0.5, 0.5]), (.softplus(beta: 4), log(2) / 4, [0.5, 0.5]),
    (.relu6, 0, [0, 0]), (.thresholdedReLU(), 0, [0, 0]), (.thresholdedReLU(threshold: -1), 0, [1, 1]),
    (.celu(alpha: 3), 0, [1, 1]), (.selu, 0, [1.7580993408473766, 1.7580993408473766]), (.gelu, 0, [0.5, 0.5]),
    (.geluTanh, 0, [0.5, 0.5]), (.silu, 0, [0.5, 0.5]), (.hardSiLU, 0, [0.5, 0.5]), (.mish, 0, [0.6, 0.6]),
    (.squareplus(), 1, [0.5, 0.5]), (.glu, 0, [0.5, 0]), (.swiGLU, 0, [0, 0]), (.softmin, 0.5, [0, 0]),
    (.logSoftmax, -log(2), [0, 0]), (.sparsemax, 0.5, [0, 0]), (.hardShrink(), 0, [0, 0]), (.softShrink(), 0, [0, 0]),
    (.tanhShrink, 0, [0, 0]), (.exponential, 1, [1, 1]), (.sine, 0, [1, 1]),
  ]

  @Test(arguments: [ElementType.float32, .float64])
  func valueAndGradientAtZero(type: ElementType) {
    let tolerance = type == .float32 ? 2e-7 : 1e-15
    for (activation, value, slopes) in Self.atZero {
      let x = Tensor([0.0, 0], shape: [2]).cast(to: type)
      let y = activation(x)
      let found = gradient(of: y.sum(), with: x).reals()
      #expect(zip(found, slopes).allSatisfy { abs($0 - $1) <= tolerance }, "\(activation): \(found)")
      #expect(y.reals().allSatisfy { abs($0 - value) <= tolerance }, "\(activation): \(y.reals())")
    }
    #expect(Set(Self.atZero.map(\.0.name)) == Set(Activation.all.map(\.name)))
  }

  @Test func saturate() {
    let x = Tensor([-400.0, 400])
    #expect(Activation.sigmoid(x).reals()[1] == 1 && Activation.sigmoid(x).reals()[0] < 1e-170)
    #expect(Activation.tanh(x).reals() == [-1, 1])
    #expect(Activation.elu(alpha: 2)(x).reals() == [-2, 400])
    #expect(Activation.step(Tensor([-0.1, -0.0, 0.1])).reals() == [0, 1, 1])
    #expect(Activation.hardSigmoid(x).reals() == [0, 1] && Activation.relu6(x).reals() == [0, 6])
    #expect(Activation.hardTanh(from: -2, to: 3)(x).reals() == [-2, 3])
    #expect(Activation.gelu(x).reals() == [0, 400] && Activation.geluTanh(x).reals() == [0, 400])
    #expect(Activation.hardSiLU(x).reals() == [0, 400] && Activation.mish(x).reals()[1] == 400)
    #expect(Activation.softplus()(x).reals()[0] < 1e-170 && Activation.softplus()(x).reals()[1] == 400)
    #expect(Activation.logSigmoid(x).reals()[0] == -400)
  }

  /// Below 0, where x + √(x² + b) would lose all its digits.
  @Test func squareplusKeepsItsDigits() {
    let y = Activation.squareplus()(Tensor([-400, -1e6, -1e30] as [Float])).reals()
    #expect(abs(y[0] / 0.002499984375 - 1) < 1e-6 && abs(y[1] / 1e-6 - 1) < 1e-6 && abs(y[2] / 1e-30 - 1) < 1e-6)
  }

  @Test func sparsemaxLeavesOutTheSmall() {
    let rows = Tensor([3, 2.5, 0, 1, 1, 1, 1e30, 1e30, -1e30] as [Double], shape: [3, 3])
    let y = Activation.sparsemax(rows).reals()
    #expect(y[..<3] == [0.75, 0.25, 0] && y[6...] == [0.5, 0.5, 0])
    #expect(y[3..<6].allSatisfy { abs($0 - 1.0 / 3) < 1e-15 })
  }

  @Test(arguments: Activation.all.filter { $0 != .step })
  func notANumberStaysSo(activation: Activation) {
    for type in [ElementType.float32, .float64] {
      let y = activation(Tensor([Double.nan, 1]).cast(to: type))
      #expect(y.reals()[0].isNaN, "\(activation) \(type)")
    }
  }

  @Test func namesFindTheirActivation() {
    for activation in Activation.all { #expect(Activation.named(activation.name) == activation) }
    #expect(
      Activation.all.map(\.name) == [
        "step", "linear", "sigmoid", "tanh", "relu", "leaky-relu", "elu", "softmax", "maxout", "hard-sigmoid",
        "log-sigmoid", "hard-tanh", "softsign", "softplus", "relu6", "thresholded-relu", "celu", "selu", "gelu",
        "gelu-tanh", "silu", "hard-silu", "mish", "squareplus", "glu", "swiglu", "softmin", "log-softmax", "sparsemax",
        "hard-shrink", "soft-shrink", "tanh-shrink", "exponential", "sine",
      ])
    #expect(Activation.named("Relu") == nil)
  }

  @Test func maxoutRefusesARaggedAxis() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Activation.maxout(pieces: 4)(Tensor.zeros([2, 6]))
    }
    #expect(message(result).contains("maxout(pieces: 4) expects input [..., k · 4], got [2, 6]"))
  }

  @Test func gatesRefuseAnOddAxis() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Activation.swiGLU(Tensor.zeros([2, 5]))
    }
    #expect(message(result).contains("swiglu expects input [..., k · 2], got [2, 5]"))
    await #expect(processExitsWith: .failure) { _ = Activation.glu(Tensor.zeros([])) }
    await #expect(processExitsWith: .failure) { _ = Activation.sparsemax(Tensor.zeros([])) }
  }

  @Test func numbersOutOfRangeStop() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Activation.celu(alpha: 0)(Tensor.zeros([2]))
    }
    #expect(message(result).contains("celu: alpha must be above 0, got 0.0"))
    await #expect(processExitsWith: .failure) { _ = Activation.hardTanh(from: 1, to: 1)(Tensor.zeros([2])) }
    await #expect(processExitsWith: .failure) { _ = Activation.softShrink(threshold: -1)(Tensor.zeros([2])) }
    await #expect(processExitsWith: .failure) { _ = Activation.squareplus(b: 0)(Tensor.zeros([2])) }
    await #expect(processExitsWith: .failure) { _ = Activation.softplus(beta: .nan)(Tensor.zeros([2])) }
  }
}
