#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Points of a plane with a class or a value, as TensorFlow Playground draws them.
///
/// Classes are called -1 and 1, values lie in −1…1, as there; points lie in about ±6. What `noise` (0 to 0.5)
/// does is said at each. Source: https://github.com/tensorflow/playground, `src/dataset.ts` (definitions; the code
/// is our own), from D. Smilkov and S. Carter, "A neural network playground", 2016.
enum Playground: String, CaseIterable {
  /// 1 within half the radius of 5, −1 from 0.7 of it outwards. Noise shifts the point that decides the class.
  case circle
  /// Two normal clouds, 1 around (2, 2) and −1 around (−2, −2), with a variance from 0.5 to 4 by noise.
  case gaussians
  /// Exclusive or: 1 where x and y have the same sign, −1 elsewhere, with a gap of 0.3 along both axes. Noise
  /// shifts the point that decides the class.
  case quadrants
  /// Two arms of 1.75 turns, each the other one rotated by π. Noise shifts the points.
  case spiral
  /// (x + y) / 10. Noise shifts the point that decides the value.
  case plane
  /// Six cones of height ±1 and radius 2; the largest in size counts. Noise shifts the point that decides.
  case hills

  /// A point and its class (±1) or value.
  struct Sample {
    var x: Double
    var y: Double
    var label: Double
  }

  var task: Dataset.Task { self == .plane || self == .hills ? .regression : .classification }

  /// The samples in random order, so that every fifth of them stands for all.
  func dataset(named name: String, _ options: GeneratedOptions) -> Dataset {
    var generator = SplitMix64(seed: options.seed)
    var samples = (0..<options.size).map { sample($0, options, &generator) }
    generator.shuffle(&samples)
    let parts = Dataset.everyFifth(of: samples.count)
    let target: Dataset.Target =
      task == .classification
      ? .classes(labels: samples.map { $0.label > 0 ? 1 : 0 }, names: ["-1", "1"])
      : .values(samples.map { Float($0.label) })
    return Dataset(
      name: name, features: .float32(samples.flatMap { [Float($0.x), Float($0.y)] }), sampleShape: [2],
      featureNames: ["x", "y"], target: target, targetName: task == .classification ? "class" : "value",
      taskReason: task == .classification ? "its labels are -1 and 1" : "its values are quantities",
      trainRows: parts.train, testRows: parts.test)
  }

  private func sample(_ index: Int, _ options: GeneratedOptions, _ generator: inout SplitMix64) -> Sample {
    let isPositive = index < (options.size + 1) / 2
    let noise = options.noise
    switch self {
    case .circle:
      let radius = 5.0
      let distance =
        isPositive ? generator.uniform(0, radius * 0.5) : generator.uniform(radius * 0.7, radius)
      let angle = generator.uniform(0, 2 * .pi)
      return Self.judged(distance * sin(angle), distance * cos(angle), reach: radius * noise, &generator) { x, y in
        hypot(x, y) < radius * 0.5 ? 1 : -1
      }
    case .gaussians:
      let deviation = (0.5 + noise / 0.5 * 3.5).squareRoot()
      let center = isPositive ? 2.0 : -2.0
      let x = center + deviation * Self.normal(&generator)
      let y = center + deviation * Self.normal(&generator)
      return Sample(x: x, y: y, label: isPositive ? 1 : -1)
    case .quadrants:
      let x = Self.padded(generator.uniform(-5, 5), by: 0.3)
      let y = Self.padded(generator.uniform(-5, 5), by: 0.3)
      return Self.judged(x, y, reach: 5 * noise, &generator) { x, y in x * y >= 0 ? 1 : -1 }
    case .spiral:
      let half = Double(options.size) / 2
      let along = Double(isPositive ? index : index - (options.size + 1) / 2) / half
      let angle = 1.75 * along * 2 * .pi + (isPositive ? 0 : .pi)
      let x = 5 * along * sin(angle) + generator.uniform(-1, 1) * noise
      let y = 5 * along * cos(angle) + generator.uniform(-1, 1) * noise
      return Sample(x: x, y: y, label: isPositive ? 1 : -1)
    case .plane, .hills:
      let radius = 6.0
      let (x, y) = (generator.uniform(-radius, radius), generator.uniform(-radius, radius))
      return Self.judged(x, y, reach: radius * noise, &generator) { x, y in
        self == .plane ? (x + y) / 10 : Self.height(x, y)
      }
    }
  }

  /// A sample at (x, y) whose label is that of a place up to `reach` away along both axes.
  private static func judged(
    _ x: Double, _ y: Double, reach: Double, _ generator: inout SplitMix64, _ label: (Double, Double) -> Double
  ) -> Sample {
    let (shiftX, shiftY) = (generator.uniform(-reach, reach), generator.uniform(-reach, reach))
    return Sample(x: x, y: y, label: label(x + shiftX, y + shiftY))
  }

  private static func padded(_ value: Double, by padding: Double) -> Double {
    value > 0 ? value + padding : value - padding
  }

  /// The hills' height: 1 − distance / 2 around each centre, and 0 from a distance of 2.
  static func height(_ x: Double, _ y: Double) -> Double {
    let hills: [(x: Double, y: Double, sign: Double)] = [
      (-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1),
    ]
    return hills.reduce(0) { height, hill in
      let own = hill.sign * max(0, 1 - hypot(x - hill.x, y - hill.y) / 2)
      return abs(own) > abs(height) ? own : height
    }
  }

  /// A standard normal number by G. Marsaglia's polar method.
  private static func normal(_ generator: inout SplitMix64) -> Double {
    while true {
      let (u, v) = (generator.uniform(-1, 1), generator.uniform(-1, 1))
      let square = u * u + v * v
      if square > 0, square < 1 { return u * (-2 * log(square) / square).squareRoot() }
    }
  }
}
