import DescentTensors

/// What a ``Sequential`` is made of, without its numbers: what a model file says of its network.
///
/// As JSON it is an array of layers, each an object whose `layer` names its kind:
///
///     [{"bias":true,"inputs":64,"layer":"dense","outputs":10},{"layer":"leaky-relu","slope":0.01},
///      {"layer":"dropout","probability":0.5},{"layer":"flatten"}]
///
/// A description may come from anywhere, so what is wrong with it is thrown, and making its network takes no memory for
/// the numbers before they are loaded.
public struct NetworkDescription: Sendable, Hashable {
  /// One layer.
  public enum Layer: Sendable, Hashable {
    /// ``Dense`` with its features and units.
    case dense(inputs: Int, outputs: Int, hasBias: Bool = true)
    /// An activation with its parameters.
    case activation(Activation)
    /// ``Dropout``.
    case dropout(probability: Double)
    /// ``Flatten``.
    case flatten
  }

  /// The layers, first to last.
  public var layers: [Layer]

  /// A description of these layers.
  public init(_ layers: [Layer]) { self.layers = layers }

  /// The description of a network.
  ///
  /// - Throws: ``NetworkDescriptionError`` where a layer is none of ``Layer``'s kinds: a nested network or a layer of
  ///   one's own.
  public init(describing network: Sequential) throws(NetworkDescriptionError) {
    layers = []
    for (index, layer) in network.layers.enumerated() {
      switch layer {
      case let dense as Dense:
        let shape = dense.weight.shape
        layers.append(.dense(inputs: shape[1], outputs: shape[0], hasBias: dense.bias != nil))
      case let activation as Activation: layers.append(.activation(activation))
      case let dropout as Dropout: layers.append(.dropout(probability: dropout.probability))
      case is Flatten: layers.append(.flatten)
      default: throw NetworkDescriptionError(layer: index, "\(Swift.type(of: layer)) cannot be described in a file")
      }
    }
  }

  /// The network, to be filled by ``Module/load(_:)``: its parameters are zeros that have not been computed.
  ///
  /// - Throws: ``NetworkDescriptionError`` where a number is out of its range or a layer does not fit the one before.
  public func makeNetwork(type: ElementType = .float32) throws(NetworkDescriptionError) -> Sequential {
    try validate()
    return Sequential(
      layers.map { layer -> any Module in
        switch layer {
        case .dense(let inputs, let outputs, let hasBias):
          Dense(weight: .zeros([outputs, inputs], type: type), bias: hasBias ? .zeros([outputs], type: type) : nil)
        case .activation(let activation): activation
        case .dropout(let probability): Dropout(probability)
        case .flatten: Flatten()
        }
      })
  }
}

/// What is wrong with a description of a network.
public struct NetworkDescriptionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The layer that is meant, from 0, where it is one.
  public let layer: Int?
  /// What is wrong with it.
  public let message: String

  init(layer: Int?, _ message: String) {
    self.layer = layer
    self.message = message
  }

  /// For example `layer 2: inputs must be from 1 to 2147483647, got 0`.
  public var description: String { layer.map { "layer \($0): \(message)" } ?? message }
}
