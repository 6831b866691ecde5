import DescentDatasets
import DescentNetworks
import DescentTensors

/// How a network's raw outputs meet a loss and become probabilities: what training, evaluation and prediction share.
public struct LossTerms: Sendable {
  /// The loss.
  public let loss: Loss
  /// What is predicted.
  public let task: Dataset.Task

  /// Terms for a loss and a task; nil where the loss cannot serve the task.
  public init?(_ loss: Loss, task: Dataset.Task) {
    guard task == .classification || loss.predictions == .values else { return nil }
    self.loss = loss
    self.task = task
  }

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
    guard task == .classification else { return loss(outputs, targets) }
    switch loss.predictions {
    case .logits: return loss(outputs, targets)
    case .values, .probabilities: return loss(outputs.softmax(), targets)
    case .logProbabilities: return loss(outputs.logSoftmax(), targets)
    }
  }

  /// The probabilities of the classes, from the network's raw outputs: [rows, classes].
  public func probabilities(_ outputs: Tensor) -> Tensor {
    guard loss.predictions == .logits, !loss.takesClassIndices else { return outputs.softmax() }
    // each class was judged by itself
    let shares = outputs.sigmoid()
    return shares / shares.sum(axes: [-1], keepsAxes: true)
  }
}
