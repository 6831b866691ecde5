import DescentTensors

extension Picture {
  /// The picture in another size, each axis by itself: where it shrinks, a new pixel is the mean of the area that it
  /// covers; where it grows, it is interpolated linearly between the two nearest old ones, whose numbers stand for
  /// their centres. Sums are in float32, rounded once to the nearest byte.
  ///
  /// Stops with a message where a side is not positive.
  public func resized(width newWidth: Int, height newHeight: Int) -> Picture {
    guard newWidth > 0, newHeight > 0 else { programmerError("a picture can't be made \(newWidth) × \(newHeight)") }
    if newWidth == width, newHeight == height { return self }
    // The rows first, which gives [height, newWidth, channels], then the columns.
    let across = Resampling(from: width, to: newWidth).applied(to: pixels, outer: height, inner: channels)
    let down = Resampling(from: height, to: newHeight).applied(to: across, outer: 1, inner: newWidth * channels)
    let bytes = down.map { UInt8(min(max($0.rounded(), 0), 255)) }
    return Picture(width: newWidth, height: newHeight, channels: channels, pixels: bytes)
  }
}

/// How the numbers along one axis become another number of them.
private struct Resampling {
  private let oldCount: Int
  /// Where each new number's old ones begin, and their weights, which sum to 1.
  private let taps: [(start: Int, weights: [Float])]

  init(from oldCount: Int, to newCount: Int) {
    self.oldCount = oldCount
    let scale = Double(oldCount) / Double(newCount)
    taps = (0..<newCount).map { index in
      scale > 1
        ? Resampling.area(from: Double(index) * scale, to: Double(index + 1) * scale, of: oldCount)
        : Resampling.line(at: (Double(index) + 0.5) * scale - 0.5, of: oldCount)
    }
  }

  private static func area(from lower: Double, to upper: Double, of count: Int) -> (Int, [Float]) {
    let start = min(Int(lower), count - 1)
    let end = min(max(Int(upper.rounded(.up)), start + 1), count)
    let covered = (start..<end).map { max(0, min(Double($0 + 1), upper) - max(Double($0), lower)) }
    let sum = covered.reduce(0, +)
    return (start, covered.map { Float($0 / sum) })
  }

  private static func line(at position: Double, of count: Int) -> (Int, [Float]) {
    let start = min(max(Int(position.rounded(.down)), 0), max(count - 2, 0))
    let fraction = Float(min(max(position - Double(start), 0), 1))
    return (start, count == 1 ? [1] : [1 - fraction, fraction])
  }

  /// `numbers` of [outer, old, inner] as [outer, new, inner].
  func applied<Number: ResampledNumber>(to numbers: [Number], outer: Int, inner: Int) -> [Float] {
    var result = [Float](repeating: 0, count: outer * taps.count * inner)
    numbers.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        var position = 0
        for block in 0..<outer {
          for (start, weights) in taps {
            for (offset, weight) in weights.enumerated() {
              let first = (block * oldCount + start + offset) * inner
              for index in 0..<inner { target[position + index] += weight * source[first + index].asFloat }
            }
            position += inner
          }
        }
      }
    }
    return result
  }
}

/// What is resampled: bytes at first, their sums then.
private protocol ResampledNumber {
  var asFloat: Float { get }
}

extension UInt8: ResampledNumber {
  fileprivate var asFloat: Float { Float(self) }
}

extension Float: ResampledNumber {
  fileprivate var asFloat: Float { self }
}
