import DescentTensors

extension Initializer {
  /// A matrix with orthogonal rows or columns, whichever are fewer, of this length: Q of the QR decomposition of a normal
  /// matrix with R's diagonal positive, which makes all such matrices as likely (Saxe and others, "Exact solutions to the
  /// nonlinear dynamics of learning in deep linear neural networks", 2014; Mezzadri, "How to generate random matrices from
  /// the classical compact groups", 2007). PyTorch: `orthogonal_`.
  ///
  /// - Shapes: `[rows, ...]`, two axes or more; all but the first count as one.
  public static func orthogonal(gain: Double = 1) -> Initializer {
    Initializer(
      "orthogonal", objection: { $0.count < 2 ? "it is for two axes or more" : nil },
      make: { shape, type in
        let (rows, columns) = (shape[0], shape.dropFirst().reduce(1, *))
        let (length, count) = (max(rows, columns), min(rows, columns))
        // one vector behind the other, which are the rows of a wide matrix and the columns of a tall one
        var vectors = Tensor.randomNormal([count, length], type: .float64).reals()
        orthonormalize(&vectors, count: count, length: length)
        let matrix = Tensor(vectors, shape: [count, length])
        return ((rows < columns ? matrix : matrix.transposed()) * gain).reshaped(to: shape).cast(to: type)
      })
  }

  /// The gain on the diagonal, 0 elsewhere. PyTorch: `eye_`; Keras: `Identity`.
  ///
  /// - Shapes: `[rows, columns]`.
  public static func identity(gain: Double = 1) -> Initializer {
    Initializer(
      "identity", objection: { $0.count != 2 ? "it is for two axes" : nil },
      make: { shape, type in
        scattered(shape, type, value: gain, at: (0..<min(shape[0], shape[1])).map { [$0, $0] })
      })
  }

  /// Kernels that pass their input on, as many channels as fit: 1 in the middle of the kernel from each input of a group to
  /// the output of the same number, 0 elsewhere. PyTorch: `dirac_`.
  ///
  /// - Shapes: `[outputs, inputs / groups, kernel...]` with one, two or three axes of the kernel.
  public static func dirac(groups: Int = 1, file: StaticString = #fileID, line: UInt = #line) -> Initializer {
    check(groups > 0, "Initializer.dirac: there must be one group or more, got \(groups)", file: file, line: line)
    return Initializer(
      "dirac",
      objection: { shape in
        if !(3...5).contains(shape.count) { return "it is for kernels of one, two or three axes" }
        return shape[0] % groups == 0 ? nil : "\(shape[0]) outputs cannot be divided into \(groups) groups"
      },
      make: { shape, type in
        let (outputs, middle) = (shape[0] / groups, shape.dropFirst(2).map { $0 / 2 })
        let places = (0..<groups).flatMap { group in
          (0..<min(outputs, shape[1])).map { [group * outputs + $0, $0] + middle }
        }
        return scattered(shape, type, value: 1, at: shape.contains(0) ? [] : places)
      })
  }

  /// Normal with a share of zeros in every column, which is in every input's weights (Martens, "Deep learning via
  /// Hessian-free optimization", 2010). PyTorch: `sparse_`.
  ///
  /// - Parameters:
  ///   - sparsity: the share of zeros in [0, 1]; the number of them is rounded up.
  ///   - standardDeviation: of the other numbers.
  /// - Shapes: `[rows, columns]`.
  public static func sparse(
    sparsity: Double = 0.1, standardDeviation: Double = 0.01, file: StaticString = #fileID, line: UInt = #line
  ) -> Initializer {
    check(
      (0...1).contains(sparsity), "Initializer.sparse: the share of zeros must lie in [0, 1], got \(sparsity)",
      file: file, line: line)
    return Initializer(
      "sparse", objection: { $0.count != 2 ? "it is for two axes" : nil },
      make: { shape, type in
        let (rows, columns) = (shape[0], shape[1])
        let zeros = Int((sparsity * Double(rows)).rounded(.up))
        var numbers = Tensor.randomNormal(shape, standardDeviation: standardDeviation, type: .float64).reals()
        let lots = Tensor.randomUniform([columns, rows], type: .float64).reals()
        for column in 0..<columns {
          // those that draw the lowest lots
          let order = (0..<rows).sorted { lots[column * rows + $0] < lots[column * rows + $1] }
          for row in order.prefix(zeros) { numbers[row * columns + column] = 0 }
        }
        return Tensor(numbers, shape: shape).cast(to: type)
      })
  }

  /// A value at places, 0 elsewhere.
  private static func scattered(_ shape: Shape, _ type: ElementType, value: Double, at places: [[Int]]) -> Tensor {
    var numbers = Array(repeating: 0.0, count: shape.reduce(1, *))
    for place in places { numbers[zip(place, shape).reduce(0) { $0 * $1.1 + $1.0 }] = value }
    return Tensor(numbers, shape: shape).cast(to: type)
  }
}

/// Makes vectors orthogonal to those before them and gives them length 1: the QR decomposition by Gram and Schmidt, where R's
/// diagonal is positive. Everything is taken out twice, which is enough (Giraud, Langou and Rozložník, "The loss of
/// orthogonality in the Gram–Schmidt orthogonalization process", 2005).
private func orthonormalize(_ vectors: inout [Double], count: Int, length: Int) {
  typealias Lanes = SIMD8<Double>
  vectors.withUnsafeMutableBytes { bytes in
    let numbers = bytes.assumingMemoryBound(to: Double.self)
    let whole = length - length % Lanes.scalarCount
    func lanes(_ place: Int) -> Lanes { bytes.loadUnaligned(fromByteOffset: place * 8, as: Lanes.self) }
    // several sums side by side: one alone would wait for itself at every number
    func product(_ left: Int, _ right: Int) -> Double {
      var sums = Lanes.zero
      for place in stride(from: 0, to: whole, by: Lanes.scalarCount) {
        sums += lanes(left + place) * lanes(right + place)
      }
      return (whole..<length).reduce(sums.sum()) { $0 + numbers[left + $1] * numbers[right + $1] }
    }
    func take(_ other: Int, outOf vector: Int) {
      let share = product(vector, other)
      for place in 0..<length { numbers[vector + place] -= share * numbers[other + place] }
    }
    let starts = Array(stride(from: 0, to: count * length, by: max(length, 1)))
    // some vectors at a time share each of those before them while it is in the cache
    for first in stride(from: 0, to: starts.count, by: 16) {
      let block = starts[first..<min(first + 16, starts.count)]
      for _ in 0..<2 {
        for other in starts[..<first] { for vector in block { take(other, outOf: vector) } }
      }
      for (place, vector) in block.enumerated() {
        for _ in 0..<2 { for other in block.prefix(place) { take(other, outOf: vector) } }
        let norm = product(vector, vector).squareRoot()
        for place in 0..<length { numbers[vector + place] /= norm }
      }
    }
  }
}
