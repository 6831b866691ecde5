import DescentTensors

extension LayerKind {
  /// A dense layer of a description.
  static func denseNode(_ inputs: Int, _ outputs: Int) -> DescriptionNode {
    let (inputs, outputs) = (DescriptionNode(.number(Double(inputs))), DescriptionNode(.number(Double(outputs))))
    return ["layer": "dense", "inputs": inputs, "outputs": outputs, "bias": true]
  }

  static let dense = [
    LayerKind("dense") { fields, place in
      let outputs = try place.outputs(fields)
      return try place.dense(fields, outputs)
    },
    LayerKind("spectral-norm") { fields, place in
      let outputs = try place.outputs(fields)
      return SpectralNorm(
        try place.dense(fields, outputs),
        iterations: try fields.count("iterations", 1, to: 100))
    },
    LayerKind("drop-connect") { fields, place in
      let outputs = try place.outputs(fields)
      let probability = try fields.probability()
      return DropConnect(probability, try place.dense(fields, outputs))
    },
    LayerKind("bilinear", inputs: 2...2) { fields, place in
      let outputs = try place.outputs(fields)
      let (left, right) = (place.inputs[0].shape.last ?? 0, place.inputs[1].shape.last ?? 0)
      try fields.checkWeights(outputs, left, right)
      let layer = Bilinear(left, right, outputs, bias: try fields.flag("bias", true), type: place.type)
      return LayerPart(layer) { layer($0[0], $0[1]) }
    },
  ]
}

extension LayerPlace {
  /// A dense layer for what comes in.
  fileprivate func dense(
    _ fields: LayerFields, _ outputs: Int
  ) throws(NetworkDescriptionError) -> Dense {
    let features = try features(fields)
    let inputs = try fields.optionalCount("inputs") ?? features
    guard inputs == features else {
      throw fields.problem(
        "\(fields.kind) \(inputs) → \(outputs) expects \(inputs) features, gets \(features)", at: "inputs")
    }
    try fields.checkWeights(outputs, inputs)
    let weights = try fields.initializer("weights", shown: "what suits the activation behind it") ?? weights
    return Dense(
      inputs, outputs, bias: try fields.flag("bias", true), weights: weights ?? .glorotUniform, type: type)
  }
}
