import DescentNetworks
import DescentTensors
import Testing

/// Further losses against PyTorch: Tests/References/losses.py writes the numbers, and says what Keras has alone.
@Suite struct LossReferenceTests {
  private let references: References

  init() throws { references = try References("losses") }

  static let losses: [(String, Loss)] = [
    // F.smooth_l1_loss(p, t, reduction="none")
    ("smooth-l1", .smoothL1),
    // F.smooth_l1_loss(p, t, beta=0.4, reduction="none")
    ("smooth-l1/beta", .smoothL1(beta: 0.4)),
    // p - t * (p + 1e-7).log()
    ("poisson", .poisson),
    // F.poisson_nll_loss(p, t, reduction="none")
    ("poisson-negative-log-likelihood", .poissonNegativeLogLikelihood),
    // F.poisson_nll_loss(p, t, full=True, reduction="none")
    ("poisson-negative-log-likelihood/full", .poissonNegativeLogLikelihood(ofLogarithms: true, full: true)),
    // F.poisson_nll_loss(p, t, log_input=False, reduction="none")
    ("poisson-negative-log-likelihood/rates", .poissonNegativeLogLikelihood(ofLogarithms: false)),
    // F.relu(1 - t * p), t of 1 and -1
    ("hinge", .hinge),
    // F.relu(1 - (2 * t - 1) * p), t of 1 and 0
    ("hinge/truth", .hinge),
    // F.relu(1 - t * p) ** 2
    ("squared-hinge", .squaredHinge),
    // F.relu(((1 - t) * p).amax(-1) - (t * p).sum(-1) + 1), t one-hot of class indices
    ("categorical-hinge", .categoricalHinge),
    // the same, t one-hot
    ("categorical-hinge/ones", .categoricalHinge),
    // the same, p [batch, 4, 5]
    ("categorical-hinge/sequence", .categoricalHinge),
    // F.soft_margin_loss(p, t, reduction="none")
    ("soft-margin", .softMargin),
    // F.multi_margin_loss(p, t, reduction="none")
    ("multi-margin", .multiMargin),
    // F.multi_margin_loss(p, t, p=2, margin=0.4, reduction="none")
    ("multi-margin/squared", .multiMargin(power: 2, margin: 0.4)),
    // F.multilabel_margin_loss(p, lists, reduction="none"), lists of the classes of t
    ("multi-label-margin", .multiLabelMargin),
    // F.multilabel_soft_margin_loss(p, t, reduction="none")
    ("multi-label-soft-margin", .multiLabelSoftMargin),
    // -(t * alpha * (1 - p.softmax(-1)) ** gamma * p.log_softmax(-1)).sum(-1), t one-hot of class indices
    ("focal", .focal),
    // the same with gamma 1.5 and alpha 1, t of probabilities
    ("focal/shares", .focal(gamma: 1.5, alpha: 1)),
    // the same with gamma 0, p [batch, 4, 5]
    ("focal/sequence", .focal(gamma: 0)),
    // (1 - right) ** gamma * F.binary_cross_entropy_with_logits(p, t, reduction="none")
    ("binary-focal", .binaryFocal),
    // the same times (alpha * t + (1 - alpha) * (1 - t)), t between 0 and 1
    ("binary-focal/alpha", .binaryFocal(gamma: 1.5, alpha: 0.25)),
    // 1 - 2 * (p * t).sum() / (p.sum() + t.sum() + 1e-7)
    ("dice", .dice),
    // 1 - (2 * (p * t).sum() + 1) / (p.sum() + t.sum() + 1 + 1e-7), p and t [batch, 2, 4]
    ("dice/smoothing", .dice(smoothing: 1)),
    // 1 - c / (c + 0.5 * (p * (1 - t)).sum() + 0.5 * ((1 - p) * t).sum() + 1e-7), c = (p * t).sum()
    ("tversky", .tversky),
    // the same with 0.3 and 0.7, t between 0 and 1
    ("tversky/parts", .tversky(alpha: 0.3, beta: 0.7)),
    // F.cross_entropy(p, t, label_smoothing=0.2, reduction="none")
    ("cross-entropy/smoothed", .crossEntropy(labelSmoothing: 0.2)),
    // F.cross_entropy(p, t, label_smoothing=0.2, weight=torch.arange(5.0), reduction="none"), t of probabilities
    ("cross-entropy/smoothed-shares", .crossEntropy(labelSmoothing: 0.2, classWeights: [0, 1, 2, 3, 4])),
    // F.binary_cross_entropy_with_logits(p, t * 0.8 + 0.1, pos_weight=torch.tensor(3.0), reduction="none")
    ("binary-cross-entropy/weighted", .binaryCrossEntropy(labelSmoothing: 0.2, positiveWeight: 3)),
  ]

  @Test func everyRowHasAReference() {
    #expect(Set(Self.losses.map(\.0)) == references.cases(of: "loss"))
    #expect(Set(Self.weightedLosses.map(\.0)) == references.cases(of: "weighted"))
  }

  @Test(arguments: losses)
  func loss(name: String, loss: Loss) throws { try expectReference(loss, name, references) }

  // MARK: Weights of classes and ignored targets

  private static let importance = [0.5, 1, 2, 0, 1.5]

  static let weightedLosses: [(String, Loss)] = [
    // F.cross_entropy(p, t, weight=importance)
    ("weights", .crossEntropy(classWeights: importance)),
    // F.cross_entropy(p, t, weight=importance), p [batch, 4, 5]
    ("weights-of-sequence", .crossEntropy(classWeights: importance)),
    // F.cross_entropy(p, t), t with -100 among it
    ("ignored", .crossEntropy(ignoredIndex: -100)),
    // F.cross_entropy(p, t, ignore_index=4)
    ("ignored-other", .crossEntropy(ignoredIndex: 4)),
    // F.cross_entropy(p, t, weight=importance, label_smoothing=0.1), t with -100 among it
    ("all", .crossEntropy(labelSmoothing: 0.1, classWeights: importance, ignoredIndex: -100)),
    // F.nll_loss(p, t, weight=importance), t with -100 among it
    ("likelihood", .negativeLogLikelihood(classWeights: importance, ignoredIndex: -100)),
    // F.nll_loss(p, t, ignore_index=2)
    ("likelihood-ignored", .negativeLogLikelihood(ignoredIndex: 2)),
  ]

  @Test(arguments: weightedLosses)
  func weighted(name: String, loss: Loss) throws {
    let p = try references("weighted/\(name)/predictions")
    let t = try references("weighted/\(name)/targets")
    let steps = Double(t.elementCount / t.shape[0])
    expectClose(loss(p, t), try references("weighted/\(name)/mean"), "mean")
    expectClose(loss(p, t, reduction: .sum) * steps, try references("weighted/\(name)/sum"), "sum")
    expectClose(loss(p, t, reduction: .none).sum() * steps, try references("weighted/\(name)/sum"), "none")
    expectClose(gradient(of: loss(p, t), with: p), try references("weighted/\(name)/gradient"), "gradient")
  }
}

/// The reductions of a loss, with and without weights, and the gradients of the means.
func expectReference(_ loss: Loss, _ name: String, _ references: References) throws {
  func reference(_ part: String) throws -> Tensor { try references("loss/\(name)/\(part)") }
  let (p, t, weights) = (try reference("predictions"), try reference("targets"), try reference("weights"))
  for (reduction, part) in [(LossReduction.none, "none"), (.sum, "sum"), (.mean, "mean")] {
    expectClose(loss(p, t, reduction: reduction), try reference(part), part)
    expectClose(
      loss(p, t, sampleWeights: weights, reduction: reduction), try reference("weighted-\(part)"), "weighted \(part)")
  }
  let slope = gradient(of: loss(p, t), with: p)
  expectClose(slope, try reference("gradient"), "gradient")
  let weighted = gradient(of: loss(p, t, sampleWeights: weights), with: p)
  expectClose(weighted, try reference("weighted-gradient"), "weighted gradient")
}
