/// A dense matrix in row-major order, and the least-squares solution by Householder's reflections (Golub and Van Loan, "Matrix
/// computations", 2013, section 5.3).
struct Matrix {
  let rows, columns: Int
  var numbers: [Double]

  subscript(row: Int, column: Int) -> Double {
    get { numbers[row * columns + column] }
    set { numbers[row * columns + column] = newValue }
  }

  /// The norm of every column.
  var columnNorms: [Double] {
    (0..<columns).map { column in
      (0..<rows).reduce(0) { $0 + self[$1, column] * self[$1, column] }.squareRoot()
    }
  }

  /// Aᵀ·v.
  func transposed(times vector: [Double]) -> [Double] {
    (0..<columns).map { column in (0..<rows).reduce(0) { $0 + self[$1, column] * vector[$1] } }
  }

  /// The x that makes ‖A·x − b‖² + Σ (sⱼ·xⱼ)² least, with a row of zeros but sⱼ below A for each column.
  func leastSquares(_ right: [Double], damping: [Double]) -> [Double] {
    let below = Array(repeating: 0.0, count: columns * columns)
    var a = Matrix(rows: rows + columns, columns: columns, numbers: numbers + below)
    var b = right + Array(repeating: 0, count: columns)
    for column in 0..<columns { a[rows + column, column] = damping[column] }
    for column in 0..<columns { a.reflect(column, &b) }
    var x = Array(repeating: 0.0, count: columns)
    for row in (0..<columns).reversed() {
      let known = (row + 1..<columns).reduce(0.0) { $0 + a[row, $1] * x[$1] }
      x[row] = a[row, row] == 0 ? 0 : (b[row] - known) / a[row, row]
    }
    return x
  }

  /// Makes a column zero below its diagonal.
  private mutating func reflect(_ column: Int, _ right: inout [Double]) {
    let norm = (column..<rows).reduce(0) { $0 + self[$1, column] * self[$1, column] }.squareRoot()
    guard norm > 0 else { return }
    let diagonal = self[column, column] > 0 ? -norm : norm
    // the mirror's normal; its first element is a sum of equal signs
    var normal = (column..<rows).map { self[$0, column] }
    normal[0] -= diagonal
    let square = dot(normal, normal)
    for other in column..<columns {
      let share = 2 * (column..<rows).reduce(0) { $0 + normal[$1 - column] * self[$1, other] } / square
      for row in column..<rows { self[row, other] -= share * normal[row - column] }
    }
    let share = 2 * (column..<rows).reduce(0) { $0 + normal[$1 - column] * right[$1] } / square
    for row in column..<rows { right[row] -= share * normal[row - column] }
  }
}
