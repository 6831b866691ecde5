import Testing

@testable import DescentTensors

@Suite struct ProductTests {
  /// Every way to lie in memory, extents around the kernels' tiles, by kernel and by definition.
  @Test func extents() {
    var random = Randomness(5)
    for (m, k, n) in [
      (1, 1, 1), (2, 3, 4), (7, 5, 17), (6, 16, 16), (13, 70, 33), (1, 100, 9), (64, 1, 65), (3, 300, 2), (0, 3, 2),
      (2, 0, 3), (2, 3, 0),
    ] {
      for transposes in [(false, false), (false, true), (true, false), (true, true)] {
        let left = random.floats(transposes.0 ? [k, m] : [m, k])
        let right = random.floats(transposes.1 ? [n, k] : [k, n])
        let product = left.product(right, transposesLeft: transposes.0, transposesRight: transposes.1)
        let expected = planned([product], options: .definitions).outputs[0]
        expect(
          planned([product]).outputs[0], expected.reals(), shape: [m, n], relative: 1e-5, "\((m, k, n)) \(transposes)")
        // the planner reads a transposed matrix where it lies
        let moved = (transposes.0 ? left.transposed() : left).matmul(transposes.1 ? right.transposed() : right)
        let folded = planned([moved])
        #expect(folded.plan.steps.count == 1)
        expect(folded.outputs[0], expected.reals(), relative: 1e-5, "\((m, k, n)) \(transposes)")
      }
    }
  }

  @Test func batches() {
    var random = Randomness(6)
    for (left, right, result) in [
      ([3, 2, 4], [3, 4, 5], [3, 2, 5]), ([1, 2, 4], [3, 4, 5], [3, 2, 5]), ([2, 1, 2, 4], [3, 4, 5], [2, 3, 2, 5]),
      ([2, 3, 2, 4], [4, 5], [2, 3, 2, 5]), ([2, 4], [3, 4, 5], [3, 2, 5]), ([0, 2, 4], [4, 5], [0, 2, 5]),
      ([2, 3, 0], [0, 4], [2, 3, 4]), ([4], [4], []), ([4], [3, 4, 5], [3, 5]), ([3, 2, 4], [4], [3, 2]),
    ] as [(Shape, Shape, Shape)] {
      let product = random.floats(left).matmul(random.floats(right))
      let expected = planned([product], options: .definitions).outputs[0]
      expect(planned([product]).outputs[0], expected.reals(), shape: result, relative: 1e-5, "\(left) · \(right)")
    }
    expect(Tensor.zeros([2, 3, 0]).matmul(.zeros([0, 4])), [Double](repeating: 0, count: 24))
  }

  @Test func values() {
    let left = Tensor([1, 2, 3, 4] as [Float], shape: [2, 2])
    expect(left.matmul(left), [7, 10, 15, 22])
    expect(left.matmul(Tensor([1, 1] as [Float])), [3, 7], shape: [2])
    expect(left.matmul(left, transposingOther: true), [5, 11, 11, 25])
    expect(Tensor([1, 2, 3, 4] as [Int32], shape: [2, 2]).matmul(Tensor([1, 1] as [Int32])), [3, 7])
    expect(Tensor([.infinity, 1] as [Float]).matmul(Tensor([0, 1] as [Float])), [.nan])
    expect(Tensor([1, .nan, 1] as [Float]).matmul(Tensor([1, 1, 1] as [Float])), [.nan])
  }
}
