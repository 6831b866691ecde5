import DescentDatasets
import DescentNetworks
import DescentTensors
import DescentTraining
import Testing

/// A linear autoencoder's code spans the subspace of the first principal components (Baldi and Hornik, "Neural networks and
/// principal component analysis", 1989).
@Suite struct PrincipalComponentTests {
  @Test(arguments: [1, 2, 3])
  func theCodeSpansTheFirstComponents(count: Int) throws {
    let dataset = try Dataset.load("iris")
    // every fourth flower, a few of each kind
    let rows = stride(from: 0, to: Int32(dataset.count), by: 4).map { $0 }[...]
    let flowers = TrainingData(BatchSource(dataset)).inputs(of: rows).cast(to: .float64)
    // around 0 the way down is short
    let inputs = flowers - flowers.mean(axes: [0])
    evaluate(inputs)
    let features = inputs.shape[1]
    let network = RandomSource.withSeed(1) { Autoencoder([features, count], type: .float64) }
    let rule = StoppingRule(iterations: 1000, gradient: 1e-10, change: 1e-16)
    let minimum = LBFGS(stopping: rule).minimize(over: network.parameters) {
      Loss.meanSquared(network(inputs), inputs)
    }
    #expect(minimum.hasConverged, "\(minimum)")

    let components = Self.eigenvectors(of: Self.covariance(Self.rows(inputs)))
    let first = components.sorted { $0.value > $1.value }.prefix(count).map(\.vector)
    // the code is W · x + b: the rows of W, and the columns of the decoder's weights, which lead back
    let encoder = Self.rows(network.encoder.parameters[0].value)
    let decoder = Self.rows(network.decoder.parameters[0].value.transposed())
    for (weights, name) in [(encoder, "encoder"), (decoder, "decoder")] {
      let sines = Self.sines(weights, first)
      #expect(sines < 1e-4, "\(name): \(sines)")
    }
    // and what is lost is what lies along the other components
    let lost = components.map(\.value).sorted().prefix(features - count).reduce(0, +) / Double(features)
    let loss = Loss.meanSquared(network(inputs), inputs).item(Double.self)
    #expect(abs(loss / lost - 1) < 1e-6)
  }

  /// Other directions than the components are told apart, so that the test above can fail.
  @Test func anglesAreMeasured() {
    #expect(abs(Self.sines([[1, 1, 0]], [[1, 0, 0]]) - 0.5.squareRoot()) < 1e-12)
    #expect(Self.sines([[3, 4, 0], [1, 0, 0]], [[0, 1, 0], [1, 0, 0]]) < 1e-12)
    let found = Self.eigenvectors(of: [[2, 1], [1, 2]]).map(\.value).sorted()
    #expect(abs(found[0] - 1) < 1e-12 && abs(found[1] - 3) < 1e-12)
  }

  // MARK: Linear algebra

  private static func rows(_ tensor: Tensor) -> [[Double]] {
    let (numbers, width) = (tensor.reals(), tensor.shape[1])
    return (0..<tensor.shape[0]).map { Array(numbers[$0 * width..<($0 + 1) * width]) }
  }

  private static func dot(_ x: [Double], _ y: [Double]) -> Double { zip(x, y).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Σ (x − mean)·(x − mean)ᵀ / n.
  private static func covariance(_ rows: [[Double]]) -> [[Double]] {
    let places = rows[0].indices
    let means = places.map { place in rows.reduce(0) { $0 + $1[place] } / Double(rows.count) }
    return places.map { i in
      places.map { j in
        rows.reduce(0) { $0 + ($1[i] - means[i]) * ($1[j] - means[j]) } / Double(rows.count)
      }
    }
  }

  /// Eigenvalues and vectors of a symmetric matrix by Jacobi's rotations (Golub and Van Loan, "Matrix computations", §8.5).
  private static func eigenvectors(of matrix: [[Double]]) -> [(value: Double, vector: [Double])] {
    var a = matrix
    var vectors = a.indices.map { row in a.indices.map { $0 == row ? 1.0 : 0 } }
    for _ in 0..<30 {
      for p in a.indices {
        for q in a.indices where q > p && a[p][q] != 0 {
          let tau = (a[q][q] - a[p][p]) / (2 * a[p][q])
          let t = (tau < 0 ? -1 : 1) / (abs(tau) + (1 + tau * tau).squareRoot())
          let c = 1 / (1 + t * t).squareRoot()
          let s = t * c
          for k in a.indices { (a[k][p], a[k][q]) = (c * a[k][p] - s * a[k][q], s * a[k][p] + c * a[k][q]) }
          for k in a.indices { (a[p][k], a[q][k]) = (c * a[p][k] - s * a[q][k], s * a[p][k] + c * a[q][k]) }
          for k in a.indices {
            (vectors[p][k], vectors[q][k]) = (
              c * vectors[p][k] - s * vectors[q][k], s * vectors[p][k] + c * vectors[q][k]
            )
          }
        }
      }
    }
    return a.indices.map { (a[$0][$0], vectors[$0]) }
  }

  /// √Σ sin² of the principal angles between the span of vectors and that of an orthonormal basis: what is left of an
  /// orthonormal basis of the first when its part in the second is taken off.
  private static func sines(_ vectors: [[Double]], _ basis: [[Double]]) -> Double {
    var own: [[Double]] = []
    for vector in vectors {
      let rest = own.reduce(vector) { rest, unit in less(rest, dot(rest, unit), unit) }
      let length = dot(rest, rest).squareRoot()
      own.append(rest.map { $0 / length })
    }
    return own.reduce(0) { sum, vector in
      let rest = basis.reduce(vector) { less($0, dot($0, $1), $1) }
      return sum + dot(rest, rest)
    }.squareRoot()
  }

  private static func less(_ x: [Double], _ share: Double, _ y: [Double]) -> [Double] {
    zip(x, y).map { $0 - share * $1 }
  }
}
