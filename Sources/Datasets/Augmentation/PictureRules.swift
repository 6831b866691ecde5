/// Mirrors every second picture.
struct Flip: PictureRule {
  var isVertical = false
  var word: String { isVertical ? "flip-vertical" : "flip" }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    if generator.below(2) == 1 { turn(&sample) }
  }

  func turn(_ sample: inout AugmentedSample) {
    let (height, width) = (sample.height, sample.width)
    sample.rewrite(height: height, width: width) { old, new in
      for y in 0..<height {
        for x in 0..<width {
          new[y * width + x] = isVertical ? old[(height - 1 - y) * width + x] : old[y * width + width - 1 - x]
        }
      }
    }
  }
}

/// Takes a square somewhere in the picture, which may be padded with zeros first.
struct Crop: PictureRule {
  let size: Int
  var padding = 0
  var word: String { padding == 0 ? "crop=\(size)" : "crop=\(size)+\(padding)" }

  func objection(for shape: [Int]) -> String? {
    guard 2...3 ~= shape.count, shape.suffix(2).allSatisfy({ $0 + 2 * padding >= size }) else {
      let least = max(size - 2 * padding, 1)
      return "takes pictures of [channels, height, width] or [height, width], \(least) × \(least) or larger"
    }
    return nil
  }

  func outputShape(for shape: [Int]) -> [Int] { shape.dropLast(2) + [size, size] }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    let top = generator.below(sample.height + 2 * padding - size + 1) - padding
    let left = generator.below(sample.width + 2 * padding - size + 1) - padding
    sample.takeWindow(top: top, left: left, height: size, width: size)
  }

  func centre(_ sample: inout AugmentedSample) {
    // the padding is as wide on both sides, so that only a crop larger than the picture reaches it
    let (top, left) = ((sample.height + 2 * padding - size) / 2, (sample.width + 2 * padding - size) / 2)
    sample.takeWindow(top: top - padding, left: left - padding, height: size, width: size)
  }
}

/// Moves the picture by some pixels.
struct Shift: PictureRule {
  let most: Int
  var word: String { "shift=\(most)" }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    let (down, right) = (generator.below(2 * most + 1) - most, generator.below(2 * most + 1) - most)
    sample.takeWindow(top: -down, left: -right, height: sample.height, width: sample.width)
  }
}

/// Sets a square around some pixel to 0: T. DeVries and G. Taylor, "Improved regularization of convolutional neural networks
/// with cutout", 2017.
struct Cutout: PictureRule {
  let size: Int
  var word: String { "cutout=\(size)" }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    let top = generator.below(max(sample.height, 1)) - size / 2
    let left = generator.below(max(sample.width, 1)) - size / 2
    sample.erase(rows: top..<top + size, columns: left..<left + size)
  }
}

/// Adds the same number everywhere.
struct Brightness: AugmentationRule {
  let most: Double
  var word: String { "brightness=\(shown(most))" }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    let change = Float(generator.uniform(-most, most))
    for index in 0..<sample.count { sample.values[index] += change }
  }
}

/// Draws all numbers nearer to their mean, or farther from it.
struct Contrast: AugmentationRule {
  let most: Double
  var word: String { "contrast=\(shown(most))" }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    let factor = Float(1 + generator.uniform(-most, most))
    var sum = 0.0
    for index in 0..<sample.count { sum += Double(sample.values[index]) }
    let mean = Float(sum / Double(max(sample.count, 1)))
    for index in 0..<sample.count { sample.values[index] = mean + (sample.values[index] - mean) * factor }
  }
}

/// A number as it is written in a word: 2 and not 2.0.
func shown(_ number: Double) -> String {
  Int(exactly: number).map(String.init) ?? String(number)
}
