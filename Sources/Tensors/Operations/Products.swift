/// The matrix product of the last two axes, over broadcast leading axes: op(A) · op(B).
package struct Product: Operation {
  /// Whether the left matrices lie transposed, as [k, m].
  package let transposesLeft: Bool
  /// Whether the right matrices lie transposed, as [n, k].
  package let transposesRight: Bool

  package var name: String { "matmul" }
  package var attributes: [Int] { [transposesLeft ? 1 : 0, transposesRight ? 1 : 0] }

  /// The extents of a product: m × k times k × n.
  package struct Extents: Equatable {
    package let m, n, k: Int
  }

  package func extents(_ left: Shape, _ right: Shape) -> Extents {
    let (rows, columns) = (left.count - 2, left.count - 1)
    return Extents(
      m: left[transposesLeft ? columns : rows],
      n: right[transposesRight ? right.count - 2 : right.count - 1],
      k: left[transposesLeft ? rows : columns])
  }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let (left, right) = (inputs[0], inputs[1])
    guard left.type == right.type else { throw ShapeError("element types differ; cast one with cast(to:)") }
    guard left.type != .bool else { throw ShapeError("is not defined on bool; use cast(to:)") }
    guard left.shape.count >= 2, right.shape.count >= 2 else { throw ShapeError("needs two axes or more") }
    let extents = extents(left.shape, right.shape)
    let inner = right.shape[transposesRight ? right.shape.count - 1 : right.shape.count - 2]
    guard extents.k == inner else { throw ShapeError("inner extents differ: \(extents.k) and \(inner)") }
    guard let batch = Shape(left.shape.dropLast(2)).broadcast(with: right.shape.dropLast(2)) else {
      throw ShapeError("leading axes do not broadcast")
    }
    return Signature(batch + [extents.m, extents.n], left.type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    let (a, b, g) = (inputs[0], inputs[1], resultGradient)
    let left =
      transposesLeft
      ? b.product(g, transposesLeft: transposesRight, transposesRight: true)
      : g.product(b, transposesLeft: false, transposesRight: !transposesRight)
    let right =
      transposesRight
      ? g.product(a, transposesLeft: true, transposesRight: transposesLeft)
      : a.product(g, transposesLeft: !transposesLeft, transposesRight: false)
    return [left.summed(to: a.shape), right.summed(to: b.shape)]
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let (left, right) = (inputs[0], inputs[1])
    let extents = extents(left.shape, right.shape)
    let (m, n, k) = (extents.m, extents.n, extents.k)
    let (rowA, stepA) = transposesLeft ? (1, m) : (k, 1)
    let (stepB, columnB) = transposesRight ? (1, k) : (n, 1)
    for (batch, bases) in matrixOffsets(result.shape, left.shape, right.shape).enumerated() {
      for row in 0..<m {
        for column in 0..<n {
          let (a, b) = (bases.left + row * rowA, bases.right + column * columnB)
          let target = (batch * m + row) * n + column
          if result.type.isFloatingPoint {
            var sum = 0.0
            for place in 0..<k { sum += left[real: a + place * stepA] * right[real: b + place * stepB] }
            result[real: target] = sum
          } else {
            var sum: Int64 = 0
            for place in 0..<k { sum &+= left[integer: a + place * stepA] &* right[integer: b + place * stepB] }
            result[integer: target] = sum
          }
        }
      }
    }
  }
}

/// Where each pair of matrices starts, in elements, for every matrix of the result.
func matrixOffsets(_ result: Shape, _ left: Shape, _ right: Shape) -> [(left: Int, right: Int)] {
  let batch = Shape(result.dropLast(2))
  func offsets(_ shape: Shape) -> Offsets {
    let size = Shape(shape.suffix(2)).elementCount
    return Offsets(Shape(shape.dropLast(2)).strides(broadcastTo: batch).map { $0 * size }, over: batch)
  }
  var (lefts, rights) = (offsets(left), offsets(right))
  return (0..<batch.elementCount).map { _ in (lefts.next(), rights.next()) }
}

extension Tensor {
  func product(
    _ other: Tensor, transposesLeft: Bool, transposesRight: Bool, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    // one matrix on the right: all rows on the left are one large matrix; what does not fit is left to the rule below
    if rank > 2, other.rank == 2, !transposesLeft, shape[rank - 1] == other.shape[transposesRight ? 1 : 0] {
      let rows = reshaped(to: [Shape(shape.dropLast()).elementCount, shape[rank - 1]], file: file, line: line)
      let result = rows.product(other, transposesLeft: false, transposesRight: transposesRight, file: file, line: line)
      return result.reshaped(to: shape.dropLast() + [result.shape[1]])
    }
    let operation = Product(transposesLeft: transposesLeft, transposesRight: transposesRight)
    return .applying(operation, to: [self, other], file: file, line: line)
  }

  /// The matrix product over the last two axes; leading axes broadcast. A vector on the left is one row, a vector on the
  /// right one column, and that axis is left out of the result.
  ///
  /// - Shapes: [..., m, k] · [..., k, n] → [..., m, n].
  /// - Parameter transposingOther: whether `other` is given as [..., n, k].
  public func matmul(
    _ other: Tensor, transposingOther: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      rank > 0 && other.rank > 0, "matmul(\(signature), \(other.signature)): needs an axis or more",
      file: file, line: line)
    let left = rank == 1 ? expandingAxis(at: 0) : self
    let right = other.rank == 1 ? other.expandingAxis(at: transposingOther ? 0 : 1) : other
    let result = left.product(right, transposesLeft: false, transposesRight: transposingOther, file: file, line: line)
    var shape = result.shape
    if other.rank == 1 { shape.removeLast() }
    if rank == 1 { shape.remove(at: shape.count - (other.rank == 1 ? 1 : 2)) }
    return result.reshaped(to: shape)
  }
}
