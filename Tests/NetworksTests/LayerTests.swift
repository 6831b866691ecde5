import DescentNetworks
import DescentTensors
import Testing

@Suite struct LayerTests {
  // MARK: Dense

  @Test func denseIsAProductAndABias() {
    let dense = Dense(weight: Tensor([1, 2, 3, 4, 5, 6] as [Double], shape: [2, 3]), bias: Tensor([10.0, 20]))
    #expect(dense(Tensor([1, 0, -1] as [Double], shape: [1, 3])).reals() == [8, 18])
    #expect(dense(Tensor([1, 0, -1] as [Double])).shape == [2])
    #expect(dense(Tensor.zeros([2, 5, 3], type: .float64)).shape == [2, 5, 2])
    #expect(dense(Tensor.zeros([0, 3], type: .float64)).shape == [0, 2])
  }

  @Test(arguments: [[4, 3], [3], [2, 2, 3], [1, 3]] as [Shape])
  func gradientOfDense(shape: Shape) {
    let points = [normals(shape, seed: 1), normals([2, 3], seed: 2), normals([2], seed: 3)]
    let layer = { (v: [Tensor]) in v[0].matmul(v[1], transposingOther: true) + v[2] }
    let dense = Dense(weight: points[1], bias: points[2])
    #expect(dense(points[0]).reals() == layer(points).reals())
    #expect(gradientCheck(of: { Dense(weight: $0[1], bias: $0[2])($0[0]) }, at: points) == [])
    let found = gradients(of: dense(points[0]).squared().sum(), with: dense.parameters)
    let expected = DescentTensors.gradients(of: layer(points).squared().sum(), with: [points[1], points[2]])
    for (gradient, wanted) in zip(found, expected) { expectClose(gradient, wanted, absolute: 1e-12) }
  }

  @Test func denseNamesWhatDoesNotFit() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Dense(784, 10)(Tensor.zeros([32, 783]))
    }
    #expect(message(result).contains("Dense(784 → 10) expects input [..., 784], got [32, 783]"))
    await #expect(processExitsWith: .failure) { _ = Dense(0, 10) }
    await #expect(processExitsWith: .failure) { _ = Dense(weight: Tensor.zeros([2, 3]), bias: Tensor.zeros([3])) }
  }

  // MARK: Dropout and flatten

  @Test func cellsAndMasksNameWhatDoesNotFit() async {
    let cell = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RNNCell(3, 4)(Tensor.zeros([3]))
    }
    #expect(message(cell).contains("RNNCell(3 → 4) expects input [batch, 3] and a state of [batch, 4], got [3] and []"))
    let state = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRUCell(3, 4)(Tensor.zeros([2, 3]), state: Tensor.zeros([1, 4]))
    }
    #expect(message(state).contains("got [2, 3] and [[1, 4]]"))
    let keys = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([2, 5, 4])
      _ = MultiHeadAttention(4, heads: 2)(x, x, x, keyMask: Tensor.ones([2, 5]))
    }
    #expect(message(keys).contains("the key mask must be bool[2, 5], got float32[2, 5]"))
    let mask = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor.zeros([2, 5, 4])
      _ = scaledDotProductAttention(x, x, x, mask: Tensor.ones([3, 5, 5]) .> 0)
    }
    #expect(message(mask).contains("the mask [3, 5, 5] does not fit the scores [2, 5, 5]"))
  }

  @Test func dropoutPassesInInference() {
    let x = normals([4, 5], seed: 1)
    #expect(Dropout(0.5)(x).reals() == x.reals())
    #expect(Mode.training { Dropout(0)(x) }.reals() == x.reals())
  }

  @Test(arguments: [0.1, 0.5, 0.9], [ElementType.float32, .float64])
  func dropoutKeepsTheExpectedSum(probability: Double, type: ElementType) {
    let count = 100_000
    let y = RandomSource.withSeed(3) {
      Mode.training { Dropout(probability)(Tensor.full(2, shape: [count], type: type)) }.reals()
    }
    let dropped = Double(y.count { $0 == 0 })
    let deviation = (Double(count) * probability * (1 - probability)).squareRoot()
    #expect(abs(dropped - Double(count) * probability) < 5 * deviation)
    let kept = 2 / (1 - probability)
    #expect(y.allSatisfy { $0 == 0 || abs($0 / kept - 1) < 1e-6 })
  }

  @Test func dropoutDrawsAnewAtEveryCallOfAStep() {
    let x = Tensor.ones([1000])
    let draw = {
      RandomSource.withSeed(5) {
        Mode.training {
          let step = compile { [Dropout(0.5)($0[0])] }
          return (step(x)[0].reals(), step(x)[0].reals())
        }
      }
    }
    let (once, again) = (draw(), draw())
    #expect(once.0 != once.1)
    #expect(once == again)
    let eager = RandomSource.withSeed(5) {
      Mode.training { (Dropout(0.5)(x).reals(), Dropout(0.5)(x).reals()) }
    }
    #expect(eager.0 != eager.1)
  }

  /// One compiled step serves both modes, each with a plan of its own.
  @Test func theModeIsPartOfAPlan() {
    let step = compile { [Dropout(0.5)($0[0])] }
    let x = Tensor.ones([100])
    #expect(step(x)[0].reals().allSatisfy { $0 == 1 })
    #expect(Mode.training { step(x)[0] }.reals().contains(0))
    #expect(step(x)[0].reals().allSatisfy { $0 == 1 })
  }

  @Test func gradientOfDropoutIsItsMask() {
    let x = normals([50], seed: 2)
    let (y, slope) = Mode.training {
      let y = Dropout(0.4)(x)
      return (y, gradient(of: y.sum(), with: x))
    }
    evaluate(y, slope)
    for (value, (input, slope)) in zip(y.reals(), zip(x.reals(), slope.reals())) {
      #expect(abs(value - input * slope) < 1e-12)
    }
  }

  @Test func dropoutRefusesProbabilitiesOutsideItsRange() async {
    await #expect(processExitsWith: .failure) { _ = Dropout(1) }
    await #expect(processExitsWith: .failure) { _ = Dropout(-0.1) }
    await #expect(processExitsWith: .failure) { _ = Dropout(.nan) }
  }

  @Test func flattenJoinsTheAxesOfASample() async {
    #expect(Flatten()(Tensor.zeros([5, 2, 3, 4])).shape == [5, 24])
    #expect(Flatten()(Tensor.zeros([5, 2])).shape == [5, 2])
    #expect(Flatten()(Tensor.zeros([0, 2, 3])).shape == [0, 6])
    #expect(gradientCheck(of: { Flatten()($0[0]).tanh() }, at: [normals([2, 2, 3], seed: 4)]) == [])
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Flatten()(Tensor.zeros([5]))
    }
    #expect(message(result).contains("Flatten expects input [batch, ...] of two axes or more, got [5]"))
  }

  /// Keras' Masking: a step of nothing but the value is none. Differences would jump there, so slopes are exact.
  @Test func maskingSilencesSteps() {
    let input = Tensor([7, 7, 1, 7, 2, 3, 7, 7] as [Double], shape: [2, 2, 2])
    let layer = Masking(7)
    #expect(layer(input).reals() == [0, 0, 1, 7, 2, 3, 0, 0])
    #expect(layer.mask(of: input).reals() == [0, 1, 1, 0])
    let slopes = gradients(of: layer(input).squared().sum(), with: [input])[0]
    #expect(slopes.reals() == [0, 0, 2, 14, 4, 6, 0, 0])
  }

  // MARK: Networks of dense layers

  @Test func denseNetworksAreMadeOfTheirLayers() throws {
    let network = Sequential.dense(inputs: 8, hidden: [6, 4], outputs: 3, activation: .tanh, dropout: 0.2)
    #expect(
      network.layers.map { "\(Swift.type(of: $0))" } == [
        "Dense", "Activation", "Dropout", "Dense", "Activation", "Dropout", "Dense",
      ])
    #expect(network.parameters.map(\.shape) == [[6, 8], [6], [4, 6], [4], [3, 4], [3]])
    #expect((network.layers[2] as? Dropout)?.probability == 0.2)
    #expect(network(Tensor.zeros([2, 8])).shape == [2, 3])
    let linear = Sequential.dense(inputs: 8, outputs: 1, output: .sigmoid)
    #expect(linear.layers.count == 2 && linear.layers[1] as? Activation == .sigmoid)
    #expect(linear.parameters.allSatisfy { $0.value.type == .float32 })
  }

  @Test(arguments: Activation.all)
  func everyActivationMakesANetwork(activation: Activation) {
    let network = Sequential.dense(
      inputs: 8, hidden: [6, 4], outputs: 3, activation: activation, output: activation, type: .float64)
    #expect(network(normals([2, 8], seed: 1)).shape == [2, 3])
  }

  @Test func weightsSuitTheActivation() throws {
    for (activation, variance) in [(Activation.relu, 2.0 / 300), (.elu(), 2.0 / 300), (.tanh, 2.0 / 500)] {
      let network = RandomSource.withSeed(1) {
        Sequential.dense(inputs: 300, hidden: [200], outputs: 100, activation: activation)
      }
      // the output layer is Glorot's always
      for (index, variance) in [(0, variance), (2, 2.0 / 300)] {
        let bound = (3 * variance).squareRoot()
        let farthest = network.parameters[index].value.reals().map(abs).max() ?? 0
        #expect(farthest <= bound * 1.000001 && farthest > 0.99 * bound, "\(activation) \(index)")
      }
      #expect(network.parameters[1].value.reals().allSatisfy { $0 == 0 })
    }
  }
}
