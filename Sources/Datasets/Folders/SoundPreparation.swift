import DescentFormats

/// How a recording becomes a sample: resampled, as a log-mel spectrogram, of as many frames as all others.
///
/// **Shapes.** A sample is [1, bands, frames]: the natural logarithm of the power in each band of ``MelSpectrogram``, whose
/// windows are 25 ms long and begin every 10 ms. A longer recording is cut, a shorter one followed by silence.
public struct SoundPreparation: Sendable, Equatable {
  /// Samples a second that recordings are brought to.
  public let sampleRate: Int
  /// Bands of frequency.
  public let bands: Int
  /// Frames a sample has.
  public let frames: Int

  /// The rate and length at most: speech keeps all that tells it apart below 8 kHz.
  static let (highestRate, longestSeconds) = (16_000, 10)
  private static let (rates, bandCounts, frameCounts) = (1_000...48_000, 1...256, 1...100_000)

  /// A preparation of these sizes; stops with a message where they are none.
  init(sampleRate: Int, bands: Int = 40, frames: Int) {
    (self.sampleRate, self.bands, self.frames) = (sampleRate, bands, frames)
  }

  /// The shape of a sample.
  public var shape: [Int] { [1, bands, frames] }

  /// Seconds that a sample lasts.
  public var seconds: Double {
    let spectrogram = spectrogram
    return Double(spectrogram.window + (frames - 1) * spectrogram.hop) / Double(sampleRate)
  }

  /// What makes the frames.
  var spectrogram: MelSpectrogram { MelSpectrogram(sampleRate: sampleRate, bands: bands) }

  /// The numbers of one recording: [bands, frames].
  func features(_ sound: Sound, _ spectrogram: MelSpectrogram, into target: UnsafeMutableBufferPointer<Float>) {
    let needed = spectrogram.window + (frames - 1) * spectrogram.hop
    // what lies a tenth of a second behind the end does not reach into it
    let enough = (needed + sampleRate / 10) * sound.sampleRate / sampleRate + 1
    let start = Sound(sampleRate: sound.sampleRate, samples: Array(sound.samples.prefix(enough)))
    let samples = start.resampled(to: sampleRate).samples.prefix(needed)
    let made = spectrogram(Array(samples))
    let count = spectrogram.frames(of: samples.count)
    for band in 0..<bands {
      let row = UnsafeMutableBufferPointer(rebasing: target[band * frames..<(band + 1) * frames])
      for frame in 0..<frames { row[frame] = frame < count ? made[band * count + frame] : MelSpectrogram.silence }
    }
  }
}

extension SoundPreparation: Codable {
  private enum CodingKeys: String, CodingKey { case sampleRate, bands, frames }

  /// Reads what `encode(to:)` wrote, and refuses sizes that no recording has: model files come from anywhere.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func count(_ key: CodingKeys, _ range: ClosedRange<Int>) throws -> Int {
      let count = try container.decode(Int.self, forKey: key)
      guard range.contains(count) else {
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container,
          debugDescription: "'\(key.stringValue)' of sound must be from \(range.lowerBound) to \(range.upperBound)")
      }
      return count
    }
    sampleRate = try count(.sampleRate, Self.rates)
    bands = try count(.bands, Self.bandCounts)
    frames = try count(.frames, Self.frameCounts)
  }
}

extension MelSpectrogram {
  /// What a band without any power is: ln 10⁻¹⁰.
  fileprivate static let silence: Float = -23.025851
}
