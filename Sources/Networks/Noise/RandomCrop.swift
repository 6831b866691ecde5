import DescentTensors

/// In training a part of each sample at a place of its own, drawn anew at every call; in inference the middle: pictures of
/// 27 × 27 for a network of 24 × 24. Keras: `RandomCrop`, which takes one place for a whole batch.
///
/// - Shapes: input `[batch, channels, spatial...]` → output `[batch, channels] + size`.
public struct RandomCrop<Axes: SpatialAxes>: Module {
  /// The extents of what is left.
  public let size: [Int]

  /// A layer that leaves so much of each axis: 1 or more.
  public init(_ size: PerAxis, file: StaticString = #fileID, line: UInt = #line) {
    self.size = size.numbers(Axes.self, from: 1, "\(Axes.name("RandomCrop")): the size", file: file, line: line)
  }

  /// The part of each sample.
  public func callAsFunction(_ input: Tensor) -> Tensor {
    let name = "\(Axes.name("RandomCrop"))(\(size.byCross))"
    Axes.checkInput(input, name)
    let extents = Axes.extents(of: input)
    check(zip(size, extents).allSatisfy { $0 <= $1 }, "\(name) expects an input no smaller, got \(input.shape)")
    return extents.indices.reduce(input) { result, place in
      let (axis, spare) = (place + 2, extents[place] - size[place])
      guard spare > 0 else { return result }
      guard Mode.current == .training else { return result.sliced(axis: axis, spare / 2..<spare / 2 + size[place]) }
      return result.gather(indices(result.shape, axis, spare, size[place]), axis: axis)
    }
  }

  /// For each element of what is left, its place along the axis: a start a sample, and what is behind it.
  private func indices(_ shape: Shape, _ axis: Int, _ spare: Int, _ size: Int) -> Tensor {
    var (starts, steps, whole) = (shape.map { _ in 1 }, shape.map { _ in 1 }, shape)
    (starts[0], steps[axis], whole[axis]) = (shape[0], size, size)
    let drawn = (Tensor.randomUniform(starts) * Double(spare + 1)).floor().minimum(Double(spare))
    let places = Tensor((0..<size).map { Int32($0) }, shape: steps)
    return drawn.cast(to: .int32) + places + .zeros(whole, type: .int32)
  }
}

/// Random parts of sequences. See ``RandomCrop``.
public typealias RandomCrop1D = RandomCrop<OneAxis>
/// Random parts of pictures. See ``RandomCrop``.
public typealias RandomCrop2D = RandomCrop<TwoAxes>
/// Random parts of volumes. See ``RandomCrop``.
public typealias RandomCrop3D = RandomCrop<ThreeAxes>
