import Testing

@testable import DescentTensors

@Suite struct RearrangingTests {
  private let matrix = Tensor((0..<6).map(Float.init), shape: [2, 3])

  @Test func shapes() {
    #expect(matrix.reshaped(to: [-1, 2]).shape == [3, 2])
    #expect(matrix.reshaped(to: [6]).scalars(Float.self) == [0, 1, 2, 3, 4, 5])
    #expect(matrix.flattened().shape == [6])
    #expect(matrix.reshaped(to: [2, 3, 1]).flattened(from: -2).shape == [2, 3])
    #expect(Tensor(1).flattened().shape == [1])
    #expect(matrix.expandingAxis(at: -1).shape == [2, 3, 1])
    #expect(matrix.reshaped(to: [1, 2, 1, 3]).squeezed().shape == [2, 3])
    #expect(matrix.reshaped(to: [1, 2, 1, 3]).squeezed(axes: [-2]).shape == [1, 2, 3])
    #expect(Tensor.zeros([0, 4]).reshaped(to: [2, 0, 3]).shape == [2, 0, 3])
  }

  @Test func permutations() {
    expect(matrix.transposed(), [0, 3, 1, 4, 2, 5], shape: [3, 2])
    let cube = Tensor((0..<24).map(Int32.init), shape: [2, 3, 4])
    let turned = cube.permuted([2, 0, 1])
    #expect(turned.shape == [4, 2, 3])
    // element [i, j, k] of the result is [j, k, i] of the cube
    #expect(turned.scalars(Int32.self)[1 * 6 + 1 * 3 + 2] == 1 * 12 + 2 * 4 + 1)
    #expect(turned.permuted([1, 2, 0]).scalars(Int32.self) == cube.scalars(Int32.self))
    #expect(cube.permuted([-1, 0, 1]).shape == [4, 2, 3])
    expect(Tensor.zeros([0, 2]).transposed(), [], shape: [2, 0])
  }

  @Test func expansions() {
    expect(Tensor([1, 2] as [Float], shape: [2, 1]).expanded(to: [2, 3]), [1, 1, 1, 2, 2, 2], shape: [2, 3])
    expect(Tensor([1, 2] as [Float]).expanded(to: [2, 2]), [1, 2, 1, 2])
    expect(Tensor.full(7, shape: [2, 2], type: .uint8), [7, 7, 7, 7])
    expect(Tensor.ones([0]), [], shape: [0])
  }

  /// Every start, end and step against Swift's own way to count.
  @Test func slices() {
    for extent in 0...4 {
      let numbers = (0..<extent).map { Int32($0) }
      let tensor = Tensor(numbers)
      for step in [-3, -2, -1, 1, 2, 3] {
        for start in [nil] + (-6...6).map(Optional.some) {
          for end in [nil] + (-6...6).map(Optional.some) {
            let expected = Self.slice(numbers, start, end, step)
            let found = tensor.sliced(axis: 0, from: start, to: end, by: step)
            #expect(
              found.scalars(Int32.self) == expected,
              "\(numbers)[\(start.map(String.init) ?? ""):\(end.map(String.init) ?? ""):\(step)]")
          }
        }
      }
    }
  }

  /// NumPy's rule, one place at a time.
  private static func slice(_ numbers: [Int32], _ start: Int?, _ end: Int?, _ step: Int) -> [Int32] {
    let count = numbers.count
    func resolved(_ place: Int) -> Int { place < 0 ? place + count : place }
    var place: Int
    if step > 0 {
      place = start.map { max(resolved($0), 0) } ?? 0
      while let known = start, known < -count, place < 0 { place += 1 }
    } else {
      place = start.map { min(resolved($0), count - 1) } ?? count - 1
    }
    let limit = end.map(resolved) ?? (step > 0 ? count : -1)
    var result: [Int32] = []
    while step > 0 ? place < min(limit, count) : place > max(limit, -1) {
      if numbers.indices.contains(place) { result.append(numbers[place]) }
      place += step
    }
    return result
  }

  @Test func slicesOfInnerAxes() {
    let cube = Tensor((0..<24).map(Float.init), shape: [2, 3, 4])
    expect(
      cube.sliced(axis: 1, from: 2, by: -2).sliced(axis: -1, 1..<3), [9, 10, 1, 2, 21, 22, 13, 14], shape: [2, 2, 2])
    expect(cube.sliced(axis: 2, 4..<4), [], shape: [2, 3, 0])
  }

  @Test func padding() {
    expect(
      matrix.padded(low: [0, 1], high: [1, 0], with: -1), [-1, 0, 1, 2, -1, 3, 4, 5, -1, -1, -1, -1], shape: [3, 4])
    expect(Tensor([1, 2] as [Int64]).padded(low: [1], high: [2]), [0, 1, 2, 0, 0])
    expect(Tensor.zeros([0]).padded(low: [1], high: [1], with: 5), [5, 5])
    expect(Tensor([true]).padded(low: [1], high: [1], with: 1), [1, 1, 1])
  }

  @Test(arguments: ElementType.allCases)
  func joining(_ type: ElementType) {
    let left = Tensor([1, 0, 1, 1].map(Double.init), shape: [2, 2]).cast(to: type)
    let right = Tensor([0, 1].map(Double.init), shape: [2, 1]).cast(to: type)
    expect(.concatenate([left, right], axis: 1), [1, 0, 0, 1, 1, 1], shape: [2, 3])
    expect(.concatenate([left, left.sliced(axis: 0, 0..<0)]), [1, 0, 1, 1], shape: [2, 2])
    expect(.stack([left, left], axis: -1), [1, 1, 0, 0, 1, 1, 1, 1], shape: [2, 2, 2])
    let parts = left.split(sizes: [0, 2], axis: 1)
    expect(parts[0], [], shape: [2, 0])
    expect(parts[1], [1, 0, 1, 1], shape: [2, 2])
  }

  @Test func taking() {
    let table = Tensor((0..<6).map(Float.init), shape: [3, 2])
    expect(table.take(Tensor([2, 0, 2] as [Int32])), [4, 5, 0, 1, 4, 5], shape: [3, 2])
    expect(table.take(Tensor([1] as [UInt8], shape: [1, 1]), axis: -1), [1, 3, 5], shape: [3, 1, 1])
    expect(table.take(Tensor([] as [Int64])), [], shape: [0, 2])
    expect(table.take(Tensor(1 as Int64)), [2, 3], shape: [2])
    expect(table.gather(Tensor([1, 0, 1] as [Int64], shape: [3, 1]), axis: 1), [1, 2, 5], shape: [3, 1])
    expect(table.gather(Tensor([2, 0] as [Int64], shape: [1, 2]), axis: 0), [4, 1], shape: [1, 2])
  }

  @Test func scattering() {
    let updates = Tensor((1...6).map(Float.init), shape: [3, 2])
    let places = Tensor([1, 1, 0] as [Int64])
    expect(Tensor.ones([2, 2]).scatterAdding(updates, at: places), [6, 7, 5, 7], shape: [2, 2])
    expect(Tensor([1, 2] as [UInt8]).scatterAdding(Tensor([250] as [UInt8]), at: Tensor([1] as [UInt8])), [1, 252])
    expect(Tensor([1, 2] as [Int64]).scatterAdding(Tensor([] as [Int64]), at: Tensor([] as [Int32])), [1, 2])
  }

  @Test func oneHot() {
    let labels = Tensor([2, 0, 5] as [UInt8])
    expect(labels.oneHot(count: 3), [0, 0, 1, 1, 0, 0, 0, 0, 0], shape: [3, 3])
    let wide = labels.oneHot(count: 300, type: .int64)
    expect(wide.sum(axes: [1]), [1, 1, 1])
    expect(Tensor([-1] as [Int32]).oneHot(count: 2, type: .bool), [0, 0])
  }

  @Test func ranges() {
    #expect(Tensor.range(4).scalars(Int64.self) == [0, 1, 2, 3])
    #expect(Tensor.range(2, type: .float32).scalars(Float.self) == [0, 1])
    #expect(Tensor.range(0).shape == [0])
  }

  @Test func readingNumbers() {
    #expect(Tensor([true, false]).scalars(Bool.self) == [true, false])
    #expect(Tensor(7 as UInt8).item(UInt8.self) == 7)
    #expect(Tensor([1, 2] as [Int32]).reals() == [1, 2])
    #expect("\(Tensor([1, 2] as [Float]))" == "Tensor(float32[2]: 1.0, 2.0)")
    #expect("\(Tensor.zeros([2]))" == "Tensor(float32[2], not computed)")
  }
}
