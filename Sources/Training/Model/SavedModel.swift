import DescentDatasets
import DescentFormats
import DescentNetworks
import DescentTensors

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A trained network with all that is needed to use it: one safetensors file.
///
/// The tensors carry PyTorch's names; the metadata hold the network, the preparation, what the data looked like and the
/// training settings, as JSON with sorted keys. Nothing that does not decide the result is written, so that the same
/// training writes the same bytes.
public struct SavedModel: Sendable {
  /// The maps that were fitted on the training part.
  public struct Preparation: Codable, Sendable, Equatable {
    /// What the features pass through.
    public let features: Scaling
    /// What the values to predict passed through; the identity for classes.
    public let target: Scaling
    /// How a table's rows become samples; nil where the data are samples already.
    public let table: TablePreparation?
    /// How recordings become samples; nil where the data are something else.
    public let sound: SoundPreparation?

    /// Maps for features and target.
    public init(
      features: Scaling, target: Scaling, table: TablePreparation? = nil, sound: SoundPreparation? = nil
    ) {
      (self.features, self.target, self.table, self.sound) = (features, target, table, sound)
    }
  }

  /// What the network is made of.
  public let description: NetworkDescription
  /// The network.
  public let network: any Module
  /// The maps that were fitted on the training part.
  public let preparation: Preparation
  /// What the data looked like: features, target, classes.
  public let schema: Dataset.Schema
  /// The choices that the training run made.
  public internal(set) var settings: TrainingSettings
  /// What tells the data that it was made with; nil where that is not known.
  public internal(set) var learnt: LearntData?

  /// A model of its parts. The description is the one that the network was made from.
  public init(
    description: NetworkDescription, network: any Module, preparation: Preparation, schema: Dataset.Schema,
    settings: TrainingSettings
  ) {
    self.description = description
    self.network = network
    self.preparation = preparation
    self.schema = schema
    self.settings = settings
  }

  /// What is predicted.
  public var task: Dataset.Task { schema.classNames == nil ? .regression : .classification }

  /// How outputs meet the loss that the network was trained with.
  public var terms: LossTerms {
    (LossTerms(named: settings.loss, task: task) ?? .standard(for: task)).scaled(by: preparation.target)
  }

  /// What measures the network and predicts with it, in the precision that it was trained in.
  public var evaluator: Evaluator { Evaluator(network, loss: terms.batchLoss, precision: settings.precision) }

  /// Data of the model's schema, as the network takes them. Pictures in another brightness range than those that it learnt
  /// from are scaled to that one.
  public func data(_ dataset: Dataset) -> TrainingData {
    var features = preparation.features
    if let own = schema.pixelRange, let other = dataset.pixelRange { features = features.taking(other, as: own) }
    return TrainingData(
      BatchSource(dataset, scaling: features, targetScaling: preparation.target),
      sampleShape: description.input, targetForm: terms.targetForm)
  }

  private enum Key {
    static let format = "format"
    static let formatName = "descent 1"
    static let network = "network"
    static let preparation = "preparation"
    static let schema = "data"
    static let settings = "training"
    static let learnt = "learnt"
    static let checksum = "checksum"
  }
}

// MARK: Writing

extension SavedModel {
  /// Writes the file, whole or not at all.
  public func write(to path: String) throws {
    try file().write(to: path)
  }

  /// The file's content.
  public func file() throws -> SafeTensorsFile {
    var file = SafeTensorsFile(
      entries: network.stateDictionary.map { .init(name: $0.name, $0.tensor) },
      metadata: [
        Key.format: Key.formatName,
        Key.network: try json(description),
        Key.preparation: try json(preparation),
        Key.schema: try json(schema),
        Key.settings: try json(settings),
      ])
    if let learnt { file.metadata[Key.learnt] = try json(learnt) }
    file.metadata[Key.checksum] = Self.checksum(of: file)
    return file
  }

  /// Of the tensors, so that a weight that was changed on the way is noticed. The metadata are text, which may be mended by
  /// hand.
  private static func checksum(of file: SafeTensorsFile) -> String {
    var sum = CRC32()
    for entry in file.entries.sorted(by: { $0.name < $1.name }) { entry.bytes.withUnsafeBytes { sum.add($0) } }
    return String(sum.value, radix: 16)
  }

  private func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}

// MARK: Reading

extension SavedModel {
  /// Reads a file that ``write(to:)`` wrote.
  ///
  /// - Throws: `DataError` where the file is missing, damaged, hostile or another program's.
  public init(path: String) throws(DataError) { try self.init(SafeTensorsFile(path: path), place: path) }

  /// Reads the content of such a file; `place` is what errors name.
  ///
  /// - Throws: as ``init(path:)``.
  package init(_ file: SafeTensorsFile, place: String) throws(DataError) {
    guard file.metadata[Key.format] == Key.formatName else {
      throw .invalid(
        place,
        "holds tensors, but not the description of a network that 'descent train' writes beside them; "
          + "train a model with it, or load the tensors into a network of your own with the library")
    }
    func part<Part: Decodable>(_ key: String, _: Part.Type) throws(DataError) -> Part {
      guard let text = file.metadata[key] else {
        throw .invalid(place, "its metadata lack '\(key)'; the file is damaged, train the model again")
      }
      do {
        return try JSONDecoder().decode(Part.self, from: Data(text.utf8))
      } catch {
        throw .invalid(place, "its metadata '\(key)' cannot be read (\(reason(error))); train the model again")
      }
    }
    let written = try part(Key.network, NetworkDescription.self)
    preparation = try part(Key.preparation, Preparation.self)
    schema = try part(Key.schema, Dataset.Schema.self)
    settings = try part(Key.settings, TrainingSettings.self)
    learnt = file.metadata[Key.learnt] == nil ? nil : try part(Key.learnt, LearntData.self)
    description = written.taking([schema.sampleShape.reduce(1, *)])
    do { network = try description.makeEmptyNetwork(outputs: schema.outputCount) } catch {
      throw .invalid(place, "its network cannot be made (\(error)); train the model again")
    }
    try checkParts(place)
    do {
      try network.load(file.entries.map { ($0.name, Tensor($0)) })
    } catch {
      throw .invalid(place, "\(error); the file is damaged, train the model again")
    }
    guard network.variables.allSatisfy({ $0.value.isFinite }) else {
      throw .invalid(place, "some of its weights are not finite numbers; the file is damaged, train the model again")
    }
    // a file may have none
    if let checksum = file.metadata[Key.checksum], checksum != Self.checksum(of: file) {
      throw .invalid(
        place,
        "its weights are not those that were saved (their checksum is another one); copy the file anew, or train the "
          + "model again")
    }
  }

  /// The parts must fit each other: a file may come from anywhere.
  private func checkParts(_ place: String) throws(DataError) {
    let features = schema.sampleShape.reduce(1, *)
    if task == .classification, schema.outputCount < 2 { throw .invalid(place, "it knows fewer than two classes") }
    do { _ = try description.summary(for: schema) } catch {
      throw .invalid(
        place, "its network does not fit its \(features) features: \(error.sentence); train the model again")
    }
    guard preparation.features.fits(featureCount: features), preparation.target.fits(featureCount: 1) else {
      throw .invalid(place, "its preparation is not one of \(features) numbers; train the model again")
    }
    if let table = preparation.table, schema.sampleShape != [table.width] {
      throw .invalid(place, "its preparation gives \(table.width) numbers, and its samples are \(schema.sampleShape)")
    }
    if let sound = preparation.sound, schema.sampleShape != sound.shape || preparation.table != nil {
      throw .invalid(place, "its recordings become \(sound.shape), and its samples are \(schema.sampleShape)")
    }
    guard LossTerms(named: settings.loss, task: task) != nil else {
      throw .invalid(place, "its loss '\(settings.loss)' is not one for \(task.rawValue); train the model again")
    }
  }
}

/// What a decoder found wrong, in one clause.
private func reason(_ error: any Error) -> String {
  guard let error = error as? DecodingError else { return "\(error)" }
  switch error {
  case .dataCorrupted(let context), .typeMismatch(_, let context), .valueNotFound(_, let context):
    return context.debugDescription
  case .keyNotFound(let key, _): return "'\(key.stringValue)' is missing"
  @unknown default: return "\(error)"
  }
}

extension Tensor {
  /// Whether all of its numbers are: a sum of zeros times numbers is zero only if they are all finite.
  fileprivate var isFinite: Bool { (self * 0).sum().cast(to: .float64).item(Double.self) == 0 }
}
