import DescentTensors

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

extension Sound {
  /// The recording at another rate, by band-limited interpolation.
  ///
  /// `y[m] = Σ_k x[k] h(m · from / to − k)`, where `h(t) = c · sinc(c · t) · kaiser(t)` is a low-pass filter at 0.95 of
  /// the lower of the two Nyquist frequencies (`c` is 1.9 times that frequency over the old rate): flat to 0.9 of it,
  /// and 80 dB down from it on. It reaches over 50 samples of the lower rate to both sides, and finds silence
  /// before the beginning and after the end. There are `⌈count · to / from⌉` samples.
  ///
  /// Stops with a message where the rate is not in ``sampleRates``.
  /// Source: J. O. Smith, "Digital Audio Resampling"; J. F. Kaiser, "Nonrecursive digital filter design using the
  /// I₀-sinh window function", 1974.
  public func resampled(to rate: Int) -> Sound {
    if rate == sampleRate { return self }
    guard Sound.sampleRates.contains(rate) else {
      programmerError("a recording can't be resampled to \(rate) samples a second")
    }
    let filter = ResamplingFilter(from: sampleRate, to: rate)
    return Sound(sampleRate: rate, samples: filter.applied(to: samples))
  }
}

/// A low-pass filter cut into its phases: the new samples fall between the old ones in `up` places.
struct ResamplingFilter {
  /// Half of the filter's length, in samples of the lower rate.
  static let reach = 50.0
  /// The middle of the filter's slope, of the lower Nyquist frequency.
  static let cutoff = 0.95
  /// Kaiser's formula for 80 dB: 0.1102 (80 − 8.7).
  static let beta = 7.85726

  private let up: Int
  private let down: Int
  /// The cut-off over the old Nyquist frequency.
  private let band: Double
  /// Half of the filter's length, in old samples.
  private let halfWidth: Double
  private var tapCount: Int { 2 * Int(halfWidth.rounded(.up)) + 1 }

  init(from old: Int, to new: Int) {
    var (divisor, rest) = (old, new)
    while rest > 0 { (divisor, rest) = (rest, divisor % rest) }
    (up, down) = (new / divisor, old / divisor)
    let ratio = min(1, Double(new) / Double(old))
    band = ResamplingFilter.cutoff * ratio
    halfWidth = ResamplingFilter.reach / ratio
  }

  func applied(to samples: [Float]) -> [Float] {
    let count = (samples.count * up + down - 1) / down
    // Rates without a common divisor have more phases than there is room for; each is then computed where it is used.
    let isKept = up * tapCount <= 1 << 22 && up < count
    let table = isKept ? (0..<up).flatMap(phase) : []
    let half = tapCount / 2
    return samples.withUnsafeBufferPointer { samples in
      (0..<count).map { index in
        let (old, place) = (index * down).quotientAndRemainder(dividingBy: up)
        let taps = isKept ? table[place * tapCount..<(place + 1) * tapCount] : phase(place)[...]
        let first = max(old - half, 0)
        let last = min(old + half, samples.count - 1)
        guard first <= last else { return 0 }
        return taps.withUnsafeBufferPointer { taps in
          var sum = 0.0
          for source in first...last { sum += taps[source &- old &+ half] * Double(samples[source]) }
          return Float(sum)
        }
      }
    }
  }

  /// The weights of the old samples around a new one that lies `place / up` after the middle one.
  private func phase(_ place: Int) -> [Double] {
    let half = tapCount / 2
    return (-half...half).map { offset in
      let distance = Double(place) / Double(up) - Double(offset)
      let position = distance / halfWidth
      guard abs(position) <= 1 else { return 0 }
      let angle = Double.pi * band * distance
      let sinc = angle == 0 ? 1 : sin(angle) / angle
      let beta = ResamplingFilter.beta
      return band * sinc * besselI0(beta * (1 - position * position).squareRoot()) / besselI0(beta)
    }
  }
}

/// The modified Bessel function of the first kind of order 0, by its series Σ ((x / 2)^k / k!)².
private func besselI0(_ x: Double) -> Double {
  let quarter = x * x / 4
  var (sum, term, k) = (1.0, 1.0, 1.0)
  while term > sum * 0x1p-54 {
    term *= quarter / (k * k)
    sum += term
    k += 1
  }
  return sum
}
