import CKernels
import Testing

extension Kernels {
  @Suite struct Products {
    struct Case: CustomStringConvertible {
      var m, n, k: Int
      var transposesLeft, transposesRight: Bool
      var alpha: Float = 1
      var beta: Float = 0

      var description: String {
        "\(m)×\(n)×\(k)\(transposesLeft ? " Aᵀ" : "")\(transposesRight ? " Bᵀ" : ""), \(alpha), \(beta)"
      }
    }

    /// Operands of a case with rows further apart than they are long; what lies between is NaN.
    struct Operands {
      var a, b, c: [Float]
      var lda, ldb, ldc: Int

      init(_ product: Case, _ numbers: inout Numbers) {
        func matrix(_ rows: Int, _ columns: Int, _ distance: Int) -> [Float] {
          var values = [Float](repeating: .nan, count: max(rows * distance, 1))
          for row in 0..<rows {
            for column in 0..<columns { values[row * distance + column] = .random(in: -1...1, using: &numbers) }
          }
          return values
        }
        let (m, n, k) = (product.m, product.n, product.k)
        let a = product.transposesLeft ? (k, m) : (m, k)
        let b = product.transposesRight ? (n, k) : (k, n)
        let padding = Int.random(in: 0...2, using: &numbers)
        (lda, ldb, ldc) = (a.1 + padding, b.1 + padding, n + padding)
        self.a = matrix(a.0, a.1, lda)
        self.b = matrix(b.0, b.1, ldb)
        // With beta 0, C is not read.
        c = product.beta == 0 ? [Float](repeating: .nan, count: m * ldc) : matrix(m, n, ldc)
      }

      func run(_ product: Case, rows: [Int], columns: [Int]) -> [Float] {
        var c = c
        let (m, n, k) = (Int64(product.m), Int64(product.n), Int64(product.k))
        var shape = descent_product(
          transposes_left: product.transposesLeft, transposes_right: product.transposesRight, m: m, n: n, k: k,
          lda: Int64(lda), ldb: Int64(ldb), ldc: Int64(ldc))
        withScratch(descent_sgemm_scratch(m, n, k)) { scratch in
          for (top, bottom) in zip(rows, rows.dropFirst()) {
            for (left, right) in zip(columns, columns.dropFirst()) {
              descent_sgemm(
                &shape, product.alpha, a, b, product.beta, &c, nil, Int64(top), Int64(bottom), Int64(left),
                Int64(right),
                scratch, nil)
            }
          }
        }
        return c
      }

      func expected(_ product: Case, _ row: Int, _ column: Int) -> Double {
        var sum = 0.0
        for p in 0..<product.k {
          let left = product.transposesLeft ? a[p * lda + row] : a[row * lda + p]
          let right = product.transposesRight ? b[column * ldb + p] : b[p * ldb + column]
          sum += Double(left) * Double(right)
        }
        let old = product.beta == 0 ? 0 : Double(product.beta) * Double(c[row * ldc + column])
        return Double(product.alpha) * sum + old
      }
    }

    static func check(_ product: Case, _ numbers: inout Numbers, _ processor: String) {
      let operands = Operands(product, &numbers)
      let whole = operands.run(product, rows: [0, product.m], columns: [0, product.n])
      let tolerance = 1e-6 * Double(product.k + 1).squareRoot() + 1e-6
      var wrong = 0
      for row in 0..<product.m {
        for column in 0..<operands.ldc {
          let value = whole[row * operands.ldc + column]
          if column >= product.n {
            wrong += value.isNaN ? 0 : 1
          } else {
            wrong += close(value, operands.expected(product, row, column), absolute: tolerance) ? 0 : 1
          }
        }
      }
      #expect(wrong == 0, "\(processor): \(product)")
      let rows = [0, Int.random(in: 0...product.m, using: &numbers), product.m]
      let columns = [0, Int.random(in: 0...product.n, using: &numbers), product.n]
      let parts = operands.run(product, rows: rows, columns: columns)
      #expect(same(parts, whole), "\(processor): \(product) in rows \(rows), columns \(columns)")
    }

    @Test func everyTransposeScaleAndRaggedSize() {
      var numbers = Numbers(seed: 9)
      let sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 13, 16, 17, 23, 25, 31, 33, 40]
      onEveryProcessor { processor in
        for index in 0..<600 {
          let product = Case(
            m: sizes.randomElement(using: &numbers)!, n: sizes.randomElement(using: &numbers)!,
            k: index % 50 == 0 ? 0 : sizes.randomElement(using: &numbers)!, transposesLeft: index & 1 != 0,
            transposesRight: index & 2 != 0, alpha: index & 4 != 0 ? 1 : -0.5, beta: [0, 1, 0.25][index % 3])
          Self.check(product, &numbers, processor)
        }
      }
    }

    /// Sizes that cross every block: depth, rows, columns, and those where packing begins.
    @Test(arguments: [
      (35, 70, 600), (3, 2100, 20), (135, 70, 66), (100, 66, 10), (2, 19, 700), (19, 2, 700), (1, 90, 300),
    ])
    func largeSizes(m: Int, n: Int, k: Int) {
      var numbers = Numbers(seed: 10)
      onEveryProcessor { processor in
        for transposes in 0..<4 {
          let product = Case(
            m: m, n: n, k: k, transposesLeft: transposes & 1 != 0, transposesRight: transposes & 2 != 0, beta: 0.5)
          Self.check(product, &numbers, processor)
        }
      }
    }

    @Test func notANumberAndInfinityStayInTheirRowsAndColumns() {
      onEveryProcessor { processor in
        for (m, n, k) in [(7, 19, 5), (7, 19, 90), (40, 50, 70)] {
          for transposesRight in [false, true] {
            var a = [Float](repeating: 1, count: m * k)
            var b = [Float](repeating: 1, count: k * n)
            a[2 * k + 1] = .nan
            a[3 * k] = .infinity
            b[transposesRight ? k + k - 1 : (k - 1) * n + 1] = .nan
            var c = [Float](repeating: 0, count: m * n)
            withScratch(descent_sgemm_scratch(Int64(m), Int64(n), Int64(k))) { scratch in
              var shape = descent_product(
                transposes_left: false, transposes_right: transposesRight, m: Int64(m), n: Int64(n), k: Int64(k),
                lda: Int64(k), ldb: Int64(transposesRight ? k : n), ldc: Int64(n))
              descent_sgemm(&shape, 1, a, b, 0, &c, nil, 0, Int64(m), 0, Int64(n), scratch, nil)
            }
            let wrong = firstWrong(m * n) { i in
              let (row, column) = (i / n, i % n)
              if row == 2 || column == 1 { return c[i].isNaN }
              return c[i] == (row == 3 ? .infinity : Float(k))
            }
            #expect(wrong == nil, "\(processor): \(m)×\(n)×\(k), \(transposesRight)")
          }
        }
      }
    }
  }
}
