import DescentNetworks
import DescentTensors
import Testing

@Suite struct ActivationTests {
  /// Every kind, with usual parameters and with others.
  static let cases: [Activation] = [
    .step, .linear(), .linear(slope: 0.3), .sigmoid, .tanh, .relu, .leakyReLU(), .leakyReLU(slope: 0.2), .elu(),
    .elu(alpha: 1.7), .softmax, .maxout(pieces: 1), .maxout(pieces: 2), .maxout(pieces: 3),
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
    #expect(y.reals().allSatisfy { $0.isFinite }, "\(y.reals())")
    #expect(slope.reals().allSatisfy { $0.isFinite }, "\(slope.reals())")
  }

  @Test(arguments: [ElementType.float32, .float64])
  func valueAndGradientAtZero(type: ElementType) {
    let rows: [(Activation, value: Double, slope: Double)] = [
      (.step, 1, 0), (.linear(), 0, 1), (.linear(slope: -2), 0, -2), (.sigmoid, 0.5, 0.25), (.tanh, 0, 1),
      (.relu, 0, 0), (.leakyReLU(slope: 0.25), 0, 0.25), (.elu(alpha: 1.5), 0, 1.5), (.softmax, 0.5, 0),
      (.maxout(pieces: 2), 0, 0.5),
    ]
    for (activation, value, slope) in rows {
      let x = Tensor([0.0, 0], shape: [2]).cast(to: type)
      let y = activation(x)
      #expect(gradient(of: y.sum(), with: x).reals() == [slope, slope], "\(activation)")
      #expect(y.reals().allSatisfy { $0 == value }, "\(activation)")
    }
    #expect(Set(rows.map(\.0.name)) == Set(Activation.all.map(\.name)))
  }

  @Test func saturate() {
    let x = Tensor([-400.0, 400])
    #expect(Activation.sigmoid(x).reals()[1] == 1 && Activation.sigmoid(x).reals()[0] < 1e-170)
    #expect(Activation.tanh(x).reals() == [-1, 1])
    #expect(Activation.elu(alpha: 2)(x).reals() == [-2, 400])
    #expect(Activation.step(Tensor([-0.1, -0.0, 0.1])).reals() == [0, 1, 1])
  }

  @Test(arguments: [Activation.linear(), .sigmoid, .tanh, .relu, .leakyReLU(), .elu(), .softmax, .maxout(pieces: 2)])
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
        "step", "linear", "sigmoid", "tanh", "relu", "leaky-relu", "elu", "softmax", "maxout",
      ])
    #expect(Activation.named("Relu") == nil)
  }

  @Test func maxoutRefusesARaggedAxis() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Activation.maxout(pieces: 4)(Tensor.zeros([2, 6]))
    }
    #expect(message(result).contains("maxout(pieces: 4) expects input [..., k · 4], got [2, 6]"))
  }
}
