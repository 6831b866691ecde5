import DescentTensors

/// Counts of predicted against true classes, and what follows from them.
///
/// It takes room for the pairs that occur, not for all: a column of names may have as many classes as rows.
public struct ClassificationMetrics: Sendable, Equatable {
  private struct Pair: Hashable {
    let truth, prediction: Int
  }

  /// How many classes there are.
  public let classCount: Int
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
  public mutating func add(predicted prediction: Int, label: Int) { add(predicted: prediction, label: label, times: 1) }

  /// Counts a sample as many.
  mutating func add(predicted prediction: Int, label: Int, times: Int) {
    check(
      hits.indices.contains(prediction) && hits.indices.contains(label),
      "ClassificationMetrics: class \(prediction) or \(label) is outside 0 ..< \(classCount)")
    pairs[Pair(truth: label, prediction: prediction), default: 0] += times
    labelled[label] += times
    predicted[prediction] += times
    if prediction == label { hits[label] += times }
  }

  /// counts[truth][prediction], of all classes.
  public var confusion: [[Int]] {
    (0..<classCount).map { truth in
      (0..<classCount).map { pairs[Pair(truth: truth, prediction: $0), default: 0] }
    }
  }

  /// The pairs of a true and another predicted class that occur, the most frequent first.
  var confusedPairs: [(truth: Int, prediction: Int, count: Int)] {
    pairs.filter { $0.key.truth != $0.key.prediction && $0.value > 0 }
      .map { (truth: $0.key.truth, prediction: $0.key.prediction, count: $0.value) }
      .sorted { (-$0.count, $0.truth, $0.prediction) < (-$1.count, $1.truth, $1.prediction) }
  }

  /// How many samples of a class were counted.
  func samples(of label: Int) -> Int { labelled[label] }

  /// How many samples were counted.
  public var samples: Int { labelled.reduce(0, +) }

  /// The share of samples whose class was predicted.
  public var accuracy: Double { ratio(hits.reduce(0, +), samples) }

  /// Of the samples predicted to be of a class, the share that are.
  public func precision(of label: Int) -> Double { ratio(hits[label], predicted[label]) }

  /// Of the samples of a class, the share that were predicted to be.
  public func recall(of label: Int) -> Double { ratio(hits[label], labelled[label]) }

  /// The harmonic mean of precision and recall of a class.
  public func f1(of label: Int) -> Double { fBeta(1, of: label) }

  /// F-beta of a class, which takes recall for β times as important as precision: (1 + β²)·p·r / (β²·p + r) (van Rijsbergen,
  /// "Information retrieval", 1979).
  ///
  /// - Parameter beta: β > 0.
  public func fBeta(_ beta: Double, of label: Int) -> Double {
    check(beta > 0 && beta.isFinite, "ClassificationMetrics: beta must be above 0, got \(beta)")
    let (precision, recall, square) = (precision(of: label), recall(of: label), beta * beta)
    return precision + recall == 0 ? 0 : (1 + square) * precision * recall / (square * precision + recall)
  }

  /// Precision of class 1 where there are two classes, otherwise the mean over classes. 0 where nothing was predicted.
  public var precision: Double { overall(precision(of:)) }
  /// Recall of class 1 where there are two classes, otherwise the mean over classes.
  public var recall: Double { overall(recall(of:)) }
  /// F1 of class 1 where there are two classes, otherwise the mean over classes.
  public var f1: Double { overall(f1(of:)) }
  /// F-beta of class 1 where there are two classes, otherwise the mean over classes.
  public func fBeta(_ beta: Double) -> Double { overall { fBeta(beta, of: $0) } }

  /// Cohen's kappa, how far the agreement goes beyond chance: (p − e) / (1 − e), with p the accuracy and e what it would be
  /// if predictions were drawn at random in their own shares (Cohen, "A coefficient of agreement for nominal scales", 1960).
  /// 0 where chance would be right every time.
  public var cohenKappa: Double {
    let total = Double(samples)
    let chance = products(labelled, predicted) / max(total * total, 1)
    return chance == 1 || samples == 0 ? 0 : (accuracy - chance) / (1 - chance)
  }

  /// Matthews's correlation of true and predicted classes, of any number of them: (c·s − Σ pₖ·tₖ) / √((s² − Σ pₖ²)·(s² − Σ
  /// tₖ²)), with c of s samples right, pₖ predicted to be of class k and tₖ that are (Gorodkin, "Comparing two K-category
  /// assignments by a K-category correlation coefficient", 2004). 0 where all are, or are predicted to be, of one class.
  public var matthews: Double {
    let (total, right) = (Double(samples), Double(hits.reduce(0, +)))
    let spreads = (total * total - products(predicted, predicted)) * (total * total - products(labelled, labelled))
    return spreads == 0 ? 0 : (right * total - products(labelled, predicted)) / spreads.squareRoot()
  }

  private func products(_ left: [Int], _ right: [Int]) -> Double {
    zip(left, right).reduce(0) { $0 + Double($1.0) * Double($1.1) }
  }

  private func overall(_ value: (Int) -> Double) -> Double {
    switch classCount {
    case 0: 0
    case 2: value(1)
    default: (0..<classCount).reduce(0) { $0 + value($1) } / Double(classCount)
    }
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}
