import DescentTensors

/// Each sample's elements under another shape, row-major (Keras' `Reshape`).
///
/// - Shapes: input `[batch, ...]` → output `[batch] + shape`.
public struct Reshape: Module {
  /// The shape of a sample; one extent may be −1 and is worked out.
  public let shape: [Int]

  /// A layer that gives each sample this shape.
  public init(_ shape: [Int], file: StaticString = #fileID, line: UInt = #line) {
    check(
      shape.allSatisfy { $0 >= -1 } && shape.count { $0 == -1 } <= 1,
      "Reshape(\(shape)): extents must be 0 or more, one of them may be −1", file: file, line: line)
    checkCountable(shape, "Reshape", file, line)
    self.shape = shape
  }

  /// The input with samples of the shape.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(input.rank > 0, "Reshape(\(shape)) expects input [batch, ...], got \(input.shape)")
    let (count, known) = (input.shape[1...].reduce(1, *), shape.filter { $0 != -1 }.reduce(1, *))
    let isOpen = shape.contains(-1)
    check(
      isOpen ? known > 0 && count % known == 0 : count == known,
      "Reshape(\(shape)) expects input with \(isOpen ? "a multiple of " : "")\(known) elements a sample, "
        + "got \(input.shape)")
    return input.reshaped(to: [input.shape[0]] + shape.map { $0 == -1 ? count / known : $0 })
  }
}

/// One axis divided into several (PyTorch's `Unflatten`).
///
/// - Shapes: input `[..., product of sizes, ...]` → output `[..., sizes..., ...]`.
public struct Unflatten: Module {
  /// The axis, counted with the batch; negative ones from the end.
  public let axis: Int
  /// The extents that it is divided into; one may be −1 and is worked out.
  public let sizes: [Int]

  /// A layer that divides an axis, the one behind the batch where none is named.
  public init(axis: Int = 1, _ sizes: [Int], file: StaticString = #fileID, line: UInt = #line) {
    check(
      !sizes.isEmpty && sizes.allSatisfy { $0 >= -1 } && sizes.count { $0 == -1 } <= 1,
      "Unflatten(\(sizes)): needs extents of 0 or more, one of which may be −1", file: file, line: line)
    checkCountable(sizes, "Unflatten", file, line)
    self.axis = axis
    self.sizes = sizes
  }

  /// The input with the axis divided.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let place = axis < 0 ? axis + input.rank : axis
    check(
      input.shape.indices.contains(place), "Unflatten: axis \(axis) is outside input \(input.shape)")
    let (extent, known) = (input.shape[place], sizes.filter { $0 != -1 }.reduce(1, *))
    check(
      sizes.contains(-1) ? known > 0 && extent % known == 0 : extent == known,
      "Unflatten(axis \(axis) into \(sizes)) does not fit input \(input.shape)")
    return input.reshaped(
      to: input.shape[..<place] + sizes.map { $0 == -1 ? extent / known : $0 } + input.shape[(place + 1)...])
  }
}

private func checkCountable(_ shape: [Int], _ layer: String, _ file: StaticString, _ line: UInt) {
  check(
    shape.filter { $0 != -1 }.isCountable, "\(layer)(\(shape)): more elements than can be counted", file: file,
    line: line)
}

/// Each sample's axes in another order (Keras' `Permute`): axis i of a sample of the output is axis `order[i]` of the
/// input's, counted from 1, since 0 is the batch.
///
/// - Shapes: input `[batch, ...]` → output `[batch, ...]`.
public struct Permute: Module {
  /// The axes of the input's samples, from 1 on, in the output's order.
  public let order: [Int]

  /// A layer that gives the axes this order: `Permute([2, 1])` exchanges two.
  public init(_ order: [Int], file: StaticString = #fileID, line: UInt = #line) {
    check(
      order.sorted() == Array(1..<order.count + 1), "Permute(\(order)): needs each of the axes from 1 on once",
      file: file, line: line)
    self.order = order
  }

  /// The input with its axes in the order.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(
      input.rank == order.count + 1,
      "Permute(\(order)) expects input of \(order.count + 1) axes, the batch among them, got \(input.shape)")
    return input.permuted([0] + order)
  }
}

/// Each sample several times, one behind the other (Keras' `RepeatVector`).
///
/// - Shapes: input `[batch, features]` → output `[batch, count, features]`.
public struct RepeatVector: Module {
  /// How often.
  public let count: Int

  /// A layer that repeats each sample so often, 1 or more.
  public init(_ count: Int, file: StaticString = #fileID, line: UInt = #line) {
    check(count > 0, "RepeatVector(\(count)): must be 1 or more", file: file, line: line)
    self.count = count
  }

  /// The repeated samples.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    check(input.rank == 2, "RepeatVector(\(count)) expects input [batch, features], got \(input.shape)")
    return input.expandingAxis(at: 1).expanded(to: [input.shape[0], count, input.shape[1]])
  }
}
