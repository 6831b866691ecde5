import DescentNetworks
import DescentTensors

/// What the minimisers with a line search share: a direction, a search along it, and the question whether to go on.
struct LineDescent {
  let stopping: StoppingRule
  let search: LineSearch

  /// Goes down from where the parameters are.
  ///
  /// - Parameter direction: where to go, from the gradient; told of every step made.
  func run<Direction: SearchDirection>(
    _ parameters: [Parameter], _ loss: @escaping @Sendable () -> Tensor, _ direction: inout Direction
  ) -> Minimum {
    let objective = BatchObjective(parameters, loss)
    var point = objective.point
    var value = objective(point)
    var iterations = 0
    var hasConverged = greatest(value.gradient) <= stopping.gradient
    while !hasConverged, iterations < stopping.iterations, value.isFinite {
      let way = direction.next(value.gradient)
      let slope = dot(value.gradient, way)
      // the direction no longer goes down by anything
      if slope > -stopping.change {
        hasConverged = true
        break
      }
      let origin = LineSearch.Trial(step: 0, value: value, slope: slope)
      let first = direction.firstStep(slope: slope, gradient: value.gradient)
      let found = search.search(from: origin, step: first, size: greatest(way)) { step in
        let value = objective(sum(point, step, way))
        return LineSearch.Trial(step: step, value: value, slope: dot(value.gradient, way))
      }
      // nothing lower was found: rounding errors hide what the slope promises
      if found.step == 0 { break }
      iterations += 1
      direction.moved(by: found.step, along: way, slope: slope, from: value.gradient, to: found.value.gradient)
      point = sum(point, found.step, way)
      hasConverged =
        greatest(found.value.gradient) <= stopping.gradient
        || found.step * greatest(way) <= stopping.change || (found.loss - value.loss).magnitude < stopping.change
      value = found.value
    }
    objective.move(to: point)
    return Minimum(
      loss: value.loss, iterations: iterations, evaluations: objective.evaluations,
      hasConverged: hasConverged && value.isFinite)
  }
}

/// Where to search next.
protocol SearchDirection {
  /// The direction at a point with this gradient.
  mutating func next(_ gradient: [Double]) -> [Double]
  /// The first step to try.
  func firstStep(slope: Double, gradient: [Double]) -> Double
  /// Notes a step.
  mutating func moved(
    by step: Double, along way: [Double], slope: Double, from before: [Double], to after: [Double])
}
