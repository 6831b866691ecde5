import DescentDatasets

/// How much each class counts in the loss of training.
///
/// | words | weight of class c, of K classes with n_c of n rows to learn from |
/// |---|---|
/// | `balanced` | n / (K · n_c): all classes count the same together (scikit-learn: `class_weight="balanced"`) |
/// | `no=1,yes=5` | as it is said; 1 where nothing is |
///
/// The loss is the mean of w·l over rows, with weights that are 1 on the mean of the rows to learn from: so that the loss of
/// many rows is the mean of their batches' losses, however classes fall into these.
public struct ClassWeights: Sendable, Equatable {
  /// Words that are no weights.
  public struct Problem: Error, CustomStringConvertible {
    /// What is wrong, in a sentence.
    public let description: String
  }

  /// The weight of each class, by its label.
  public let values: [Double]
  /// Their mean over the rows to learn from, above 0.
  public let mean: Double

  /// The weights that these words mean for the rows of a data set.
  ///
  /// - Throws: ``Problem`` where the words are none, or the target is a quantity.
  public init(words: String, _ dataset: Dataset, rows: [Int32]) throws(Problem) {
    guard case .classes(let labels, let names) = dataset.target else {
      throw Problem(description: "'\(words)': the target is a quantity, and only classes have weights")
    }
    let counts = ClassWeights.counts(labels, rows, names.count)
    guard words != "balanced" else {
      values = counts.map { $0 > 0 ? Double(rows.count) / Double(names.count * $0) : 0 }
      mean = ClassWeights.mean(values, counts)
      return
    }
    var values = names.map { _ in 1.0 }
    for word in words.split(separator: ",", omittingEmptySubsequences: false) {
      // a class's name may hold the sign itself
      guard let sign = word.lastIndex(of: "="), let place = names.firstIndex(of: String(word[..<sign])),
        let weight = Double(word[word.index(after: sign)...]), weight >= 0, weight.isFinite
      else {
        let known = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
        throw Problem(
          description: "'\(word)' is neither 'balanced' nor a class and its weight; the classes are \(known)")
      }
      values[place] = weight
    }
    mean = ClassWeights.mean(values, counts)
    guard mean > 0 else {
      throw Problem(description: "'\(words)': some class of the rows to learn from must have a weight above 0")
    }
    self.values = values
  }

  private static func mean(_ values: [Double], _ counts: [Int]) -> Double {
    zip(values, counts).reduce(0) { $0 + $1.0 * Double($1.1) } / Double(max(1, counts.reduce(0, +)))
  }

  fileprivate static func counts(_ labels: [Int32], _ rows: [Int32], _ classes: Int) -> [Int] {
    var counts = Array(repeating: 0, count: classes)
    for row in rows where labels[Int(row)] >= 0 { counts[Int(labels[Int(row)])] += 1 }
    return counts
  }
}

/// How the rows to learn from are drawn where classes differ in size.
public enum ClassSampling: String, Sendable, Codable, CaseIterable {
  /// Rows of the smaller classes come more than once, so that each class has as many as the greatest.
  case over
  /// Rows of the greater classes are left out, so that each class has as many as the smallest.
  case under

  /// The rows of a data set, drawn anew: every row as often as any other of its class, or once more. A target of values
  /// is left as it is.
  public func rows(_ rows: [Int32], of dataset: Dataset, seed: UInt64) -> [Int32] {
    guard case .classes(let labels, let names) = dataset.target else { return rows }
    let counts = ClassWeights.counts(labels, rows, names.count).filter { $0 > 0 }
    guard let size = self == .over ? counts.max() : counts.min() else { return rows }
    var generator = SplitMix64(seed: seed)
    return names.indices.flatMap { label -> [Int32] in
      var own = rows.filter { labels[Int($0)] == Int32(label) }
      guard !own.isEmpty else { return [] }
      generator.shuffle(&own)
      return (0..<size).map { own[$0 % own.count] }
    }.sorted()
  }
}
