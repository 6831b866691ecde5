import DescentTensors

#if canImport(Darwin)
  import Darwin
#elseif canImport(Musl)
  import Musl
#else
  import Glibc
#endif

/// How loud a recording is in each band of hearing, moment by moment: what most networks for sound take.
///
/// For each window of samples: the Hann window `0.5 − 0.5 cos(2πn / N)`, zeros up to a power of two, the power
/// |X[k]|² of the Fourier transform, the sums under triangles whose corners are equally far apart on the HTK mel scale,
/// `mel(f) = 2595 log₁₀(1 + f / 700)`, each triangle 1 at its top, and the natural logarithm of the sum, of 10⁻¹⁰ at the
/// least. Nothing is padded at the ends: a recording of `n` samples has `1 + ⌊(n − window) / hop⌋` frames; one that is
/// shorter than a window is followed by silence and has one. A band so narrow that no frequency of the transform lies in
/// it is log 10⁻¹⁰ throughout.
/// Source: S. Young et al., "The HTK Book", section 5.4.
public struct MelSpectrogram: Sendable {
  /// The samples per second that it is made for.
  public let sampleRate: Int
  /// The samples in a window.
  public let window: Int
  /// The samples from one window to the next.
  public let hop: Int
  /// The number of bands.
  public let bands: Int

  private let transform: FourierTransform
  private let hann: [Double]
  /// Each band's weights and the first frequency that they are for.
  private let filters: [(start: Int, weights: [Double])]

  /// A spectrogram for recordings of this rate. The values that it begins with are those for speech.
  ///
  /// Stops with a message where a length rounds to no sample, there is no band, or the frequencies are not ascending
  /// from 0 to half of the rate.
  /// - Parameters:
  ///   - sampleRate: samples per second.
  ///   - window: the length of a window, in seconds.
  ///   - hop: from one window to the next, in seconds.
  ///   - bands: how many.
  ///   - lowest: the lower corner of the first band, in hertz.
  ///   - highest: the upper corner of the last band, in hertz; half of the rate unless given.
  public init(
    sampleRate: Int = 16_000, window: Double = 0.025, hop: Double = 0.010, bands: Int = 40, lowest: Double = 20,
    highest: Double? = nil
  ) {
    let nyquist = Double(sampleRate) / 2
    let highest = highest ?? nyquist
    guard bands > 0, lowest >= 0, lowest < highest, highest <= nyquist else {
      programmerError("a mel spectrogram can't have \(bands) bands from \(lowest) to \(highest) of \(nyquist) Hz")
    }
    let lengths = [window, hop].map { Int(exactly: ($0 * Double(sampleRate)).rounded()) ?? 0 }
    guard lengths.allSatisfy({ 1...1 << 24 ~= $0 }) else {
      programmerError("a mel spectrogram can't have windows of \(window) s every \(hop) s")
    }
    (self.sampleRate, self.window, self.hop, self.bands) = (sampleRate, lengths[0], lengths[1], bands)
    var count = 1
    while count < lengths[0] { count *= 2 }
    transform = FourierTransform(count: count)
    hann = (0..<lengths[0]).map { 0.5 - 0.5 * cos(2 * .pi * Double($0) / Double(lengths[0])) }

    let (from, to) = (MelSpectrogram.mel(lowest), MelSpectrogram.mel(highest))
    let corners = (0..<bands + 2).map { index in
      700 * (pow(10, (from + (to - from) * Double(index) / Double(bands + 1)) / 2595) - 1)
    }
    let frequencies = (0...count / 2).map { Double($0) * Double(sampleRate) / Double(count) }
    filters = (0..<bands).map { band in
      let (low, top, high) = (corners[band], corners[band + 1], corners[band + 2])
      let start = frequencies.firstIndex { $0 > low } ?? frequencies.count
      let weights = frequencies[start...].prefix { $0 < high }.map {
        min(($0 - low) / (top - low), (high - $0) / (high - top))
      }
      return (start, weights)
    }
  }

  private static func mel(_ frequency: Double) -> Double { 2595 * log10(1 + frequency / 700) }

  /// How many frames a recording of so many samples has.
  public func frames(of samples: Int) -> Int { samples <= window ? 1 : 1 + (samples - window) / hop }

  /// The spectrogram of these samples: [bands, frames], the frames of a band side by side.
  public func callAsFunction(_ samples: [Float]) -> [Float] {
    let frames = frames(of: samples.count)
    var result = [Float](repeating: 0, count: bands * frames)
    let zeros = [Double](repeating: 0, count: transform.count)
    for frame in 0..<frames {
      var (real, imaginary) = (zeros, zeros)
      for index in 0..<min(window, samples.count - frame * hop) {
        real[index] = hann[index] * Double(samples[frame * hop + index])
      }
      transform.apply(&real, &imaginary)
      for (band, filter) in filters.enumerated() {
        var sum = 0.0
        for (offset, weight) in filter.weights.enumerated() {
          let index = filter.start + offset
          sum += weight * (real[index] * real[index] + imaginary[index] * imaginary[index])
        }
        result[band * frames + frame] = Float(log(max(sum, 1e-10)))
      }
    }
    return result
  }
}

extension Sound {
  /// The log-mel spectrogram as a tensor [bands, frames], as ``MelSpectrogram`` says. For many recordings make one
  /// ``MelSpectrogram`` and use it for all.
  ///
  /// Stops with a message where ``MelSpectrogram/init(sampleRate:window:hop:bands:lowest:highest:)`` does.
  public func logMel(
    window: Double = 0.025, hop: Double = 0.010, bands: Int = 40, lowest: Double = 20, highest: Double? = nil
  ) -> Tensor {
    let spectrogram = MelSpectrogram(
      sampleRate: sampleRate, window: window, hop: hop, bands: bands, lowest: lowest, highest: highest)
    return Tensor(spectrogram(samples), shape: [bands, spectrogram.frames(of: samples.count)])
  }
}
