import DescentTensors

/// How well scores tell classes apart, whatever the threshold. It keeps every score: classes · samples · 4 bytes.
public struct RankingMetrics: Sendable {
  /// Areas under the curves of a class against the others, over all thresholds. Samples of one score come in together.
  public struct Areas: Sendable, Equatable {
    /// Under the receiver operating characteristic: the chance that a sample of the class has a higher score than one of
    /// the others, ties counting half (Hanley and McNeil, "The meaning and use of the area under a receiver operating
    /// characteristic (ROC) curve", 1982). scikit-learn: `roc_auc_score`. Nil where one of both does not occur.
    public let roc: Double?
    /// Under precision over recall, as average precision: Σ (Rᵢ − Rᵢ₋₁)·Pᵢ from one threshold to the next, without lines
    /// between. scikit-learn: `average_precision_score`. Nil where the class does not occur.
    public let precisionRecall: Double?
  }

  private let classCount: Int
  private var labels: [Int32] = []
  /// Scores by class; of two classes those of class 1 alone.
  private var scores: [[Float]]

  /// Metrics of so many classes, two or more, with nothing counted yet.
  public init(classCount: Int, file: StaticString = #fileID, line: UInt = #line) {
    check(classCount > 1, "RankingMetrics: needs two classes or more, got \(classCount)", file: file, line: line)
    self.classCount = classCount
    scores = Array(repeating: [], count: classCount == 2 ? 1 : classCount)
  }

  /// Counts one sample.
  ///
  /// - Parameters:
  ///   - sampleScores: one a class, greater for what is more likely.
  ///   - label: its class.
  public mutating func add(scores sampleScores: some RandomAccessCollection<Float>, label: Int) {
    check(
      sampleScores.count == classCount && (0..<classCount).contains(label),
      "RankingMetrics: \(sampleScores.count) scores and class \(label) of \(classCount) classes")
    labels.append(Int32(label))
    for (place, score) in sampleScores.suffix(scores.count).enumerated() { scores[place].append(score) }
  }

  /// The areas of class 1 where there are two classes, otherwise the means over classes that have one (one against the
  /// rest, macro average).
  public var areas: Areas { Self.areas(orders, counts: Array(repeating: 1, count: labels.count)) }

  /// The samples in the order of each class's scores; of class 1 alone where there are two classes. Nil for a class where
  /// a score is NaN, which has no rank.
  var orders: [ScoreOrder?] {
    scores.indices.map { ScoreOrder(scores[$0], labels, of: classCount == 2 ? 1 : $0) }
  }

  /// The areas where each sample counts as many.
  static func areas(_ orders: [ScoreOrder?], counts: [Int32]) -> Areas {
    let all = orders.map { $0?.areas(counts: counts) ?? Areas(roc: nil, precisionRecall: nil) }
    return Areas(roc: mean(all.compactMap(\.roc)), precisionRecall: mean(all.compactMap(\.precisionRecall)))
  }

  private static func mean(_ areas: [Double]) -> Double? {
    areas.isEmpty ? nil : areas.reduce(0, +) / Double(areas.count)
  }
}
