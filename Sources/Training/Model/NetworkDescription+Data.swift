import DescentDatasets
import DescentNetworks
import DescentTensors

extension Dataset.Schema {
  /// How many outputs a network for such data has: one a class, or one for a quantity.
  public var outputCount: Int { classNames?.count ?? 1 }

  /// The shape in which a sample enters a network from a description that does not say it: a row as `[features]`, a
  /// picture as `[channels, height, width]`, a sequence as `[steps, features]`, a recording as ``SoundPreparation`` says.
  public var networkInput: Shape { pixelRange != nil && sampleShape.count == 2 ? [1] + sampleShape : sampleShape }
}

extension NetworkDescription {
  /// Dense layers for such data, as the settings say.
  ///
  /// What is done to pictures before they become rows, at random in training, needs them as pictures: they are flattened
  /// behind it.
  public static func dense(for schema: Dataset.Schema, _ settings: TrainingSettings) -> NetworkDescription {
    let input = schema.networkInput
    if input.count > 1, settings.steps == nil, settings.augmentation != nil || settings.crop != nil {
      let side = settings.crop
      let dense = NetworkDescription.dense(
        inputs: side.map { input[0] * $0 * $0 } ?? input.reduce(1, *), hidden: settings.layers ?? [],
        outputs: schema.outputCount, activation: settings.activation.flatMap(Activation.named) ?? .relu,
        dropout: settings.dropout)
      return NetworkDescription(
        input: input, (side.map { [.randomCrop(to: $0)] } ?? []) + [["layer": "flatten"]] + dense.layers)
    }
    let features = schema.sampleShape.reduce(1, *)
    let dense = NetworkDescription.dense(
      inputs: settings.steps?.width(of: features) ?? features, hidden: settings.layers ?? [],
      outputs: schema.outputCount, activation: settings.activation.flatMap(Activation.named) ?? .relu,
      dropout: settings.dropout)
    guard let steps = settings.steps else { return dense }
    return NetworkDescription(input: [features], steps.layers(for: [features]) + dense.layers)
  }

  /// The same layers behind others, which keep a sample's shape.
  func preceded(by layers: [DescriptionNode]) -> NetworkDescription {
    NetworkDescription(input: input, layers + self.layers)
  }

  /// What the network for such data is made of.
  ///
  /// - Throws: `NetworkDescriptionError` where it takes or gives something else than the data need, or cannot be made.
  public func summary(for schema: Dataset.Schema) throws(NetworkDescriptionError) -> NetworkSummary {
    let (count, outputs) = (schema.sampleShape.reduce(1, *), schema.outputCount)
    let summary = try summary(outputs: outputs)
    guard summary.input.reduce(1, *) == count else {
      throw NetworkDescriptionError("its input \(summary.input) is not of the \(count) numbers that a sample has")
    }
    guard summary.output == [outputs] else {
      let what = schema.classNames == nil ? "a quantity" : "\(outputs) classes"
      throw NetworkDescriptionError(
        "it gives \(summary.output) for a sample, and \([outputs]) is needed for \(what): end with 'flatten' and 'dense'"
      )
    }
    return summary
  }

  /// A batch of one, as the first layer takes it.
  func sample(for schema: Dataset.Schema) -> Signature { Signature([1] + (input ?? schema.networkInput), .float32) }

  /// Why a network for such data cannot be trained on batches of one sample; nil where it can. Nothing is computed.
  ///
  /// - Throws: as ``summary(for:)``.
  package func objectionToSingleSamples(for schema: Dataset.Schema) throws(NetworkDescriptionError) -> String? {
    let sample = sample(for: schema)
    let network = try taking(schema.networkInput).makeEmptyNetwork(outputs: schema.outputCount)
    do {
      try Attempt.run { Mode.training { _ = Trial(of: [sample]) { network($0[0]) } } }
      return nil
    } catch {
      return (error as? Attempt.Failure)?.message ?? "\(error)"
    }
  }
}
