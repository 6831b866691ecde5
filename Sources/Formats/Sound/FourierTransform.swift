import DescentTensors

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// The discrete Fourier transform of a power of two of numbers, X[k] = Σ_n x[n] e^(−2πi kn / N), in place and in
/// order. Source: J. W. Cooley and J. W. Tukey, "An algorithm for the machine calculation of complex Fourier series",
/// 1965.
struct FourierTransform {
  let count: Int
  /// e^(−2πi k / N) for the first half of all k.
  private let cosines: [Double]
  private let sines: [Double]
  /// Where each number goes before the first step: its index with the bits reversed.
  private let reversed: [Int]

  init(count: Int) {
    guard count > 0, count & (count - 1) == 0 else { programmerError("\(count) is no power of two") }
    self.count = count
    let angles = (0..<count / 2).map { -2 * Double.pi * Double($0) / Double(count) }
    cosines = angles.map { cos($0) }
    sines = angles.map { sin($0) }
    var reversed = [0]
    while reversed.count < count { reversed = reversed.map { 2 * $0 } + reversed.map { 2 * $0 + 1 } }
    self.reversed = reversed
  }

  func apply(_ real: inout [Double], _ imaginary: inout [Double]) {
    for (index, other) in reversed.enumerated() where index < other {
      real.swapAt(index, other)
      imaginary.swapAt(index, other)
    }
    var half = 1
    while half < count {
      let step = count / (2 * half)
      for start in stride(from: 0, to: count, by: 2 * half) {
        for offset in 0..<half {
          let (low, high) = (start + offset, start + offset + half)
          let (cosine, sine) = (cosines[offset * step], sines[offset * step])
          let turnedReal = real[high] * cosine - imaginary[high] * sine
          let turnedImaginary = real[high] * sine + imaginary[high] * cosine
          (real[high], imaginary[high]) = (real[low] - turnedReal, imaginary[low] - turnedImaginary)
          (real[low], imaginary[low]) = (real[low] + turnedReal, imaginary[low] + turnedImaginary)
        }
      }
      half *= 2
    }
  }
}
