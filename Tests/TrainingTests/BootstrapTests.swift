import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// Intervals of figures, the importance of columns, and the points of curves: Tests/References/reports.py.
@Suite struct BootstrapTests {
  /// The inputs as they are: a class's probabilities, or a value.
  private func results(_ inputs: Tensor, _ targets: Tensor) -> (RowResults, Evaluation) {
    let samples = TensorSamples(inputs: inputs, targets: targets)
    let isClasses = targets.type == .int32
    let ofClasses: Trainer.BatchLoss = { Loss.crossEntropy($0.log(), $1) }
    let evaluator = Evaluator(Identity(), loss: isClasses ? ofClasses : meanSquared)
    let same = { (outputs: Tensor) in outputs }
    let probabilities = isClasses ? same : nil
    return (
      evaluator.rowResults(samples, probabilities: probabilities),
      evaluator.evaluate(samples, probabilities: probabilities)
    )
  }

  @Test func intervalsOfClassesAreTheReferences() throws {
    let references = try References("reports")
    let (rows, evaluation) = results(
      try references("interval/classes/probabilities"), try references("interval/classes/labels"))
    let found = BootstrapIntervals(rows, of: evaluation, resamples: 150, seed: 7)
    #expect(found.resamples == 150 && found.confidence == 0.95)
    for key in ["accuracy", "f1", "log_loss", "matthews", "roc_auc", "pr_auc"] {
      let wanted = try references("interval/classes/wanted-\(key.replacing("_", with: "-"))").reals()
      let interval = try #require(found[key])
      #expect(abs(interval.lowerBound - wanted[0]) < 1e-9, "\(key): \(interval), not \(wanted)")
      #expect(abs(interval.upperBound - wanted[1]) < 1e-9, "\(key): \(interval), not \(wanted)")
    }
    // the loss of the rows is their cross-entropy, in float32
    let (loss, logLoss) = (try #require(found["loss"]), try #require(found["log_loss"]))
    #expect(abs(loss.lowerBound - logLoss.lowerBound) < 1e-5 && abs(loss.upperBound - logLoss.upperBound) < 1e-5)
    #expect(found.intervals.map(\.figure) == evaluation.figures.flatMap { $0 })
  }

  @Test func intervalsOfValuesAreTheReferences() throws {
    let references = try References("reports")
    func column(_ name: String) throws -> Tensor {
      try references("interval/values/\(name)").reshaped(to: [30, 1])
    }
    let (rows, evaluation) = results(try column("predictions"), try column("truths"))
    let found = BootstrapIntervals(rows, of: evaluation, resamples: 150, seed: 7)
    for key in ["rmse", "mae", "r2"] {
      let wanted = try references("interval/values/wanted-\(key)").reals()
      let interval = try #require(found[key])
      #expect(abs(interval.lowerBound - wanted[0]) < 1e-9 && abs(interval.upperBound - wanted[1]) < 1e-9, "\(key)")
    }
  }

  @Test func intervalsHoldTheFigureAndShrink() throws {
    var widths: [Double] = []
    for count in [50, 800] {
      let (inputs, targets) = RandomSource.withSeed(3) {
        (Tensor.randomNormal([count, 1]), Tensor.randomNormal([count, 1]))
      }
      let (rows, evaluation) = results(inputs + targets * 2, targets)
      let found = BootstrapIntervals(rows, of: evaluation, resamples: 300)
      for interval in found.intervals {
        #expect(interval.lower <= interval.figure.value && interval.figure.value <= interval.upper, "\(interval)")
      }
      let rmse = try #require(found["rmse"])
      widths.append(rmse.upperBound - rmse.lowerBound)
      // the same seed draws the same rows, another one others
      #expect(BootstrapIntervals(rows, of: evaluation, resamples: 300)["rmse"] == rmse)
      #expect(BootstrapIntervals(rows, of: evaluation, resamples: 300, seed: 1)["rmse"] != rmse)
      let narrow = try #require(BootstrapIntervals(rows, of: evaluation, resamples: 300, confidence: 0.5)["rmse"])
      #expect(narrow.lowerBound > rmse.lowerBound && narrow.upperBound < rmse.upperBound)
    }
    // with √16 times as many rows
    #expect(widths[1] < widths[0] / 2 && widths[1] > widths[0] / 10)
  }

  @Test func aLossThatWeighsRowsHasNoInterval() throws {
    let samples = TensorSamples(
      inputs: Tensor([1, 2, 3, 4] as [Float], shape: [4, 1]), targets: Tensor([0, 0, 0, 0] as [Float], shape: [4, 1]))
    let evaluator = Evaluator(Identity(), loss: { output, _ in (output * output).sum() / output.sum() })
    let evaluation = evaluator.evaluate(samples)
    let found = BootstrapIntervals(evaluator.rowResults(samples), of: evaluation, resamples: 50)
    #expect(found["loss"] == nil && found["rmse"] != nil)
    // nor where the rows' losses were not computed
    let without = BootstrapIntervals(evaluator.rowResults(samples, losses: false), of: evaluation, resamples: 50)
    #expect(without["loss"] == nil && without["rmse"] == found["rmse"])
  }

  @Test func ofNoRowsAndOfOne() {
    let one = Tensor([2] as [Float], shape: [1, 1])
    let samples = TensorSamples(inputs: one, targets: one)
    let evaluator = Evaluator(Identity(), loss: meanSquared)
    let none = BootstrapIntervals(evaluator.rowResults(samples, rows: []), of: evaluator.evaluate(samples, rows: []))
    #expect(none.intervals.isEmpty && none.resamples == 0)
    let (rows, evaluation) = results(one, one)
    #expect(BootstrapIntervals(rows, of: evaluation)["rmse"] == 0...0)
  }

  // MARK: Curves

  @Test(arguments: ["plain", "ties"])
  func curvesAreTheReferences(name: String) throws {
    let references = try References("reports")
    func numbers(_ part: String) throws -> [Double] { try references("curve/\(name)/\(part)").reals() }
    let scores = try references("curve/\(name)/scores").scalars(Float.self)
    let labels = try references("curve/\(name)/labels").scalars(Int32.self)
    let curve = try #require(RankingCurve(scores: scores, labels: labels, of: 1))
    func expectSame(_ found: [Double], _ wanted: [Double], _ what: String) {
      #expect(found.count == wanted.count && zip(found, wanted).allSatisfy { abs($0 - $1) < 1e-12 }, "\(what)")
    }
    expectSame(curve.points.map(\.falsePositiveRate), try numbers("false-positive"), "false positives")
    expectSame(curve.points.map(\.recall), try numbers("true-positive"), "true positives")
    // precision_recall_curve ends at the first threshold that finds everything
    let (precision, recall) = (try numbers("precision"), try numbers("recall"))
    expectSame(curve.points.prefix(precision.count).map(\.precision), precision, "precision")
    expectSame(curve.points.prefix(recall.count).map(\.recall), recall, "recall")
    let bins = ReliabilityDiagram(probabilities: scores, cameTrue: labels.map { $0 == 1 }).bins
    #expect(bins.count == 10 && bins.reduce(0) { $0 + $1.count } == scores.count)
    if name == "plain" {
      expectSame(bins.compactMap(\.share), try numbers("came-true"), "came true")
      expectSame(bins.compactMap(\.meanProbability), try numbers("mean-probability"), "mean probability")
    }
    #expect(RankingCurve(scores: scores, labels: labels.map { _ in 1 }, of: 1) == nil)
    #expect(RankingCurve(scores: scores.map { _ in .nan }, labels: labels, of: 1) == nil)
  }

  @Test func binsHoldTheirUpperEnd() {
    let bins = ReliabilityDiagram(
      probabilities: [0, 0.5, 0.51, 1, .nan], cameTrue: [false, true, false, true, true], bins: 2
    ).bins
    #expect(bins.map(\.count) == [2, 2])
    #expect(bins[0].share == 0.5 && bins[0].meanProbability == 0.25)
  }

  // MARK: Importance

  @Test(arguments: ["values", "classes"])
  func importanceIsTheReferences(name: String) throws {
    let references = try References("reports")
    func tensor(_ part: String) throws -> Tensor { try references("importance/\(name)/\(part)") }
    var targets = try tensor("targets")
    if name == "values" { targets = targets.reshaped(to: [50, 1]) }
    let samples = TensorSamples(inputs: try tensor("inputs"), targets: targets)
    let evaluator = Evaluator(
      Dense(weight: try tensor("weights")), loss: name == "values" ? meanSquared : crossEntropy)
    let found = PermutationImportance(
      evaluator, samples, groups: (0..<4).map { (name: "\($0)", features: $0..<$0 + 1) }, repeats: 4, seed: 5)
    #expect(found.rowCount == 50 && found.scoreName == (name == "values" ? "R²" : "accuracy"))
    let (means, deviations) = (try tensor("means").reals(), try tensor("deviations").reals())
    for (column, (mean, deviation)) in zip(found.columns, zip(means, deviations)) {
      #expect(abs(column.mean - mean) < 1e-5 && abs(column.standardDeviation - deviation) < 1e-5, "\(column) \(mean)")
    }
  }

  @Test func groupsMoveTogetherAndRowsAreDrawn() throws {
    // a class told by whether two numbers have one sign: neither says anything without the other
    struct Product: Module {
      func callAsFunction(_ input: Tensor) -> Tensor {
        let product = input.sliced(axis: 1, 1..<2) * input.sliced(axis: 1, 2..<3)
        return .concatenate([product * 0, product], axis: 1)
      }
    }
    let inputs = RandomSource.withSeed(9) { Tensor.randomNormal([400, 3]) }
    let numbers = inputs.scalars(Float.self)
    let labels = (0..<400).map { Int32(numbers[3 * $0 + 1] * numbers[3 * $0 + 2] > 0 ? 1 : 0) }
    let samples = TensorSamples(inputs: inputs, targets: Tensor(labels))
    let evaluator = Evaluator(Product(), loss: crossEntropy)
    let groups = [(name: "noise", features: 0..<1), (name: "pair", features: 1..<3), (name: "none", features: 0..<0)]
    let found = PermutationImportance(evaluator, samples, groups: groups, mostRows: 150, seed: 2)
    #expect(found.score == 1 && found.rowCount == 150)
    #expect(found.columns.map(\.name) == ["noise", "pair", "none"])
    #expect(found.columns[0].drops == [0, 0, 0, 0, 0] && found.columns[2].mean == 0)
    #expect(found.columns[1].mean > 0.35 && found.columns[1].mean < 0.65)
    #expect(PermutationImportance(evaluator, samples, groups: groups, mostRows: 150, seed: 2) == found)
    #expect(PermutationImportance(evaluator, samples, groups: groups, mostRows: 150, seed: 3) != found)
  }
}
