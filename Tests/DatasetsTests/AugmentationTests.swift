import Foundation
import Testing

@testable import DescentDatasets

/// Samples changed at random, the same way for the same seed.
@Suite struct AugmentationTests {
  /// A batch as an epoch sees it.
  private func augmented(
    _ words: String, _ inputs: [Float], shape: [Int], rows: [Int32], epoch: Int = 1, seed: UInt64 = 7
  ) throws -> [Float] {
    let augmentation = try Augmentation(words: words)
    let size = augmentation.outputShape(for: shape).reduce(1, *)
    var outputs = [Float](repeating: -1, count: rows.count * size)
    inputs.withUnsafeBufferPointer { inputs in
      outputs.withUnsafeMutableBufferPointer {
        augmentation.augment(inputs, shape: shape, rows: rows[...], epoch: epoch, seed: seed, into: $0)
      }
    }
    return outputs
  }

  private func centred(_ words: String, _ inputs: [Float], shape: [Int]) throws -> [Float] {
    let augmentation = try Augmentation(words: words)
    let count = inputs.count / shape.reduce(1, *)
    var outputs = [Float](repeating: -1, count: count * augmentation.outputShape(for: shape).reduce(1, *))
    inputs.withUnsafeBufferPointer { inputs in
      outputs.withUnsafeMutableBufferPointer {
        augmentation.centre(inputs, shape: shape, count: count, into: $0)
      }
    }
    return outputs
  }

  /// What a change makes of one sample.
  private func changed(
    _ values: [Float], shape: [Int], _ change: (inout AugmentedSample) -> Void
  ) -> [Float] {
    var sample = AugmentedSample(capacity: values.count)
    defer { sample.deallocate() }
    values.withUnsafeBufferPointer { sample.load($0, at: 0, shape: shape) }
    change(&sample)
    return Array(sample.values[..<sample.count])
  }

  private func counting(_ count: Int) -> [Float] { (0..<count).map { Float($0) + 1 } }

  /// Different outcomes of many rows with the same sample, with how often each came.
  private func outcomes(_ words: String, _ sample: [Float], shape: [Int], rows: Int = 2000) throws -> [[Float]: Int] {
    let inputs = [[Float]](repeating: sample, count: rows).flatMap(\.self)
    let outputs = try augmented(words, inputs, shape: shape, rows: Array(0..<Int32(rows)))
    let size = outputs.count / rows
    var counts: [[Float]: Int] = [:]
    for row in 0..<rows { counts[Array(outputs[row * size..<(row + 1) * size]), default: 0] += 1 }
    return counts
  }

  // MARK: Pictures

  @Test func flipsMirrorEverySecondPicture() throws {
    // two channels of 2 × 3
    let sample = counting(12)
    let mirrored: [Float] = [3, 2, 1, 6, 5, 4, 9, 8, 7, 12, 11, 10]
    let upsideDown: [Float] = [4, 5, 6, 1, 2, 3, 10, 11, 12, 7, 8, 9]
    for (word, turned) in [("flip", mirrored), ("flip-vertical", upsideDown)] {
      let counts = try outcomes(word, sample, shape: [2, 2, 3])
      #expect(Set(counts.keys) == [sample, turned])
      // 1000 ± 5 standard deviations
      #expect((888...1112).contains(counts[turned] ?? 0))
    }
    #expect(try centred("flip,flip-vertical", sample, shape: [2, 2, 3]) == sample)
  }

  @Test func cropsTakeEveryPlaceAlike() throws {
    let sample = counting(12)
    let counts = try outcomes("crop=2", sample, shape: [3, 4])
    // 2 × 3 places
    #expect(counts.count == 6)
    for top in 0..<2 {
      for left in 0..<3 {
        let corner = sample[top * 4 + left]
        #expect((250...420).contains(counts[[corner, corner + 1, corner + 4, corner + 5]] ?? 0))
      }
    }
    #expect(try centred("crop=2", sample, shape: [1, 3, 4]) == [2, 3, 6, 7])

    // padded by one pixel, every place of a picture of 2 × 2 in one of 4 × 4
    let padded = try outcomes("crop=2+1", [1, 2, 3, 4], shape: [1, 2, 2])
    #expect(padded.count == 9)
    #expect(padded[[0, 0, 0, 1]] != nil && padded[[1, 2, 3, 4]] != nil && padded[[4, 0, 0, 0]] != nil)
    #expect(try centred("crop=2+1", [1, 2, 3, 4], shape: [2, 2]) == [1, 2, 3, 4])
    #expect(try centred("crop=4+1", [1, 2, 3, 4], shape: [2, 2]) == [0, 0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0, 0, 0, 0])

    let classic = try Augmentation(words: "crop=24")
    #expect(classic.outputShape(for: [3, 27, 27]) == [3, 24, 24])
  }

  @Test func shiftsMoveAndFillWithZero() throws {
    let counts = try outcomes("shift=1", [1, 2, 3, 4], shape: [2, 2])
    #expect(counts.count == 9)
    #expect(counts.keys.contains([0, 0, 1, 2]) && counts.keys.contains([2, 0, 4, 0]))
  }

  @Test func aQuarterTurnIsExact() {
    let (channels, size) = (2, 5)
    let sample = counting(channels * size * size)
    func turned(_ degrees: Double) -> [Float] {
      changed(sample, shape: [channels, size, size]) { Rotation.turn(&$0, degrees: degrees) }
    }
    // anticlockwise, what was on the right is on top: the transposed picture, upside down
    var quarter: [Float] = []
    for channel in 0..<channels {
      for y in 0..<size { for x in 0..<size { quarter.append(sample[(channel * size + x) * size + size - 1 - y]) } }
    }
    #expect(turned(90) == quarter)
    #expect(turned(-270) == quarter)
    #expect(turned(0) == sample && turned(360) == sample)
    let half = (0..<channels).flatMap { sample[$0 * size * size..<($0 + 1) * size * size].reversed() }
    #expect(turned(180) == half && turned(-180) == half)
    #expect(changed(quarter, shape: [channels, size, size]) { Rotation.turn(&$0, degrees: 270) } == sample)
  }

  @Test func rotationBlendsNeighbours() {
    // clockwise by 45°, what comes to the right of the centre was √½ above it and √½ to the right
    let sample: [Float] = [0, 0, 8, 0, 4, 0, 0, 0, 0]
    let turned = changed(sample, shape: [3, 3]) { Rotation.turn(&$0, degrees: -45) }
    let near = Float(0.5.squareRoot())
    // the right neighbour reads between centre (4) and the upper right corner (8)
    let expected = 4 * (1 - near) * (1 - near) + 8 * near * near
    #expect(abs(turned[5] - expected) < 1e-5)
    #expect(turned[4] == 4)
    // little changes under little angles, and a constant stays one inside
    let flat = changed([Float](repeating: 3, count: 81), shape: [9, 9]) { Rotation.turn(&$0, degrees: 13) }
    #expect(abs(flat[40] - 3) < 1e-5 && abs(flat[30] - 3) < 1e-5)
    #expect(flat[0] < 3)
  }

  @Test func cutoutBlanksASquareAroundAPixel() throws {
    let counts = try outcomes("cutout=3", [Float](repeating: 1, count: 50), shape: [2, 5, 5])
    #expect(counts.count == 25)
    // whole squares in the middle, parts at the edges; both channels alike
    let erased = Set(counts.keys.map { sample in 50 - Int(sample.reduce(0, +)) })
    #expect(erased == [8, 12, 18])
  }

  @Test func brightnessAndContrastAreWithinTheirBounds() throws {
    var (lowest, highest) = (Float.infinity, -Float.infinity)
    for sample in try outcomes("brightness=0.2", [1, 2], shape: [2]).keys {
      #expect(abs(sample[1] - sample[0] - 1) < 1e-6 && abs(sample[0] - 1) <= 0.2001)
      (lowest, highest) = (min(lowest, sample[0]), max(highest, sample[0]))
    }
    #expect(lowest < 0.81 && highest > 1.19)
    (lowest, highest) = (.infinity, -.infinity)
    for sample in try outcomes("contrast=0.2", [1, 3], shape: [2]).keys {
      #expect(abs(sample[0] + sample[1] - 4) < 1e-5)
      (lowest, highest) = (min(lowest, sample[1] - sample[0]), max(highest, sample[1] - sample[0]))
    }
    #expect(lowest >= 1.599 && lowest < 1.62 && highest <= 2.401 && highest > 2.38)
  }

  // MARK: Any inputs

  @Test func noiseHasItsMoments() throws {
    let count = 20_001
    let noise = try augmented("noise=0.5", [Float](repeating: 0, count: count), shape: [count], rows: [3])
    let numbers = noise.map(Double.init)
    let mean = numbers.reduce(0, +) / Double(count)
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / Double(count)
    let fourth = numbers.reduce(0) { $0 + pow($1, 4) } / Double(count)
    #expect(abs(mean) < 0.5 * 5 / Double(count).squareRoot())
    #expect(abs(variance - 0.25) < 0.0125)
    // a normal distribution's fourth moment is 3 σ⁴
    #expect(abs(fourth / (variance * variance) - 3) < 0.2)
    let neighbours = (1..<count).reduce(0) { $0 + numbers[$1] * numbers[$1 - 1] } / Double(count)
    #expect(abs(neighbours) < 0.25 * 5 / Double(count).squareRoot())
  }

  @Test func mixupMixesSamplesAndTargetsAlike() throws {
    let augmentation = try Augmentation(words: "mixup=0.4")
    #expect(augmentation.mixesTargets)
    let count = 4000
    let rows = Array(0..<Int32(count))
    // sample and target are the same unit vectors of 4 classes
    let inputs = (0..<count).flatMap { row in (0..<4).map { Float($0 == row % 4 ? 1 : 0) } }
    let mixed = try augmented("mixup=0.4", inputs, shape: [4], rows: rows)
    var targets = inputs
    targets.withUnsafeMutableBufferPointer { augmentation.mix($0, rows: rows[...], epoch: 1, seed: 7) }
    #expect(mixed == targets)
    #expect(mixed != inputs)
    for row in 0..<count { #expect(abs(mixed[4 * row..<4 * row + 4].reduce(0, +) - 1) < 1e-6) }
    // one sample by itself stays
    #expect(try augmented("mixup=0.4", [1, 2], shape: [2], rows: [5]) == [1, 2])
    #expect(try centred("mixup=0.4", [1, 2, 3, 4], shape: [2]) == [1, 2, 3, 4])
  }

  @Test(arguments: [0.01, 0.2, 1, 3])
  func sharesFollowTheBetaDistribution(alpha: Double) {
    var generator = SplitMix64(seed: 2)
    let draws = (0..<20_000).map { _ in generator.symmetricBeta(alpha) }
    #expect(draws.allSatisfy { (0...1).contains($0) })
    let mean = draws.reduce(0, +) / 20_000
    let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
    // mean ½, variance 1 / (4 (2 α + 1))
    let expected = 1 / (4 * (2 * alpha + 1))
    #expect(abs(mean - 0.5) < 5 * (expected / 20_000).squareRoot())
    #expect(abs(variance / expected - 1) < 0.06)
  }

  // MARK: Sound

  @Test func masksSilenceFramesOrFrequencies() throws {
    let sample = [Float](repeating: 1, count: 24)
    for (word, isFrequency) in [("time-mask=2", false), ("frequency-mask=2", true)] {
      let counts = try outcomes(word, sample, shape: [1, 4, 6])
      // none, one or two neighbours, at every place: each width as often as another
      let length = isFrequency ? 4 : 6
      #expect(counts.count == 1 + length + length - 1)
      #expect((560...770).contains(counts[sample] ?? 0))
      for (masked, _) in counts {
        let lines = (0..<length).map { line in
          (0..<24).filter { (isFrequency ? $0 / 6 : $0 % 6) == line }.map { masked[$0] }
        }
        #expect(lines.allSatisfy { Set($0).count == 1 })
      }
    }
    let long = try outcomes("time-mask=100", sample, shape: [4, 6])
    #expect(long[[Float](repeating: 0, count: 24)] != nil)
    // a waveform
    #expect(try outcomes("time-mask=1", [1, 1], shape: [2]).count == 3)
  }

  @Test func soundsArePlayedAtAnotherSpeed() {
    let sample: [Float] = [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15]
    func played(_ speed: Double, _ shape: [Int]) -> [Float] {
      changed(sample, shape: shape) { Stretch.play(&$0, speed: speed) }
    }
    #expect(played(1, [2, 6]) == sample)
    #expect(played(2, [2, 6]) == [0, 2, 4, 0, 0, 0, 10, 12, 14, 0, 0, 0])
    #expect(played(0.5, [1, 2, 6]) == [0, 0.5, 1, 1.5, 2, 2.5, 10, 10.5, 11, 11.5, 12, 12.5])
    #expect(played(1.5, [12]) == [0, 1.5, 3, 4.5, 10, 11.5, 13, 14.5, 0, 0, 0, 0])
  }

  // MARK: What draws depend on

  @Test func drawsFollowFromSeedEpochAndRowAlone() throws {
    let words = "flip,crop=4,shift=1,rotate=20,cutout=2,brightness=0.1,contrast=0.1,noise=0.1,stretch=0.1,time-mask=1"
    let rows: [Int32] = [4, 0, 9, 2]
    let samples = counting(4 * 36)
    func sample(_ place: Int) -> [Float] { Array(samples[place * 36..<(place + 1) * 36]) }
    let together = try augmented(words, samples, shape: [1, 6, 6], rows: rows)
    #expect(try augmented(words, samples, shape: [1, 6, 6], rows: rows) == together)
    for place in 0..<4 {
      let alone = try augmented(words, sample(place), shape: [1, 6, 6], rows: [rows[place]])
      #expect(alone == Array(together[place * 16..<(place + 1) * 16]))
      #expect(try augmented(words, sample(place), shape: [1, 6, 6], rows: [rows[place]], epoch: 2) != alone)
      #expect(try augmented(words, sample(place), shape: [1, 6, 6], rows: [rows[place]], seed: 8) != alone)
      #expect(try augmented(words, sample(place), shape: [1, 6, 6], rows: [rows[place] + 1]) != alone)
    }
  }

  @Test func drawsAreTheSameOnEveryMachine() throws {
    // SplitMix64 alone decides these, and the way the seeds are put together
    let flips = try (0..<16).map { row in try augmented("flip", [0, 1], shape: [1, 2], rows: [Int32(row)], seed: 1)[0] }
    #expect(flips.contains(0) && flips.contains(1))
    var chained = SplitMix64(seed: 1)
    for number in [0, 3, 5] as [UInt64] { chained = SplitMix64(seed: chained.next() ^ number) }
    var drawn = SplitMix64(seed: 1, epoch: 3, row: 5, stream: 0)
    #expect(chained.next() == drawn.next())
  }

  // MARK: Words

  @Test func wordsComeBack() throws {
    let words = Augmentation.known.map(\.example).joined(separator: ",") + ",crop=8+2,rotate=0.5"
    let augmentation = try Augmentation(words: words)
    #expect(augmentation.description == words)
    let stored = try JSONEncoder().encode([augmentation, Augmentation([])])
    let again = try JSONDecoder().decode([Augmentation].self, from: stored)
    #expect(again == [augmentation, Augmentation([])])
    #expect(again[0] != again[1])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([Augmentation].self, from: Data(#"["flop"]"#.utf8)) }
  }

  @Test(arguments: [
    ("flop", "there is no augmentation 'flop'; there are flip, flip-vertical, crop=24, "),
    ("", "there is no augmentation ''; there are"), ("flip,", "there is no augmentation ''"),
    ("flip=2", "'flip=2': flip takes no number"), ("crop", "'crop': crop takes a whole number from 1 to 10000"),
    ("crop=", "'crop=': crop takes"), ("crop=0", "'crop=0'"), ("crop=8+", "'crop=8+'"), ("crop=8+x", "'crop=8+x'"),
    ("crop=99999", "'crop=99999'"), ("shift=-1", "'shift=-1'"), ("rotate=nan", "'rotate=nan'"),
    ("rotate=181", "'rotate=181': rotate takes a number above 0, at most 180, such as rotate=10"),
    ("noise=0", "'noise=0'"), ("noise=inf", "'noise=inf'"), ("stretch=1", "'stretch=1'"),
    ("mixup=0.1,mixup=0.2", "'mixup=0.1,mixup=0.2': samples are mixed once"),
  ])
  func wrongWordsAreNamed(words: String, message: String) {
    let error = #expect(throws: AugmentationError.self) { try Augmentation(words: words) }
    #expect(error?.description.hasPrefix(message) == true, "\(error?.description ?? "")")
  }

  @Test func shapesAreChecked() throws {
    func objection(_ words: String, _ shape: [Int]) throws -> String? {
      try Augmentation(words: words).objection(for: shape)
    }
    #expect(try objection("flip,crop=24,noise=0.1", [1, 27, 27]) == nil)
    #expect(try objection("noise=1,mixup=1,brightness=1,contrast=1,time-mask=1,stretch=0.1", [4]) == nil)
    #expect(
      try objection("flip", [4]) == "flip: takes pictures of [channels, height, width] or [height, width], not [4]")
    #expect(
      try objection("crop=24", [3, 20, 30])
        == "crop=24: takes pictures of [channels, height, width] or [height, width], 24 × 24 or larger, not [3, 20, 30]"
    )
    #expect(try objection("crop=24+2", [3, 20, 20]) == nil)
    // a step sees the shape that those before it make
    #expect(try objection("crop=8,crop=9", [9, 9])?.hasSuffix("not [8, 8]") == true)
    #expect(
      try objection("frequency-mask=2", [100])
        == "frequency-mask=2: takes spectrograms of [1, frequencies, frames] or [frequencies, frames], not [100]")
  }
}
