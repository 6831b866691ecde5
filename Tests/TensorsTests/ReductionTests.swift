import Foundation
import Testing

@testable import DescentTensors

@Suite struct ReductionTests {
  private let cube = Tensor((0..<24).map { Float($0 % 7) }, shape: [2, 3, 4])

  /// Every set of axes of a cube, on every kind, by kernel and by definition.
  @Test func everySetOfAxes() {
    var random = Randomness(3)
    for shape in [[2, 3, 4], [1, 3, 1], [5, 1, 33], [3, 0, 2], [17, 9, 40]] as [Shape] {
      let tensor = random.floats(shape)
      for set in 0..<8 {
        let axes = (0..<3).filter { set >> $0 & 1 == 1 }
        for keepsAxes in [false, true] {
          var results = [
            tensor.sum(axes: axes, keepsAxes: keepsAxes), tensor.product(axes: axes, keepsAxes: keepsAxes),
          ]
          if !axes.contains(where: { shape[$0] == 0 }) {
            results.append(tensor.max(axes: axes, keepsAxes: keepsAxes))
            results.append(tensor.min(axes: axes, keepsAxes: keepsAxes))
          }
          let expected = planned(results, options: .definitions).outputs
          for (found, expected) in zip(planned(results).outputs, expected) {
            expect(
              found, expected.reals(), shape: reducedShape(shape, axes: axes, keepsAxes: keepsAxes), relative: 1e-5,
              "\(shape) over \(axes)")
          }
        }
      }
    }
  }

  @Test func emptyAxes() {
    let empty = Tensor.zeros([2, 0])
    expect(empty.sum(axes: [1]), [0, 0], shape: [2])
    expect(empty.product(axes: [1]), [1, 1])
    expect(empty.mean(axes: [1]), [.nan, .nan])
    expect(empty.variance(axes: [1]), [.nan, .nan])
    expect(empty.max(axes: [0]), [], shape: [0])
    expect(empty.sum(), [0], shape: [])
    expect(empty.softmax(), [], shape: [2, 0])
  }

  @Test func wholeNumbers() {
    let bytes = Tensor([200, 100, 3] as [UInt8])
    #expect(bytes.sum().item(Int64.self) == 303)
    #expect(bytes.product().item(Int64.self) == 60_000)
    #expect(bytes.max().item(UInt8.self) == 200)
    #expect(Tensor([true, false, true]).sum().item(Int64.self) == 2)
    #expect(Tensor([true, false]).min().item(Bool.self) == false)
    #expect(Tensor([Int64.max, Int64.min]).max().item(Int64.self) == .max)
    #expect(Tensor([-5, 3] as [Int32]).argmin().item(Int64.self) == 0)
  }

  @Test(arguments: [PlanOptions.standard, .definitions])
  func notANumber(_ options: PlanOptions) {
    let row = [Float](repeating: 1, count: 40)
    for place in [0, 17, 39] {
      var numbers = row
      numbers[place] = .nan
      let tensor = Tensor(numbers + row, shape: [2, 40])
      let results = [
        tensor.max(axes: [1]), tensor.min(axes: [1]), tensor.sum(axes: [1]), tensor.product(axes: [1]),
        tensor.logSumExp(axes: [1]),
      ]
      for output in planned(results, options: options).outputs {
        let numbers = output.reals()
        #expect(numbers[0].isNaN && !numbers[1].isNaN)
      }
      let rows = planned([tensor.softmax(), tensor.logSoftmax()], options: options).outputs
      for output in rows {
        let numbers = output.reals()
        #expect(numbers.prefix(40).allSatisfy { $0.isNaN } && !numbers.suffix(40).contains { $0.isNaN })
      }
      expect(tensor.argmax(axes: [1]), [Double(place), 0])
      expect(tensor.argmin(axes: [1]), [Double(place), 0])
    }
  }

  @Test(arguments: [PlanOptions.standard, .definitions])
  func infinity(_ options: PlanOptions) {
    let rows = Tensor(
      [.infinity, 1, 2, -.infinity, 1, 2, -.infinity, -.infinity, -.infinity] as [Float], shape: [3, 3])
    let results = planned(
      [rows.logSumExp(axes: [1]), rows.softmax(), rows.logSoftmax(), rows.max(axes: [1])], options: options
    )
    .outputs
    expect(results[0], [.infinity, 2 + log(1 + exp(-1)), -.infinity])
    let (one, two) = (1 / (1 + M_E), M_E / (1 + M_E))
    expect(results[1], [.nan, .nan, .nan, 0, one, two, .nan, .nan, .nan])
    expect(results[2].sliced(axis: 0, 1..<2), [-.infinity, log(one), log(two)])
    expect(results[3], [.infinity, 2, -.infinity])
  }

  @Test func argumentsOverAxes() {
    expect(cube.argmax(), [6], shape: [])
    expect(cube.argmax(axes: [0]), [1, 1, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0], shape: [3, 4])
    // counted over both axes in row-major order
    expect(cube.argmax(axes: [0, 2]), [5, 2, 4], shape: [3])
    expect(Tensor(3 as Float).argmax(), [0], shape: [])
    expect(Tensor([1, 5, 5] as [Float]).argmax(), [1])
  }

  @Test func statistics() {
    let x = Tensor([1, 2, 3, 4])
    expect(x.mean(), [2.5])
    expect(x.variance(), [5.0 / 3])
    expect(x.variance(correction: 0), [1.25])
    expect(Tensor([7.0]).variance(), [.nan])
    expect(x.logSumExp(), [log(exp(1) + exp(2) + exp(3) + M_E * exp(3))])
    expect(Tensor([1000, 1000]).logSumExp(), [1000 + log(2)])
    expect(Tensor(2.0).softmax(), [1], shape: [])
    expect(Tensor([1, 1, 1, 1], shape: [2, 2]).softmax(axes: [0, 1]), [0.25, 0.25, 0.25, 0.25], shape: [2, 2])
    expect(Tensor([-400, 400] as [Float]).logSoftmax(), [-800, 0])
  }

  /// A long sum loses little, whatever its length: added up one by one it would be off by 1e-4 and more.
  @Test func longSums() {
    let count = 100_003
    let tensor = Tensor([Float](repeating: 0.1, count: count))
    let exact = Double(Float(0.1)) * Double(count)
    expect(tensor.sum(), [exact], relative: 5e-6)
    expect(
      tensor.reshaped(to: [count, 1]).expanded(to: [count, 3]).sum(axes: [0]), [exact, exact, exact], relative: 5e-6)
  }
}
