import CKernels
import Testing

extension Kernels {
  @Suite struct Rows {
    @Test func areGatheredAndScaled() {
      var numbers = Numbers(seed: 11)
      onEveryProcessor { processor in
        for count in [0, 1, 3, 4, 7, 8, 9, 31, 64, 100, 784] {
          let rowCount = 9
          let bytes = (0..<rowCount * count).map { _ in UInt8.random(in: .min ... .max, using: &numbers) }
          var floats = numbers.floats(rowCount * count, in: -100...100)
          if let place = floats.indices.last { floats[place] = .nan }
          let (offset, scale) = (numbers.floats(count, in: -9...9), numbers.floats(count))
          for rows: [Int32] in [[], [8], [3, 3], [8, 0, 5, 1, 1, 8]] {
            var fromBytes = [Float](repeating: 7, count: rows.count * count + 1)
            var fromFloats = fromBytes
            let (rowTotal, width) = (Int64(rows.count), Int64(count))
            descent_gather_bytes(bytes, rows, rowTotal, width, offset, scale, &fromBytes)
            descent_gather_floats(floats, rows, rowTotal, width, offset, scale, &fromFloats)
            func expected(_ number: (Int) -> Float) -> [Float] {
              rows.flatMap { row in
                (0..<count).map { (number(Int(row) * count + $0) - offset[$0]) * scale[$0] }
              } + [7]
            }
            #expect(same(fromBytes, expected { Float(bytes[$0]) }), "\(processor): bytes \(rows) of \(count)")
            #expect(same(fromFloats, expected { floats[$0] }), "\(processor): floats \(rows) of \(count)")
          }
        }
      }
    }
  }
}
