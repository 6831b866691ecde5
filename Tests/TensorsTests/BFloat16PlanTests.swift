import Testing

@testable import DescentTensors

/// Operations that have no kernel for bfloat16: computed in float32, and rounded once.
@Suite struct BFloat16PlanTests {
  /// Operations of one tensor [4, 6, 5] of every family that does not move bytes only.
  private static let operations: [(name: String, function: @Sendable (Tensor) -> Tensor)] = [
    ("sum", { $0.sum(axes: [1]) }), ("sum of all", { $0.sum() }), ("product", { $0.product(axes: [2]) }),
    ("max", { $0.max(axes: [0]) }), ("min", { $0.min(axes: [2], keepsAxes: true) }),
    ("argmax", { $0.argmax(axes: [1]) }),
    ("argmin", { $0.argmin() }), ("softmax", { $0.softmax() }), ("logSoftmax", { $0.logSoftmax(axes: [1]) }),
    ("sparsemax", { $0.sparsemax() }),
    ("cross-entropy", { $0.softmaxCrossEntropy(Tensor((0..<24).map { Int64($0 % 5) }, shape: [4, 6])) }),
    ("scatter", { Tensor.zeros([9, 6, 5], type: $0.type).scatterAdding($0, at: Tensor([1, 1, 8, 1] as [Int64])) }),
    ("max pooling", { $0.maxPooled(Windows(over: [5], kernel: [2])).values }),
    ("places of maxima", { $0.maxPooled(Windows(over: [5], kernel: [2])).places }),
    (
      "unpooling",
      { x in
        let (values, places) = x.maxPooled(Windows(over: [5], kernel: [2]))
        return values.maxUnpooled(places, to: [5])
      }
    ),
    (
      "fold",
      { $0.unfolded(Windows(over: [5], kernel: [3], low: [1])).folded(Windows(over: [5], kernel: [3], low: [1])) }
    ),
  ]

  private static func input() -> Tensor {
    var random = Randomness(21)
    let x = random.floats([4, 6, 5]).cast(to: .bfloat16)
    evaluate(x)
    return x
  }

  @Test(arguments: operations.indices)
  func resultsAreThoseOfFloat32Rounded(row: Int) {
    let (name, function) = Self.operations[row]
    let x = Self.input()
    for options in [PlanOptions.standard, .definitions] {
      let result = function(x)
      let wide = planned([function(x.cast(to: .float32))], options: options).outputs[0]
      let expected = wide.type == .float32 ? planned([wide.cast(to: .bfloat16)], options: options).outputs[0] : wide
      let found = planned([result], options: options).outputs[0]
      #expect(found.signature == result.signature && result.type == expected.type, "\(name)")
      #expect(found.bytes == expected.bytes, "\(name): \(found) is not \(expected)")
    }
  }

  /// What one such operation hands to another one is not rounded in between where nothing else reads it.
  @Test func chainsAreRoundedOnce() {
    // 256 and 257, which bfloat16 has not
    let x = halves(128, 128, 0, 128, 128, 1, shape: [2, 3])
    let sums = x.sum(axes: [1])
    #expect(planned([sums.argmax()]).outputs[0].reals() == [1])
    #expect(planned([sums.reshaped(to: [1, 2]).argmax()]).outputs[0].reals() == [1])
    #expect(planned([sums.argmax(), sums]).outputs.map { $0.reals() } == [[0], [256, 256]])
    #expect(planned([sums.argmax()], options: .definitions).outputs[0].reals() == [0])
  }

  /// Every way through the product's step: transposed, in batches, broadcast, of one row, by several threads, with what
  /// follows it.
  @Test(arguments: [1, 2, 3])
  func productsAreThoseOfFloat32Rounded(threads: Int) {
    var random = Randomness(31)
    var settings = ExecutionSettings(threads: threads)
    for products in [ExecutionSettings.ProductLibrary.own, .oneDNN] {
      settings.products = products
      for (left, right, transposes) in [
        ([1, 1], [1, 1], false), ([7, 13], [13, 5], false), ([7, 13], [5, 13], true), ([1, 300], [300, 40], false),
        ([130, 70], [70, 90], false), ([64, 512], [48, 512], true), ([3, 0], [0, 4], false),
        ([300, 600], [600, 1], false),
        ([5, 3, 6], [5, 6, 2], false), ([3, 1, 2, 4], [5, 4, 3], false), ([8, 16, 12], [16, 12], true),
        ([1, 20, 30], [9, 30, 40], false), ([0, 3, 4], [4, 5], false), ([400, 300], [300, 400], false),
      ] as [(Shape, Shape, Bool)] {
        let (a, b) = (random.floats(left).cast(to: .bfloat16), random.floats(right).cast(to: .bfloat16))
        evaluate(a, b)
        func result(_ a: Tensor, _ b: Tensor) -> Tensor { a.matmul(b, transposingOther: transposes) }
        let (wideA, wideB) = (a.cast(to: .float32), b.cast(to: .float32))
        evaluate(wideA, wideB)
        let expected = planned([result(wideA, wideB)], settings: settings).outputs[0].cast(to: .bfloat16)
        let name = "\(left) times \(right) by \(products)"
        #expect(planned([result(a, b)], settings: settings).outputs[0].bytes == expected.bytes, "\(name)")
        let row = Tensor((0..<(expected.shape.last ?? 1)).map { BFloat16(Float($0 % 5) - 2) })
        let follows = (result(a, b) + row).maximum(0)
        #expect(
          planned([follows], settings: settings).outputs[0].bytes
            == planned([(expected + row).maximum(0)], options: .definitions).outputs[0].bytes, "\(name) + row")
      }
    }
  }

  /// What is kept for the way back lies in two bytes a number: a chain of layers, each with a product, lives in little more
  /// than half the memory.
  @Test func halfTheMemoryIsKept() {
    func bytes(_ type: ElementType) -> Int {
      let weights = (0..<12).map { Variable(Tensor.ones([16, 16], type: type).evaluated * Double($0 + 1)) }
      let step = compile { [weights] arguments in
        var x = arguments[0]
        for weight in weights { x = x.matmul(weight.value).tanh() + x.mean(axes: [1], keepsAxes: true) }
        return gradients(of: x.cast(to: .float32).sum(), with: weights.map(\.value))
      }
      return step.plan(for: [Tensor.ones([2000, 16], type: type).evaluated]).plan.liveByteCount
    }
    let (float, half) = (bytes(.float32), bytes(.bfloat16))
    #expect(Double(half) < 0.7 * Double(float), "\(half) and \(float) bytes")
  }

  /// The gradient passes through casts in the type of each value, and reaches float32 as float32.
  @Test func gradientsPassThroughCasts() {
    let w = Tensor([0.3, -1.7, 2.9, 0.01] as [Float], shape: [2, 2])
    let x = Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [3, 2])
    let product = x.cast(to: .bfloat16).matmul(w.cast(to: .bfloat16))
    let loss = (product.cast(to: .float32) * 0.5).sum()
    let gradient = gradient(of: loss, with: w)
    #expect(gradient.type == .float32)
    // ½ Σ x over the rows, in numbers that bfloat16 has
    #expect(gradient.scalars(Float.self) == [4.5, 4.5, 6, 6])
    // second order, and back to float64
    let double = Tensor([0.5, 1.5])
    let cubes = (double.cast(to: .bfloat16) * double.cast(to: .bfloat16) * double.cast(to: .bfloat16)).sum()
    let first = DescentTensors.gradient(of: cubes.cast(to: .float64), with: double)
    let second = DescentTensors.gradient(of: first.sum(), with: double)
    evaluate(first, second)
    #expect(first.reals() == [0.75, 6.75])
    #expect(second.reals() == [3, 9])
  }

  /// Casts up and down again are nothing; a rounding that somebody asked for stays.
  @Test func castsThatAskForRoundingRound() {
    let x = Tensor([1.001, 2.003] as [Float])
    #expect(planned([x.cast(to: .bfloat16).cast(to: .float32)]).outputs[0].reals() == [1, 2])
    let y = halves(1.5)
    let there = y.cast(to: .float32).cast(to: .bfloat16)
    #expect(planned([there]).outputs[0].reals() == [1.5])
    #expect(planned([x.cast(to: .bfloat16).cast(to: .float32) - x]).outputs[0].reals().allSatisfy { $0 < -0.0009 })
  }
}

extension Tensor {
  /// The tensor, computed.
  fileprivate var evaluated: Tensor {
    evaluate(self)
    return self
  }
}
