import DescentNetworks
import DescentTensors
import Foundation
import Testing

@Suite struct LossTests {
  // MARK: Gradients

  @Test func everyLossHasARow() {
    #expect(Set(LossForm.all.map(\.loss.name)) == Set(Loss.all.map(\.name)))
    #expect(Set(Loss.all.map(\.name)).count == Loss.all.count)
  }

  @Test(arguments: LossForm.all)
  func gradientIsThatOfDifferences(form: LossForm) {
    let (loss, p, t) = (form.loss, form.predictions, form.targets)
    let weights = Tensor((0..<p.shape[0]).map { 0.5 + Double($0) })
    let rows: [(LossReduction, Tensor?)] = [
      (.none, nil), (.none, weights), (.sum, nil), (.mean, nil), (.mean, weights),
    ]
    for (reduction, weights) in form.isBrief ? rows.suffix(1) : rows {
      let byBoth = { (v: [Tensor]) in loss(v[0], v[1], sampleWeights: weights, reduction: reduction) }
      let byPredictions = { (v: [Tensor]) in loss(v[0], t, sampleWeights: weights, reduction: reduction) }
      let mismatches =
        form.differentiatesTargets ? gradientCheck(of: byBoth, at: [p, t]) : gradientCheck(of: byPredictions, at: [p])
      #expect(mismatches == [], "\(reduction)")
      let byWeights = { (v: [Tensor]) in loss(p, t, sampleWeights: v[0], reduction: reduction) }
      if let weights { #expect(gradientCheck(of: byWeights, at: [weights]) == [], "\(reduction)") }
    }
  }

  @Test(arguments: LossForm.all)
  func secondGradientIsThatOfDifferences(form: LossForm) {
    let slope = { (v: [Tensor]) in
      gradient(of: form.loss(v[0], form.targets, reduction: .sum), with: v[0])
    }
    #expect(gradientCheck(of: slope, at: [form.predictions]) == [])
  }

  // MARK: Reductions

  /// Losses of the samples [3, 4] and [0, 2] against zeros.
  @Test func sampleLossesByHand() {
    let rows: [(Loss, first: Double, second: Double)] = [
      (.meanSquared, 12.5, 2), (.halfMeanSquared, 6.25, 1), (.sumOfSquares, 25, 4), (.halfSumOfSquares, 12.5, 2),
      (.rootMeanSquared, 12.5.squareRoot(), 2.0.squareRoot()), (.meanAbsolute, 3.5, 1), (.l1, 7, 2),
      (.huber, 3, 0.75), (.huber(delta: 3), 6, 1), (.logCosh, (log(cosh(3)) + log(cosh(4))) / 2, log(cosh(2)) / 2),
      (.meanSquaredLogarithmic, (pow(log(4), 2) + pow(log(5), 2)) / 2, pow(log(3), 2) / 2),
      (.meanAbsolutePercentage, 3.5e9, 1e9),
    ]
    let (p, t) = (Tensor([3, 4, 0, 2] as [Double], shape: [2, 2]), Tensor.zeros([2, 2], type: .float64))
    for (loss, first, second) in rows {
      let found = loss(p, t, reduction: .none).reals()
      #expect(abs(found[0] / first - 1) < 1e-14 && abs(found[1] / second - 1) < 1e-14, "\(loss.name): \(found)")
    }
  }

  @Test(arguments: LossForm.all)
  func reductionsFollowFromTheSamples(form: LossForm) {
    let loss = form.loss
    guard loss.name != "root-mean-squared" else { return }
    let each = loss(form.predictions, form.targets, reduction: .none)
    #expect(each.shape == [form.shape[0]])
    let samples = each.reals()
    let weights = samples.indices.map { Double($0 % 3) + 0.25 }
    func close(_ tensor: Tensor, _ expected: Double) {
      #expect(tensor.shape == [])
      #expect(abs(tensor.item(Double.self) - expected) < 1e-12 * max(1, abs(expected)), "\(loss.name)")
    }
    func value(_ reduction: LossReduction, _ weights: [Double]? = nil) -> Tensor {
      loss(form.predictions, form.targets, sampleWeights: weights.map { Tensor($0) }, reduction: reduction)
    }
    let total = zip(samples, weights).reduce(0) { $0 + $1.0 * $1.1 }
    close(value(.sum), samples.reduce(0, +))
    close(value(.mean), samples.reduce(0, +) / Double(samples.count))
    close(value(.sum, weights), total)
    close(value(.mean, weights), total / weights.reduce(0, +))
    #expect(value(.none, weights).reals() == zip(samples, weights).map { $0 * $1 })
    // a weight of 1 each is none; of 2 each changes no mean
    close(value(.mean, samples.map { _ in 2 }), samples.reduce(0, +) / Double(samples.count))
    // a weight of 0 leaves a sample out
    let first = samples.indices.map { $0 == 0 ? 1.0 : 0 }
    close(value(.mean, first), samples[0])
    close(value(.mean, samples.map { _ in 0 }), 0)
  }

  @Test func rootIsTakenOfTheReduction() {
    let (p, t) = (Tensor([3.0, 4]), Tensor([0.0, 0]))
    let weights = Tensor([1, 3] as [Double])
    #expect(Loss.rootMeanSquared(p, t).item() == 12.5.squareRoot())
    #expect(Loss.rootMeanSquared(p, t, reduction: .sum).item() == 5.0)
    #expect(Loss.rootMeanSquared(p, t, reduction: .none).reals() == [3, 4])
    #expect(Loss.rootMeanSquared(p, t, sampleWeights: weights).item() == (57.0 / 4).squareRoot())
    // at a perfect fit its slope is 0, not 0 / 0
    let slope = gradient(of: Loss.rootMeanSquared(p, p), with: p)
    #expect(slope.reals() == [0, 0])
    #expect(Loss.rootMeanSquared(Tensor([Double.nan]), Tensor([0.0])).item(Double.self).isNaN)
  }

  // MARK: Extremes

  @Test(arguments: [ElementType.float32, .float64])
  func extremesStayFinite(type: ElementType) {
    let rows: [(Loss, predictions: [Double], targets: [Double])] = [
      (.crossEntropy, [400, -400, -1e30, 1e30], [0, 1, 1, 0]),
      (.binaryCrossEntropy, [400, -400, -1e30, 1e30, 400, -400], [1, 0, 1, 0, 0, 1]),
      (.crossEntropyOfProbabilities, [0, 1, 1, 0], [1, 0, 1, 0]),
      (.binaryCrossEntropyOfProbabilities, [0, 1, 1, 0, 0, 1], [1, 0, 1, 0, 0, 1]),
      (.negativeLogLikelihood, [-400, 0, -1e30, 0], [1, 0, 0, 1]),
      (.kullbackLeibler, [-400, 0, -1e30, 0], [1, 0, 0, 1]),
      (.logCosh, [400, -400, 1e30, 0], [0, 0, 0, 0]),
      (.huber, [400, -400, 1e30, 0], [0, 0, 0, 0]),
      (.meanAbsolute, [400, -400, 1e30, 0], [0, 0, 0, 0]),
      (.l1, [400, -400, 1e30, 0], [0, 0, 0, 0]),
      (.meanAbsolutePercentage, [400, -400, 1e20, 0], [0, 0, 0, 0]),
      (.meanSquaredLogarithmic, [400, -400, 1e30, -1], [0, 0, 0, -1]),
      (.cosineSimilarity, [0, 0, 1e10, 0], [1, 1, 0, 0]),
      (.meanSquared, [400, -1e15], [0, 0]), (.halfMeanSquared, [400, -1e15], [0, 0]),
      (.rootMeanSquared, [400, -1e15], [0, 0]), (.sumOfSquares, [400, -1e15], [0, 0]),
      (.halfSumOfSquares, [400, -1e15], [0, 0]),
      (.smoothL1, [400, -400, 1e30, 0], [0, 0, 0, 0]),
      (.poisson, [400, 0, 1e30, 1e-30], [0, 1, 3, 0]),
      (.poissonNegativeLogLikelihood, [-400, 80, -1e30, 0], [0, 1, 3, 0]),
      (.hinge, [400, -400, -1e30, 1e30], [1, 1, 0, -1]),
      (.squaredHinge, [400, -400, -1e15, 1e15], [1, 1, 0, -1]),
      (.softMargin, [400, -400, -1e30, 1e30], [1, 1, 0, -1]),
      (.categoricalHinge, [400, -400, -1e30, 1e30], [0, 1, 1, 0]),
      (.multiMargin, [400, -400, -1e30, 1e30], [0, 1, 1, 0]),
      (.multiLabelMargin, [400, -400, -1e30, 1e30], [0, 1, 1, 0]),
      (.multiLabelSoftMargin, [400, -400, -1e30, 1e30], [0, 1, 1, 0]),
      (.focal, [400, -400, -1e30, 1e30], [0, 1, 1, 0]),
      (.binaryFocal, [400, -400, -1e30, 1e30, 400, -400], [1, 0, 1, 0, 0, 1]),
      (.dice, [0, 1, 1, 0, 0, 0], [1, 0, 1, 0, 0, 0]), (.tversky, [0, 1, 1, 0, 0, 0], [1, 0, 1, 0, 0, 0]),
    ]
    #expect(Set(rows.map(\.0.name)) == Set(Loss.all.map(\.name)))
    for (loss, predictions, targets) in rows {
      let p = Tensor(predictions, shape: [predictions.count / 2, 2]).cast(to: type)
      let t = Tensor(targets, shape: p.shape).cast(to: type)
      evaluate(p)
      let value = loss(p, t)
      let slope = gradient(of: value, with: p)
      evaluate(value, slope)
      #expect(value.reals().allSatisfy { $0.isFinite }, "\(loss.name) \(value)")
      #expect(slope.reals().allSatisfy { $0.isFinite }, "\(loss.name) \(slope)")
    }
  }

  @Test(arguments: Loss.all)
  func notANumberIsNotHidden(loss: Loss) {
    for type in [ElementType.float32, .float64] {
      let p = Tensor([Double.nan, 0.5], shape: [1, 2]).cast(to: type)
      let t = Tensor([0.5, 0.5], shape: [1, 2]).cast(to: type)
      #expect(loss(p, t).reals()[0].isNaN, "\(loss.name) \(type)")
    }
  }

  @Test func fromLogitsKeepsDigitsThatProbabilitiesLose() {
    let logits = Tensor([-20, 20] as [Float], shape: [1, 2])
    let loss = Loss.crossEntropy(logits, Tensor([1] as [Int64])).reals()[0]
    #expect(abs(loss / exp(-40) - 1) < 1e-5 || loss == 0)
    let binary = Loss.binaryCrossEntropy(Tensor([-20] as [Float]), Tensor([0] as [Float])).reals()[0]
    #expect(abs(binary / exp(-20) - 1) < 1e-5)
  }

  @Test func targetsMayBeOfAnyType() {
    let p = Tensor([0.2, -1, 3] as [Float])
    let truth = Tensor([true, false, true])
    let numbers = Tensor([1, 0, 1] as [Float])
    #expect(Loss.binaryCrossEntropy(p, truth).reals() == Loss.binaryCrossEntropy(p, numbers).reals())
    #expect(Loss.meanSquared(p, Tensor([1, 0, 1] as [Int32])).reals() == Loss.meanSquared(p, numbers).reals())
  }

  @Test func compiledLossIsTheSame() {
    let p = normals([8, 10], seed: 9).cast(to: .float32)
    let t = Tensor((0..<8).map { Int32($0) })
    let step = compile { v in
      let loss = Loss.crossEntropy(v[0], v[1])
      return [loss, gradient(of: loss, with: v[0])]
    }
    let loss = Loss.crossEntropy(p, t)
    let slope = gradient(of: loss, with: p)
    let found = step(p, t)
    expectClose(found[0], loss)
    expectClose(found[1], slope)
  }

  @Test func namesFindTheirLoss() {
    for loss in Loss.all { #expect(Loss.named(loss.name)?.name == loss.name) }
    #expect(Loss.named("mse") == nil)
    #expect(Loss.crossEntropy.takesClassIndices && !Loss.meanSquared.takesClassIndices)
    let ofLogits = Loss.all.filter { $0.predictions == .logits }.map(\.name)
    #expect(
      ofLogits == [
        "cross-entropy", "binary-cross-entropy", "hinge", "squared-hinge", "categorical-hinge", "soft-margin",
        "multi-margin", "multi-label-margin", "multi-label-soft-margin", "focal", "binary-focal",
      ])
  }

  /// Targets of 0 or false are the other class to the losses of a margin.
  @Test func zeroCountsAsMinusOne() {
    let p = Tensor([0.2, -1, 3] as [Float])
    for loss in [Loss.hinge, .squaredHinge, .softMargin] {
      let expected = loss(p, Tensor([1, -1, 1] as [Float])).reals()
      #expect(loss(p, Tensor([1, 0, 1] as [Float])).reals() == expected, "\(loss.name)")
      #expect(loss(p, Tensor([true, false, true])).reals() == expected, "\(loss.name)")
    }
  }

  /// The plain loss keeps its one pass; a batch of which nothing counts costs nothing.
  @Test func weightedCrossEntropyAtItsLimits() {
    let (p, t) = (normals([4, 3], seed: 1), Tensor([0, 2, 1, 0] as [Int64]))
    #expect(Loss.crossEntropy()(p, t).reals() == Loss.crossEntropy(p, t).reals())
    let whole = Loss.crossEntropy(classWeights: [2, 2, 2], ignoredIndex: -100)
    expectClose(whole(p, t), Loss.crossEntropy(p, t), absolute: 1e-14)
    let none = Tensor([-100, -100, -100, -100] as [Int64])
    #expect(whole(p, none).reals() == [0])
    #expect(gradient(of: whole(p, none), with: p).reals().allSatisfy { $0 == 0 })
    let weights = Tensor([0, 1, 0, 1] as [Double])
    #expect(whole(p, Tensor([0, -100, 1, -100] as [Int64]), sampleWeights: weights).reals() == [0])
  }

  @Test(arguments: LossReduction.allCases)
  func gradientOfWeightedClassesIsThatOfDifferences(reduction: LossReduction) {
    let p = normals([3, 4, 5], seed: 2)
    let t = Tensor([0, 1, 2, -100, 3, 4, 0, 1, -100, -100, 2, 2] as [Int32], shape: [3, 4])
    let weights = [0.5, 1, 2, 0, 1.5]
    for loss in [
      Loss.crossEntropy(labelSmoothing: 0.1, classWeights: weights, ignoredIndex: -100),
      .negativeLogLikelihood(classWeights: weights, ignoredIndex: -100),
    ] {
      let samples = Tensor([1, 0.25, 3] as [Double])
      for sampleWeights in [nil, samples] {
        #expect(
          gradientCheck(of: { loss($0[0], t, sampleWeights: sampleWeights, reduction: reduction) }, at: [p]) == [])
      }
      let slope = { (v: [Tensor]) in gradient(of: loss(v[0], t), with: v[0]) }
      #expect(gradientCheck(of: slope, at: [p]) == [])
    }
    let shares = normals([3, 4, 5], seed: 3).softmax()
    let loss = Loss.crossEntropy(labelSmoothing: 0.1, classWeights: weights)
    #expect(gradientCheck(of: { loss($0[0], $0[1], reduction: reduction) }, at: [p, shares]) == [])
  }

  @Test func aLossOfOnesOwn() {
    let quartic = Loss("quartic") { ($0 - $1).squared().squared() }
    #expect(quartic(Tensor([2.0, 1]), Tensor([0.0, 0])).item() == 8.5)
  }

  // MARK: What does not fit

  @Test func shapesThatDoNotFitStop() async {
    var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.meanSquared(Tensor.zeros([4, 1]), Tensor.zeros([4]))
    }
    #expect(message(result).contains("mean-squared expects targets of the predictions' shape [4, 1], got [4]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.crossEntropy(Tensor.zeros([4, 3]), Tensor.zeros([4]))
    }
    #expect(message(result).contains("expects class indices [4] or probabilities [4, 3]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.crossEntropy(Tensor.zeros([4, 3]), Tensor.zeros([5], type: .int64))
    }
    #expect(message(result).contains("got int64[5]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss.meanSquared(Tensor.zeros([4]), Tensor.zeros([4]), sampleWeights: Tensor.zeros([4, 1]))
    }
    #expect(message(result).contains("expects sample weights [4], got [4, 1]"))
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Loss("wrong") { p, t in (p - t).sum() }(Tensor.zeros([4]), Tensor.zeros([4]))
    }
    #expect(message(result).contains("wrong must give one number a sample, [4], and gives []"))
    await #expect(processExitsWith: .failure) { _ = Loss.meanSquared(Tensor.zeros([]), Tensor.zeros([])) }
    await #expect(processExitsWith: .failure) { _ = Loss.cosineSimilarity(Tensor.zeros([3]), Tensor.zeros([3])) }
    await #expect(processExitsWith: .failure) { _ = Loss.huber(delta: 0) }
    await #expect(processExitsWith: .failure) { _ = Loss.smoothL1(beta: 0) }
    await #expect(processExitsWith: .failure) { _ = Loss.crossEntropy(labelSmoothing: 2) }
    await #expect(processExitsWith: .failure) { _ = Loss.crossEntropy(classWeights: [1, -1]) }
    await #expect(processExitsWith: .failure) {
      _ = Loss.crossEntropy(classWeights: [1, 2])(Tensor.zeros([4, 3]), Tensor.zeros([4], type: .int64))
    }
  }
}
