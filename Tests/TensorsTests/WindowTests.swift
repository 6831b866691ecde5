import Testing

@testable import DescentTensors

/// Windows over spatial axes: kernels against the operations' definitions, and gradients of gradients.
@Suite struct WindowTests {
  /// Windows of every kind over one to three axes.
  private func windows(_ random: inout Randomness) -> Windows {
    while true {
      let rank = 1 + random.below(3)
      func numbers(_ first: Int, _ count: Int) -> [Int] {
        var found: [Int] = []
        for _ in 0..<rank { found.append(first + random.below(count)) }
        return found
      }
      let extents = numbers(1, rank == 1 ? 40 : 9)
      let (kernel, dilation) = (numbers(1, 4), numbers(1, 3))
      let (low, high) = (numbers(0, 3), numbers(0, 3))
      let fits = (0..<rank).allSatisfy { axis in
        let room: Int = extents[axis] + low[axis] + high[axis]
        return room > dilation[axis] * (kernel[axis] - 1)
      }
      guard fits else { continue }
      return Windows(
        over: extents, kernel: kernel, stride: numbers(1, 3), dilation: dilation, low: low, high: high,
        ceilMode: random.isTrue())
    }
  }

  private func expectAgreement(_ tensor: Tensor, _ what: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let slow = planned([tensor], options: .definitions)
    for threads in [1, 3] {
      var settings = ExecutionSettings.current
      settings.threads = threads
      let fast = planned([tensor], settings: settings)
      let definitions = fast.plan.steps.map(\.name).filter { $0.hasSuffix("(definition)") }
      #expect(definitions.isEmpty, "\(what): \(definitions)", sourceLocation: sourceLocation)
      expect(fast.outputs[0], slow.outputs[0].reals(), shape: tensor.shape, what, sourceLocation: sourceLocation)
    }
  }

  @Test func kernelsAgreeWithDefinitions() {
    var random = Randomness(1)
    for _ in 0..<60 {
      let windows = windows(&random)
      let planes = [random.below(3), 1 + random.below(4)]
      let x = random.floats(planes + windows.extents)
      expectAgreement(.applying(Unfold(windows: windows), to: [x]), "unfold \(windows)")
      let columns = planes + [windows.kernel.reduce(1, *), windows.counts.reduce(1, *)]
      expectAgreement(.applying(Fold(windows: windows), to: [random.floats(columns)]), "fold \(windows)")
      let places = GreatestPlaces(windows)
      if places.axes.allSatisfy({ zip($0.starts, $0.ends).allSatisfy { $0 < $1 } }) {
        expectAgreement(.applying(places, to: [x]), "places \(windows)")
      }
    }
  }

  @Test func placesOfEqualElementsAndNaN() {
    var random = Randomness(2)
    let pool: [Float] = [-1, -0.0, 0, 1, .infinity, -.infinity, .nan]
    for usable in [4, 6, 7] {
      // wide enough for whole vectors, and a rest
      let wide = Tensor((0..<2 * 7 * 42).map { _ in pool[random.below(usable)] }, shape: [1, 2, 7, 42])
      expectAgreement(
        .applying(GreatestPlaces(Windows(over: [7, 42], kernel: [2, 2], stride: [2, 2])), to: [wide]), "wide")
      let x = Tensor((0..<2 * 8 * 9).map { _ in pool[random.below(usable)] }, shape: [1, 2, 8, 9])
      for windows in [
        Windows(over: [8, 9], kernel: [2, 2], stride: [2, 2]), Windows(over: [8, 9], kernel: [3, 3], low: [1, 1]),
      ] { expectAgreement(.applying(GreatestPlaces(windows), to: [x]), "\(windows)") }
      expectAgreement(.applying(GreatestPlaces(dividing: [8, 9], into: [3, 4]), to: [x]), "adaptive")
    }
  }

  @Test func gatheringAgreesWithItsDefinition() {
    var random = Randomness(3)
    for (rows, extent, count) in [(0, 3, 2), (1, 1, 1), (5, 7, 3), (40, 100, 25)] {
      let places = Tensor((0..<rows * count).map { _ in Int64(random.below(extent)) }, shape: [rows, count])
      expectAgreement(random.floats([rows, extent]).gather(places, axis: 1), "gather \(rows)")
      let operation = GatherBack(axis: 1, extent: extent)
      expectAgreement(.applying(operation, to: [random.floats([rows, count]), places]), "scatter \(rows)")
    }
  }

  @Test func placesOutsideStopTheProgram() async {
    await #expect(processExitsWith: .failure) {
      let places = Tensor([3] as [Int64], shape: [1, 1])
      _ = Tensor([1, 2, 3] as [Float], shape: [1, 3]).gather(places, axis: 1).reals()
    }
  }

  /// Sums of channels are over the batch and the pixels.
  @Test func reductionsOverTwoStretchesOfAxes() {
    var random = Randomness(4)
    for (shape, axes) in [
      ([3, 4, 5], [0, 2]), ([2, 3, 4, 5], [0, 2, 3]), ([2, 3, 1, 5], [0, 3]), ([2, 3, 4, 5], [0, 1, 3]),
      ([128, 2, 100], [0, 2]), ([2, 0, 3], [0, 2]), ([0, 2, 3], [0, 2]), ([3, 2, 4, 2, 5], [1, 3]),
    ] as [(Shape, [Int])] {
      let x = random.floats(shape) * 0.25
      expectAgreement(x.sum(axes: axes), "sum of \(shape) over \(axes)")
      if shape.elementCount > 0 {
        expectAgreement(x.max(axes: axes, keepsAxes: true), "max of \(shape) over \(axes)")
      }
    }
  }

  /// More matrices than threads are divided among them, whole.
  @Test func productsOfManyMatrices() {
    var random = Randomness(5)
    for (left, right) in [
      ([1, 6, 25], [64, 1, 25, 90]), ([64, 2, 6, 20], [64, 2, 20, 33]), ([40, 1, 30], [40, 30, 70]),
    ] as [(Shape, Shape)] {
      let (a, b) = (random.floats(left), random.floats(right))
      expectAgreement(a.matmul(b) * 0.1, "\(left) · \(right)")
    }
  }

  /// Convolutions and both of their gradients, of any windows and groups.
  @Test func convolutionsAgreeWithTheirDefinitions() {
    var random = Randomness(7)
    for _ in 0..<25 {
      let (windows, groups) = (windows(&random), 1 + random.below(3))
      let (inputs, outputs) = (groups * (1 + random.below(2)), groups * (1 + random.below(3)))
      expectConvolutions(windows, batch: 1 + random.below(3), inputs, outputs, groups: groups, &random)
    }
  }

  /// Enough work for several threads: samples and groups for each of them, or fewer, whose parts they share.
  @Test(arguments: [(5, 8, 12, 1), (2, 8, 28, 1), (1, 24, 40, 2), (40, 1, 12, 1)])
  func threadsShareConvolutions(batch: Int, inputs: Int, outputs: Int, groups: Int) {
    var random = Randomness(8)
    let pictures = Windows(over: [13, 14], kernel: [3, 3], low: [1, 1])
    expectConvolutions(pictures, batch: batch, inputs, outputs, groups: groups, &random)
    let points = Windows(over: [13, 14], kernel: [1, 1])
    expectConvolutions(points, batch: batch, inputs, outputs, groups: groups, &random)
  }

  private func expectConvolutions(
    _ windows: Windows, batch: Int, _ inputs: Int, _ outputs: Int, groups: Int, _ random: inout Randomness
  ) {
    let form = ConvolutionForm(windows: windows, groups: groups)
    let x = random.floats([batch, inputs] + windows.extents) * 0.1
    let y = random.floats([batch, outputs] + windows.counts) * 0.1
    let w = random.floats([outputs, inputs / groups] + windows.kernel) * 0.1
    evaluate(x, y, w)
    let what = "\(windows), batch \(batch), \(inputs) to \(outputs) in \(groups) groups"
    expectAgreement(.applying(Convolve(form: form), to: [x, w]), "output: \(what)")
    expectAgreement(.applying(ConvolveToInput(form: form), to: [y, w]), "to input: \(what)")
    expectAgreement(.applying(ConvolveToWeights(form: form), to: [x, y]), "to weights: \(what)")
  }

  /// A weight's gradient is summed in the same order whatever the number of threads.
  @Test func threadsDoNotChangeAConvolution() {
    var random = Randomness(9)
    let windows = Windows(over: [13, 14], kernel: [3, 3], low: [1, 1])
    let (x, y) = (random.floats([19, 3, 13, 14]), random.floats([19, 5, 13, 14]))
    let gradient = Tensor.applying(
      ConvolveToWeights(form: ConvolutionForm(windows: windows, groups: 1)), to: [x, y])
    let found = [1, 2, 5, 40].map { threads in
      var settings = ExecutionSettings.current
      settings.threads = threads
      return planned([gradient], settings: settings).outputs[0].reals()
    }
    #expect(found.allSatisfy { $0 == found[0] })
  }

  private static let picture = Windows(over: [4, 3], kernel: [2, 2], stride: [2, 1], low: [1, 0], high: [0, 1])

  private static let twice: [(String, [Shape], @Sendable ([Tensor]) -> Tensor)] = [
    ("unfold", [[1, 2, 4, 3]], { $0[0].sin().unfolded(picture).exp() }),
    ("fold", [[1, 2, 4, 6]], { $0[0].folded(picture).exp() }),
    (
      "convolution", [[1, 2, 4, 3], [2, 1, 2, 2]], { $0[0].convolved(with: $0[1], windows: picture, groups: 2).sin() }
    ),
    (
      "transposed convolution", [[1, 2, 2, 3], [2, 1, 2, 2]],
      { $0[0].transposeConvolved(with: $0[1], windows: picture).sin() }
    ),
    ("max pooling", [[1, 2, 4, 3]], { $0[0].maxPooled(picture).values.exp() }),
    ("average pooling", [[1, 2, 4, 3]], { $0[0].averagePooled(picture).exp() }),
    ("norm pooling", [[1, 2, 4, 3]], { ($0[0].sin() + 2).normPooled(picture, norm: 3) }),
    ("interpolation", [[1, 2, 4, 3]], { $0[0].interpolated(to: [3, 7], by: .cubic).exp() }),
    ("circular padding", [[1, 2, 2]], { $0[0].padded(low: [0, 1, 1], high: [0, 0, 2], by: .circular).exp() }),
  ]

  @Test(arguments: 0..<twice.count)
  func gradientsOfGradients(row: Int) {
    let (name, shapes, function) = Self.twice[row]
    var random = Randomness(UInt64(row))
    let points = shapes.map { shape in
      Tensor((0..<shape.elementCount).map { _ in Double.random(in: -1..<1, using: &random) }, shape: shape)
    }
    expectGradient(name, at: points, of: function)
    expectGradient("\(name), twice", at: points) { points in
      let found = gradients(of: function(points).sum(), with: points)
      return zip(found, points).reduce(Tensor(0.0)) { $0 + ($1.0 * $1.1.sin()).sum() }
    }
  }

  /// Every step of the training of a small network of convolutions has a kernel.
  @Test func networksOfConvolutionsRunOnKernels() {
    var random = Randomness(6)
    let (x, w1, b1) = (random.floats([8, 1, 12, 12]), random.floats([4, 1, 5, 5]), random.floats([4, 1, 1]))
    let (w2, b2) = (random.floats([6, 2, 3, 3]) * 0.1, random.floats([6, 1, 1]))
    let first = x.convolved(with: w1, windows: Windows(over: [12, 12], kernel: [5, 5], low: [2, 2])) * 0.1 + b1
    let pooled = first.maximum(0).maxPooled(Windows(over: [12, 12], kernel: [2, 2], stride: [2, 2])).values
    let second = pooled.convolved(with: w2, windows: Windows(over: [6, 6], kernel: [3, 3]), groups: 2) * 0.1 + b2
    let loss = second.tanh().averagePooled(Windows(over: [4, 4], kernel: [2, 2], stride: [2, 2])).squared().mean()
    let tensors = [loss] + gradients(of: loss, with: [w1, b1, w2, b2])
    let fast = planned(tensors)
    let slow = planned(tensors, options: .definitions)
    let definitions = fast.plan.steps.map(\.name).filter { $0.hasSuffix("(definition)") }
    #expect(definitions.isEmpty, "\(definitions)")
    for (place, (tensor, wanted)) in zip(fast.outputs, slow.outputs).enumerated() {
      expect(tensor, wanted.reals(), shape: wanted.shape, "\(place)")
    }
  }

  /// The definition written out, at one place after the other.
  @Test func convolutionByHand() {
    let x = ramp([1, 1, 3, 3], from: 1, by: 1)
    let weight = Tensor([1, 2, 3, 4] as [Double], shape: [1, 1, 2, 2])
    let windows = Windows(over: [3, 3], kernel: [2, 2])
    expect(x.convolved(with: weight, windows: windows), [37, 47, 67, 77], shape: [1, 1, 2, 2])
    expect(
      Tensor.ones([1, 1, 2, 2], type: .float64).transposeConvolved(with: weight, windows: windows),
      [1, 3, 2, 4, 10, 6, 3, 7, 4], shape: [1, 1, 3, 3])
  }
}
