import DescentTensors

/// Counts of predicted against true classes, and what follows from them.
///
/// It takes room for the pairs that occur, not for all: a column of names may have as many classes as rows.
public struct ClassificationMetrics: Sendable, Equatable {
  private struct Pair: Hashable {
    let truth, prediction: Int
  }

  private let classCount: Int
  private var pairs: [Pair: Int] = [:]
  private var hits: [Int]
  private var labelled: [Int]
  private var predicted: [Int]

  /// Metrics of so many classes, with nothing counted yet.
  public init(classCount: Int) {
    self.classCount = classCount
    hits = Array(repeating: 0, count: classCount)
    labelled = hits
    predicted = hits
  }

  /// Counts one sample.
  public mutating func add(predicted prediction: Int, label: Int) {
    check(
      hits.indices.contains(prediction) && hits.indices.contains(label),
      "ClassificationMetrics: class \(prediction) or \(label) is outside 0 ..< \(classCount)")
    pairs[Pair(truth: label, prediction: prediction), default: 0] += 1
    labelled[label] += 1
    predicted[prediction] += 1
    if prediction == label { hits[label] += 1 }
  }

  /// counts[truth][prediction], of all classes.
  public var confusion: [[Int]] {
    (0..<classCount).map { truth in
      (0..<classCount).map { pairs[Pair(truth: truth, prediction: $0), default: 0] }
    }
  }

  /// How many samples were counted.
  public var samples: Int { labelled.reduce(0, +) }

  /// The share of samples whose class was predicted.
  public var accuracy: Double { ratio(hits.reduce(0, +), samples) }

  /// Of the samples predicted to be of a class, the share that are.
  public func precision(of label: Int) -> Double { ratio(hits[label], predicted[label]) }

  /// Of the samples of a class, the share that were predicted to be.
  public func recall(of label: Int) -> Double { ratio(hits[label], labelled[label]) }

  /// The harmonic mean of precision and recall of a class.
  public func f1(of label: Int) -> Double {
    let (precision, recall) = (precision(of: label), recall(of: label))
    return precision + recall == 0 ? 0 : 2 * precision * recall / (precision + recall)
  }

  /// Precision of class 1 where there are two classes, otherwise the mean over classes. 0 where nothing was predicted.
  public var precision: Double { overall(precision(of:)) }
  /// Recall of class 1 where there are two classes, otherwise the mean over classes.
  public var recall: Double { overall(recall(of:)) }
  /// F1 of class 1 where there are two classes, otherwise the mean over classes.
  public var f1: Double { overall(f1(of:)) }

  private func overall(_ value: (Int) -> Double) -> Double {
    switch classCount {
    case 0: 0
    case 2: value(1)
    default: (0..<classCount).reduce(0) { $0 + value($1) } / Double(classCount)
    }
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}
