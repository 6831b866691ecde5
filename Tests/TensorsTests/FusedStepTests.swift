import Testing

@testable import DescentTensors

/// Steps of training as plans fuse them, against the same steps by their definitions.
@Suite struct FusedStepTests {
  /// What moves a parameter; the first value is the new parameter, the others are what it remembers.
  private enum Rule: CaseIterable {
    case descent, momentum, adam

    var memoryCount: Int { self == .descent ? 0 : self == .momentum ? 1 : 2 }

    func moved(_ w: Tensor, _ g: Tensor, _ rate: Tensor, _ memory: [Tensor]) -> [Tensor] {
      switch self {
      case .descent: return [w - rate * g]
      case .momentum:
        let v = memory[0] * 0.9 + g
        return [w - rate * v, v]
      case .adam:
        let m = memory[0] + (g - memory[0]) * 0.1
        let v = memory[1] * 0.999 + g * g * 0.001
        return [w - rate * m / (v.sqrt() + 1e-3), m, v]
      }
    }
  }

  private enum Output: CaseIterable { case squares, classes, probabilities }

  /// A dense network, its loss, gradients and updates, compiled with some options.
  private final class Training {
    let variables: [Variable]
    let step: CompiledFunction

    init(_ sizes: [Int], _ rule: Rule, _ output: Output, _ options: PlanOptions) {
      var random = Randomness(UInt64(sizes.count))
      let shapes = zip(sizes, sizes.dropFirst()).flatMap { [[$1, $0], [$1]] as [Shape] }
      let parameters = shapes.map { Variable(random.floats($0) * 0.1) }
      let memories = shapes.map { shape in (0..<rule.memoryCount).map { _ in Variable(.zeros(shape)) } }
      let rate = Variable(Tensor(Float(0.05)))
      variables = parameters + memories.flatMap(\.self)
      step = CompiledFunction(
        { inputs in
          var x = inputs[0]
          for layer in 0..<sizes.count - 1 {
            x = x.matmul(parameters[2 * layer].value, transposingOther: true) + parameters[2 * layer + 1].value
            if layer < sizes.count - 2 { x = layer % 2 == 0 ? x.tanh() : Tensor.select(x .<= 0, Tensor(Float(0)), x) }
          }
          let loss =
            switch output {
            case .squares: (x - inputs[1].sliced(axis: 1, 0..<sizes[sizes.count - 1])).squared().mean(axes: [1]).mean()
            case .classes: x.softmaxCrossEntropy(inputs[2]).mean()
            case .probabilities: -(x.softmax() * inputs[1].sliced(axis: 1, 0..<sizes[sizes.count - 1])).sum()
            }
          let slopes = gradients(of: loss, with: parameters.map(\.value))
          for (place, slope) in slopes.enumerated() {
            let moved = rule.moved(parameters[place].value, slope, rate.value, memories[place].map(\.value))
            parameters[place].value = moved[0]
            for (memory, value) in zip(memories[place], moved.dropFirst()) { memory.value = value }
          }
          return [loss]
        }, options: options)
    }

    func run(batch: Int, inputs: Int, outputs: Int, steps: Int) -> [Double] {
      var random = Randomness(3)
      let classes = Tensor((0..<batch).map { Int32($0 % outputs) })
      let batch = [random.floats([batch, inputs]), random.floats([batch, outputs]), classes]
      return (0..<steps).map { _ in step(batch)[0].reals()[0] }
    }
  }

  private func compare(
    _ sizes: [Int], batch: Int, _ rule: Rule, _ output: Output, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let (fused, plain) = (
      Training(sizes, rule, output, .standard), Training(sizes, rule, output, .definitions)
    )
    let runs = [fused, plain].map { $0.run(batch: batch, inputs: sizes[0], outputs: sizes[sizes.count - 1], steps: 3) }
    for (found, expected) in zip(runs[0], runs[1]) {
      #expect(areClose(found, expected, relative: 1e-4, absolute: 1e-5), sourceLocation: sourceLocation)
    }
    for (found, expected) in zip(fused.variables, plain.variables) {
      expect(
        found.value, expected.value.reals(), relative: 1e-4, absolute: 2e-5, "\(sizes) \(batch) \(rule) \(output)",
        sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [[2, 8, 8, 1], [7, 5, 3], [1, 1, 1], [3, 20, 2], [33, 17, 19, 5]], [1, 2, 10])
  func smallNetworks(_ sizes: [Int], _ batch: Int) {
    for rule in Rule.allCases {
      for output in Output.allCases { compare(sizes, batch: batch, rule, output) }
    }
  }

  /// Several blocks of rows, columns and depth, on as many threads as there are.
  @Test(arguments: [([530, 70, 40, 3], 130), ([90, 300, 12], 40)])
  func networksOfManyBlocks(_ sizes: [Int], _ batch: Int) {
    for rule in Rule.allCases { compare(sizes, batch: batch, rule, .classes) }
  }

  /// How many steps a plan has, so that a fusion that gets lost is noticed.
  @Test func plainDescentIsOneStepForAParameterAndItsBias() {
    let training = Training([4, 6, 3], .descent, .classes, .standard)
    let batch = [Tensor.ones([5, 4]), .ones([5, 3]), Tensor([0, 1, 2, 0, 1] as [Int32])]
    evaluate(batch)
    let names = training.step.plan(for: batch).plan.steps.map(\.name)
    #expect(names.count { $0.hasPrefix("matmul") } == 3, "\(names)")
    #expect(names.count { $0.hasPrefix("descend") && $0.contains("| sum → ") } == 2, "\(names)")
    // beside these the loss with its gradient, and its mean
    #expect(names.count <= 8, "\(names)")
  }

  @Test func lossAndGradientOfClassesAreOnePass() {
    let logits = Tensor([1, 2, 3, -1, 0, 5] as [Float], shape: [2, 3])
    for classes in [Tensor([2, 0] as [Int32]), Tensor([2, 0] as [Int64]), Tensor([2, 0] as [UInt8])] {
      let loss = logits.softmaxCrossEntropy(classes)
      let roots = [
        loss.mean(), gradient(of: loss.mean(), with: logits), gradient(of: (loss * loss).sum(), with: logits),
      ]
      for (found, expected) in zip(planned(roots).outputs, planned(roots, options: .definitions).outputs) {
        expect(found, expected.reals(), "\(classes.type)")
      }
      let step = compile { inputs in
        let loss = inputs[0].softmaxCrossEntropy(classes).mean()
        return [loss, gradient(of: loss, with: inputs[0])]
      }
      for (found, expected) in zip(step(logits), planned(Array(roots.prefix(2)), options: .definitions).outputs) {
        expect(found, expected.reals(), "\(classes.type), compiled")
      }
      let names = step.plan(for: [logits]).plan.steps.map(\.name)
      let passes = names.count { $0.contains("softmaxCrossEntropy") }
      #expect(passes == (classes.type == .uint8 ? 2 : 1), "\(names)")
    }
    let points = [ramp([2, 3])]
    expectGradient("cross-entropy", at: points) { $0[0].softmaxCrossEntropy(Tensor([2, 0] as [Int32])).mean() }
    expectGradient("its gradient", at: points) { inputs in
      let loss = inputs[0].softmaxCrossEntropy(Tensor([2, 0] as [Int32])).sum()
      return gradient(of: loss, with: inputs[0]).squared().sum()
    }
  }

  /// The kernel for rows of a few classes, of one, and of more than fit its short rows.
  @Test(arguments: [1, 2, 10, 64, 65, 300])
  func crossEntropyOfAnyNumberOfClasses(_ count: Int) {
    var random = Randomness(UInt64(count))
    let logits = random.floats([37, count]) * 20
    let classes = Tensor((0..<37).map { Int32($0 * 7 % count) })
    let loss = logits.softmaxCrossEntropy(classes)
    let roots = [
      loss, gradient(of: (loss * random.floats([37])).sum(), with: logits), gradient(of: loss.sum(), with: logits),
    ]
    for (found, expected) in zip(planned(roots).outputs, planned(roots, options: .definitions).outputs) {
      expect(found, expected.reals(), relative: 2e-6, absolute: 2e-6)
    }
  }
}
