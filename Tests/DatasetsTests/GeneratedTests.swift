import Testing

@testable import DescentDatasets

@Suite struct GeneratedTests {
  static let names = Catalog.all.filter { $0.kind == .generated }.map(\.name)
  static let playground = Playground.allCases.map(\.rawValue)

  @Test(arguments: names) func defaultsAre500SamplesWithoutNoise(_ name: String) throws {
    let data = try Dataset.load(name)
    #expect(data.count == 500)
    #expect(data.name == name)
    expectEveryFifthTests(data)
    let written = try Dataset.load("\(name):size=500,noise=0,seed=0")
    #expect(written.features == data.features)
    #expect(written.target == data.target)
  }

  @Test(arguments: names) func theSeedDecides(_ name: String) throws {
    let one = try Dataset.load("\(name):seed=1,noise=0.2")
    let again = try Dataset.load("\(name):noise=0.2,seed=1")
    #expect(one.features == again.features)
    #expect(one.target == again.target)
    #expect(try Dataset.load("\(name):noise=0.2,seed=2").features != one.features)
    let clean = try Dataset.load("\(name):seed=1")
    #expect(clean.features != one.features || clean.target != one.target)
  }

  @Test(arguments: names) func everySizeHasBothClassesInBothParts(_ name: String) throws {
    for size in [20, 21, 101, 1000] {
      let data = try Dataset.load("\(name):size=\(size)")
      #expect(data.count == size)
      guard data.task == .classification else { continue }
      let all = classCounts(data, data.rows(.all))
      if name != "quadrants" { #expect(abs(all[0] - all[1]) <= 1, "\(name) of \(size)") }
      guard size > 100 else { continue }
      #expect(classCounts(data, data.rows(.train)).allSatisfy { $0 > size / 4 }, "\(name) of \(size)")
      #expect(classCounts(data, data.rows(.test)).allSatisfy { $0 > size / 25 }, "\(name) of \(size)")
    }
  }

  @Test(arguments: [
    ("spiral:size=9", "whole number from 10 to 1000000"), ("spiral:size=abc", "size must be"),
    ("spiral:size=1.5", "size must be"), ("spiral:size=2000000", "size must be"), ("spiral:noise=0.6", "noise must be"),
    ("spiral:noise=nan", "noise must be"), ("spiral:noise=-0.1", "noise must be"), ("spiral:seed=-1", "seed must be"),
    ("spiral:sise=10", "no option 'sise'"), ("spiral:size", "'size' is no option"), ("spiral:", "'' is no option"),
    ("spiral:size=10,size=20", "'size' stands there twice"), ("spiral:size=10,", "'' is no option"),
    ("iris:size=10", "takes no options"), ("xor:seed=1", "takes no options"),
  ])
  func wrongOptionsAreUsageErrors(_ spec: String, _ part: String) {
    let error = #expect(throws: DatasetNameError.self) { try Dataset.load(spec) }
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
    #expect(error?.message.contains(spec) == true)
  }

  @Test(arguments: ["staircase", "staircase:size=1001,seed=9", "staircase-shaded", "staircase-shaded:size=1001,seed=9"])
  func everyStaircaseFollowsItsRule(_ spec: String) throws {
    let data = try Dataset.load(spec)
    let isShaded = spec.hasPrefix("staircase-shaded")
    guard case .classes(let labels, let names) = data.target, case .uint8(let pixels) = data.features else {
      Issue.record("a staircase must be bytes with classes")
      return
    }
    #expect(names == ["false", "true"])
    #expect(data.sampleShape == [2, 2])
    var patterns: Set<String> = []
    var darkStairs = 0
    for row in 0..<data.count {
      let shades = pixels[4 * row..<4 * row + 4].map { pixel in
        switch pixel {
        case 0...60: "l"
        case 90...150 where isShaded: "g"
        case 195...255: "d"
        default: "?"
        }
      }
      let pattern = shades.joined()
      let isTrue = isShaded ? ["glgg", "lggg"].contains(pattern) : ["dldd", "lddd"].contains(pattern)
      #expect(!pattern.contains("?"), "sample \(row): \(pixels[4 * row..<4 * row + 4])")
      #expect(labels[row] == (isTrue ? 1 : 0), "sample \(row): \(pattern)")
      patterns.insert(pattern)
      if ["dldd", "lddd"].contains(pattern) { darkStairs += 1 }
    }
    #expect(patterns.count == (isShaded ? 81 : 16))
    #expect(labels.count { $0 == 1 } == data.count / 2)
    if isShaded { #expect(abs(darkStairs - data.count / 4) <= 8) }
  }

  @Test func noiseShiftsPixelsWithinTheirRange() throws {
    let clean = try Dataset.load("staircase:size=1000")
    let noisy = try Dataset.load("staircase:size=1000,noise=0.5")
    guard case .uint8(let pixels) = noisy.features else { return }
    #expect(clean.features != noisy.features)
    #expect(pixels.contains(0) && pixels.contains(255) && pixels.contains { (61...194).contains($0) })
  }

  @Test(arguments: playground, [0.0, 0.5]) func pointsFollowTheirDefinition(_ name: String, _ noise: Double) throws {
    let data = try Dataset.load("\(name):size=1000,noise=\(noise)")
    let samples = (0..<data.count).map { data.sample($0) }
    let labels: [Float] =
      switch data.target {
      case .classes(let labels, _): labels.map { $0 == 1 ? 1 : -1 }
      case .values(let values): values
      }
    #expect(data.featureNames == ["x", "y"])
    if data.task == .classification { #expect(data.classNames == ["-1", "1"]) }
    var agreeing = 0
    for (sample, label) in zip(samples, labels) {
      let (x, y) = (Double(sample[0]), Double(sample[1]))
      let radius = (x * x + y * y).squareRoot()
      switch Playground(rawValue: name) {
      case .circle:
        #expect(radius <= 2.5001 || (radius >= 3.4999 && radius <= 5.0001))
        agreeing += (radius <= 3) == (label > 0) ? 1 : 0
      case .gaussians: agreeing += (x + y > 0) == (label > 0) ? 1 : 0
      case .quadrants:
        #expect(abs(x) >= 0.3 && abs(x) <= 5.3001 && abs(y) >= 0.3 && abs(y) <= 5.3001)
        agreeing += (x * y > 0) == (label > 0) ? 1 : 0
      case .spiral:
        if noise == 0 { #expect(abs(spiralDistance(x, y, isPositive: label > 0)) < 1e-4) }
        agreeing += 1
      case .plane:
        #expect(max(abs(x), abs(y)) <= 6.0001 && abs(label) <= 1.8001)
        agreeing += abs((x + y) / 10 - Double(label)) < 1e-5 ? 1 : 0
      case .hills:
        #expect(max(abs(x), abs(y)) <= 6.0001 && abs(label) <= 1)
        agreeing += abs(Playground.height(x, y) - Double(label)) < 1e-5 ? 1 : 0
      case nil: Issue.record("\(name) is none of the playground's")
      }
    }
    switch (name, noise) {
    case ("gaussians", _): #expect(agreeing >= (noise == 0 ? 995 : 850))
    case (_, 0), ("spiral", _): #expect(agreeing == 1000)
    default: #expect(agreeing < 980)
    }
  }

  /// How far a point is from the arm that its class lies on: its angle against the one that its radius asks for.
  private func spiralDistance(_ x: Double, _ y: Double, isPositive: Bool) -> Double {
    let radius = (x * x + y * y).squareRoot()
    let angle = 1.75 * (radius / 5) * 2 * .pi + (isPositive ? 0 : .pi)
    return max(abs(x - radius * sine(angle)), abs(y - radius * sine(angle + .pi / 2)))
  }

  /// The series, so that the test does not depend on the library that the data set uses.
  private func sine(_ angle: Double) -> Double {
    let reduced = angle.remainder(dividingBy: 2 * .pi)
    var (term, sum) = (reduced, reduced)
    for order in 1...15 {
      term *= -reduced * reduced / Double((2 * order) * (2 * order + 1))
      sum += term
    }
    return sum
  }

  @Test func hillsStandWhereThePlaygroundHasThem() {
    let heights: [(Double, Double, Double)] = [
      (-4, 2.5, 1), (0, 2.5, -1), (4, 2.5, 1), (-4, -2.5, -1), (0, -2.5, 1), (4, -2.5, -1), (-4, 1.5, 0.5), (0, 0, 0),
      (6, 2.5, 0), (3, 2.5, 0.5), (1, 2.5, -0.5),
    ]
    for (x, y, height) in heights { #expect(abs(Playground.height(x, y) - height) < 1e-12, "at \(x), \(y)") }
  }
}
