import DescentTensors

/// Whether probabilities mean what they say: of the samples that are given some probability, the share for which it comes
/// true (DeGroot and Fienberg, "The comparison and evaluation of forecasters", 1983).
public struct ReliabilityDiagram: Sendable {
  /// The samples whose probability lies between two bounds.
  public struct Bin: Sendable, Hashable {
    /// The bounds. The upper one is among the bin, the lower one only where it is 0.
    public let bounds: ClosedRange<Double>
    /// How many samples there are.
    public let count: Int
    /// The mean of their probabilities; nil where there are none.
    public let meanProbability: Double?
    /// The share for which it came true; nil where there are none.
    public let share: Double?
  }

  /// Equal parts of [0, 1], ascending. scikit-learn: `calibration_curve`, which leaves out those without samples.
  public let bins: [Bin]

  /// The diagram of probabilities; those that are NaN are left out.
  ///
  /// - Parameters:
  ///   - probabilities: of something, for each sample.
  ///   - cameTrue: whether it was so, for each sample.
  ///   - bins: into how many parts [0, 1] is divided, 1 or more.
  public init(
    probabilities: [Float], cameTrue: [Bool], bins count: Int = 10, file: StaticString = #fileID, line: UInt = #line
  ) {
    check(
      count > 0 && probabilities.count == cameTrue.count,
      "ReliabilityDiagram: \(count) bins of \(probabilities.count) probabilities and \(cameTrue.count) outcomes",
      file: file, line: line)
    var sums = Array(repeating: (count: 0, probability: 0.0, true: 0), count: count)
    for (probability, isTrue) in zip(probabilities, cameTrue) where !probability.isNaN {
      let probability = min(max(Double(probability), 0), 1)
      let bin = max(Int((probability * Double(count)).rounded(.up)) - 1, 0)
      sums[bin].count += 1
      sums[bin].probability += probability
      if isTrue { sums[bin].true += 1 }
    }
    bins = sums.enumerated().map { place, sum in
      Bin(
        bounds: Double(place) / Double(count)...Double(place + 1) / Double(count), count: sum.count,
        meanProbability: sum.count == 0 ? nil : sum.probability / Double(sum.count),
        share: sum.count == 0 ? nil : Double(sum.true) / Double(sum.count))
    }
  }
}
