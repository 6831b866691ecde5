/// −ln of the probability that steps spell a target, over all its alignments (Graves and others, "Connectionist temporal
/// classification", 2006), by the forward recursion in logarithms. Log-probabilities [batch, time, classes], targets
/// [batch, labels], lengths of both [batch] give losses [batch].
struct AlignmentLoss: Operation {
  let blank: Int

  var name: String { "alignmentLoss" }
  var attributes: [Int] { [blank] }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard inputs[0].type.isFloatingPoint, inputs[0].shape.count == 3 else {
      throw ShapeError("needs floating-point log-probabilities [batch, time, classes]")
    }
    let batch = inputs[0].shape[0]
    guard inputs[1].type.isInteger, inputs[1].shape.count == 2, inputs[1].shape[0] == batch else {
      throw ShapeError("needs targets [batch, labels] of whole numbers")
    }
    for lengths in inputs[2...3] where !lengths.type.isInteger || lengths.shape != [batch] {
      throw ShapeError("needs lengths [batch] of whole numbers")
    }
    guard blank < inputs[0].shape[2] else {
      throw ShapeError("the blank \(blank) is none of \(inputs[0].shape[2]) classes")
    }
    return Signature([batch], inputs[0].type)
  }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    [.applying(AlignmentLossGradient(blank: blank), to: inputs + [resultGradient]), nil, nil, nil]
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    for sample in 0..<result.count { result[real: sample] = Alignment(sample, inputs, blank: blank).loss }
  }
}

/// −g · the probability, given the target, of each class at each step: the gradient of ``AlignmentLoss`` with respect to
/// the log-probabilities, by the forward and the backward recursion. It is 0 where no alignment exists.
struct AlignmentLossGradient: Operation {
  let blank: Int

  var name: String { "alignmentLossGradient" }
  var attributes: [Int] { [blank] }

  func result(of inputs: [Signature]) -> Signature { inputs[0] }

  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    programmerError("the gradient of the connectionist temporal classification loss cannot be differentiated")
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    for index in 0..<result.count { result[real: index] = 0 }
    for sample in 0..<inputs[2].count {
      let factor = inputs[4][real: sample]
      Alignment(sample, inputs, blank: blank).forEachShare { index, share in
        result[real: index] -= factor * share
      }
    }
  }
}

/// One sample's target, with blanks before, between and behind its labels, against its steps.
private struct Alignment {
  private let logProbabilities: Elements
  /// Where the sample's log-probabilities begin.
  private let start: Int
  private let classes, steps: Int
  /// The target with blanks.
  private let states: [Int]
  /// Whether each state may follow the one two before it, the blank between left out.
  private let skips: [Bool]
  /// The logarithm of the probability of all beginnings that end in each state at each step, row by row.
  private let forward: [Double]
  let loss: Double

  init(_ sample: Int, _ inputs: [Elements], blank: Int) {
    let (time, labels) = (inputs[0].shape[1], inputs[1].shape[1])
    let (steps, length) = (Int(inputs[2][integer: sample]), Int(inputs[3][integer: sample]))
    check(
      (0...time).contains(steps) && (0...labels).contains(length),
      "alignmentLoss: lengths \(steps) and \(length) of sample \(sample) are outside \(time) steps and \(labels) labels"
    )
    let classes = inputs[0].shape[2]
    var states = [blank]
    for place in 0..<length {
      let label = Int(inputs[1][integer: sample * labels + place])
      check(
        label >= 0 && label < classes && label != blank,
        "alignmentLoss: label \(label) of sample \(sample) is the blank or none of \(classes) classes")
      states += [label, blank]
    }
    logProbabilities = inputs[0]
    start = sample * time * classes
    self.classes = classes
    self.steps = steps
    self.states = states
    let skips = states.indices.map { $0 > 1 && states[$0] != blank && states[$0] != states[$0 - 2] }
    self.skips = skips
    let count = states.count
    var forward = [Double](repeating: -.infinity, count: steps * count)
    guard steps > 0 else {
      self.forward = forward
      loss = length == 0 ? 0 : .infinity
      return
    }
    for state in 0..<min(2, count) { forward[state] = inputs[0][real: start + states[state]] }
    for step in 1..<steps {
      for state in 0..<count {
        let row = (step - 1) * count + state
        var total = forward[row]
        if state > 0 { total = logSum(total, forward[row - 1]) }
        if skips[state] { total = logSum(total, forward[row - 2]) }
        forward[step * count + state] = total + inputs[0][real: start + step * classes + states[state]]
      }
    }
    self.forward = forward
    loss = -logSum(forward[forward.count - 1], count > 1 ? forward[forward.count - 2] : -.infinity)
  }

  /// Calls the body with the place of a log-probability and the share of the alignments that pass through a state there;
  /// more than one state may lie at a place.
  func forEachShare(_ body: (_ index: Int, _ share: Double) -> Void) {
    guard loss < .infinity || loss.isNaN else { return }
    let count = states.count
    // the logarithm of the probability of all ends that follow each state
    var backward = [Double](repeating: -.infinity, count: count)
    for state in max(0, count - 2)..<count { backward[state] = 0 }
    for step in (0..<steps).reversed() {
      for state in 0..<count {
        let share = Libm.exp(forward[step * count + state] + backward[state] + loss)
        body(start + step * classes + states[state], share)
      }
      let ends = (0..<count).map { backward[$0] + logProbabilities[real: start + step * classes + states[$0]] }
      for state in 0..<count {
        var total = ends[state]
        if state + 1 < count { total = logSum(total, ends[state + 1]) }
        if state + 2 < count, skips[state + 2] { total = logSum(total, ends[state + 2]) }
        backward[state] = total
      }
    }
  }
}

/// ln(eᵃ + eᵇ).
private func logSum(_ a: Double, _ b: Double) -> Double {
  if a == -.infinity { return b }
  if b == -.infinity { return a }
  return max(a, b) + Libm.log1p(Libm.exp(-abs(a - b)))
}

extension Tensor {
  /// −ln of the probability that steps spell a target, over all its alignments: see `CTCLoss`.
  ///
  /// - Shapes: log-probabilities `[batch, time, classes]`, targets `[batch, labels]`, lengths `[batch]` → `[batch]`.
  package func alignmentLosses(
    _ targets: Tensor, inputLengths: Tensor, targetLengths: Tensor, blank: Int, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    .applying(
      AlignmentLoss(blank: blank), to: [self, targets, inputLengths, targetLengths], file: file, line: line)
  }
}
