/// Sets some neighbouring frames of a sound, or frequencies of a spectrogram, to 0: D. Park and others, "SpecAugment", 2019.
/// The width is drawn from 0 to the most, and then the place.
struct Mask: SoundRule {
  let most: Int
  let isFrequency: Bool
  var word: String { isFrequency ? "frequency-mask=\(most)" : "time-mask=\(most)" }

  func objection(for shape: [Int]) -> String? {
    isFrequency && shape.count < 2 ? "takes spectrograms of [1, frequencies, frames] or [frequencies, frames]" : nil
  }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    let length = isFrequency ? sample.height : sample.width
    let width = generator.below(min(most, length) + 1)
    let start = generator.below(length - width + 1)
    let masked = start..<start + width
    sample.erase(rows: isFrequency ? masked : 0..<sample.height, columns: isFrequency ? 0..<sample.width : masked)
  }
}

/// Plays a sound faster or slower, by linear interpolation along the last axis; what is then missing at the end is 0. A
/// waveform's pitch changes with it, a spectrogram's does not: T. Ko and others, "Audio augmentation for speech recognition",
/// 2015.
struct Stretch: SoundRule {
  /// The most that the speed differs from 1, either way.
  let most: Double
  var word: String { "stretch=\(shown(most))" }

  func apply(to sample: inout AugmentedSample, _ generator: inout SplitMix64) {
    Self.play(&sample, speed: 1 + generator.uniform(-most, most))
  }

  /// out[t] = in[speed · t].
  static func play(_ sample: inout AugmentedSample, speed: Double) {
    let (height, width) = (sample.height, sample.width)
    sample.rewrite(height: height, width: width) { old, new in
      for time in 0..<width {
        let place = Double(time) * speed
        let before = place.rounded(.down)
        let later = Float(place - before)
        // far beyond the end there is no such number
        let first = before < Double(width) ? Int(before) : width
        for row in 0..<height {
          let now = first < width ? old[row * width + first] : 0
          let next = first + 1 < width ? old[row * width + first + 1] : 0
          new[row * width + time] = now * (1 - later) + next * later
        }
      }
    }
  }
}
