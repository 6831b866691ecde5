import DescentFormats
import DescentTensors

/// The pictures or recordings of a folder as samples, one folder a class.
///
///     photos/cat/1.jpg  photos/cat/2.png  photos/dog/old/1.jpg …
///
/// Folders `train` and `test` or `validation` around those of the classes say which part a file belongs to. The classes are
/// sorted by their names' Unicode scalars, and so are the files.
///
/// **Shapes.** Pictures are bytes of 0…255 in [height, width] where all are grey, otherwise in [3, height, width]; all have
/// the commonest size, and no side longer than 256 pixels. Recordings are float32 in [1, bands, frames], or
/// [1, frames] as waveforms, as ``SoundPreparation`` makes them.
public struct FolderSamples: Sendable {
  /// The samples. Where no folders name the parts, a fifth of each class is drawn to test.
  public private(set) var dataset: Dataset
  /// The file of each sample, as a path from the folder.
  public let files: [String]
  /// The parts that folders name; nil where none do.
  public let parts: RowSplit.Parts?
  /// How recordings became samples; nil for pictures.
  public let sound: SoundPreparation?
  /// What was done to some of the files, in clauses.
  public let notes: [String]

  /// Reads a folder to learn from.
  ///
  /// - Parameter form: what is taken of recordings.
  /// - Throws: ``DataError``: it holds no classes of pictures or recordings, or one of its files can't be read.
  public init(_ path: String, sound form: SoundPreparation.Form = .logMel) throws(DataError) {
    let kind = try FileKind.commonest(in: path)
    let layout = try FolderLayout(path, kind, needsClasses: true)
    try layout.checkLearnable()
    let content = try Content(layout, as: form)
    let target = Dataset.Target.classes(labels: layout.labels, names: layout.classNames)
    let whole = content.dataset(layout, target, targetName: "class", reason: "each folder is a class")
    (files, parts, sound) = (layout.files, layout.parts, content.sound)
    notes = content.notes + layout.notes
    let drawn = whole.parts(RowSplit(validationShare: 0))
    let parts = layout.parts ?? drawn
    dataset = whole.divided(training: parts.training, validation: parts.validation, test: parts.test)
  }

  /// Reads files for a network that was trained on data of this schema: a folder like the one that it was trained on, any
  /// folder where the target is not needed, or a single file. Pictures are brought to the network's size.
  ///
  /// - Parameters:
  ///   - sound: how recordings become samples, where the network takes them.
  ///   - needsTarget: whether the classes will be compared with predictions.
  /// - Throws: ``DataError``: the network takes something else, or one of the files can't be read.
  public init(
    _ path: String, matching schema: Dataset.Schema, sound: SoundPreparation? = nil, needsTarget: Bool
  ) throws(DataError) {
    let layout: FolderLayout
    if Files.isDirectory(path) {
      let kind = try FileKind.commonest(in: path)
      layout = try FolderLayout(path, kind, needsClasses: needsTarget)
    } else {
      guard !needsTarget else {
        throw .invalid(path, "a single file has no class to compare with; name the folder around the classes' folders")
      }
      layout = FolderLayout(file: path, FileKind(path: path) ?? .picture)
    }
    let content = try Content(layout, matching: schema, sound: sound)
    var target = schema.unknownTarget(layout.files.count)
    if needsTarget { target = .classes(labels: layout.labels, names: layout.classNames) }
    var whole = content.dataset(layout, target, targetName: schema.targetName, reason: "each folder is a class")
    if needsTarget { whole = whole.with(target: try whole.relabelled(schema), taskReason: whole.taskReason) }
    (files, parts, self.sound) = (layout.files, layout.parts, content.sound)
    notes = content.notes + layout.notes
    dataset =
      layout.parts.map { whole.divided(training: $0.training, validation: $0.validation, test: $0.test) } ?? whole
  }

  /// Whether a path is one of pictures or recordings: a folder without IDX files, or a file by its name.
  public static func isNamed(by path: String) -> Bool {
    if Files.isDirectory(path) { return !IDXFolder.isOne(path) }
    return FileKind(path: path).map { $0 != .text } ?? false
  }

  /// The same samples with what was asked for of their target.
  ///
  /// - Throws: ``DatasetNameError`` where they can't have it.
  package func asked(target: String?, task: Dataset.Task?) throws(DatasetNameError) -> FolderSamples {
    var samples = self
    samples.dataset = try dataset.asked(target: target, task: task)
    return samples
  }

  /// The rows of the parts: those that the folders name, and others drawn within each class.
  ///
  /// - Parameter split: the shares and the seed. Where folders name the parts, only rows to watch the training are drawn,
  ///   and only where no folder names them.
  /// - Throws: ``DataError`` where no file is left to learn from.
  public func parts(_ split: RowSplit) throws(DataError) -> RowSplit.Parts {
    var drawn: RowSplit.Parts
    if let parts {
      drawn = parts
      if parts.validation.isEmpty, case .classes(let labels, _) = dataset.target {
        var rest = split
        rest.testShare = 0
        drawn = rest.parts(of: parts.training, strata: labels)
        drawn.test = parts.test
      }
    } else {
      drawn = dataset.parts(split)
    }
    guard !drawn.training.isEmpty else {
      throw .invalid(dataset.name, "no file is left to learn from; use smaller shares for --test and --validation")
    }
    return drawn
  }
}

extension FolderLayout {
  /// The folder or the single file.
  fileprivate var place: String { root.isEmpty ? files[0] : root }

  fileprivate var refusalOfTexts: DataError {
    .invalid(place, "texts are rows of a table, and here pictures or recordings are expected")
  }
}

/// The numbers of a folder's files.
private struct Content {
  private let features: Dataset.Features
  private let shape: [Int]
  let sound: SoundPreparation?
  let notes: [String]

  /// Reads files to learn from.
  init(_ layout: FolderLayout, as form: SoundPreparation.Form) throws(DataError) {
    switch layout.kind {
    case .text: throw layout.refusalOfTexts
    case .recording: self.init(try FolderSounds(layout, .suiting(form)))
    case .picture: self.init(try FolderPictures(layout))
    }
  }

  /// Reads the files as a network takes them that was trained on data of this schema.
  init(_ layout: FolderLayout, matching schema: Dataset.Schema, sound: SoundPreparation?) throws(DataError) {
    let place = layout.place
    switch layout.kind {
    case .text: throw layout.refusalOfTexts
    case .recording:
      guard let sound else {
        throw .invalid(place, "these are recordings, and the model was not trained on such")
      }
      self.init(try FolderSounds(layout, .known(sound)))
    case .picture:
      guard let size = PictureSize(schema), sound == nil else {
        throw .invalid(place, "these are pictures, and the model was not trained on such")
      }
      self.init(try FolderPictures(layout, as: size), shape: schema.sampleShape)
    }
  }

  private init(_ sounds: FolderSounds) {
    (features, shape) = (.float32(sounds.features), sounds.preparation.shape)
    (sound, notes) = (sounds.preparation, sounds.notes)
  }

  private init(_ pictures: FolderPictures, shape: [Int]? = nil) {
    (features, self.shape) = (.uint8(pictures.pixels), shape ?? pictures.size.shape)
    (sound, notes) = (nil, pictures.notes)
  }

  func dataset(
    _ layout: FolderLayout, _ target: Dataset.Target, targetName: String, reason: String
  ) -> Dataset {
    Dataset(
      name: layout.place, features: features, sampleShape: shape,
      featureNames: sound.map(Dataset.names) ?? Dataset.pixelNames(shape),
      pixelRange: sound == nil ? 0...255 : nil, target: target, targetName: targetName, taskReason: reason)
  }
}

extension PictureSize {
  /// The size of the pictures that a network takes; nil where it takes none.
  fileprivate init?(_ schema: Dataset.Schema) {
    let shape = schema.sampleShape
    guard schema.featureNames.isEmpty, shape.count == 2 || shape.count == 3 && [1, 3].contains(shape[0]) else {
      return nil
    }
    let sides = shape.suffix(2)
    self.init(
      width: sides[sides.endIndex - 1], height: sides[sides.startIndex], channels: shape.count == 2 ? 1 : shape[0])
  }
}

extension Dataset {
  /// Names for pixels in [height, width] or [channels, height, width].
  fileprivate static func pixelNames(_ shape: [Int]) -> [String] {
    guard shape.count == 3, shape[0] == 3 else {
      return pixelNames(height: shape[shape.count - 2], width: shape.last ?? 1)
    }
    let names = pixelNames(height: shape[1], width: shape[2])
    return ["red", "green", "blue"].flatMap { colour in names.map { "\(colour)_\($0)" } }
  }

  fileprivate static func names(_ sound: SoundPreparation) -> [String] {
    let frames = (0..<sound.frames).map { "frame_\($0)" }
    return sound.form == .waveform ? frames : (0..<sound.bands).flatMap { band in frames.map { "band_\(band)_\($0)" } }
  }

  /// Reads a folder of pictures, one folder a class, as ``FolderSamples`` does.
  ///
  /// - Throws: ``DataError``: the folder holds no classes of pictures, or a file is none.
  public init(pictureFolder path: String) throws(DataError) { try self.init(path, .picture) }

  /// Reads a folder of recordings, one folder a class, as ``FolderSamples`` does.
  ///
  /// - Throws: ``DataError``: the folder holds no classes of recordings, or a file is none.
  public init(soundFolder path: String) throws(DataError) { try self.init(path, .recording) }

  private init(_ path: String, _ kind: FileKind) throws(DataError) {
    let found = try FileKind.commonest(in: path)
    guard found == kind else {
      throw .invalid(path, "the folder holds \(found.rawValue)s, and \(kind.rawValue)s are expected")
    }
    self = try FolderSamples(path).dataset
  }
}
