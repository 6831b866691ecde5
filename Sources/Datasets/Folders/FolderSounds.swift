import DescentFormats
import DescentTensors

/// The recordings of a folder as spectrograms of one size.
struct FolderSounds {
  /// [count, 1, bands, frames].
  let features: [Float]
  /// How they were made.
  let preparation: SoundPreparation
  /// What was done to some of them, in clauses.
  let notes: [String]

  /// Reads all recordings.
  ///
  /// - Parameter wanted: how they become samples; where it is left out, the rate is 16 kHz, or the highest one among them
  ///   where that is lower, and the length that which 98 % of them do not exceed, 10 s at the most.
  /// - Throws: ``DataError`` where a file is no recording, or all together take more memory than there is.
  init(_ layout: FolderLayout, as wanted: SoundPreparation? = nil) throws(DataError) {
    let sounds = try parallelMap(layout.files.count) { file throws(DataError) in
      let sound = try Sound(path: layout.path(file))
      return (rate: sound.sampleRate, count: sound.samples.count)
    }
    let highest = sounds.map(\.rate).max() ?? SoundPreparation.highestRate
    let rate = wanted?.sampleRate ?? min(highest, SoundPreparation.highestRate)
    var preparation = wanted ?? SoundPreparation(sampleRate: rate, frames: 1)
    let spectrogram = preparation.spectrogram
    let lengths = sounds.map { sound in
      spectrogram.frames(of: Int((Double(sound.count) * Double(rate) / Double(sound.rate)).rounded(.up)))
    }
    if wanted == nil {
      let usual = lengths.sorted()[(lengths.count * 98 + 99) / 100 - 1]
      let most = spectrogram.frames(of: SoundPreparation.longestSeconds * rate)
      preparation = SoundPreparation(sampleRate: rate, frames: min(usual, most))
    }
    let size = preparation.bands * preparation.frames
    guard sounds.count <= Files.sizeLimit / (size * MemoryLayout<Float>.stride) else {
      throw .invalid(
        layout.root, "\(sounds.count) recordings of \(preparation.seconds) s do not fit into memory; take fewer")
    }
    let settled = preparation
    var features = [Float](repeating: 0, count: sounds.count * size)
    try features.withUnsafeMutableBufferPointer { buffer throws(DataError) in
      // every recording has a place of its own
      nonisolated(unsafe) let all = buffer
      _ = try parallelMap(sounds.count) { file throws(DataError) in
        let sound = try Sound(path: layout.path(file))
        settled.features(
          sound, spectrogram, into: UnsafeMutableBufferPointer(rebasing: all[file * size..<(file + 1) * size]))
      }
    }
    (self.features, self.preparation) = (features, preparation)
    let cut = lengths.count { $0 > settled.frames }
    let seconds = (preparation.seconds * 100).rounded() / 100
    notes = cut > 0 ? ["\(cut) of \(sounds.count) recordings cut to \(seconds) s"] : []
  }
}
