import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// Against hand-computed values and scikit-learn's.
@Suite struct MetricTests {
  private func close(_ number: Double, _ wanted: Double) -> Bool { abs(number - wanted) < 1e-12 }

  private func metrics(_ classCount: Int, truth: [Int], predicted: [Int]) -> ClassificationMetrics {
    var metrics = ClassificationMetrics(classCount: classCount)
    for (truth, predicted) in zip(truth, predicted) { metrics.add(predicted: predicted, label: truth) }
    return metrics
  }

  @Test func twoClassesAreThoseOfClassOne() {
    let metrics = metrics(2, truth: [0, 1, 1, 0, 1, 1, 0, 1], predicted: [0, 1, 0, 1, 1, 1, 0, 0])
    // confusion_matrix(y, p), accuracy_score(y, p)
    #expect(metrics.confusion == [[2, 1], [2, 3]])
    #expect(metrics.samples == 8)
    #expect(metrics.accuracy == 0.625)
    // precision_recall_fscore_support(y, p, average="binary"): 3/4, 3/5, 2·(3/4)(3/5)/(3/4 + 3/5)
    #expect(metrics.precision == 0.75)
    #expect(metrics.recall == 0.6)
    #expect(close(metrics.f1, 0.6666666666666666))
    #expect(close(metrics.precision(of: 0), 0.5))
    #expect(close(metrics.recall(of: 0), 2.0 / 3))
  }

  @Test func moreClassesAreAveraged() {
    let metrics = metrics(
      3, truth: [0, 0, 0, 0, 1, 1, 2, 2, 2, 1], predicted: [0, 1, 1, 0, 1, 1, 2, 0, 2, 2])
    // confusion_matrix(y, p)
    #expect(metrics.confusion == [[2, 2, 0], [0, 2, 1], [1, 0, 2]])
    #expect(metrics.accuracy == 0.6)
    // precision_recall_fscore_support(y, p)
    let rows = [(2.0 / 3, 0.5, 4.0 / 7), (0.5, 2.0 / 3, 4.0 / 7), (2.0 / 3, 2.0 / 3, 2.0 / 3)]
    for (label, row) in rows.enumerated() {
      #expect(close(metrics.precision(of: label), row.0))
      #expect(close(metrics.recall(of: label), row.1))
      #expect(close(metrics.f1(of: label), row.2))
    }
    // precision_recall_fscore_support(y, p, average="macro")
    #expect(close(metrics.precision, 0.611111111111111))
    #expect(close(metrics.recall, 0.611111111111111))
    #expect(close(metrics.f1, 0.6031746031746031))
  }

  @Test func whatIsNeverSeenOrPredictedIsZero() {
    let metrics = metrics(3, truth: [0, 1], predicted: [0, 0])
    #expect(metrics.precision(of: 1) == 0)
    #expect(metrics.recall(of: 1) == 0)
    #expect(metrics.f1(of: 1) == 0)
    #expect(metrics.f1(of: 2) == 0)
    #expect(ClassificationMetrics(classCount: 2).accuracy == 0)
    #expect(ClassificationMetrics(classCount: 0).precision == 0)
  }

  @Test func aClassOutsideStops() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var metrics = ClassificationMetrics(classCount: 2)
      metrics.add(predicted: 2, label: 0)
    }
    #expect(message(result).contains("outside 0 ..< 2"))
  }

  static let regressions: [(truth: [Float], predicted: [Float], rmse: Double, mae: Double, r2: Double)] = [
    // root_mean_squared_error, mean_absolute_error, r2_score of scikit-learn
    ([3, -0.5, 2, 7], [2.5, 0, 2, 8], 0.6123724356957945, 0.5, 0.9486081370449679),
    (
      [1000.5, 1001.25, 999, 1003.75, 1000], [1000, 1001.5, 1000, 1003, 1001], 0.758287544405155, 0.7,
      0.7758284600389864
    ),
    // all the same: r2_score is 1 where they are met, 0 where they are missed
    ([2, 2, 2], [2, 2, 2], 0, 0, 1),
    ([2, 2, 2], [2, 2, 3], 0.5773502691896257, 0.3333333333333333, 0),
    // as good as the mean, by hand
    ([1, 3], [2, 2], 1, 1, 0),
  ]

  @Test(arguments: regressions)
  func valuesAreMeasured(
    row: (truth: [Float], predicted: [Float], rmse: Double, mae: Double, r2: Double)
  ) {
    var metrics = RegressionMetrics()
    for (truth, predicted) in zip(row.truth, row.predicted) { metrics.add(predicted: predicted, truth: truth) }
    #expect(metrics.samples == row.truth.count)
    #expect(close(metrics.rmse, row.rmse))
    #expect(close(metrics.mae, row.mae))
    #expect(close(metrics.r2, row.r2))
  }

  @Test func aLargeMeanDoesNotHideTheSpread() {
    // Σ(y − ȳ)² of 10⁷ + {0, 1, 2, 3} is 5; every error is 1: R² = 1 − 4/5
    var metrics = RegressionMetrics()
    for offset in 0..<4 { metrics.add(predicted: Float(10_000_001 + offset), truth: Float(10_000_000 + offset)) }
    #expect(close(metrics.r2, 0.2))
  }

  // MARK: Against Tests/References/metrics.py

  @Test(arguments: ["two", "two-with-ties", "four", "seven"])
  func classFiguresAreTheReferences(case name: String) throws {
    let references = try References("metrics")
    func tensor(_ part: String) throws -> Tensor { try references("classes/\(name)/\(part)") }
    let probabilities = try tensor("probabilities")
    let (classCount, numbers) = (probabilities.shape[1], probabilities.scalars(Float.self))
    let k = Int(try tensor("k").reals()[0])
    var counts = ClassificationMetrics(classCount: classCount)
    var shares = ProbabilityMetrics(classCount: classCount, k: k, bins: Int(try tensor("bins").reals()[0]))
    var ranking = RankingMetrics(classCount: classCount)
    for (row, label) in try tensor("labels").scalars(Int32.self).enumerated() {
      let row = numbers[row * classCount..<(row + 1) * classCount]
      counts.add(predicted: predictedClass(row), label: Int(label))
      shares.add(probabilities: row, label: Int(label))
      ranking.add(scores: row, label: Int(label))
    }
    let found: [(String, Double?)] = [
      ("cohen-kappa", counts.cohenKappa), ("matthews", counts.matthews), ("f-half", counts.fBeta(0.5)),
      ("f-one", counts.f1), ("f-two", counts.fBeta(2)), ("log-loss", shares.logLoss),
      ("perplexity", shares.perplexity), ("brier-score", shares.brierScore), ("top-k-accuracy", shares.topKAccuracy),
      ("calibration-error", shares.calibrationError), ("roc-auc", ranking.areas.roc),
      ("pr-auc", ranking.areas.precisionRecall),
    ]
    for (part, value) in found {
      let wanted = try tensor("wanted-\(part)").item(Double.self)
      #expect(close(try #require(value), wanted), "\(part): \(value ?? .nan), not \(wanted)")
    }
    #expect(references.cases(of: "classes").contains(name) && references.cases(of: "classes").count == 4)
  }

  @Test(arguments: ["amounts", "counts", "far-from-zero", "below-zero"])
  func valueFiguresAreTheReferences(case name: String) throws {
    let references = try References("metrics")
    func tensor(_ part: String) throws -> Tensor { try references("values/\(name)/\(part)") }
    var metrics = RegressionMetrics()
    let (truth, predicted) = (try tensor("truth").scalars(Float.self), try tensor("predicted").scalars(Float.self))
    for (truth, predicted) in zip(truth, predicted) { metrics.add(predicted: predicted, truth: truth) }
    #expect(close(metrics.mse, try tensor("wanted-mse").item(Double.self)))
    #expect(close(metrics.explainedVariance, try tensor("wanted-explained-variance").item(Double.self)))
    // no percentage of 0, no logarithm of what is below 0
    #expect((metrics.mape == nil) == truth.contains(0))
    #expect((metrics.msle == nil) == truth.contains { $0 < 0 })
    if let mape = metrics.mape {
      let wanted = try tensor("wanted-mape").item(Double.self)
      #expect(abs(mape - wanted) < 1e-12 * wanted)
    }
    if let msle = metrics.msle { #expect(close(msle, try tensor("wanted-msle").item(Double.self))) }
    #expect(references.cases(of: "values").contains(name) && references.cases(of: "values").count == 4)
  }

  // MARK: Extremes

  @Test func onlyOneClass() {
    let metrics = metrics(3, truth: [1, 1], predicted: [1, 1])
    #expect(metrics.cohenKappa == 0 && metrics.matthews == 0)
    #expect(ClassificationMetrics(classCount: 2).cohenKappa == 0 && ClassificationMetrics(classCount: 2).matthews == 0)
    var ranking = RankingMetrics(classCount: 2)
    #expect(ranking.areas.roc == nil && ranking.areas.precisionRecall == nil)
    ranking.add(scores: [0.2, 0.8], label: 0)
    #expect(ranking.areas.roc == nil && ranking.areas.precisionRecall == nil)
    var other = RankingMetrics(classCount: 2)
    other.add(scores: [0.2, 0.8], label: 1)
    #expect(other.areas.roc == nil && other.areas.precisionRecall == 1)
  }

  @Test func ordersAtTheirEnds() {
    for (scores, roc, precisionRecall) in [
      // all right, all wrong, all the same
      ([0.1, 0.2, 0.8, 0.9] as [Float], 1.0, 1.0), ([0.9, 0.8, 0.2, 0.1], 0, (1.0 / 3 + 2.0 / 4) / 2),
      ([0.5, 0.5, 0.5, 0.5], 0.5, 0.5),
    ] {
      var ranking = RankingMetrics(classCount: 2)
      for (place, score) in scores.enumerated() { ranking.add(scores: [1 - score, score], label: place / 2) }
      #expect(ranking.areas.roc == roc)
      #expect(close(ranking.areas.precisionRecall ?? .nan, precisionRecall))
    }
  }

  @Test func probabilitiesAtTheirEnds() {
    var metrics = ProbabilityMetrics(classCount: 3, k: 2, bins: 4)
    metrics.add(probabilities: [0, 1, 0], label: 1)
    #expect(metrics.logLoss == 0 && metrics.perplexity == 1 && metrics.brierScore == 0)
    #expect(metrics.calibrationError == 0 && metrics.topKAccuracy == 1)
    var wrong = ProbabilityMetrics(classCount: 3, k: 2, bins: 4)
    wrong.add(probabilities: [0, 1, 0], label: 2)
    // −ln 2⁻²³; equal probabilities are taken in their order, so that class 0 is the second
    #expect(close(wrong.logLoss, 15.942385152878742))
    #expect(wrong.brierScore == 2 && wrong.calibrationError == 1 && wrong.topKAccuracy == 0)
    // a class that the network does not know
    wrong.add(probabilities: [0, 1, 0], label: 3)
    #expect(wrong.topKAccuracy == 0 && wrong.brierScore == 2)
    var undefined = ProbabilityMetrics(classCount: 2)
    undefined.add(probabilities: [.nan, .nan], label: 0)
    #expect(undefined.logLoss.isNaN && undefined.brierScore.isNaN)
    #expect(undefined.topKAccuracy == 0 && undefined.calibrationError.isNaN)
    var ranking = RankingMetrics(classCount: 2)
    for label in 0..<2 { ranking.add(scores: [.nan, .nan], label: label) }
    #expect(ranking.areas.roc == nil && ranking.areas.precisionRecall == nil)
  }

  @Test func yesAndNo() {
    // keras.metrics.BinaryAccuracy: (p > 0.5) == y
    var metrics = BinaryAccuracy()
    #expect(metrics.value == 0)
    for (probability, label) in [(0.9, true), (0.5, false), (0.51, false), (0.2, true)] as [(Float, Bool)] {
      metrics.add(probability: probability, label: label)
    }
    #expect(metrics.count == 4 && metrics.value == 0.5)
    var strict = BinaryAccuracy(threshold: 0.1)
    strict.add(probability: 0.2, label: true)
    #expect(strict.value == 1)
  }

  // MARK: Evaluation

  /// An evaluation has every figure that fits its task, and each once.
  @Test func evaluationsHaveTheFiguresOfTheirTask() throws {
    func keys(_ evaluation: Evaluation) -> [String] { evaluation.figures.flatMap { $0 }.map(\.key) }
    let usual = ["loss", "accuracy", "precision", "recall", "f1"]
    let shares = ["cohen_kappa", "matthews", "log_loss", "perplexity", "brier_score", "calibration_error"]
    let areas = ["roc_auc", "pr_auc"]
    let inputs = RandomSource.withSeed(1) { Tensor.randomNormal([300, 2]) }
    for (classCount, more) in [(2, []), (7, ["top_5_accuracy"])] {
      let labels = Tensor((0..<300).map { Int32($0 % classCount) })
      let samples = TensorSamples(inputs: inputs, targets: labels)
      let evaluator = Evaluator(smallNetwork(outputs: classCount), loss: crossEntropy)
      let full = evaluator.evaluate(samples, probabilities: { $0.softmax() })
      #expect(keys(full) == usual + shares + more + areas)
      #expect(keys(evaluator.evaluate(samples)) == usual + ["cohen_kappa", "matthews"])
      // the cross-entropy of float32 batches
      #expect(abs((full.probabilities?.logLoss ?? .nan) - full.loss) < 1e-5 * full.loss)
      #expect(full.probabilities?.samples == 300)
    }
    let values = TensorSamples(inputs: inputs, targets: inputs.sum(axes: [1], keepsAxes: true))
    let regression = Evaluator(smallNetwork(), loss: meanSquared).evaluate(values)
    #expect(keys(regression) == ["loss", "rmse", "mae", "r2", "mse", "mape", "explained_variance"])
    let squares = Evaluator(smallNetwork(), loss: meanSquared).evaluate(
      TensorSamples(inputs: inputs, targets: inputs.squared().sum(axes: [1], keepsAxes: true)))
    #expect(keys(squares).contains("msle"))
  }

  /// A single output is the probability of class 1.
  @Test func aSingleOutputIsAProbability() throws {
    let inputs = Tensor([0.9, 0.4, 0.7, 0.2] as [Float], shape: [4, 1])
    let samples = TensorSamples(inputs: inputs, targets: Tensor([1, 1, 0, 0] as [Int32]))
    let evaluator = Evaluator(Identity(), loss: { output, _ in output.sum() })
    let found = evaluator.evaluate(samples, probabilities: { $0 })
    #expect(found.classification?.accuracy == 0.5)
    #expect(found.ranking?.areas.roc == 0.75)
    let wanted = (0.01 + 0.36 + 0.49 + 0.04) / 4
    #expect(abs((found.probabilities?.brierScore ?? .nan) - wanted) < 1e-7)
    // two classes, also where the samples are of one
    let negatives = evaluator.evaluate(
      TensorSamples(inputs: inputs, targets: Tensor([0, 0, 0, 0] as [Int32])), probabilities: { $0 })
    #expect(negatives.classification?.confusion == [[2, 2], [0, 0]])
    #expect(negatives.ranking?.areas.roc == nil && negatives.probabilities?.samples == 4)
  }

  @Test func mistakesStop() async {
    await #expect(processExitsWith: .failure) { _ = RankingMetrics(classCount: 1) }
    await #expect(processExitsWith: .failure) { _ = ProbabilityMetrics(classCount: 3, k: 0) }
    await #expect(processExitsWith: .failure) { _ = ProbabilityMetrics(classCount: 3, bins: 0) }
    await #expect(processExitsWith: .failure) { _ = ClassificationMetrics(classCount: 2).fBeta(0) }
    await #expect(processExitsWith: .failure) {
      var metrics = RankingMetrics(classCount: 3)
      metrics.add(scores: [0.5, 0.5], label: 0)
    }
  }

  @Test func theGreatestOutputIsTheClass() {
    #expect(predictedClass([0.1, 0.7, 0.2]) == 1)
    #expect(predictedClass([0.5, 0.5]) == 0)
    #expect(predictedClass([9, 0.1, 0.7, 0.2][1...]) == 1)
    #expect(predictedClass([0.4]) == 0)
    #expect(predictedClass([0.6]) == 1)
  }
}
