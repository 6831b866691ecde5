#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// eˣ / Σ eˣ along the last axis, or its logarithm.
package struct Softmax: Operation {
  package let isLogarithm: Bool

  package var name: String { isLogarithm ? "logSoftmax" : "softmax" }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard inputs[0].type.isFloatingPoint else { throw ShapeError("needs a floating-point type; use cast(to:)") }
    return inputs[0]
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    let g = resultGradient
    return isLogarithm
      ? [g - result.exp() * g.sum(axes: [-1], keepsAxes: true)]
      : [result * (g - (g * result).sum(axes: [-1], keepsAxes: true))]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let count = result.shape.last ?? 1
    guard result.count > 0 else { return }
    for base in stride(from: 0, to: result.count, by: count) {
      let row = (base..<base + count).map { inputs[0][real: $0] }
      let top = row.reduce(-Double.infinity) { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }
      let sum = row.reduce(0) { $0 + exp($1 - top) }
      for (place, value) in row.enumerated() {
        result[real: base + place] = isLogarithm ? value - top - log(sum) : exp(value - top) / sum
      }
    }
  }
}

extension Tensor {
  private func softmax(logarithm: Bool, _ axes: [Int], _ file: StaticString, _ line: UInt) -> Tensor {
    let operation = Softmax(isLogarithm: logarithm)
    if rank == 0 { return Tensor.applying(operation, to: [reshaped(to: [1])], file: file, line: line).reshaped(to: []) }
    let (rows, order) = gatheredAtEnd(axes, in: operation.name, file: file, line: line)
    let result = Tensor.applying(operation, to: [rows], file: file, line: line)
    return result.reshaped(to: order.map { shape[$0] }).permuted(inverse(of: order))
  }

  /// eˣ / Σ eˣ over the axes, without overflow.
  public func softmax(axes: [Int] = [-1], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    softmax(logarithm: false, axes, file, line)
  }

  /// x − ln Σ eˣ over the axes, without overflow.
  public func logSoftmax(axes: [Int] = [-1], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    softmax(logarithm: true, axes, file, line)
  }
}
