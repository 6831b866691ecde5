import DescentTensors

extension NetworkDescription {
  /// The most units of a layer, and the most elements of anything: beyond them a byte count would not fit an Int.
  fileprivate static let (mostUnits, mostElements) = (Int(Int32.max), 1 << 48)

  /// Checks every number, and that layers fit each other as far as that can be told without an input.
  func validate() throws(NetworkDescriptionError) {
    var features: Int?
    for (index, layer) in layers.enumerated() {
      try layer.validate(at: index)
      switch layer {
      case .dense(let inputs, let outputs, _):
        if let features { try require(features == inputs, index, layer.expectation(features)) }
        features = outputs
      case .activation(let activation):
        if let known = features {
          try require(known % activation.pieces == 0, index, layer.expectation(known))
          features = known / activation.pieces
        }
      case .dropout: break
      case .flatten: features = nil
      }
    }
  }

  /// The shape of a sample's output for the shape of its input, both without the batch.
  ///
  /// - Throws: ``NetworkDescriptionError`` where the description is not valid or the input does not fit it.
  public func outputShape(for input: Shape) throws(NetworkDescriptionError) -> Shape {
    try validate()
    var shape = input
    guard input.allSatisfy({ $0 >= 0 }), input.isOfUsableSize else {
      throw NetworkDescriptionError(layer: nil, "an input \(input) is too large")
    }
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .dense(let inputs, let outputs, _):
        try require(shape.last == inputs, index, layer.expectation(shape.last))
        shape[shape.count - 1] = outputs
      case .activation(let activation) where activation.pieces > 1:
        let features = shape.last ?? 1
        try require(!shape.isEmpty && features % activation.pieces == 0, index, layer.expectation(shape.last))
        shape[shape.count - 1] = features / activation.pieces
      case .activation, .dropout: break
      case .flatten: shape = [shape.reduce(1, *)]
      }
      try require(shape.isOfUsableSize, index, "its output \(shape) is too large")
    }
    return shape
  }

  /// How many numbers its network learns.
  ///
  /// - Throws: ``NetworkDescriptionError`` where the description is not valid.
  public func parameterCount() throws(NetworkDescriptionError) -> Int {
    try validate()
    var count = 0
    for (index, layer) in layers.enumerated() {
      guard case .dense(let inputs, let outputs, let hasBias) = layer else { continue }
      count += inputs * outputs + (hasBias ? outputs : 0)
      try require(count <= Self.mostElements, index, "the network has too many parameters")
    }
    return count
  }
}

extension NetworkDescription.Layer {
  /// Checks the layer's own numbers.
  fileprivate func validate(at index: Int) throws(NetworkDescriptionError) {
    switch self {
    case .dense(let inputs, let outputs, _):
      for (name, units) in [("inputs", inputs), ("outputs", outputs)] {
        try require(
          units >= 1 && units <= NetworkDescription.mostUnits, index,
          "\(name) must be from 1 to \(NetworkDescription.mostUnits), got \(units)")
      }
      try require(
        inputs * outputs <= NetworkDescription.mostElements, index, "dense \(inputs) → \(outputs) is too large")
    case .activation(let activation):
      if let problem = activation.problem { throw NetworkDescriptionError(layer: index, problem) }
    case .flatten: break
    case .dropout(let probability):
      try require(
        probability >= 0 && probability < 1, index, "probability must be 0 or more and below 1, got \(probability)")
    }
  }

  /// What the layer expects, against the features that it gets.
  fileprivate func expectation(_ features: Int?) -> String {
    let given = features.map { "\($0)" } ?? "none"
    return switch self {
    case .dense(let inputs, let outputs, _): "dense \(inputs) → \(outputs) expects \(inputs) features, gets \(given)"
    case .activation(let activation):
      "\(activation.name) expects a multiple of \(activation.pieces) features, gets \(given)"
    case .dropout, .flatten: "does not fit \(given) features"
    }
  }
}

extension Shape {
  /// Whether its elements can be counted, and their bytes.
  fileprivate var isOfUsableSize: Bool {
    var count = 1
    for extent in self {
      let (product, overflows) = count.multipliedReportingOverflow(by: extent)
      if overflows || product > NetworkDescription.mostElements { return false }
      count = product
    }
    return true
  }
}

private func require(_ condition: Bool, _ layer: Int, _ message: String) throws(NetworkDescriptionError) {
  if !condition { throw NetworkDescriptionError(layer: layer, message) }
}
