/// Samples by falling score: what curves and areas of a class against the others are swept over. Sorted once, it serves
/// every way of counting the samples.
struct ScoreOrder: Sendable {
  private struct Entry {
    let sample: Int32
    let isOfClass: Bool
    /// Whether the next sample has another score: samples of one score come in together.
    let endsTie: Bool
  }

  private let entries: [Entry]

  /// Nil where a score is NaN, which has no rank.
  init?(_ scores: [Float], _ labels: [Int32], of label: Int) {
    guard scores.allSatisfy({ !$0.isNaN }) else { return nil }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    entries = order.indices.map { place in
      let sample = order[place]
      return Entry(
        sample: Int32(sample), isOfClass: Int(labels[sample]) == label,
        endsTie: place + 1 == order.count || scores[order[place + 1]] != scores[sample])
    }
  }

  /// Goes from the highest score to the lowest, and stops at each threshold.
  ///
  /// - Parameters:
  ///   - counts: as how many each sample counts.
  ///   - threshold: takes the samples of the class, and the others, at the threshold or above it.
  func sweep(counts: [Int32], _ threshold: (_ hits: Int, _ others: Int) -> Void) {
    var (hits, others) = (0, 0)
    for entry in entries {
      let times = Int(counts[Int(entry.sample)])
      if entry.isOfClass { hits += times } else { others += times }
      if entry.endsTie { threshold(hits, others) }
    }
  }

  /// The areas under both curves.
  func areas(counts: [Int32]) -> RankingMetrics.Areas {
    var (hits, others, precision) = (0, 0, 0.0)
    // pairs of a sample of the class and one of the others in the right order, a tie being half a pair
    var halfPairs = 0
    sweep(counts: counts) { hitsNow, othersNow in
      halfPairs += (othersNow - others) * (hits + hitsNow)
      if hitsNow > hits { precision += Double(hitsNow - hits) * Double(hitsNow) / Double(hitsNow + othersNow) }
      (hits, others) = (hitsNow, othersNow)
    }
    return RankingMetrics.Areas(
      roc: hits == 0 || others == 0 ? nil : Double(halfPairs) / (2 * Double(hits) * Double(others)),
      precisionRecall: hits == 0 ? nil : precision / Double(hits))
  }
}
