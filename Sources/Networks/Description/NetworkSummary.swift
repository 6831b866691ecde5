import DescentTensors

/// What a network is made of: its layers with what they give, learn and compute.
public struct NetworkSummary: Sendable, Hashable {
  /// One layer.
  public struct Row: Sendable, Hashable {
    /// The path that leads to it: `3`, or `3.body.0` inside another layer.
    public let name: String
    /// Its kind.
    public let kind: String
    /// The shape of its output for one sample.
    public private(set) var outputShape: Shape = []
    /// How many numbers it learns, with those of the layers inside it.
    public private(set) var parameterCount = 0
    /// Multiply-adds of its products for one sample, forwards, with those of the layers inside it.
    public private(set) var multiplyAdds = 0.0
    /// How many numbers its operations give for one sample, about: its output, and what lies between inside it.
    public private(set) var activationCount = 0

    init(name: String, kind: String) { (self.name, self.kind) = (name, kind) }

    mutating func fill(shape: Shape, _ parameters: Int, _ trial: Trial) {
      (outputShape, parameterCount) = (shape, parameters)
      (multiplyAdds, activationCount) = (trial.multiplyAdds, trial.activationCount)
    }

    /// Whether it stands in another layer.
    public var isInside: Bool { name.contains(".") }
  }

  /// The shape of a sample.
  public let input: Shape
  /// The shape of the output for one sample.
  public let output: Shape
  /// Every layer, and those inside layers behind them.
  public let rows: [Row]

  /// How many numbers the network learns.
  public var parameterCount: Int { rows.reduce(0) { $0 + ($1.isInside ? 0 : $1.parameterCount) } }

  /// Multiply-adds of all products for one sample, forwards.
  public var multiplyAdds: Double { rows.reduce(0) { $0 + ($1.isInside ? 0 : $1.multiplyAdds) } }

  /// How many numbers the operations of all layers give for one sample, about.
  public var activationCount: Int { rows.reduce(0) { $0 + ($1.isInside ? 0 : $1.activationCount) } }
}

extension NetworkDescription {
  /// What the network is made of. Nothing is computed, and no memory is taken for parameters.
  ///
  /// - Parameters:
  ///   - outputs: how many outputs a layer has that does not say it.
  /// - Throws: ``NetworkDescriptionError`` where a layer is unknown, has a wrong field or does not fit its input, or where
  ///   the shape of a sample is not known.
  public func summary(outputs: Int? = nil) throws(NetworkDescriptionError) -> NetworkSummary {
    try trial(outputs: outputs, type: .float32).summary
  }

  /// A fresh network, its parameters drawn from ``DescentTensors/RandomSource/current``.
  ///
  /// - Throws: as ``summary(outputs:)``.
  public func makeNetwork(
    outputs: Int? = nil, type: ElementType = .float32
  ) throws(NetworkDescriptionError) -> any Module {
    _ = try trial(outputs: outputs, type: type)
    let builder = NetworkBuilder(type: type, place: .init())
    return try builder.network(layers, taking: sample(type), outputs: outputs, path: "").module
  }

  /// The network, to be filled by ``Module/load(_:)``: its parameters are zeros that take no memory.
  ///
  /// - Throws: as ``summary(outputs:)``.
  public func makeEmptyNetwork(
    outputs: Int? = nil, type: ElementType = .float32
  ) throws(NetworkDescriptionError) -> any Module {
    try trial(outputs: outputs, type: type).network
  }

  /// A batch of one, as the first layer takes it.
  private func sample(_ type: ElementType) throws(NetworkDescriptionError) -> Signature {
    guard let input else {
      throw NetworkDescriptionError("the shape of a sample is missing: say 'input: [..]' above 'layers'")
    }
    var count = 1
    for extent in input {
      guard extent >= 1, extent <= LayerFields.mostCount, count * extent <= 1 << 27 else {
        throw NetworkDescriptionError("an input \(input) is too large, or empty")
      }
      count *= extent
    }
    return Signature([1] + input, type)
  }

  /// Makes the network on shapes without numbers, where a layer that does not fit ends the attempt and nothing else.
  private func trial(
    outputs: Int?, type: ElementType
  ) throws(NetworkDescriptionError) -> (network: any Module, summary: NetworkSummary) {
    let sample = try sample(type)
    let (layers, place) = (layers, NetworkBuilder.Place())
    do {
      return try Attempt.run {
        try Initializer.$isDeferred.withValue(true) {
          let builder = NetworkBuilder(type: type, place: place)
          let (network, output) = try builder.network(layers, taking: sample, outputs: outputs, path: "")
          let (input, result) = (Array(sample.shape.dropFirst()), Array(output.shape.dropFirst()))
          return (network, NetworkSummary(input: input, output: result, rows: builder.rows))
        }
      }
    } catch let error as NetworkDescriptionError {
      throw error
    } catch {
      let (message, blamed) = ((error as? Attempt.Failure)?.message ?? "\(error)", place.current)
      throw NetworkDescriptionError(message, layer: blamed.layer, line: blamed.line)
    }
  }
}
