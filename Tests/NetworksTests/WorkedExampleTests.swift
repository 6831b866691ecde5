import DescentNetworks
import DescentTensors
import Testing

/// Networks whose every number is known from the literature.
@Suite struct WorkedExampleTests {
  /// Two inputs, two hidden units, two outputs, all sigmoid, half squared errors summed.
  struct Example {
    let first, second: Dense
    let inputs, targets: Tensor

    init(
      hidden: [Double], hiddenBias: Double, output: [Double], outputBias: Double, inputs: [Double], targets: [Double]
    ) {
      first = Dense(weight: Tensor(hidden, shape: [2, 2]), bias: Tensor([hiddenBias, hiddenBias]))
      second = Dense(weight: Tensor(output, shape: [2, 2]), bias: Tensor([outputBias, outputBias]))
      self.inputs = Tensor(inputs, shape: [1, 2])
      self.targets = Tensor(targets, shape: [1, 2])
    }

    var network: Sequential { Sequential([first, Activation.sigmoid, second, Activation.sigmoid]) }

    var hidden: [Double] { first(inputs).sigmoid().reals() }
    var outputs: [Double] { network(inputs).reals() }
    var error: Tensor { Loss.halfSumOfSquares(network(inputs), targets, reduction: .sum) }

    /// The gradients of both weights; then they are moved against them.
    func step(rate: Double) -> (first: [Double], second: [Double]) {
      let found = gradients(of: error, with: [first.weight, second.weight])
      evaluate(found)
      for (weight, gradient) in zip([first.weight, second.weight], found) {
        weight.value = weight.value - gradient * rate
      }
      return (found[0].reals(), found[1].reals())
    }
  }

  /// Whether a number prints as these digits: within half a unit of the ninth decimal and rounding on the way.
  private func expect(
    _ number: Double, _ digits: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(abs(number - digits) < 1e-9, "\(number), not \(digits)", sourceLocation: sourceLocation)
  }

  @Test func backPropagationAtRateOneHalf() {
    let example = Example(
      hidden: [0.15, 0.20, 0.25, 0.30], hiddenBias: 0.35, output: [0.40, 0.45, 0.50, 0.55], outputBias: 0.60,
      inputs: [0.05, 0.10], targets: [0.01, 0.99])
    expect(example.hidden[0], 0.593269992)
    expect(example.hidden[1], 0.596884378)
    expect(example.outputs[0], 0.751365070)
    expect(example.outputs[1], 0.772928465)
    expect(example.error.item(), 0.298371109)
    let gradients = example.step(rate: 0.5)
    expect(gradients.second[0], 0.082167041)
    expect(example.first.weight.value.reals()[0], 0.149780716)
    let output = example.second.weight.value.reals()
    expect(output[0], 0.358916480)
    expect(output[1], 0.408666186)
    expect(output[2], 0.511301270)
    expect(output[3], 0.561370121)
  }

  @Test func backPropagationAtRateOne() {
    let example = Example(
      hidden: [0.05, 0.15, 0.10, 0.20], hiddenBias: 0.35, output: [0.25, 0.35, 0.30, 0.40], outputBias: 0.50,
      inputs: [0.10, 0.20], targets: [0.85, 0.30])
    expect(example.hidden[0], 0.595078474)
    expect(example.hidden[1], 0.598687660)
    expect(example.outputs[0], 0.702307507)
    expect(example.outputs[1], 0.714634132)
    expect(example.error.item(), 0.096867268)
    let gradients = example.step(rate: 1)
    expect(gradients.first[0], 0.000425237)
    expect(gradients.second[0], -0.018375021)
    expect(example.second.weight.value.reals()[0], 0.268375021)
  }

  // MARK: Logic

  private static let corners = Tensor([0, 0, 0, 1, 1, 0, 1, 1] as [Double], shape: [4, 2])

  /// A sigmoid neuron of weights [bias, first, second].
  private func neuron(_ weights: Double...) -> Sequential {
    Sequential {
      Dense(weight: Tensor(Array(weights.dropFirst()), shape: [1, 2]), bias: Tensor([weights[0]]))
      Activation.sigmoid
    }
  }

  private func expectTruth(_ neuron: Sequential, _ table: [Double]) {
    expectClose(neuron(Self.corners), Tensor(table, shape: [4, 1]), absolute: 1e-4)
  }

  @Test func neuronsAreLogic() {
    expectTruth(neuron(-30, 20, 20), [0, 0, 0, 1])
    expectTruth(neuron(-10, 20, 20), [0, 1, 1, 1])
    expectTruth(neuron(30, -20, -20), [1, 1, 1, 0])
  }

  /// The exclusive or: OR and NAND in the first layer, AND of both in the second.
  @Test func twoLayersSeparateWhatOneCannot() {
    let network = Sequential {
      Dense(weight: Tensor([20, 20, -20, -20] as [Double], shape: [2, 2]), bias: Tensor([-10.0, 30]))
      Activation.sigmoid
      Dense(weight: Tensor([20, 20] as [Double], shape: [1, 2]), bias: Tensor([-30.0]))
      Activation.sigmoid
    }
    expectTruth(network, [0, 1, 1, 0])
    // true in the band ½ < x + y < 1½ and nowhere else
    let points = Tensor([0.1, 0.2, 0.9, 0.9, 0.3, 0.6, 0.8, 0.2, -1, 1, 2, -1, 3, -3, 1, 2], shape: [8, 2])
    let isInside = (network(points) .> 0.5).scalars(Bool.self)
    #expect(isInside == [false, false, true, true, false, true, false, false])
  }

  @Test func neuronWithoutActivation() {
    let neuron = Dense(weight: Tensor([0.1, 0.03, 0.06], shape: [1, 3]), bias: Tensor([0.0]))
    expect(neuron(Tensor([1.0, 180, 70], shape: [1, 3])).item(), 9.7)
  }

  // MARK: Derivatives

  /// h1 = (w1·x + b1)/8, h2 = (w2·h1 + b2)/7, o = (w3·h2 + b3)/9: ∂o/∂w1 = w3·w2·x/504.
  @Test func chainRule() {
    let numbers = [0.7, -1.3, 2.1, 0.2, -0.4, 0.9, 3.5]
    let points = numbers.map { Tensor($0) }
    let output = { (v: [Tensor]) in
      let first = (v[0] * v[6] + v[3]) / 8
      let second = (v[1] * first + v[4]) / 7
      return (v[2] * second + v[5]) / 9
    }
    let byGraph = gradient(of: output(points), with: points[0]).item(Double.self)
    let expected = numbers[2] * numbers[1] * numbers[6] / 504
    #expect(abs(byGraph - expected) < 1e-15)
    #expect(gradientCheck(of: output, at: points) == [])
  }

  @Test func descendsAPlane() {
    let point = Parameter(Tensor([2.0, 4]))
    for _ in 0..<300 {
      let slope = gradients(of: point.value.sum(), with: [point])[0]
      point.value = point.value - slope * 0.01
    }
    let end = point.value.reals()
    #expect(abs(end[0] + 1) < 1e-12 && abs(end[1] - 1) < 1e-12 && abs(end[0] + end[1]) < 1e-12)
  }

  @Test(arguments: [-2, -1, 0, 0.5, 1, 3] as [Double])
  func secondDerivatives(at place: Double) {
    func second(_ function: (Tensor) -> Tensor) -> Double {
      let x = Tensor(place)
      return gradient(of: gradient(of: function(x), with: x), with: x).item()
    }
    #expect(second { $0 * $0 } == 2)
    #expect(second { 1 + 2 * $0 - $0 * $0 } == -2)
    #expect(second { $0.power(2) } == 2)
    // d²/dx² ln cosh x = sech² x, at 0 too
    let logCosh = second { Loss.logCosh($0.reshaped(to: [1]), Tensor([0.0])) }
    let cosine = (Tensor(place).exp() + Tensor(-place).exp()).item(Double.self) / 2
    #expect(abs(logCosh - 1 / (cosine * cosine)) < 1e-12)
  }

  /// f = x⁴ − 3xyz: ∂f/∂x = 4x³ − 3yz, ∂f/∂y = −3xz, ∂f/∂z = −3xy.
  @Test func partialDerivatives() {
    let (x, y, z) = (1.5, -2.0, 0.7)
    let points = [x, y, z].map { Tensor($0) }
    let f = { (v: [Tensor]) in v[0] * v[0] * v[0] * v[0] - 3 * v[0] * v[1] * v[2] }
    let found = gradients(of: f(points), with: points).map { $0.item(Double.self) }
    for (derivative, expected) in zip(found, [4 * x * x * x - 3 * y * z, -3 * x * z, -3 * x * y]) {
      #expect(abs(derivative - expected) < 1e-12)
    }
    #expect(gradientCheck(of: f, at: points) == [])
  }
}
