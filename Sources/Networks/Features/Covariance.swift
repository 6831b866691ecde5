import DescentTensors

/// The mean and covariance matrix of rows, gathered batch by batch.
///
/// Products are taken in float32 of the rows less the first batch's mean, and summed in double precision, so that a small
/// variance far from zero is not lost.
struct Covariance {
  private let size: Int
  private var count = 0.0
  private var shift: Tensor?
  private var sums: [Double]
  private var products: [Double]

  init(size: Int) {
    self.size = size
    sums = Array(repeating: 0, count: size)
    products = Array(repeating: 0, count: size * size)
  }

  /// Takes in rows: [rows, size].
  mutating func add(_ rows: Tensor) {
    let rows = rows.cast(to: .float32)
    let shift = shift ?? rows.mean(axes: [0])
    self.shift = shift
    let moved = rows - shift
    for (place, sum) in moved.sum(axes: [0]).scalars(Float.self).enumerated() { sums[place] += Double(sum) }
    let product = moved.transposed().matmul(moved).scalars(Float.self)
    for place in products.indices { products[place] += Double(product[place]) }
    count += Double(rows.shape[0])
  }

  /// Whether no number was too large.
  var isFinite: Bool { sums.allSatisfy(\.isFinite) && products.allSatisfy(\.isFinite) }

  /// The mean: [size].
  var mean: [Double] {
    let shift = shift?.scalars(Float.self) ?? Array(repeating: 0, count: size)
    return zip(shift, sums).map { Double($0) + $1 / max(count, 1) }
  }

  /// The sample covariance, over n − 1: [size, size].
  var matrix: [Double] {
    var matrix = products
    for row in 0..<size {
      for column in 0..<size {
        let place = row * size + column
        // both halves alike to the last bit
        let product = (products[place] + products[column * size + row]) / 2
        matrix[place] = (product - sums[row] * sums[column] / max(count, 1)) / max(count - 1, 1)
      }
    }
    return matrix
  }
}
