import DescentDatasets
import DescentNetworks
import DescentTensors

/// How a network's raw outputs meet a loss and become probabilities: what training, evaluation and prediction share.
public struct LossTerms: Sendable {
  /// The loss.
  public let loss: Loss
  /// What is predicted.
  public let task: Dataset.Task

  /// What the values to predict passed through before they met the loss.
  private var targetScaling = Scaling.identity
  /// How much a row of each class counts in a batch's mean; nil where all count the same.
  private var classWeights: [Double]?

  /// Terms for a loss and a task; nil where the loss cannot serve the task (``objection(to:for:)``).
  public init?(_ loss: Loss, task: Dataset.Task) {
    guard Self.objection(to: loss, for: task) == nil else { return nil }
    self.loss = loss
    self.task = task
  }

  /// Why a loss cannot serve a task, as a clause; nil where it can.
  public static func objection(to loss: Loss, for task: Dataset.Task) -> String? {
    switch (task, loss.name) {
    case (_, _) where [.rates, .logRates].contains(loss.predictions):
      "it is for counts, and this target is a \(task == .regression ? "scaled quantity" : "class")"
    case (.regression, _) where loss.predictions != .values: "it is for classes, and this target is a quantity"
    case (.regression, Loss.cosineSimilarity.name): "it compares directions, and a single quantity has none"
    case (.classification, Loss.meanAbsolutePercentage.name):
      "it measures in percent of the target, which is 0 for all classes but one"
    default: nil
    }
  }

  /// These terms where targets passed through a scaling. A loss that counts from 0 (a percentage, a logarithm) then
  /// compares in the data's own unit; all others compare scaled numbers.
  public func scaled(by targetScaling: Scaling) -> LossTerms {
    guard task == .regression, Self.countingFromZero.contains(loss.name) else { return self }
    var terms = self
    terms.targetScaling = targetScaling
    return terms
  }

  /// These terms where rows of different classes count differently: the mean of w·l, as
  /// ``ClassWeights`` says. Of quantities they stay as they are.
  public func weighted(by classWeights: ClassWeights) -> LossTerms {
    guard task == .classification else { return self }
    var terms = self
    terms.classWeights = classWeights.values.map { $0 / classWeights.mean }
    return terms
  }

  private static let countingFromZero = [Loss.meanAbsolutePercentage.name, Loss.meanSquaredLogarithmic.name]

  /// The loss that suits a task: cross-entropy for classes, the mean squared error for values.
  public static func standard(for task: Dataset.Task) -> LossTerms {
    switch task {
    case .classification: LossTerms(named: "cross-entropy", task: task) ?? meanSquared(task)
    case .regression: meanSquared(task)
    }
  }

  private static func meanSquared(_ task: Dataset.Task) -> LossTerms { LossTerms(unchecked: .meanSquared, task) }

  private init(unchecked loss: Loss, _ task: Dataset.Task) {
    self.loss = loss
    self.task = task
  }

  /// Terms for a loss by its name; nil where there is no such loss or it cannot serve the task.
  public init?(named name: String, task: Dataset.Task) {
    guard let loss = Loss.named(name) else { return nil }
    self.init(loss, task: task)
  }

  /// How targets become tensors.
  public var targetForm: TrainingData.TargetForm {
    task == .regression ? .values : loss.takesClassIndices ? .classIndices : .oneHot
  }

  /// The mean loss of a batch, from the network's raw outputs. Where the loss speaks of probabilities, or of plain
  /// numbers, they pass through a softmax first.
  public func batchLoss(_ outputs: Tensor, _ targets: Tensor) -> Tensor {
    guard task == .classification else { return loss(inOwnUnit(outputs), inOwnUnit(targets)) }
    let weights = sampleWeights(targets)
    let mean =
      switch loss.predictions {
      case .logits, .rates, .logRates: loss(outputs, targets, sampleWeights: weights)
      case .values, .probabilities: loss(outputs.softmax(), targets, sampleWeights: weights)
      case .logProbabilities: loss(outputs.logSoftmax(), targets, sampleWeights: weights)
      }
    // from Σ w·l / Σ w to Σ w·l / n
    return weights.map { mean * $0.mean().cast(to: mean.type) } ?? mean
  }

  /// The weight of each row's class: [batch].
  private func sampleWeights(_ targets: Tensor) -> Tensor? {
    guard let classWeights else { return nil }
    let weights = Tensor(classWeights.map { Float($0) })
    return targetForm == .classIndices ? weights.take(targets) : targets.matmul(weights)
  }

  private func inOwnUnit(_ values: Tensor) -> Tensor {
    guard targetScaling != .identity else { return values }
    return values * Double(1 / targetScaling.scale[0]) + Double(targetScaling.offset[0])
  }

  /// The probabilities of the classes, from the network's raw outputs: [rows, classes].
  public func probabilities(_ outputs: Tensor) -> Tensor {
    guard loss.predictions == .logits, !loss.takesClassIndices else { return outputs.softmax() }
    // each class was judged by itself
    let shares = outputs.sigmoid()
    return shares / shares.sum(axes: [-1], keepsAxes: true)
  }
}
