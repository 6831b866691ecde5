import DescentFormats

/// How a column of paths to recordings becomes inputs: as ``SoundPreparation`` says, y = (x − offset) · scale.
///
/// Rate and length are those that suit the recordings of the training part. Offset and scale bring its numbers, of 2,000
/// recordings where there are more, to mean 0 and standard deviation 1 by one map. Where a path is missing, all inputs are
/// 0, the mean.
public struct RecordingPreparation: Sendable, Equatable, Codable {
  /// What is taken of a recording.
  public let sound: SoundPreparation
  /// The map of all its numbers.
  public let scaling: Scaling

  /// [1, bands, frames], or [1, frames] of a waveform.
  public var shape: [Int] { sound.shape }

  var summary: String {
    let frames =
      sound.form == .logMel
      ? "log-mel spectrogram of \(sound.bands) bands × \(sound.frames) frames" : "waveform of \(sound.frames) samples"
    return "\(frames), \((sound.seconds * 100).rounded() / 100) s at \(sound.sampleRate) Hz, standardised"
  }

  /// What is done to recordings to bring them to the rate and the length that a model takes, in clauses.
  func notes(_ recordings: [SoundPreparation.Recording]) -> [String] {
    let others = recordings.count { $0.sampleRate != sound.sampleRate }
    let resampled = "\(others) of \(recordings.count) recordings resampled to \(sound.sampleRate) Hz"
    return sound.notes(recordings) + (others > 0 ? ["\(resampled), which the model takes"] : [])
  }

  var fault: String? { scaling.fits(featureCount: 1) ? nil : "recordings with a map for each number" }
}

/// What makes inputs of a column of recordings, its tables made once for all of them.
struct RecordingEncoder: FileEncoder {
  private let scaling: Scaling
  private let encoder: SoundEncoder

  init(_ preparation: RecordingPreparation) {
    (scaling, encoder) = (preparation.scaling, SoundEncoder(preparation.sound))
  }

  func encode(_ path: String, into out: UnsafeMutableBufferPointer<Float>) throws(DataError) -> FileFacts {
    let recording = try Sound(path: path)
    encoder.write(recording, into: out)
    let (offset, scale) = (scaling.offset[0], scaling.scale[0])
    for place in out.indices { out[place] = (out[place] - offset) * scale }
    guard out.allSatisfy(\.isFinite) else {
      throw .invalid(path, "its samples are beyond the range of float32 as they are prepared")
    }
    return .recording(SoundPreparation.Recording(recording))
  }
}

/// Gathers what a ``RecordingPreparation`` needs, over the training part.
final class RecordingFitter: ColumnFitter {
  private let options: ColumnOptions
  private let table: Table
  private var files: [FileField] = []

  init(_ options: ColumnOptions, _ table: Table) { (self.options, self.table) = (options, table) }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError) {
    if !field.isMissing { files.append(try table.file(row, column)) }
  }

  func finish() throws(DataError) -> (inputs: ColumnPreparation.Inputs, reason: String?) {
    let recordings = try table.read(files) { _, path throws(DataError) in
      SoundPreparation.Recording(try Sound(path: path))
    }
    let sound = SoundPreparation(suiting: recordings, as: options.sound ?? .logMel)
    let encoder = SoundEncoder(sound)
    let size = sound.shape.reduce(1, *)
    let looked = evenly(files.count, atMost: PictureFitter.mostFitted).map { files[$0] }
    let parts = try table.read(looked) { _, path throws(DataError) in
      let recording = try Sound(path: path)
      return withUnsafeTemporaryAllocation(of: Float.self, capacity: size) { numbers in
        encoder.write(recording, into: numbers)
        return Moments(numbers.lazy.map(Double.init))
      }
    }
    let moments = parts.reduce(into: Moments()) { $0.merge($1) }
    let notes = sound.notes(recordings)
    let preparation = RecordingPreparation(sound: sound, scaling: .standardising(moments))
    return (.sound(preparation), notes.isEmpty ? nil : notes.joined(separator: "; "))
  }
}
