import DescentNetworks
import DescentTensors
import Testing

/// What layers over spatial axes do beside their numbers: names, starts, messages, and what has no gradient to compare.
@Suite struct SpatialLayerTests {
  @Test func parametersGoByPyTorchsNames() {
    #expect(Conv2D(3, 6, kernel: [3, 5], groups: 3).variables.map(\.name) == ["weight", "bias"])
    #expect(Conv2D(3, 6, kernel: [3, 5], groups: 3).parameters.map(\.shape) == [[6, 1, 3, 5], [6]])
    #expect(ConvTranspose1D(4, 6, kernel: 3, groups: 2).parameters.map(\.shape) == [[4, 3, 3], [6]])
    #expect(DepthwiseConv3D(2, multiplier: 3, kernel: 2).parameters.map(\.shape) == [[6, 1, 2, 2, 2], [6]])
    let separable = SeparableConv2D(3, 8, kernel: 3)
    #expect(separable.variables.map(\.name) == ["depthwise.weight", "pointwise.weight", "pointwise.bias"])
    #expect(separable.parameters.map(\.shape) == [[3, 1, 3, 3], [8, 3, 1, 1], [8]])
  }

  @Test func convolutionsStartAsPyTorchs() {
    let layer = RandomSource.withSeed(1) { Conv2D(8, 64, kernel: 5, groups: 2) }
    let bound = 1 / (4.0 * 25).squareRoot()
    for parameter in layer.parameters {
      let farthest = parameter.value.reals().map(abs).max() ?? 0
      #expect(farthest <= bound * 1.000001 && farthest > 0.9 * bound)
    }
    let chosen = Conv2D(1, 2, kernel: 1, weights: .constant(2), biases: .constant(3))
    #expect(chosen(Tensor.ones([1, 1, 1, 1])).reals() == [5, 5])
  }

  @Test func emptyBatchesPass() {
    let empty = Tensor.zeros([0, 2, 6, 6])
    #expect(Conv2D(2, 3, kernel: 3)(empty).reals().isEmpty)
    #expect(ConvTranspose2D(2, 3, kernel: 3)(empty).shape == [0, 3, 8, 8])
    #expect(MaxPool2D(kernel: 2)(empty).reals().isEmpty)
    #expect(AveragePool2D(kernel: 2)(empty).shape == [0, 2, 3, 3])
    #expect(Upsampling2D(scale: 2)(empty).shape == [0, 2, 12, 12])
    #expect(ReflectionPad2D(2)(empty).shape == [0, 2, 10, 10])
  }

  @Test func theFirstOfEqualElementsTakesTheGradient() {
    let x = Tensor([1, 3, 3, 2, 3, 3] as [Double], shape: [1, 1, 2, 3])
    let (output, places) = MaxPool2D(kernel: [2, 3]).withPlaces(x)
    #expect(gradient(of: output.sum(), with: x).reals() == [0, 1, 0, 0, 0, 0])
    #expect(output.reals() == [3])
    #expect(places.scalars(Int64.self) == [1])
    let missing = Tensor([1, .nan, 3, .infinity] as [Float], shape: [1, 1, 4])
    #expect(MaxPool1D(kernel: 2).withPlaces(missing).places.scalars(Int64.self) == [1, 3])
  }

  /// Overlapping windows may pick one element several times: it takes every window's gradient.
  @Test func elementsOfManyWindowsTakeAllTheirGradients() {
    let x = Tensor([0, 0, 9, 0, 0] as [Float], shape: [1, 1, 5])
    #expect(gradient(of: MaxPool1D(kernel: 3, stride: 1)(x).sum(), with: x).reals() == [0, 0, 3, 0, 0])
  }

  @Test func normsOfNothingHaveNoSlope() {
    let x = Tensor.zeros([1, 1, 4], type: .float64)
    let y = LPPool1D(norm: 2, kernel: 2)(x)
    #expect(gradient(of: y.sum(), with: x).reals() == [0, 0, 0, 0])
    #expect(y.reals() == [0, 0])
  }

  @Test(arguments: [ElementType.float32, .float64])
  func dropoutDropsWholeChannels(type: ElementType) {
    let x = Tensor.full(3, shape: [20, 50, 2, 2], type: type)
    #expect(Dropout2D(0.4)(x).reals() == x.reals())
    let y = RandomSource.withSeed(4) { Mode.training { Dropout2D(0.4)(x) }.reals() }
    var dropped = 0
    for channel in 0..<1000 {
      let elements = Set(y[channel * 4..<channel * 4 + 4].map { ($0 * 1000).rounded() })
      #expect(elements == [0] || elements == [5000])
      if elements == [0] { dropped += 1 }
    }
    #expect(abs(Double(dropped) - 400) < 5 * 240.0.squareRoot())
    let sequence = Mode.training { Dropout1D(0.5)(Tensor.ones([2, 3, 4])) }
    #expect(sequence.shape == [2, 3, 4])
    #expect(Mode.training { Dropout3D(0.5)(Tensor.ones([2, 3, 1, 1, 2])) }.shape == [2, 3, 1, 1, 2])
  }

  @Test func pixelsAreShuffledThereAndBack() {
    let x = normals([2, 8, 3, 2], seed: 1)
    #expect(PixelUnshuffle(2)(PixelShuffle(2)(x)).reals() == x.reals())
  }

  /// All steps of a compiled training step: constants, windows and places are part of the plan.
  @Test func networksOfConvolutionsLearn() {
    let network = RandomSource.withSeed(1) {
      Sequential {
        Conv2D(1, 4, kernel: 3, padding: .same)
        Activation.relu
        MaxPool2D(kernel: 2)
        SeparableConv2D(4, 6, kernel: 3, padding: 1)
        Activation.tanh
        AveragePool2D(kernel: 3, stride: 2, padding: 1, countsPadding: false)
        Flatten()
        Dense(54, 3)
      }
    }
    let pictures = normals([12, 1, 10, 10], seed: 2).cast(to: .float32)
    let classes = Tensor((0..<12).map { Int64($0 % 3) })
    let step = compile { inputs in
      let loss = Loss.crossEntropy(network(inputs[0]), inputs[1])
      let found = gradients(of: loss, with: network.parameters)
      for (parameter, gradient) in zip(network.parameters, found) { parameter.value = parameter.value - gradient * 0.5 }
      return [loss]
    }
    let losses = (0..<80).map { _ in step(pictures, classes)[0].item(Float.self) }
    #expect(losses[0] > 0.8 && losses[79] < 0.5 * losses[0], "\(losses[0]) … \(losses[79])")
  }

  // MARK: Messages

  @Test func convolutionsNameWhatDoesNotFit() async {
    let wrongChannels = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv2D(3, 16, kernel: 5)(Tensor.zeros([32, 1, 28, 28]))
    }
    #expect(
      message(wrongChannels).contains(
        "Conv2D(3 → 16, kernel 5×5) expects input [batch, 3, height, width], got [32, 1, 28, 28]"))
    let tooSmall = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv1D(1, 1, kernel: 5, stride: 2, dilation: 2)(Tensor.zeros([1, 1, 8]))
    }
    #expect(
      message(tooSmall).contains(
        "Conv1D(1 → 1, kernel 5, stride 2, dilation 2) does not fit into input [1, 1, 8] padded by [0] and [0]"))
    let transposed = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ConvTranspose3D(2, 4, kernel: 2)(Tensor.zeros([1, 2, 3, 3]))
    }
    #expect(
      message(transposed).contains(
        "ConvTranspose3D(2 → 4, kernel 2×2×2) expects input [batch, 2, depth, height, width], got [1, 2, 3, 3]"))
  }

  @Test func poolingNamesWhatDoesNotFit() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MaxPool2D(kernel: 2)(Tensor.zeros([4, 28, 28]))
    }
    #expect(
      message(result).contains(
        "MaxPool2D(kernel 2×2, stride 2×2) expects input [batch, channels, height, width], got [4, 28, 28]"))
  }

  @Test func layersRefuseWhatCannotBe() async {
    await #expect(processExitsWith: .failure) { _ = Conv2D(3, 4, kernel: 3, groups: 2) }
    await #expect(processExitsWith: .failure) { _ = Conv2D(3, 4, kernel: 0) }
    await #expect(processExitsWith: .failure) { _ = Conv2D(3, 4, kernel: [3, 3, 3]) }
    await #expect(processExitsWith: .failure) { _ = Conv2D(3, 4, kernel: 3, padding: .causal) }
    await #expect(processExitsWith: .failure) { _ = ConvTranspose2D(3, 4, kernel: 3, outputPadding: 1) }
    await #expect(processExitsWith: .failure) { _ = MaxPool2D(kernel: 2, padding: 2) }
    await #expect(processExitsWith: .failure) { _ = ReflectionPad1D(3)(Tensor.zeros([1, 1, 3])) }
    await #expect(processExitsWith: .failure) { _ = CircularPad1D(4)(Tensor.zeros([1, 1, 3])) }
    await #expect(processExitsWith: .failure) { _ = Cropping1D(2)(Tensor.zeros([1, 1, 3])) }
    await #expect(processExitsWith: .failure) { _ = Reshape([5])(Tensor.zeros([1, 2, 3])) }
    await #expect(processExitsWith: .failure) { _ = Unflatten([4, 2])(Tensor.zeros([1, 6])) }
    await #expect(processExitsWith: .failure) { _ = Permute([1, 3]) }
    await #expect(processExitsWith: .failure) { _ = PixelShuffle(2)(Tensor.zeros([1, 6, 2, 2])) }
    await #expect(processExitsWith: .failure) { _ = Upsampling2D(scale: 2, by: .nearest, alignsCorners: true) }
    await #expect(processExitsWith: .failure) { _ = LPPool1D(norm: 0, kernel: 2) }
    await #expect(processExitsWith: .failure) { _ = Dropout2D(1) }
  }
}
