import DescentTensors

extension LayerKind {
  static let embedding = [
    LayerKind("embedding") { fields, place in
      let (count, features) = (try fields.count("count"), try fields.count("features", to: 1 << 16))
      try fields.checkWeights(count, features)
      return Codes(
        Embedding(count, features, paddingIndex: try fields.paddingIndex(count), type: place.type), count: count)
    },
    LayerKind("embedding-bag") { fields, place in
      let (count, features) = (try fields.count("count"), try fields.count("features", to: 1 << 16))
      try fields.checkWeights(count, features)
      let mode = try fields.choice(
        "mode", ["mean": EmbeddingBag.Mode.mean, "sum": .sum, "max": .maximum], "mean")
      return Codes(
        EmbeddingBag(count, features, mode: mode, paddingIndex: try fields.paddingIndex(count), type: place.type),
        count: count)
    },
  ]
}

extension LayerFields {
  fileprivate func paddingIndex(_ count: Int) throws(NetworkDescriptionError) -> Int? {
    try optionalCount("padding-index", from: 0, to: count - 1)
  }
}

/// A layer that takes indexes, for a network whose samples are real numbers: each is held within the range and loses its
/// fraction.
struct Codes<Layer: Module>: Module, NamedParts {
  let layer: Layer
  let count: Int

  init(_ layer: Layer, count: Int) { (self.layer, self.count) = (layer, count) }

  func callAsFunction(_ input: Tensor) -> Tensor {
    guard input.type.isFloatingPoint else { return layer(input) }
    return layer(input.maximum(0).minimum(Double(count - 1)).cast(to: .int64))
  }

  var namedParts: [(name: String, part: Any)] { NamedVariable.all(in: layer).map { ($0.name, $0.part) } }
}
