import DescentFormats

/// How the axes of an array behind the first one become a sample.
struct SampleLayout: Equatable {
  /// The shape of a sample.
  let shape: [Int]
  /// Whether the last axis is that of the colours, which a sample has first.
  let hasColoursLast: Bool

  /// Numbers of a sample, at most.
  static let mostElements = 1 << 22

  private init(_ shape: [Int], hasColoursLast: Bool = false) {
    (self.shape, self.hasColoursLast) = (shape, hasColoursLast)
  }

  /// The layout for data to learn from: the axes as they are. Of bytes with three axes an axis of 3 is that of the colours,
  /// and comes first; one of 1 is left out.
  init(_ array: NumPyArrays.Named) throws(DataError) {
    let axes = try Self.axes(of: array)
    let preferred = axes.count == 3 && array.array.elementType == .uint8 ? Self.pictures(axes).first : nil
    self = preferred ?? SampleLayout(axes)
  }

  /// The layout for a network that takes samples of this shape.
  ///
  /// - Throws: ``DataError`` where the array has none such.
  init(_ array: NumPyArrays.Named, matching shape: [Int]) throws(DataError) {
    let axes = try Self.axes(of: array)
    let layouts = (axes.count == 3 ? Self.pictures(axes) : []) + [SampleLayout(axes)]
    guard let layout = layouts.first(where: { $0.shape == shape }) else {
      throw .invalid(array.place, "its samples have the shape \(axes), and the model takes \(shape)")
    }
    self = layout
  }

  private static func axes(of array: NumPyArrays.Named) throws(DataError) -> [Int] {
    let axes = array.array.shape.count == 1 ? [1] : Array(array.array.shape[1...])
    let count = axes.reduce(1, *)
    guard count <= mostElements else {
      throw .invalid(array.place, "a sample has \(count) numbers, more than \(mostElements); make it smaller first")
    }
    return axes
  }

  /// What three axes are as a picture, the likeliest first.
  private static func pictures(_ axes: [Int]) -> [SampleLayout] {
    var layouts: [SampleLayout] = []
    if axes[0] == 3 { layouts.append(SampleLayout(axes)) }
    if axes[0] == 1 { layouts.append(SampleLayout([axes[1], axes[2]])) }
    if axes[2] == 3 { layouts.append(SampleLayout([3, axes[0], axes[1]], hasColoursLast: true)) }
    if axes[2] == 1 { layouts.append(SampleLayout([axes[0], axes[1]])) }
    return layouts
  }

  /// Names for the numbers of a sample.
  var featureNames: [String] {
    if shape.count == 1 { return (0..<shape[0]).map { "column \($0 + 1)" } }
    if shape.count == 2 { return Dataset.pixelNames(height: shape[0], width: shape[1]) }
    return shape.reduce(["x"]) { names, size in names.flatMap { name in (0..<size).map { "\(name)_\($0)" } } }
  }

  /// The elements of all samples with the colours first.
  func arranged<Element>(_ elements: [Element]) -> [Element] {
    guard hasColoursLast else { return elements }
    let (colours, area) = (shape[0], shape[1] * shape[2])
    var result: [Element] = []
    result.reserveCapacity(elements.count)
    for start in stride(from: 0, to: elements.count, by: colours * area) {
      for colour in 0..<colours {
        for place in 0..<area { result.append(elements[start + place * colours + colour]) }
      }
    }
    return result
  }
}
