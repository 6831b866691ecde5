import DescentNetworks
import DescentTensors
import Testing

/// A part of each sample: anywhere in training, the middle afterwards.
@Suite struct RandomCropTests {
  /// Samples whose numbers say where they stand: 10,000·sample + 1,000·channel + 100·row + column.
  private static let pictures: Tensor = {
    let numbers = (0..<40 * 2 * 9 * 7).map { place -> Float in
      let (column, row, channel, sample) = (place % 7, place / 7 % 9, place / 63 % 2, place / 126)
      return Float(sample * 10_000 + channel * 1_000 + row * 100 + column)
    }
    return Tensor(numbers, shape: [40, 2, 9, 7])
  }()

  /// Where each sample's part begins, as row and column; nil where it is no part of that sample.
  private func places(_ cropped: Tensor, _ height: Int, _ width: Int) -> [[Int]?] {
    let numbers = cropped.scalars(Float.self).map { Int($0) }
    let size = 2 * height * width
    return (0..<cropped.shape[0]).map { sample in
      let own = numbers[sample * size..<(sample + 1) * size].map { $0 - sample * 10_000 }
      let (row, column) = (own[0] / 100, own[0] % 100)
      let expected = (0..<size).map { place in
        place / (height * width) * 1_000 + (row + place / width % height) * 100 + column + place % width
      }
      return own == expected ? [row, column] : nil
    }
  }

  @Test func theMiddleInInference() {
    let crop = RandomCrop2D([4, 3])
    let middle = crop(Self.pictures)
    #expect(middle.shape == [40, 2, 4, 3])
    #expect(places(middle, 4, 3).allSatisfy { $0 == [2, 2] })
    let whole = RandomCrop2D([9, 7])(Self.pictures)
    #expect(whole.scalars(Float.self) == Self.pictures.scalars(Float.self))
  }

  @Test func anyPartInTraining() {
    let crop = RandomCrop2D([4, 3])
    let draw = { (seed: UInt64) in
      RandomSource.withSeed(seed) { Mode.training { crop(Self.pictures).scalars(Float.self) } }
    }
    let found = places(Tensor(draw(1), shape: [40, 2, 4, 3]), 4, 3)
    #expect(!found.contains(nil))
    // 6 rows and 5 columns to begin in: forty samples see all of them
    #expect(Set(found.compactMap { $0?[0] }) == Set(0...5) && Set(found.compactMap { $0?[1] }) == Set(0...4))
    #expect(draw(1) == draw(1) && draw(1) != draw(2))
  }

  /// A replayed step draws anew, and what was cut off has no gradient.
  @Test func inCompiledSteps() {
    let crop = RandomCrop2D(4)
    let step = compile { batch in
      let cropped = crop(batch[0])
      return [cropped, gradients(of: cropped.sum(), with: [batch[0]])[0]]
    }
    let (first, second) = RandomSource.withSeed(3) {
      Mode.training {
        (step(Self.pictures).map { $0.scalars(Float.self) }, step(Self.pictures).map { $0.scalars(Float.self) })
      }
    }
    #expect(first[0] != second[0])
    for (numbers, slopes) in [(first[0], first[1]), (second[0], second[1])] {
      #expect(slopes.allSatisfy { $0 == 0 || $0 == 1 } && slopes.reduce(0, +) == Float(numbers.count))
      let kept = zip(Self.pictures.scalars(Float.self), slopes).filter { $0.1 == 1 }.map(\.0)
      #expect(kept == numbers)
    }
  }

  @Test func aNetworkFileTakesLargerPictures() throws {
    let text =
      "input: [1, 27, 27]\nlayers:\n  - random-crop2d: 24\n  - conv2d: {outputs: 3, kernel: 3}\n  - flatten\n  - dense\n"
    let network = try NetworkDescription(yaml: text).makeNetwork(outputs: 5)
    #expect(network(Tensor.ones([2, 1, 27, 27])).shape == [2, 5])
    #expect(throws: NetworkDescriptionError.self) {
      try NetworkDescription(yaml: "input: [1, 20, 27]\nlayers:\n  - random-crop2d: 24\n").makeNetwork()
    }
  }
}
