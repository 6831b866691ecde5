import DescentNetworks
import DescentTensors
import Testing

/// Losses that take other arguments than predictions and targets.
@Suite struct LossCallTests {
  /// A loss as a function of its tensors, those that it is differentiated by first, sample weights and a reduction.
  typealias Call = @Sendable ([Tensor], Tensor?, LossReduction) -> Tensor

  /// One case against PyTorch: Tests/References/losses.py writes the numbers.
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    /// float64, away from edges.
    let points: [Tensor]
    let rest: [Tensor]
    let call: Call

    init(_ name: String, _ points: [Tensor], _ rest: [Tensor] = [], _ call: @escaping Call) {
      (self.name, self.points, self.rest, self.call) = (name, points, rest, call)
    }

    var testDescription: String { name }
  }

  private static let pairs = [normals([5, 4], seed: 1), normals([5, 4], seed: 2)]
  private static let triple = pairs + [normals([5, 4], seed: 3)]
  private static let kinds = Tensor([1, -1, 1, -1, -1] as [Double])
  private static let outputs = normals([3, 5, 4], seed: 4)
  private static let spelling = [
    Tensor([1, 1, 2, 3, 0, 0, 1, 2, 3] as [Int32], shape: [3, 3]), Tensor([5, 3, 4] as [Int64]),
    Tensor([2, 1, 3] as [Int64]),
  ]

  static let cases: [Case] = [
    // F.margin_ranking_loss(a, b, t, reduction="none")
    Case("margin-ranking", pairs, [normals([5, 4], seed: 5).sign()]) {
      MarginRankingLoss()($0[0], $0[1], $0[2], sampleWeights: $1, reduction: $2)
    },
    // F.margin_ranking_loss(a, b, t, margin=0.7, reduction="none")
    Case("margin-ranking/margin", pairs, [normals([5, 4], seed: 5).sign()]) {
      MarginRankingLoss(margin: 0.7)($0[0], $0[1], $0[2], sampleWeights: $1, reduction: $2)
    },
    // F.triplet_margin_loss(a, p, n, reduction="none")
    Case("triplet", triple) {
      TripletLoss()($0[0], positives: $0[1], negatives: $0[2], sampleWeights: $1, reduction: $2)
    },
    // F.triplet_margin_loss(a, p, n, margin=0.5, p=3, swap=True, reduction="none")
    Case("triplet/others", triple) {
      TripletLoss(margin: 0.5, power: 3, swaps: true)(
        $0[0], positives: $0[1], negatives: $0[2], sampleWeights: $1, reduction: $2)
    },
    // F.triplet_margin_loss(a, p, n, margin=2, p=1, reduction="none")
    Case("triplet/absolute", triple) {
      TripletLoss(margin: 2, power: 1)($0[0], positives: $0[1], negatives: $0[2], sampleWeights: $1, reduction: $2)
    },
    // (t * d**2 + (1 - t) * F.relu(1 - d) ** 2) / 2, d = (a - b).norm(dim=-1)
    Case("contrastive", pairs, [(kinds + 1) / 2]) {
      ContrastiveLoss()($0[0], $0[1], $0[2], sampleWeights: $1, reduction: $2)
    },
    // the same with margin 4
    Case("contrastive/margin", pairs, [(kinds + 1) / 2]) {
      ContrastiveLoss(margin: 4)($0[0], $0[1], $0[2], sampleWeights: $1, reduction: $2)
    },
    // F.cosine_embedding_loss(a, b, t, reduction="none")
    Case("cosine-embedding", pairs, [kinds]) {
      CosineEmbeddingLoss()($0[0], $0[1], $0[2], sampleWeights: $1, reduction: $2)
    },
    // F.cosine_embedding_loss(a, b, t, margin=-0.4, reduction="none")
    Case("cosine-embedding/margin", pairs, [kinds]) {
      CosineEmbeddingLoss(margin: -0.4)($0[0], $0[1], $0[2], sampleWeights: $1, reduction: $2)
    },
    // F.gaussian_nll_loss(m, t, v, reduction="none"), v of 0 among them
    Case("gaussian-negative-log-likelihood", [pairs[0], pairs[1].absolute() + 0.2], [triple[2]]) {
      GaussianNegativeLogLikelihood()($0[0], $0[2], variances: $0[1], sampleWeights: $1, reduction: $2)
    },
    // F.gaussian_nll_loss(m, t, v, full=True, reduction="none"), v [batch, 1]
    Case(
      "gaussian-negative-log-likelihood/full", [pairs[0], normals([5, 1], seed: 6).absolute() + 0.2], [triple[2]]
    ) {
      GaussianNegativeLogLikelihood(full: true)($0[0], $0[2], variances: $0[1], sampleWeights: $1, reduction: $2)
    },
    // F.ctc_loss(x.log_softmax(-1).transpose(0, 1), t, steps, lengths, reduction="none")
    Case("ctc", [outputs], spelling) {
      CTCLoss()(
        $0[0].logSoftmax(), $0[1], inputLengths: $0[2], targetLengths: $0[3], sampleWeights: $1, reduction: $2)
    },
    // F.ctc_loss(x.log_softmax(-1).transpose(0, 1), t, steps, lengths, blank=3, reduction="none")
    Case(
      "ctc/blank", [outputs],
      [Tensor([0, 1, 2, 0, 2, 2] as [Int32], shape: [3, 2])] + spelling[1...1] + [
        Tensor([2, 0, 1] as [Int32])
      ]
    ) {
      CTCLoss(blank: 3)(
        $0[0].logSoftmax(), $0[1], inputLengths: $0[2], targetLengths: $0[3], sampleWeights: $1, reduction: $2)
    },
    // F.ctc_loss(x.log_softmax(-1).transpose(0, 1), t, steps, lengths, zero_infinity=True, reduction="none")
    Case("ctc/impossible", [outputs], [spelling[0], Tensor([2, 3, 4] as [Int64]), spelling[2]]) {
      CTCLoss(ignoresImpossible: true)(
        $0[0].logSoftmax(), $0[1], inputLengths: $0[2], targetLengths: $0[3], sampleWeights: $1, reduction: $2)
    },
  ]

  @Test func everyLossHasARow() throws {
    #expect(Set(Self.cases.map(\.name)) == (try References("losses")).cases(of: "call"))
    let plain = Self.cases.map { String($0.name.prefix { $0 != "/" }) }
    #expect(Set(plain) == Set(Loss.namesOfOtherArguments))
  }

  @Test(arguments: cases)
  func reference(form: Case) throws {
    let references = try References("losses")
    func reference(_ part: String) throws -> Tensor { try references("call/\(form.name)/\(part)") }
    let arguments = try (0..<form.points.count + form.rest.count).map { try reference("argument-\($0)") }
    for (reduction, part) in [(LossReduction.none, "none"), (.sum, "sum"), (.mean, "mean")] {
      expectClose(form.call(arguments, nil, reduction), try reference(part), part)
    }
    expectClose(
      form.call(arguments, try reference("weights"), .mean), try reference("weighted-mean"), "weighted mean")
    let points = Array(arguments[..<form.points.count])
    for (place, slope) in gradients(of: form.call(arguments, nil, .mean), with: points).enumerated() {
      expectClose(slope, try reference("gradient-\(place)"), "gradient \(place)")
    }
  }

  @Test(arguments: cases)
  func gradientIsThatOfDifferences(form: Case) {
    let weights = Tensor([0.5, 1, 2, 0, 1.5] as [Double]).sliced(axis: 0, 0..<form.points[0].shape[0])
    for reduction in LossReduction.allCases {
      #expect(gradientCheck(of: { form.call($0 + form.rest, nil, reduction) }, at: form.points) == [])
    }
    #expect(gradientCheck(of: { form.call($0 + form.rest, weights, .mean) }, at: form.points) == [])
  }

  @Test(arguments: cases.filter { !$0.name.hasPrefix("ctc") })
  func secondGradientIsThatOfDifferences(form: Case) {
    let points = form.points.map { Tensor($0.reals(), shape: $0.shape) }
    let slope = { (v: [Tensor]) in gradient(of: form.call(v + form.rest, nil, .sum), with: v[0]) }
    #expect(gradientCheck(of: slope, at: points) == [])
  }

  /// Equal vectors, and vectors of zeros: no root or quotient of 0 reaches the gradient.
  @Test func extremesStayFinite() {
    let x = Tensor([0, 0, 400, -400, 1e15, 1] as [Float], shape: [3, 2])
    let zeros = Tensor.zeros([3, 2])
    let t = Tensor([1, -1, 1] as [Float])
    for (other, name) in [(x, "equal"), (zeros, "zero")] {
      let losses = [
        MarginRankingLoss()(x, other, x.sign()), TripletLoss()(x, positives: other, negatives: zeros),
        ContrastiveLoss()(x, other, (t + 1) / 2), CosineEmbeddingLoss()(x, other, t),
        GaussianNegativeLogLikelihood()(x, other, variances: zeros),
      ]
      for (index, loss) in losses.enumerated() {
        let slope = gradient(of: loss, with: x)
        evaluate(loss, slope)
        #expect((loss.reals() + slope.reals()).allSatisfy { $0.isFinite }, "\(name) \(index)")
      }
    }
  }

  // MARK: CTC

  /// Against every path of four steps over three classes.
  @Test(arguments: [[], [1], [2], [1, 2], [1, 1], [2, 1, 2], [1, 1, 1], [1, 2, 1, 2]] as [[Int]])
  func pathsAddUp(target: [Int]) {
    let (steps, classes) = (4, 3)
    let logarithms = normals([1, steps, classes], seed: 9).logSoftmax()
    let numbers = logarithms.reals()
    var total = 0.0
    for path in 0..<81 {
      let places = [path / 27, path / 9 % 3, path / 3 % 3, path % 3]
      var labels: [Int] = []
      for (step, place) in places.enumerated() where place != 0 && (step == 0 || places[step - 1] != place) {
        labels.append(place)
      }
      guard labels == target else { continue }
      total += Tensor(places.enumerated().reduce(0) { $0 + numbers[$1.0 * classes + $1.1] }).exp().item(Double.self)
    }
    let loss = CTCLoss()(
      logarithms, Tensor(target.map { Int32($0) } + [0], shape: [1, target.count + 1]),
      inputLengths: Tensor([Int32(steps)]), targetLengths: Tensor([Int32(target.count)]), reduction: .none)
    let expected = total == 0 ? Double.infinity : -Tensor(total).log().item(Double.self)
    let found = loss.reals()[0]
    #expect(found == expected || abs(found - expected) < 1e-13, "\(found) \(expected)")
  }

  @Test func longSequencesAndCertainOutputsStayFinite() {
    let x = Tensor((0..<2 * 300 * 3).map { Float($0 % 3 == $0 / 3 % 2 ? 400 : -400) }, shape: [2, 300, 3])
    let targets = Tensor([1, 1, 1, 2] as [Int64], shape: [2, 2])
    let loss = CTCLoss()(
      x.logSoftmax(), targets, inputLengths: Tensor([300, 0] as [Int64]), targetLengths: Tensor([2, 0] as [Int64]))
    let slope = gradient(of: loss, with: x)
    evaluate(loss, slope)
    #expect(loss.reals()[0].isFinite && slope.reals().allSatisfy { $0.isFinite })
    #expect(slope.reals()[900...].allSatisfy { $0 == 0 })
  }

  /// What just meets its margin is driven on, as PyTorch does: equal scores would never part otherwise.
  @Test func slopesAtTheMargin() {
    let (score, sign) = (Tensor([2.0, 2.0]), Tensor([1.0, -1.0]))
    #expect(gradient(of: MarginRankingLoss()(score, Tensor([2.0, 2.0]), sign), with: score).reals() == [-0.5, 0.5])
    let (first, second) = (Tensor([1.0, 0], shape: [1, 2]), Tensor([0, 1.0], shape: [1, 2]))
    let slope = gradient(of: CosineEmbeddingLoss()(first, second, Tensor([-1.0])), with: first)
    expectClose(slope, Tensor([0.0, 1], shape: [1, 2]), relative: 0, absolute: 1e-9)
    let (anchor, near) = (Tensor([0.0], shape: [1, 1]), Tensor([3.0], shape: [1, 1]))
    let triplet = TripletLoss()(anchor, positives: near, negatives: near + 1, reduction: .sum)
    #expect(abs(triplet.item(Double.self)) < 1e-5)
  }

  // MARK: What does not fit

  @Test func whatDoesNotFitStops() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = TripletLoss()(Tensor.zeros([4, 3]), positives: Tensor.zeros([4, 3]), negatives: Tensor.zeros([4, 2]))
    }
    #expect(message(result).contains("loss triplet expects floating-point tensors of one shape [batch, ..., features]"))
    #expect(message(result).contains("negatives float32[4, 2]"))
    await #expect(processExitsWith: .failure) {
      _ = ContrastiveLoss()(Tensor.zeros([4, 3]), Tensor.zeros([4, 3]), Tensor.zeros([4, 1]))
    }
    await #expect(processExitsWith: .failure) {
      _ = GaussianNegativeLogLikelihood()(Tensor.zeros([4, 3]), Tensor.zeros([4, 3]), variances: Tensor.zeros([4]))
    }
    await #expect(processExitsWith: .failure) { _ = TripletLoss(margin: 0) }
    await #expect(processExitsWith: .failure) { _ = CTCLoss(blank: -1) }
    await #expect(processExitsWith: .failure) {
      let one = Tensor([1] as [Int64])
      let x = Tensor.zeros([1, 2, 3])
      // a label that is the blank
      _ = CTCLoss(blank: 1)(x, one.reshaped(to: [1, 1]), inputLengths: one, targetLengths: one).reals()
    }
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let one = Tensor([1] as [Int64])
      let x = Tensor.zeros([1, 2, 3])
      let loss = CTCLoss()(x, one.reshaped(to: [1, 1]), inputLengths: one, targetLengths: one)
      _ = gradient(of: gradient(of: loss, with: x).squared().sum(), with: x)
    }
    #expect(message(twice).contains("cannot be differentiated"))
  }
}
