/// Looks along a direction for a step that meets the strong Wolfe conditions: the loss has fallen by c₁ of what the slope
/// promised, and the slope by all but c₂ (Nocedal and Wright, "Numerical optimization", 2006, algorithms 3.5 and 3.6), as
/// PyTorch's `strong_wolfe` does.
struct LineSearch {
  /// The loss at one step along the direction.
  struct Trial {
    let step: Double
    let value: BatchObjective.Value
    /// The derivative along the direction.
    let slope: Double

    var loss: Double { value.loss }
  }

  let c1 = 1e-4
  let c2: Double
  /// Trials behind the first.
  let limit = 25
  /// A bracket in which no weight changes by as much is not divided further.
  let tolerance: Double

  /// The best step that was found.
  ///
  /// - Parameters:
  ///   - origin: the loss at step 0, where the slope is below 0.
  ///   - step: the first trial.
  ///   - size: the greatest element of the direction.
  func search(
    from origin: Trial, step: Double, size: Double, at evaluate: (_ step: Double) -> Trial
  ) -> Trial {
    func falls(_ trial: Trial) -> Bool { trial.loss <= origin.loss + c1 * trial.step * origin.slope }
    func isFlat(_ trial: Trial) -> Bool { trial.slope.magnitude <= -c2 * origin.slope }

    // two steps with a good one in between
    var (previous, trial) = (origin, evaluate(step))
    var count = 0
    var bracket: [Trial] = []
    while bracket.isEmpty, count < limit {
      if !falls(trial) || (count > 1 && trial.loss >= previous.loss) {
        bracket = [previous, trial]
      } else if isFlat(trial) {
        return trial
      } else if trial.slope >= 0 {
        bracket = [previous, trial]
      } else {
        let nearest = trial.step + 0.01 * (trial.step - previous.step)
        let next = minimum(previous, trial, within: nearest...max(nearest, 10 * trial.step))
        (previous, trial) = (trial, evaluate(next))
        count += 1
      }
    }
    if bracket.isEmpty { bracket = [origin, trial] }

    var low = bracket[0].loss <= bracket[1].loss || bracket[1].loss.isNaN ? 0 : 1
    var wasNearEnd = false
    while count < limit {
      let (start, end) = (min(bracket[0].step, bracket[1].step), max(bracket[0].step, bracket[1].step))
      if (end - start) * size < tolerance { break }
      var next = minimum(bracket[0], bracket[1], within: start...end)
      // twice near an end, or at it, makes too little progress
      let margin = 0.1 * (end - start)
      if min(end - next, next - start) < margin {
        if wasNearEnd || next >= end || next <= start {
          next = end - next < next - start ? end - margin : start + margin
          wasNearEnd = false
        } else {
          wasNearEnd = true
        }
      } else {
        wasNearEnd = false
      }
      let trial = evaluate(next)
      count += 1
      if !falls(trial) || trial.loss >= bracket[low].loss {
        bracket[1 - low] = trial
        low = bracket[0].loss <= bracket[1].loss ? 0 : 1
        if bracket[1].loss.isNaN { low = 0 }
        if bracket[0].loss.isNaN { low = 1 }
      } else {
        if isFlat(trial) { return trial }
        if trial.slope * (bracket[1 - low].step - bracket[low].step) >= 0 { bracket[1 - low] = bracket[low] }
        bracket[low] = trial
      }
    }
    return bracket[low]
  }

  /// Where the cubic through the losses and slopes of two trials is least, within bounds; their middle where there is none.
  private func minimum(_ first: Trial, _ second: Trial, within bounds: ClosedRange<Double>) -> Double {
    let (left, right) = first.step <= second.step ? (first, second) : (second, first)
    let width = right.step - left.step
    let mean = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.step - right.step)
    let root = (mean * mean - left.slope * right.slope).squareRoot()
    let place = right.step - width * (right.slope + root - mean) / (right.slope - left.slope + 2 * root)
    guard place.isFinite else { return (bounds.lowerBound + bounds.upperBound) / 2 }
    return min(max(place, bounds.lowerBound), bounds.upperBound)
  }
}
