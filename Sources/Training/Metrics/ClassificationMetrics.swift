import DescentTensors

/// Counts of predicted against true classes, and what follows from them.
public struct ClassificationMetrics: Sendable, Equatable {
  /// counts[truth][prediction].
  public private(set) var confusion: [[Int]]

  /// Metrics of so many classes, with nothing counted yet.
  public init(classCount: Int) {
    confusion = Array(repeating: Array(repeating: 0, count: classCount), count: classCount)
  }

  /// Counts one sample.
  public mutating func add(predicted: Int, label: Int) {
    check(
      confusion.indices.contains(predicted) && confusion.indices.contains(label),
      "ClassificationMetrics: class \(predicted) or \(label) is outside 0 ..< \(confusion.count)")
    confusion[label][predicted] += 1
  }

  /// How many samples were counted.
  public var samples: Int { confusion.reduce(0) { $0 + $1.reduce(0, +) } }

  /// The share of samples whose class was predicted.
  public var accuracy: Double { ratio(confusion.indices.reduce(0) { $0 + confusion[$1][$1] }, samples) }

  /// Of the samples predicted to be of a class, the share that are.
  public func precision(of label: Int) -> Double {
    ratio(confusion[label][label], confusion.reduce(0) { $0 + $1[label] })
  }

  /// Of the samples of a class, the share that were predicted to be.
  public func recall(of label: Int) -> Double { ratio(confusion[label][label], confusion[label].reduce(0, +)) }

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
    switch confusion.count {
    case 0: 0
    case 2: value(1)
    default: confusion.indices.reduce(0) { $0 + value($1) } / Double(confusion.count)
    }
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}
