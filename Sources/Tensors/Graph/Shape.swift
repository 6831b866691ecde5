/// The extents of a tensor's axes, outermost first. A scalar's shape is empty.
public typealias Shape = [Int]

extension Shape {
  /// How many elements a tensor of this shape has.
  package var elementCount: Int { reduce(1, *) }

  /// Whether its elements, and their bytes, can be counted.
  package var isCountable: Bool {
    var product = 1
    for extent in self {
      let (next, overflows) = product.multipliedReportingOverflow(by: extent)
      if overflows { return false }
      product = next
    }
    return product <= Int.max / 8
  }

  /// The distance in elements between neighbours on each axis of contiguous row-major memory.
  package var contiguousStrides: [Int] {
    var strides = [Int](repeating: 1, count: count)
    for axis in indices.dropLast().reversed() { strides[axis] = strides[axis + 1] * self[axis + 1] }
    return strides
  }

  /// The shape that both broadcast to by NumPy's rule (aligned at the last axis, equal or 1), or nil.
  package func broadcast(with other: Shape) -> Shape? {
    let rank = Swift.max(count, other.count)
    var result = Shape(repeating: 1, count: rank)
    for offset in 1..<(rank + 1) {
      let left = offset <= count ? self[count - offset] : 1
      let right = offset <= other.count ? other[other.count - offset] : 1
      guard left == right || left == 1 || right == 1 else { return nil }
      result[rank - offset] = left == 1 ? right : left
    }
    return result
  }

  /// Strides that walk a contiguous tensor of this shape along `target`, 0 on the axes that are broadcast.
  package func strides(broadcastTo target: Shape) -> [Int] {
    let own = contiguousStrides
    let missing = target.count - count
    return target.indices.map { axis in
      axis < missing || self[axis - missing] == 1 ? 0 : own[axis - missing]
    }
  }
}

/// Resolves negative axes (−1 is the last), refuses what is out of range or named twice, and sorts.
func resolve(axes: [Int], rank: Int, in operation: String, file: StaticString, line: UInt) -> [Int] {
  let resolved = axes.map { resolve(axis: $0, rank: rank, in: operation, file: file, line: line) }
  check(
    Set(resolved).count == resolved.count, "\(operation): axes \(axes) name one axis twice", file: file, line: line)
  return resolved.sorted()
}

/// Resolves one negative axis and refuses what is out of range.
func resolve(axis: Int, rank: Int, in operation: String, file: StaticString, line: UInt) -> Int {
  let resolved = axis < 0 ? axis + rank : axis
  check(
    resolved >= 0 && resolved < rank, "\(operation): axis \(axis) is outside a tensor of rank \(rank)",
    file: file, line: line)
  return resolved
}

/// What is known of a tensor before its numbers: shape and element type.
public struct Signature: Sendable, Hashable, CustomStringConvertible {
  /// The extents of the axes.
  public let shape: Shape
  /// The element type.
  public let type: ElementType

  /// A signature of a shape and an element type.
  public init(_ shape: Shape, _ type: ElementType) {
    check(shape.isCountable, "a tensor \(shape) has more elements than can be counted")
    self.shape = shape
    self.type = type
  }

  /// Elements of such a tensor.
  public var elementCount: Int { shape.elementCount }

  package var byteCount: Int { elementCount * type.byteCount }

  /// For example `float32[32, 784]`.
  public var description: String { "\(type)\(shape)" }
}
