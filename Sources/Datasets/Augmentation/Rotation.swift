#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Turns the picture about its centre; a pixel is blended from the four nearest (bilinear).
struct Rotation: PictureRule {
  /// The most degrees, either way.
  let most: Double
  var word: String { "rotate=\(shown(most))" }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    Self.turn(&sample, degrees: generator.uniform(-most, most))
  }

  /// Turns anticlockwise: out(c + d) = in(c + R d), R the matrix that turns a step d back, and c the centre.
  static func turn(_ sample: inout AugmentedSample, degrees: Double) {
    let (sine, cosine) = sineAndCosine(degrees)
    let (height, width) = (sample.height, sample.width)
    let (centreY, centreX) = (Double(height - 1) / 2, Double(width - 1) / 2)
    sample.rewrite(height: height, width: width) { old, new in
      func pixel(_ y: Int, _ x: Int) -> Float { y >= 0 && y < height && x >= 0 && x < width ? old[y * width + x] : 0 }
      for y in 0..<height {
        for x in 0..<width {
          let (down, right) = (Double(y) - centreY, Double(x) - centreX)
          let (fromY, fromX) = (centreY + sine * right + cosine * down, centreX + cosine * right - sine * down)
          let (top, left) = (fromY.rounded(.down), fromX.rounded(.down))
          let (lower, later) = (Float(fromY - top), Float(fromX - left))
          let (row, column) = (Int(top), Int(left))
          let upperPart = pixel(row, column) * (1 - later) + pixel(row, column + 1) * later
          let lowerPart = pixel(row + 1, column) * (1 - later) + pixel(row + 1, column + 1) * later
          new[y * width + x] = upperPart * (1 - lower) + lowerPart * lower
        }
      }
    }
  }

  /// Exact for quarters of a turn.
  private static func sineAndCosine(_ degrees: Double) -> (sine: Double, cosine: Double) {
    let quarters = (degrees / 90).rounded()
    let rest = (degrees - quarters * 90) * .pi / 180
    let (sine, cosine) = (sin(rest), cos(rest))
    return switch Int(quarters) & 3 {
    case 0: (sine, cosine)
    case 1: (cosine, -sine)
    case 2: (-sine, -cosine)
    default: (-cosine, sine)
    }
  }
}
