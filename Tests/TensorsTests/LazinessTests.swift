import Testing

@testable import DescentTensors

/// What a process that ends says on standard error.
private func message(of result: ExitTest.Result?) -> String {
  result.map { String(decoding: $0.standardErrorContent, as: UTF8.self) } ?? ""
}

@Suite struct LazinessTests {
  @Test func nothingIsComputedBeforeItIsRead() {
    let x = Tensor([1, 2] as [Float])
    let y = x + 1
    let z = y * 2
    #expect(y.node.storage == nil && z.node.storage == nil)
    #expect(z.scalars(Float.self) == [4, 6])
    // the result is kept and has let go of its inputs; what was on the way is not kept
    #expect(z.node.inputs.isEmpty && y.node.storage == nil)
    evaluate(y, z)
    #expect(y.scalars(Float.self) == [2, 3])
  }

  @Test func aLeafKeepsItsValue() {
    let variable = Variable(Tensor([1, 2] as [Float]))
    let (leaf, later) = (variable.value, variable.value * 10)
    let step = compile { _ in
      variable.value = variable.value + 1
      return []
    }
    _ = step()
    _ = step()
    #expect(leaf.scalars(Float.self) == [1, 2])
    #expect(later.scalars(Float.self) == [10, 20])
    #expect(variable.value.scalars(Float.self) == [3, 4])
    variable.value = Tensor([7, 7] as [Float])
    #expect(later.scalars(Float.self) == [10, 20])
  }

  @Test func gradientAfterEvaluation() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let x = Tensor([1.0, 2])
      let loss = x.squared().sum()
      _ = loss.item(Double.self)
      _ = gradient(of: loss, with: x)
    }
    #expect(message(of: result).contains("take gradients before reading numbers"))
    // also where another way leads to another tensor
    await #expect(processExitsWith: .failure) {
      let (x, y) = (Tensor([1.0, 2]), Tensor([3.0, 4]))
      let hidden = x.exp()
      evaluate(hidden)
      _ = gradients(of: (hidden * y).sum(), with: [y, x])
    }
  }

  @Test func whatWasEvaluatedBeforeATensorWasMadeCannotDependOnIt() {
    let data = Tensor([1.0, 2]) * 2
    evaluate(data)
    let (used, unused) = (Tensor([3.0, 4]), Tensor([5.0]))
    let found = gradients(of: (data * used).sum(), with: [used, unused])
    expect(found[0], [2, 4])
    expect(found[1], [0])
  }

  @Test func readingInsideCompile() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let step = compile { inputs in [inputs[0] * Double(inputs[0].item(Float.self))] }
      _ = step(Tensor(1 as Float))
    }
    #expect(message(of: result).contains("reading numbers inside compile"))
    let variables = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let variable = Variable(Tensor([1, 2] as [Float]))
      let step = compile { _ in variable.value.scalars(Float.self)[0] > 0 ? [variable.value] : [] }
      _ = step()
    }
    #expect(message(of: variables).contains("reading numbers inside compile"))
  }

  @Test func shapeErrors() async {
    let sum = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3]) + Tensor.zeros([4])
    }
    #expect(message(of: sum).contains("add(float32[2, 3], float32[4])"))
    let product = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.zeros([2, 3, 5]).matmul(.zeros([4, 2]))
    }
    #expect(message(of: product).contains("matmul(float32[2, 3, 5], float32[4, 2]): inner extents differ: 5 and 4"))
    #expect(message(of: product).contains("LazinessTests.swift"))
    let joined = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor.concatenate([.zeros([2, 3]), .zeros([2, 4])])
    }
    #expect(message(of: joined).contains("concatenate(float32[2, 3], float32[2, 4])"))
    let types = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Tensor([1.0]) * Tensor([1] as [Float])
    }
    #expect(message(of: types).contains("multiply(float64[1], float32[1]): element types differ"))
  }

  @Test func programmersErrors() async {
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2]).sum(axes: [1]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 2]).sum(axes: [1, -1]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2]).reshaped(to: [3]) }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2]).sliced(axis: 0, 1..<3) }
    await #expect(processExitsWith: .failure) { _ = Tensor.zeros([2, 0]).max() }
    await #expect(processExitsWith: .failure) { _ = Tensor([1] as [Int32]).mean() }
    await #expect(processExitsWith: .failure) { _ = Tensor([1] as [Float]).scalars(Double.self) }
    await #expect(processExitsWith: .failure) { evaluate(Tensor([1, 2] as [Float]).take(Tensor([2] as [Int64]))) }
    await #expect(processExitsWith: .failure) { Variable(Tensor([1])).value = Tensor([1.0, 2]) }
    await #expect(processExitsWith: .failure) { _ = gradient(of: Tensor([1.0, 2]), with: Tensor([1.0])) }
  }

  @Test func aGraphThatGrowsTooLargeIsEvaluatedOnTheSpot() {
    var long = Tensor(0 as Float)
    for _ in 0..<10_500 { long = long + 1 }
    #expect(long.node.pendingCount < 1000)
    #expect(long.item(Float.self) == 10_500)
    // wide, not deep: pairs added up, then the sums of pairs, …
    var level = (0..<6000).map { Tensor(Float($0 & 1)) + 1 }
    while level.count > 1 {
      level =
        stride(from: 0, to: level.count - 1, by: 2).map { level[$0] + level[$0 + 1] }
        + (level.count % 2 == 1 ? [level[level.count - 1]] : [])
    }
    #expect(level[0].node.storage != nil)
    #expect(level[0].item(Float.self) == 9000)
    // nodes that are used twice count once
    var doubled = Tensor(1 as Float)
    for _ in 0..<100 { doubled = (doubled + doubled) * 0.5 }
    #expect(doubled.node.storage == nil)
    #expect(doubled.item(Float.self) == 1)
  }

  @Test func longChainsAreReleased() {
    let compiled = compile { inputs in
      var x = inputs[0]
      // inside compile a graph may grow without limit
      for _ in 0..<50_000 { x = x.stopGradient() }
      return [x]
    }
    #expect(compiled(Tensor([1] as [Float]))[0].scalars(Float.self) == [1])
    Trace.$current.withValue(Trace()) {
      var tensor = Tensor([1] as [Float])
      for _ in 0..<100_000 { tensor = tensor.stopGradient() }
    }
  }

  @Test func aGraphOfAThousandNodes() {
    var random = Randomness(1)
    var tensors = [Tensor([0.5, -0.25] as [Float])]
    for _ in 0..<330 {
      let (left, right) = (tensors[random.below(tensors.count)], tensors[tensors.count - 1])
      tensors.append(((left + right) * 0.5).tanh())
    }
    let last = tensors[tensors.count - 1]
    let slope = gradient(of: last.sum(), with: tensors[0])
    let expected = planned([last, slope], options: .definitions).outputs
    let found = planned([last, slope]).outputs
    expect(found[0], expected[0].reals())
    expect(found[1], expected[1].reals())
  }

  @Test func tensorsAreReadFromManyTasks() async {
    let shared = Tensor((0..<100).map(Float.init)) * 2
    let sums = await withTaskGroup(of: Float.self) { group in
      for _ in 0..<16 { group.addTask { (shared + 1).sum().item(Float.self) } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(sums == [Float](repeating: 10_000, count: 16))
  }
}
