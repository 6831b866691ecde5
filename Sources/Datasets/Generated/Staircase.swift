/// Pictures of 2 × 2 pixels that may show a staircase: both bottom pixels and exactly one top pixel are drawn,
/// the other one is not.
enum Staircase: String, CaseIterable {
  /// Stairs drawn dark are true; every other pattern of light and dark pixels is false.
  case plain = "staircase"
  /// Stairs drawn grey are true; stairs drawn dark are false, as is every other pattern of light, grey and
  /// dark pixels. Darker is then no longer better, which no single neuron can say.
  case shaded = "staircase-shaded"

  /// The brightness of a pixel, from 0 (white) to 255 (black).
  enum Shade: Int, CaseIterable {
    case light, grey, dark

    var range: ClosedRange<Int> {
      switch self {
      case .light: 0...60
      case .grey: 90...150
      case .dark: 195...255
      }
    }
  }

  var shades: [Shade] { self == .plain ? [.light, .dark] : Shade.allCases }

  /// Whether the pixels, top left, top right, bottom left and bottom right, are a staircase that counts.
  func isTrue(_ pixels: [Shade]) -> Bool { Self.isStaircase(pixels, drawnIn: self == .plain ? .dark : .grey) }

  /// Both bottom pixels and exactly one top pixel have this shade, and the other top pixel is light.
  static func isStaircase(_ pixels: [Shade], drawnIn shade: Shade) -> Bool {
    pixels[2] == shade && pixels[3] == shade
      && ((pixels[0] == shade && pixels[1] == .light) || (pixels[0] == .light && pixels[1] == shade))
  }

  /// Every pattern of these shades, in a fixed order.
  var patterns: [[Shade]] {
    (0..<4).reduce([[]]) { patterns, _ in patterns.flatMap { pattern in shades.map { pattern + [$0] } } }
  }

  /// Half of the pictures are true (one fewer where the size is odd). The false half goes through all other
  /// patterns in turn; of the shaded ones, every second false picture is a dark staircase, which is what
  /// that data set is about.
  ///
  /// Noise adds a whole number from ±255 · noise to each pixel, within 0…255; the truth is the clean picture's.
  func dataset(named name: String, _ options: GeneratedOptions) -> Dataset {
    var generator = SplitMix64(seed: options.seed)
    let right = patterns.filter(isTrue)
    let wrong = patterns.filter { !isTrue($0) }
    let darkStairs = wrong.filter { Self.isStaircase($0, drawnIn: .dark) }
    var order = Array(0..<options.size)
    generator.shuffle(&order)
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    for index in order {
      let turn = index / 2
      let pattern =
        if index.isMultiple(of: 2) {
          turn.isMultiple(of: 2) || darkStairs.isEmpty
            ? wrong[(darkStairs.isEmpty ? turn : turn / 2) % wrong.count] : darkStairs[turn / 2 % darkStairs.count]
        } else {
          right[turn % right.count]
        }
      labels.append(isTrue(pattern) ? 1 : 0)
      for shade in pattern {
        let clean = shade.range.lowerBound + generator.below(shade.range.count)
        let reach = Int(255 * options.noise)
        let noisy = clean + generator.below(2 * reach + 1) - reach
        pixels.append(UInt8(min(max(noisy, 0), 255)))
      }
    }
    let parts = Dataset.everyFifth(of: options.size)
    return Dataset(
      name: name, features: .uint8(pixels), sampleShape: [2, 2], featureNames: Dataset.pixelNames(height: 2, width: 2),
      pixelRange: 0...255, target: .classes(labels: labels, names: ["false", "true"]), targetName: "staircase",
      taskReason: "its labels are true and false", trainRows: parts.train, testRows: parts.test)
  }
}
