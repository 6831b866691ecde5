#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Eigenvalues and eigenvectors of a symmetric matrix: A = V · diag(λ) · Vᵀ.
///
/// Householder's reflections make the matrix tridiagonal, QL steps with implicit shifts make that diagonal: about 4·n³
/// multiplications, in double precision.
///
/// Source: the procedures `tred2` and `tql2` of H. Bowdler, R. Martin, C. Reinsch and J. Wilkinson, "The QR and QL
/// algorithms for symmetric matrices", 1968, in the form of EISPACK.
struct SymmetricEigen {
  /// The eigenvalues, the greatest first.
  let values: [Double]
  /// Their vectors of length 1, one behind the other: [n, n]. In each the number of the greatest size is positive.
  let vectors: [Double]

  /// Of a symmetric matrix, row by row: [n, n].
  init(_ matrix: [Double], size n: Int) {
    var work = Work(n: n, v: matrix)
    if n > 0 {
      work.makeTridiagonal()
      work.collectReflections()
      work.makeDiagonal()
    }
    let order = work.d.indices.sorted { (-work.d[$0], $0) < (-work.d[$1], $1) }
    values = order.map { work.d[$0] }
    vectors = order.flatMap { column -> [Double] in
      let vector = work.v[column * n..<(column + 1) * n]
      let greatest = vector.max { abs($0) < abs($1) } ?? 0
      return greatest < 0 ? vector.map { -$0 } : Array(vector)
    }
  }

  /// The matrix on its way, by columns, so that a column's numbers are neighbours.
  private struct Work {
    let n: Int
    var v: [Double]
    var d: [Double]
    var e: [Double]

    init(n: Int, v: [Double]) {
      (self.n, self.v) = (n, v)
      d = (0..<n).map { v[$0 * n + n - 1] }
      e = Array(repeating: 0, count: n)
    }

    /// Reflects rows and columns, from the last to the second.
    mutating func makeTridiagonal() {
      for i in stride(from: n - 1, to: 0, by: -1) {
        let scale = d[..<i].reduce(0) { $0 + abs($1) }
        guard scale > 0 else {
          e[i] = d[i - 1]
          for j in 0..<i {
            d[j] = v[j * n + i - 1]
            v[j * n + i] = 0
            v[i * n + j] = 0
          }
          d[i] = 0
          continue
        }
        d[i] = reflect(i, scale)
      }
    }

    /// Reflects row and column i.
    ///
    /// - Returns: half the square of the reflecting vector's length.
    private mutating func reflect(_ i: Int, _ scale: Double) -> Double {
      for k in 0..<i { d[k] /= scale }
      var h = d[..<i].reduce(0) { $0 + $1 * $1 }
      let last = d[i - 1]
      let g = last > 0 ? -h.squareRoot() : h.squareRoot()
      e[i] = scale * g
      h -= last * g
      d[i - 1] = last - g
      for j in 0..<i { e[j] = 0 }
      for j in 0..<i {
        let f = d[j]
        v[i * n + j] = f
        var sum = e[j] + v[j * n + j] * f
        for k in j + 1..<max(j + 1, i) {
          sum += v[j * n + k] * d[k]
          e[k] += v[j * n + k] * f
        }
        e[j] = sum
      }
      var f = 0.0
      for j in 0..<i {
        e[j] /= h
        f += e[j] * d[j]
      }
      let half = f / (h + h)
      for j in 0..<i { e[j] -= half * d[j] }
      for j in 0..<i {
        let (f, g) = (d[j], e[j])
        for k in j..<i { v[j * n + k] -= f * e[k] + g * d[k] }
        d[j] = v[j * n + i - 1]
        v[j * n + i] = 0
      }
      return h
    }

    /// Multiplies the reflections.
    mutating func collectReflections() {
      for i in 0..<n - 1 {
        v[i * n + n - 1] = v[i * n + i]
        v[i * n + i] = 1
        let h = d[i + 1]
        if h != 0 {
          for k in 0...i { d[k] = v[(i + 1) * n + k] / h }
          for j in 0...i {
            var g = 0.0
            for k in 0...i { g += v[(i + 1) * n + k] * v[j * n + k] }
            for k in 0...i { v[j * n + k] -= g * d[k] }
          }
        }
        for k in 0...i { v[(i + 1) * n + k] = 0 }
      }
      for j in 0..<n {
        d[j] = v[j * n + n - 1]
        v[j * n + n - 1] = 0
      }
      v[n * n - 1] = 1
      e[0] = 0
    }

    /// Rotates what stands beside the diagonal away, one eigenvalue after the other.
    mutating func makeDiagonal() {
      for i in 1..<max(1, n) { e[i - 1] = e[i] }
      e[n - 1] = 0
      var (shift, greatest) = (0.0, 0.0)
      for l in 0..<n {
        greatest = max(greatest, abs(d[l]) + abs(e[l]))
        var m = l
        while m < n - 1, abs(e[m]) > Double.ulpOfOne * greatest { m += 1 }
        if m > l {
          repeat { shift += step(l, m) } while abs(e[l]) > Double.ulpOfOne * greatest
        }
        d[l] += shift
        e[l] = 0
      }
    }

    /// One QL step between l and m.
    ///
    /// - Returns: by how much all values behind were shifted.
    private mutating func step(_ l: Int, _ m: Int) -> Double {
      let first = d[l]
      var p = (d[l + 1] - first) / (2 * e[l])
      let r = p < 0 ? -hypot(p, 1) : hypot(p, 1)
      d[l] = e[l] / (p + r)
      d[l + 1] = e[l] * (p + r)
      let next = d[l + 1]
      let h = first - d[l]
      for i in l + 2..<max(l + 2, n) { d[i] -= h }
      p = d[m]
      var (c, c2, c3, s, s2) = (1.0, 1.0, 1.0, 0.0, 0.0)
      let beside = e[l + 1]
      for i in stride(from: m - 1, through: l, by: -1) {
        (c3, c2, s2) = (c2, c, s)
        let (g, h) = (c * e[i], c * p)
        let r = hypot(p, e[i])
        e[i + 1] = s * r
        s = e[i] / r
        c = p / r
        p = c * d[i] - s * g
        d[i + 1] = h + s * (c * g + s * d[i])
        v.withUnsafeMutableBufferPointer { v in
          let (left, right) = (i * n, (i + 1) * n)
          for k in 0..<n {
            let old = v[right + k]
            v[right + k] = s * v[left + k] + c * old
            v[left + k] = c * v[left + k] - s * old
          }
        }
      }
      p = -s * s2 * c3 * beside * e[l] / next
      e[l] = s * p
      d[l] = c * p
      return h
    }
  }
}
