/// The point of the simplex nearest to x along the last axis: max(0, x − τ), τ such that the sum is 1.
struct Sparsemax: Operation {
  var name: String { "sparsemax" }

  func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard inputs[0].type.isFloatingPoint else { throw ShapeError("needs a floating-point type; use cast(to:)") }
    guard !inputs[0].shape.isEmpty else { throw ShapeError("needs an axis or more") }
    return inputs[0]
  }

  /// The mean of the gradient over the support is taken from it; elsewhere it is 0.
  func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    let zero = Tensor(0, type: result.type)
    let support = result .!= 0
    let gradient = Tensor.select(support, resultGradient, zero)
    let counts = support.cast(to: result.type).sum(axes: [-1], keepsAxes: true)
    return [.select(support, gradient - gradient.sum(axes: [-1], keepsAxes: true) / counts, zero)]
  }

  func define(_ result: Elements, from inputs: [Elements]) {
    let count = result.shape.last ?? 1
    guard result.count > 0 else { return }
    for base in stride(from: 0, to: result.count, by: count) {
      let row = (base..<base + count).map { inputs[0][real: $0] }
      // less the greatest one, sums of large numbers keep their digits
      let top = row.reduce(-Double.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
      let shifted = row.map { $0 - top }
      var (sum, threshold) = (0.0, Double.nan)
      for (index, value) in (top.isNaN ? [] : shifted.sorted(by: >)).enumerated() {
        sum += value
        let candidate = (sum - 1) / Double(index + 1)
        guard value > candidate else { break }
        threshold = candidate
      }
      for (place, value) in shifted.enumerated() {
        result[real: base + place] = threshold.isNaN ? .nan : max(0, value - threshold)
      }
    }
  }
}

extension Tensor {
  /// The point of the simplex nearest to x along the last axis: max(0, x − τ), τ such that the sum is 1 (Martins and
  /// Astudillo, "From softmax to sparsemax", 2016).
  public func sparsemax(file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    .applying(Sparsemax(), to: [self], file: file, line: line)
  }
}
