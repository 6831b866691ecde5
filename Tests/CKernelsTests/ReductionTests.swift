import CKernels
import Foundation
import Testing

extension Kernels {
  @Suite struct Reductions {
    static let table: [(descent_reduction, Double, @Sendable (Double, Double) -> Double)] = [
      (DESCENT_SUM, 0, { $0 + $1 }),
      (DESCENT_PRODUCT, 1, { $0 * $1 }),
      (DESCENT_REDUCE_MAXIMUM, -.infinity, { $0.isNaN || $1.isNaN ? .nan : max($0, $1) }),
      (DESCENT_REDUCE_MINIMUM, .infinity, { $0.isNaN || $1.isNaN ? .nan : min($0, $1) }),
    ]

    static func reduce(
      _ reduction: descent_reduction, _ x: [Float], _ outer: Int, _ extent: Int, _ inner: Int, cut: Int
    ) -> [Float] {
      var out = [Float](repeating: -7, count: outer * inner)
      descent_reduce(reduction, x, &out, Int64(extent), Int64(inner), 0, Int64(cut))
      descent_reduce(reduction, x, &out, Int64(extent), Int64(inner), Int64(cut), Int64(outer * inner))
      return out
    }

    @Test func agreeWithTheDefinition() {
      var numbers = Numbers(seed: 7)
      onEveryProcessor { processor in
        for extent in [0, 1, 2, 3, 4, 5, 8, 9, 31, 33, 100, 1025, 5000] {
          for inner in [1, 2, 3, 4, 7, 8, 9, 31, 33, 67] where extent * inner < 40_000 {
            let outer = 3
            // Close to 1, so that products stay finite.
            var x = numbers.floats(outer * extent * inner, in: 0.99...1.01)
            if extent % 2 == 1 { x[Int.random(in: 0..<x.count, using: &numbers)] = .nan }
            for (reduction, start, combine) in Self.table {
              let out = Self.reduce(reduction, x, outer, extent, inner, cut: 0)
              let wrong = firstWrong(out.count) { i in
                let (o, column) = (i / inner, i % inner)
                let expected = (0..<extent).reduce(start) { sum, e in
                  combine(sum, Double(x[(o * extent + e) * inner + column]))
                }
                return close(out[i], expected, relative: 1e-6 * Double(extent).squareRoot())
              }
              #expect(wrong == nil, "\(processor): \(reduction.rawValue) of [\(outer), \(extent), \(inner)]")
              let cut = Int.random(in: 0...out.count, using: &numbers)
              let parts = Self.reduce(reduction, x, outer, extent, inner, cut: cut)
              #expect(same(parts, out), "\(processor): \(reduction.rawValue) of [\(extent), \(inner)] cut at \(cut)")
            }
          }
        }
      }
    }

    @Test func longSumsStayAccurate() {
      let x = [Float](repeating: 0.1, count: 1 << 20)
      onEveryProcessor { processor in
        for inner in [1, 2] {
          let sum = Self.reduce(DESCENT_SUM, x, 1, x.count / inner, inner, cut: 0)[0]
          #expect(close(sum, Double(Float(0.1)) * Double(x.count / inner), relative: 1e-5), "\(processor)")
        }
      }
    }
  }

  @Suite struct Softmax {
    static func softmax(_ logarithm: Bool, _ x: [Float], _ count: Int, cut: Int, inPlace: Bool) -> [Float] {
      var out = inPlace ? x : [Float](repeating: -7, count: x.count)
      let rows = count == 0 ? 0 : x.count / count
      out.withUnsafeMutableBufferPointer { out in
        x.withUnsafeBufferPointer { x in
          let from = inPlace ? UnsafePointer(out.baseAddress) : x.baseAddress
          descent_softmax(logarithm, from, out.baseAddress, Int64(count), 0, Int64(cut))
          descent_softmax(logarithm, from, out.baseAddress, Int64(count), Int64(cut), Int64(rows))
        }
      }
      return out
    }

    @Test func agreesWithTheDefinition() {
      var numbers = Numbers(seed: 8)
      let rows = 75
      onEveryProcessor { processor in
        for count in [1, 2, 3, 4, 5, 7, 8, 9, 10, 16, 17, 63, 64, 65, 100, 200] {
          let x = numbers.floats(rows * count, in: -4...4)
          for logarithm in [false, true] {
            let out = Self.softmax(logarithm, x, count, cut: 0, inPlace: false)
            let wrong = firstWrong(rows) { row in
              let values = x[row * count..<(row + 1) * count].map(Double.init)
              let sum = values.reduce(0) { $0 + exp($1) }
              return (0..<count).allSatisfy {
                let y = out[row * count + $0]
                return logarithm
                  ? close(y, values[$0] - log(sum), relative: 1e-6, absolute: 1e-6)
                  : close(y, exp(values[$0]) / sum, relative: 2e-6)
              }
            }
            #expect(wrong == nil, "\(processor): count \(count), logarithm \(logarithm)")
            #expect(same(Self.softmax(logarithm, x, count, cut: 31, inPlace: false), out), "\(processor): \(count)")
            #expect(same(Self.softmax(logarithm, x, count, cut: 31, inPlace: true), out), "\(processor): \(count)")
          }
        }
      }
    }

    @Test(arguments: [3, 10, 100]) func extremes(count: Int) {
      let largest = [Float](repeating: -1e30, count: count - 1) + [3e38]
      let missing = [Float](repeating: 1, count: count - 1) + [-.infinity]
      let nan = [Float](repeating: 1, count: count - 1) + [.nan]
      let infinite = [Float](repeating: 1, count: count - 1) + [.infinity]
      let even = [Float](repeating: -1e30, count: count)
      onEveryProcessor { processor in
        let out = Self.softmax(false, largest + missing + nan + infinite + even, count, cut: 0, inPlace: false)
        #expect(out[..<count].elementsEqual([Float](repeating: 0, count: count - 1) + [1]), "\(processor)")
        #expect(out[2 * count - 1] == 0 && close(out[count], 1 / Double(count - 1), relative: 1e-6), "\(processor)")
        #expect(out[2 * count..<3 * count].allSatisfy { $0.isNaN }, "\(processor)")
        #expect(out[4 * count - 1].isNaN, "\(processor)")
        #expect(out[(4 * count)...].allSatisfy { close($0, 1 / Double(count), relative: 1e-6) }, "\(processor)")
      }
    }
  }
}
