/// What a class against the others comes to at every threshold: the points of the receiver operating characteristic
/// (recall over false positive rate) and of precision over recall.
public struct RankingCurve: Sendable {
  /// One threshold: everything that scores as high or higher is taken for the class.
  public struct Point: Sendable, Hashable {
    /// Of the samples of other classes, the share that is taken for this one.
    public let falsePositiveRate: Double
    /// Of the samples of the class, the share that is found: the true positive rate.
    public let recall: Double
    /// Of the samples that are taken for the class, the share that are of it.
    public let precision: Double
  }

  /// A point for each different score, the highest first. scikit-learn: `roc_curve` and `precision_recall_curve`, without
  /// the ends that these add.
  public let points: [Point]
  /// The areas under both curves.
  public let areas: RankingMetrics.Areas

  /// The curve of scores.
  ///
  /// Returns nil where a score is NaN, where no sample is of the class, and where all are.
  ///
  /// - Parameters:
  ///   - scores: one a sample, greater for what is more likely of the class.
  ///   - labels: the samples' classes, as many.
  ///   - label: the class.
  public init?(scores: [Float], labels: [Int32], of label: Int) {
    let own = labels.count { Int($0) == label }
    let others = labels.count - own
    guard own > 0, others > 0, let order = ScoreOrder(scores, labels, of: label) else { return nil }
    let counts = [Int32](repeating: 1, count: labels.count)
    var points: [Point] = []
    order.sweep(counts: counts) { hits, misses in
      points.append(
        Point(
          falsePositiveRate: Double(misses) / Double(others), recall: Double(hits) / Double(own),
          precision: Double(hits) / Double(hits + misses)))
    }
    self.points = points
    areas = order.areas(counts: counts)
  }
}
