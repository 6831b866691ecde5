import DescentNetworks
import DescentTensors
import Testing

/// A loss with targets and predictions that suit it, in float64 and away from edges.
struct LossForm: Sendable, CustomTestStringConvertible {
  let loss: Loss
  let shape: Shape
  let predictions, targets: Tensor
  /// Whether the loss can be differentiated by its targets.
  let differentiatesTargets: Bool
  let note: String

  /// Whether one reduction will do: large shapes are there for their axes.
  var isBrief: Bool { predictions.elementCount > 6 }

  /// The tensors are given, not computed: the gradient of a gradient may not reach them at all, and is 0 then.
  init(
    loss: Loss, shape: Shape, predictions: Tensor, targets: Tensor, differentiatesTargets: Bool = true,
    note: String = ""
  ) {
    self.loss = loss
    self.shape = shape
    self.predictions = Tensor(predictions.reals(), shape: shape)
    self.targets = targets.type == .float64 ? Tensor(targets.reals(), shape: shape) : targets
    self.differentiatesTargets = differentiatesTargets
    self.note = note
  }

  var testDescription: String { "\(loss.name) \(shape) \(note)" }

  static let all = (Loss.all + others).flatMap(forms) + regression(.huber(delta: 0.3), note: "delta 0.3")

  /// Losses with numbers of their own.
  private static let others: [Loss] = [
    .smoothL1(beta: 0.3), .poissonNegativeLogLikelihood(ofLogarithms: false, full: true),
    .multiMargin(power: 2, margin: 0.5), .focal(gamma: 0.5, alpha: 1), .focal(gamma: 3.5), .focal(gamma: 0),
    .binaryFocal(gamma: 0.5), .binaryFocal(gamma: 1, alpha: 0.25), .dice(smoothing: 1),
    .tversky(alpha: 0.3, beta: 0.8), .crossEntropy(labelSmoothing: 0.2),
    .binaryCrossEntropy(labelSmoothing: 0.1, positiveWeight: 3),
  ]

  private static let shapes: [Shape] = [[1], [5], [4, 1], [1, 3], [4, 3], [2, 3, 2]]
  private static let classShapes: [Shape] = [[1, 3], [5, 4], [4, 1], [2, 3, 4]]

  private static func forms(of loss: Loss) -> [LossForm] {
    switch loss.name {
    case "mean-squared-logarithmic", "poisson", "poisson-negative-log-likelihood":
      regression(loss) { $0.absolute() + 0.1 }
    case "dice", "tversky": binary(loss) { $0.sigmoid() }
    case "binary-focal", "multi-label-soft-margin": binary(loss) { $0 }
    case "multi-label-margin": binary(loss, shapes.filter { $0.count > 1 }) { $0 }
    case "focal", "categorical-hinge", "multi-margin": classes(loss) { $0 }
    case "cosine-similarity": regression(loss, shapes.filter { $0.count > 1 && $0.last != 1 })
    case "binary-cross-entropy": binary(loss) { $0 }
    case "binary-cross-entropy-of-probabilities": binary(loss) { $0.sigmoid() }
    case "cross-entropy": classes(loss) { $0 }
    case "cross-entropy-of-probabilities": classes(loss) { $0.softmax() }
    case "negative-log-likelihood": classes(loss) { $0.logSoftmax() }
    case "kullback-leibler": divergence(loss)
    default: regression(loss)
    }
  }

  private static func regression(
    _ loss: Loss, _ shapes: [Shape] = shapes, note: String = "", _ map: (Tensor) -> Tensor = { $0 }
  ) -> [LossForm] {
    shapes.map { shape in
      LossForm(
        loss: loss, shape: shape, predictions: map(normals(shape, seed: 5)), targets: map(normals(shape, seed: 6)),
        note: note)
    }
  }

  private static func binary(
    _ loss: Loss, _ shapes: [Shape] = shapes, _ map: (Tensor) -> Tensor
  ) -> [LossForm] {
    shapes.map { shape in
      LossForm(
        loss: loss, shape: shape, predictions: map(normals(shape, seed: 3)), targets: normals(shape, seed: 4).sigmoid())
    }
  }

  private static func classes(_ loss: Loss, _ map: (Tensor) -> Tensor) -> [LossForm] {
    classShapes.flatMap { shape -> [LossForm] in
      let predictions = map(normals(shape, seed: 7))
      let places = Tensor.range(shape.dropLast().reduce(1, *)).reshaped(to: shape.dropLast())
      let classes = shape[shape.count - 1]
      let indices = places - places / Double(classes) * Double(classes)
      let types: [ElementType] = shape == classShapes[0] ? [.int64, .int32, .uint8] : [.int64]
      let whole = types.map { type in
        LossForm(
          loss: loss, shape: shape, predictions: predictions, targets: indices.cast(to: type),
          differentiatesTargets: false, note: "\(type)")
      }
      let shares = normals(shape, seed: 8).softmax()
      return whole
        + [LossForm(loss: loss, shape: shape, predictions: predictions, targets: shares, note: "probabilities")]
    }
  }

  private static func divergence(_ loss: Loss) -> [LossForm] {
    classShapes.map { shape in
      LossForm(
        loss: loss, shape: shape, predictions: normals(shape, seed: 1).logSoftmax(),
        targets: normals(shape, seed: 2).softmax())
    }
  }
}
