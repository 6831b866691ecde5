import DescentFormats

/// How a recording becomes a sample: resampled, as a log-mel spectrogram or as the waveform itself, of as many frames as
/// all others.
///
/// **Shapes.** A spectrogram is [1, bands, frames]: the natural logarithm of the power in each band of ``MelSpectrogram``,
/// whose windows are 25 ms long and begin every 10 ms. A waveform is [1, frames], a frame being one sample of the sound
/// from −1 to 1. A longer recording is cut, a shorter one followed by silence.
public struct SoundPreparation: Sendable, Equatable {
  /// What is taken of a recording.
  public enum Form: String, Sendable, Codable, CaseIterable {
    /// How loud each band of frequency is in the course of time, as a logarithm.
    case logMel = "log-mel"
    /// The sound's own samples.
    case waveform
  }

  /// What is taken of it.
  public let form: Form
  /// Samples a second that recordings are brought to.
  public let sampleRate: Int
  /// Bands of frequency; 1 for a waveform.
  public let bands: Int
  /// Frames a sample has.
  public let frames: Int

  /// The rate and length at most: speech keeps all that tells it apart below 8 kHz.
  static let (highestRate, longestSeconds) = (16_000, 10)
  private static let (rates, bandCounts, frameCounts) = (1_000...48_000, 1...256, 1...100_000)
  private static let waveformCounts = 1...longestSeconds * rates.upperBound

  /// A preparation as log-mel spectrograms of these sizes.
  init(sampleRate: Int, bands: Int = 40, frames: Int) {
    (form, self.sampleRate, self.bands, self.frames) = (.logMel, sampleRate, bands, frames)
  }

  /// A preparation as waveforms of this length.
  init(waveformAt sampleRate: Int, frames: Int) {
    (form, self.sampleRate, bands, self.frames) = (.waveform, sampleRate, 1, frames)
  }

  /// What suits recordings: the rate of 16 kHz, or the highest one among them where that is lower, and the length that 98 %
  /// of them do not exceed, 10 s at the most.
  init(suiting recordings: [Recording], as form: Form) {
    let highest = recordings.map(\.sampleRate).max() ?? Self.highestRate
    let rate = min(highest, Self.highestRate)
    let made = { (frames: Int) in
      form == .logMel
        ? SoundPreparation(sampleRate: rate, frames: frames) : SoundPreparation(waveformAt: rate, frames: frames)
    }
    let single = made(1)
    let lengths = single.frames(of: recordings).sorted()
    let usual = lengths.isEmpty ? 1 : lengths[(lengths.count * 98 + 99) / 100 - 1]
    let most = single.frames(ofSamples: Self.longestSeconds * rate, single.spectrogram)
    self = made(max(1, min(usual, most)))
  }

  /// The shape of a sample.
  public var shape: [Int] { form == .logMel ? [1, bands, frames] : [1, frames] }

  /// Seconds that a sample lasts.
  public var seconds: Double { Double(sampleCount(spectrogram)) / Double(sampleRate) }

  /// What makes the frames of a spectrogram; nil for a waveform.
  var spectrogram: MelSpectrogram? { form == .logMel ? MelSpectrogram(sampleRate: sampleRate, bands: bands) : nil }

  /// A recording's rate and length.
  struct Recording: Sendable {
    let sampleRate, count: Int

    init(_ sound: Sound) { (sampleRate, count) = (sound.sampleRate, sound.samples.count) }
  }

  /// The frames that each of these recordings has.
  func frames(of recordings: [Recording]) -> [Int] {
    let spectrogram = spectrogram
    return recordings.map { recording in
      let count = (recording.count * sampleRate + recording.sampleRate - 1) / recording.sampleRate
      return frames(ofSamples: count, spectrogram)
    }
  }

  private func frames(ofSamples count: Int, _ spectrogram: MelSpectrogram?) -> Int {
    spectrogram?.frames(of: count) ?? count
  }

  /// How many samples of the sound are looked at.
  fileprivate func sampleCount(_ spectrogram: MelSpectrogram?) -> Int {
    spectrogram.map { $0.window + (frames - 1) * $0.hop } ?? frames
  }
}

/// What makes samples of recordings, its tables made once for all of them.
struct SoundEncoder: Sendable {
  let preparation: SoundPreparation
  private let spectrogram: MelSpectrogram?

  init(_ preparation: SoundPreparation) { (self.preparation, spectrogram) = (preparation, preparation.spectrogram) }

  /// Writes the numbers of one recording, in the preparation's shape.
  func write(_ sound: Sound, into target: UnsafeMutableBufferPointer<Float>) {
    let (rate, frames) = (preparation.sampleRate, preparation.frames)
    let needed = preparation.sampleCount(spectrogram)
    // what lies a tenth of a second behind the end does not reach into it
    let enough = (needed + rate / 10) * sound.sampleRate / rate + 1
    // a file of floats may hold any number, and a sum of them must be one, too
    let start = Sound(
      sampleRate: sound.sampleRate, samples: sound.samples.prefix(enough).map { max(-1e9, min($0, 1e9)) })
    let samples = start.resampled(to: rate).samples.prefix(needed)
    guard let spectrogram else {
      for frame in 0..<frames { target[frame] = frame < samples.count ? samples[frame] : 0 }
      return
    }
    let made = spectrogram(Array(samples))
    let count = spectrogram.frames(of: samples.count)
    for band in 0..<preparation.bands {
      let row = UnsafeMutableBufferPointer(rebasing: target[band * frames..<(band + 1) * frames])
      for frame in 0..<frames { row[frame] = frame < count ? made[band * count + frame] : MelSpectrogram.silence }
    }
  }
}

extension SoundPreparation: Codable {
  private enum CodingKeys: String, CodingKey { case form, sampleRate, bands, frames }

  /// Reads what ``encode(to:)`` wrote, and refuses sizes that no recording has: model files come from anywhere.
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
    form = try container.decodeIfPresent(Form.self, forKey: .form) ?? .logMel
    sampleRate = try count(.sampleRate, Self.rates)
    bands = form == .logMel ? try count(.bands, Self.bandCounts) : 1
    frames = try count(.frames, form == .logMel ? Self.frameCounts : Self.waveformCounts)
  }

  /// Writes the sizes, and the form where it is not the one that files had before there was another.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    if form != .logMel { try container.encode(form, forKey: .form) }
    try container.encode(sampleRate, forKey: .sampleRate)
    if form == .logMel { try container.encode(bands, forKey: .bands) }
    try container.encode(frames, forKey: .frames)
  }
}

extension MelSpectrogram {
  /// What a band without any power is: ln 10⁻¹⁰.
  fileprivate static let silence: Float = -23.025851
}
