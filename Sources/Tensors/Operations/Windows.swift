/// Where windows lie over the spatial axes of an input: window o of an axis covers the places
/// o · stride − low + k · dilation for k in 0 ..< kernel. Places outside the input hold 0.
///
/// One number an axis everywhere, outermost axis first; one to three axes.
public struct Windows: Sendable, Hashable {
  /// Extents of the input's spatial axes.
  public let extents: [Int]
  /// Elements of a window on each axis.
  public let kernel: [Int]
  /// The distance between neighbouring windows.
  public let stride: [Int]
  /// The distance between neighbouring elements of a window.
  public let dilation: [Int]
  /// How far before the input the first window starts: the padding in front.
  public let low: [Int]
  /// How many windows there are on each axis.
  public let counts: [Int]

  /// Windows of known counts, each of which may reach beyond the input.
  init(extents: [Int], kernel: [Int], stride: [Int], dilation: [Int], low: [Int], counts: [Int]) {
    self.extents = extents
    self.kernel = kernel
    self.stride = stride
    self.dilation = dilation
    self.low = low
    self.counts = counts
  }

  /// As many windows as fit: ⌊(extent + low + high − dilation · (kernel − 1) − 1) / stride⌋ + 1 on each axis.
  ///
  /// - Parameters:
  ///   - extents: of the input's spatial axes.
  ///   - kernel: elements of a window, 1 or more.
  ///   - stride: the distance between windows, 1 or more.
  ///   - dilation: the distance between a window's elements, 1 or more.
  ///   - low: padding in front of each axis.
  ///   - high: padding behind each axis.
  ///   - ceilMode: whether a last window that the padded input does not fill counts, if it starts before the padding
  ///     behind (PyTorch's `ceil_mode`).
  public init(
    over extents: [Int], kernel: [Int], stride: [Int]? = nil, dilation: [Int]? = nil, low: [Int]? = nil,
    high: [Int]? = nil, ceilMode: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) {
    let rank = extents.count
    let ones = [Int](repeating: 1, count: rank)
    let zeros = [Int](repeating: 0, count: rank)
    let (stride, dilation, low, high) = (stride ?? ones, dilation ?? ones, low ?? zeros, high ?? low ?? zeros)
    check(
      (1...3).contains(rank) && [kernel, stride, dilation, low, high].allSatisfy { $0.count == rank },
      "windows over \(extents): need one number for each of one to three axes, got kernel \(kernel), stride \(stride), "
        + "dilation \(dilation), padding \(low) and \(high)", file: file, line: line)
    check(
      (kernel + stride + dilation).allSatisfy { $0 > 0 } && (low + high).allSatisfy { $0 >= 0 },
      "windows over \(extents): kernel \(kernel), stride \(stride) and dilation \(dilation) must be 1 or more, padding "
        + "\(low) and \(high) 0 or more", file: file, line: line)
    let counts = (0..<rank).map { axis in
      let room = extents[axis] + low[axis] + high[axis] - dilation[axis] * (kernel[axis] - 1) - 1
      guard room >= 0 else { return ceilMode && room > -stride[axis] ? 1 : 0 }
      let count = room / stride[axis] + 1
      guard ceilMode, room % stride[axis] != 0 else { return count }
      return count * stride[axis] < extents[axis] + low[axis] ? count + 1 : count
    }
    check(
      counts.allSatisfy { $0 > 0 },
      "windows of \(kernel) with dilation \(dilation) do not fit into \(extents) padded by \(low) and \(high)",
      file: file, line: line)
    self.init(extents: extents, kernel: kernel, stride: stride, dilation: dilation, low: low, counts: counts)
  }

  /// All numbers, for an operation's attributes.
  var words: [Int] { [extents.count] + extents + kernel + stride + dilation + low + counts }

  /// Whether every element is a window by itself, in order.
  var areElements: Bool {
    kernel.allSatisfy { $0 == 1 } && stride.allSatisfy { $0 == 1 } && low.allSatisfy { $0 == 0 } && counts == extents
  }

  /// The flat place in the input of each element of each window, row-major over kernel and windows; −1 outside.
  var places: [Int] {
    var found = [0]
    // an axis at a time: [kernel, counts] so far and of this axis become [kernel · k, counts · o]
    var (elements, windows) = (1, 1)
    for axis in extents.indices {
      var next: [Int] = []
      next.reserveCapacity(found.count * kernel[axis] * counts[axis])
      for element in 0..<elements {
        for k in 0..<kernel[axis] {
          for window in 0..<windows {
            let outer = found[element * windows + window]
            for o in 0..<counts[axis] {
              let place = o * stride[axis] - low[axis] + k * dilation[axis]
              let isInside = outer >= 0 && place >= 0 && place < extents[axis]
              next.append(isInside ? outer * extents[axis] + place : -1)
            }
          }
        }
      }
      found = next
      elements *= kernel[axis]
      windows *= counts[axis]
    }
    return found
  }
}
