#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// Adds normal noise with mean 0 to every number.
struct InputNoise: AugmentationRule {
  let standardDeviation: Double
  var word: String { "noise=\(shown(standardDeviation))" }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    let count = sample.count
    for index in stride(from: 0, to: count, by: 2) {
      let (first, second) = generator.normals()
      sample.values[index] += Float(first * standardDeviation)
      if index + 1 < count { sample.values[index + 1] += Float(second * standardDeviation) }
    }
  }
}

/// Mixes each sample with another one of its batch: x ← λ · x + (1 − λ) · x′, and the targets alike, with λ drawn from
/// Beta(α, α): H. Zhang, M. Cissé, Y. Dauphin and D. Lopez-Paz, "mixup: Beyond empirical risk minimization", 2018.
struct Mixup: AugmentationRule {
  let alpha: Double
  var word: String { "mixup=\(shown(alpha))" }

  /// One sample by itself has nothing to be mixed with.
  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {}

  /// Mixes what belongs to the rows of a batch.
  func mix(_ values: UnsafeMutableBufferPointer<Float>, rows: ArraySlice<Int32>, epoch: Int, seed: UInt64) {
    guard rows.count > 1 else { return }
    let size = values.count / rows.count
    let old = Array(values)
    for (place, row) in rows.enumerated() {
      var generator = SplitMix64(seed: seed, epoch: epoch, row: row, stream: 1)
      let share = Float(generator.symmetricBeta(alpha))
      let other = (place + 1 + generator.below(rows.count - 1)) % rows.count
      for index in 0..<size {
        values[place * size + index] = share * old[place * size + index] + (1 - share) * old[other * size + index]
      }
    }
  }
}

extension SplitMix64 {
  /// Two independent draws from the normal distribution with mean 0 and standard deviation 1 (Box and Muller, 1958).
  mutating func normals() -> (Double, Double) {
    // 1 − u is above 0
    let radius = (-2 * log(1 - uniform())).squareRoot()
    let angle = 2 * Double.pi * uniform()
    return (radius * cos(angle), radius * sin(angle))
  }

  /// A draw from Beta(α, α): the first of two draws from Gamma(α), over both.
  mutating func symmetricBeta(_ alpha: Double) -> Double {
    // by logarithms, because both may be too small for a number where α is small
    let (first, second) = (logarithmOfGamma(alpha), logarithmOfGamma(alpha))
    return 1 / (1 + exp(second - first))
  }

  /// The logarithm of a draw from Gamma(α): G. Marsaglia and W. Tsang, "A simple method for generating gamma variables",
  /// 2000, for α + 1, times u^(1/α).
  private mutating func logarithmOfGamma(_ alpha: Double) -> Double {
    let d = alpha + 1 - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = normals().0
      let v = 1 + c * x
      guard v > 0 else { continue }
      let cube = v * v * v
      if log(1 - uniform()) < x * x / 2 + d - d * cube + d * log(cube) {
        return log(d * cube) + log(1 - uniform()) / alpha
      }
    }
  }
}
