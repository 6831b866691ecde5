import DescentFormats
import DescentTensors

/// The recordings of a folder as samples of one size.
struct FolderSounds {
  /// [count] and the shape of a sample.
  let features: [Float]
  /// How they were made.
  let preparation: SoundPreparation
  /// What was done to some of them, in clauses.
  let notes: [String]

  /// How recordings become samples.
  enum Way {
    /// In this form, and of the size that suits them.
    case suiting(SoundPreparation.Form)
    /// As a model takes them.
    case known(SoundPreparation)
  }

  /// Reads all recordings.
  ///
  /// - Throws: ``DataError`` where a file is no recording, or all together take more memory than there is.
  init(_ layout: FolderLayout, _ way: Way) throws(DataError) {
    let recordings = try parallelMap(layout.files.count) { file throws(DataError) in
      SoundPreparation.Recording(try Sound(path: layout.path(file)))
    }
    let preparation =
      switch way {
      case .suiting(let form): SoundPreparation(suiting: recordings, as: form)
      case .known(let preparation): preparation
      }
    let size = preparation.shape.reduce(1, *)
    guard recordings.count <= Files.sizeLimit / (size * MemoryLayout<Float>.stride) else {
      throw .invalid(
        layout.root, "\(recordings.count) recordings of \(preparation.seconds) s do not fit into memory; take fewer")
    }
    let encoder = SoundEncoder(preparation)
    features = try parallelFill(recordings.count, each: size) { file, out throws(DataError) in
      encoder.write(try Sound(path: layout.path(file)), into: out)
    }
    self.preparation = preparation
    notes = preparation.notes(recordings)
  }
}

extension SoundPreparation {
  /// What is done to recordings to bring them to one length, in clauses.
  func notes(_ recordings: [Recording]) -> [String] {
    let cut = frames(of: recordings).count { $0 > frames }
    return cut > 0 ? ["\(cut) of \(recordings.count) recordings cut to \((seconds * 100).rounded() / 100) s"] : []
  }
}
