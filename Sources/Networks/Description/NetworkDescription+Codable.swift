extension NetworkDescription: Codable {
  /// Writes an array of layers.
  public func encode(to encoder: any Encoder) throws { try layers.encode(to: encoder) }

  /// Reads an array of layers.
  ///
  /// - Throws: ``NetworkDescriptionError`` where a layer is unknown, lacks a field or has one of another type, or does
  ///   not fit: see ``makeNetwork(type:)``.
  public init(from decoder: any Decoder) throws {
    var container: any UnkeyedDecodingContainer
    do {
      container = try decoder.unkeyedContainer()
    } catch {
      throw NetworkDescriptionError(layer: nil, "a network is an array of layers")
    }
    layers = []
    while !container.isAtEnd {
      do {
        layers.append(try container.decode(Layer.self))
      } catch let error as NetworkDescriptionError {
        throw NetworkDescriptionError(layer: layers.count, error.message)
      } catch {
        throw NetworkDescriptionError(layer: layers.count, "a layer is an object")
      }
    }
    try validate()
  }
}

extension NetworkDescription.Layer: Codable {
  private enum Field: String, CodingKey { case layer, inputs, outputs, bias, probability, pieces }

  /// The kind of layer; an activation's is its name.
  private var kind: String {
    switch self {
    case .dense: "dense"
    case .activation(let activation): activation.name
    case .dropout: "dropout"
    case .flatten: "flatten"
    }
  }

  /// Writes an object of the kind and the layer's numbers.
  public func encode(to encoder: any Encoder) throws {
    var fields = encoder.container(keyedBy: Field.self)
    try fields.encode(kind, forKey: .layer)
    switch self {
    case .dense(let inputs, let outputs, let hasBias):
      try fields.encode(inputs, forKey: .inputs)
      try fields.encode(outputs, forKey: .outputs)
      try fields.encode(hasBias, forKey: .bias)
    case .activation(.maxout(let pieces)): try fields.encode(pieces, forKey: .pieces)
    case .activation(let activation):
      var numbers = encoder.container(keyedBy: Activation.NumberName.self)
      for (name, value) in activation.numbers { try numbers.encode(value, forKey: name) }
    case .dropout(let probability): try fields.encode(probability, forKey: .probability)
    case .flatten: break
    }
  }

  /// Reads an object of the kind and the layer's numbers.
  ///
  /// - Throws: ``NetworkDescriptionError`` where the kind is unknown or a field is missing or of another type.
  public init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: Field.self)
    let numbers = try decoder.container(keyedBy: Activation.NumberName.self)
    func read<Key: CodingKey, Value: Decodable>(
      _ field: Key, of container: KeyedDecodingContainer<Key>, _ noun: String
    ) throws(NetworkDescriptionError) -> Value {
      do {
        return try container.decode(Value.self, forKey: field)
      } catch {
        throw NetworkDescriptionError(layer: nil, "'\(field.stringValue)' must be \(noun)")
      }
    }
    func read<Value: Decodable>(_ field: Field, _ noun: String) throws(NetworkDescriptionError) -> Value {
      try read(field, of: fields, noun)
    }
    let kind: String = try read(.layer, "the name of a kind of layer")
    switch (kind, Activation.named(kind)) {
    case ("dense", _):
      self = .dense(
        inputs: try read(.inputs, "a whole number"), outputs: try read(.outputs, "a whole number"),
        hasBias: try read(.bias, "true or false"))
    case ("dropout", _): self = .dropout(probability: try read(.probability, "a number"))
    case ("flatten", _): self = .flatten
    case (_, .maxout): self = .activation(.maxout(pieces: try read(.pieces, "a whole number")))
    case (_, let usual?):
      var values: [Double] = []
      for (name, _) in usual.numbers { values.append(try read(name, of: numbers, "a number")) }
      self = .activation(usual.with(values))
    case (_, nil): throw NetworkDescriptionError(layer: nil, "there is no layer '\(kind)'")
    }
  }
}
