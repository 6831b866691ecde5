import DescentTensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Momentum whose direction is made orthogonal, for matrices; everything else goes by Adam.
///
/// b ← μ·b + (1 − μ)·g; o = orthogonal((1 − μ)·g + μ·b); w ← w − η·√max(1, rows / columns)·o (Jordan, "Muon: an optimizer for
/// hidden layers in neural networks", 2024).
struct MuonRule: UpdateRule {
  let momentum: Double
  let isNesterov: Bool
  let iterations: Int
  /// What moves parameters that are no matrices.
  let other: AdamRule
  /// Their learning rate, as a part of η.
  let otherRate: Double

  var memoryCount: Int { 2 }

  func memoryShapes(for parameter: Shape) -> [Shape] {
    parameter.count == 2 ? [parameter] : other.memoryShapes(for: parameter)
  }

  func updated(_ w: Tensor, gradient g: Tensor, memory: inout [Tensor], at moment: UpdateMoment) -> Tensor {
    guard w.rank == 2 else {
      let rate = moment.learningRate * otherRate
      let start = w - w * (rate * moment.weightDecay)
      let moment = UpdateMoment(learningRate: rate, step: moment.step, weightDecay: 0)
      return other.updated(start, gradient: g, memory: &memory, at: moment)
    }
    memory[0] = memory[0] + (g - memory[0]) * (1 - momentum)
    let direction = isNesterov ? g + (memory[0] - g) * momentum : memory[0]
    let scale = max(1, Double(w.shape[0]) / Double(w.shape[1])).squareRoot()
    let start = w - w * (moment.learningRate * moment.weightDecay)
    return start - moment.learningRate * scale * orthogonal(direction)
  }

  /// U·S·Vᵀ of a matrix with S near 1, by Newton and Schulz's iteration of the fifth degree: X ← a·X + (b·A + c·A²)·X with
  /// A = X·Xᵀ, whose coefficients make small singular values grow fastest.
  private func orthogonal(_ matrix: Tensor) -> Tensor {
    let (a, b, c) = (3.4445, -4.7750, 2.0315)
    let isTall = matrix.shape[0] > matrix.shape[1]
    var x = isTall ? matrix.transposed() : matrix
    // no singular value is above the norm
    x = x / x.squared().sum().sqrt().maximum(1e-7)
    for _ in 0..<iterations {
      let gram = x.matmul(x, transposingOther: true)
      x = x * a + (gram * b + gram.matmul(gram) * c).matmul(x)
    }
    return isTall ? x.transposed() : x
  }
}
