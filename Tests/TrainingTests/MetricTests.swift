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

  @Test func theGreatestOutputIsTheClass() {
    #expect(predictedClass([0.1, 0.7, 0.2]) == 1)
    #expect(predictedClass([0.5, 0.5]) == 0)
    #expect(predictedClass([9, 0.1, 0.7, 0.2][1...]) == 1)
    #expect(predictedClass([0.4]) == 0)
    #expect(predictedClass([0.6]) == 1)
  }
}
