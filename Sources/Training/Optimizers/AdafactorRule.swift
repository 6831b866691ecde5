import DescentTensors

/// Adam without momentum, whose squares are kept as the means of rows and columns (Shazeer and Stern 2018), in PyTorch's
/// form:
///
/// 1 − β = t^−c; rows ← β·rows + (1 − β)·mean of g² over columns, columns alike; v = rows · columns / mean(rows), of a vector
/// v ← β·v + (1 − β)·g²; u = g / √max(v, ε₁²); w ← w − min(η, 1/√t) · max(ε₂, rms(w)) · u / max(1, rms(u) / d).
struct AdafactorRule: UpdateRule {
  let decayExponent, smallestScale, threshold: Double

  var memoryCount: Int { 2 }

  /// Rows and columns of the last two axes; of a vector or scalar all of it.
  func memoryShapes(for parameter: Shape) -> [Shape] {
    guard parameter.count > 1 else { return [parameter] }
    let outer = parameter.dropLast(2)
    return [outer + [parameter[parameter.count - 2], 1], outer + [1, parameter[parameter.count - 1]]]
  }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    // PyTorch's ε₁: the distance from 1 to the next number
    let smallest = w.type.ulpOfOne
    let share = moment.step.power(-decayExponent)
    let rate = moment.learningRate.minimum(moment.step.rsqrt())
    let scale = rootMeanSquare(w).maximum(smallestScale) * rate
    let start = moment.weightDecay == 0 ? w : w - w * (moment.learningRate * moment.weightDecay)
    let squares = g.squared()
    let variance: Tensor
    if g.rank > 1 {
      memory[0] = memory[0] + (squares.mean(axes: [-1], keepsAxes: true) - memory[0]) * share
      memory[1] = memory[1] + (squares.mean(axes: [-2], keepsAxes: true) - memory[1]) * share
      let mean = memory[0].mean(axes: [-2], keepsAxes: true).maximum(smallest)
      variance = memory[0] / mean * memory[1]
    } else {
      memory[0] = memory[0] + (squares - memory[0]) * share
      variance = memory[0]
    }
    let direction = g * variance.maximum(smallest * smallest).rsqrt()
    let excess = (rootMeanSquare(direction) / threshold).maximum(1)
    return start - scale / excess * direction
  }

  private func rootMeanSquare(_ x: Tensor) -> Tensor { x.squared().mean().sqrt() }
}
