import CKernels
import Testing

private typealias Three = (Int64, Int64, Int64)

extension Kernels {
  @Suite struct WindowLoops {
    /// Three axes, two of which are one to three long: all cases of inside and outside meet.
    @Test func unfoldAndFoldAreEachOthersConverse() {
      var numbers = Numbers(seed: 12)
      for (extents, kernel, stride, dilation, low, counts) in [
        ((1, 1, 37), (1, 1, 5), (1, 1, 1), (1, 1, 1), (0, 0, 2), (1, 1, 37)),
        ((1, 6, 7), (1, 3, 2), (1, 2, 3), (1, 1, 2), (0, 1, 1), (1, 3, 3)),
        ((2, 3, 4), (2, 2, 2), (1, 1, 2), (2, 1, 1), (1, 1, 0), (2, 4, 3)),
        ((1, 1, 3), (1, 1, 2), (1, 1, 4), (1, 1, 9), (0, 0, 5), (1, 1, 3)),
      ] as [(Three, Three, Three, Three, Three, Three)] {
        var windows = descent_windows(
          extents: extents, kernel: kernel, stride: stride, dilation: dilation, low: low, counts: counts)
        let plane = Int(extents.0 * extents.1 * extents.2)
        let columns = Int(kernel.0 * kernel.1 * kernel.2 * counts.0 * counts.1 * counts.2)
        // numbers that count the places, so that what is copied says where it came from
        let places = (0..<2 * plane).map { Float($0 + 1) }
        let terms = numbers.floats(2 * columns)
        onEveryProcessor { processor in
          var unfolded = [Float](repeating: -7, count: 2 * columns + 1)
          descent_unfold(&windows, places, &unfolded, 0, 2)
          #expect(unfolded[2 * columns] == -7, "\(processor)")
          var folded = [Float](repeating: -7, count: 2 * plane + 1)
          descent_fold(&windows, terms, &folded, 0, 2)
          #expect(folded[2 * plane] == -7, "\(processor)")
          var expected = [Double](repeating: 0, count: 2 * plane)
          for (column, place) in unfolded.dropLast().enumerated() where place != 0 {
            #expect(Int(place - 1) / plane == column / columns, "\(processor)")
            expected[Int(place - 1)] += Double(terms[column])
          }
          #expect(
            firstWrong(2 * plane) { close(folded[$0], expected[$0], absolute: 1e-5) } == nil, "\(processor) \(extents)")
          // the second plane by itself
          var second = [Float](repeating: -7, count: 2 * columns)
          descent_unfold(&windows, places, &second, 1, 2)
          #expect(same(Array(second[columns...]), Array(unfolded[columns..<2 * columns])), "\(processor)")
        }
      }
    }

    @Test func aWindowsPlaces() {
      // 2 × 2 over 3 × 4, dilated by 2 along the last axis
      var windows = descent_windows(
        extents: (1, 3, 4), kernel: (1, 2, 2), stride: (1, 1, 1), dilation: (1, 1, 2), low: (0, 0, 1),
        counts: (1, 2, 4))
      let x = (0..<12).map { Float($0 + 1) }
      onEveryProcessor { processor in
        var out = [Float](repeating: -7, count: 32)
        descent_unfold(&windows, x, &out, 0, 1)
        #expect(
          out == [
            0, 1, 2, 3, 0, 5, 6, 7, 2, 3, 4, 0, 6, 7, 8, 0, 0, 5, 6, 7, 0, 9, 10, 11, 6, 7, 8, 0, 10, 11, 12, 0,
          ], "\(processor)")
      }
    }

    @Test func placesOutsideAreFound() {
      let x: [Float] = [1, 2, 3, 4]
      var out: [Float] = [0, 0]
      var sums = x
      onEveryProcessor { _ in
        #expect(descent_gather_places(x, [1, 0], &out, 2, 1, 0, 2) == -1)
        #expect(out == [2, 3])
        #expect(descent_gather_places(x, [1, 2], &out, 2, 1, 0, 2) == 1)
        #expect(descent_gather_places(x, [-1, 0], &out, 2, 1, 0, 2) == 0)
        #expect(descent_scatter_places(x, [1, 1], &sums, 2, 2, 0, 1) == -1)
        #expect(sums == [0, 3, 3, 4])
        #expect(descent_scatter_places(x, [0, 2], &sums, 2, 2, 0, 1) == 1)
        sums = x
      }
    }
  }
}
