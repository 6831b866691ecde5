import DescentTensors

extension LayerKind {
  /// A field of a layer in a network file.
  public struct Field: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// What it may be.
    public let meaning: String
    /// What it is where it is left out; nil where it is needed.
    public let standard: String?
  }

  /// An example of the kind: what it takes, without the batch, and its fields.
  struct Example: Sendable {
    let inputs: [Shape]
    let fields: DescriptionNode
  }

  /// The fields that it has, in the order in which it asks for them when its example is made.
  public var fields: [Field] {
    guard let example = Self.examples[name] else { programmerError("the layer '\(name)' has no example") }
    do {
      return try Attempt.run {
        try Initializer.$isDeferred.withValue(true) {
          let inputs = example.inputs.map { Signature([1] + $0, .float32) }
          guard case .fields(let given) = example.fields.content else { return [] }
          let values = Dictionary(uniqueKeysWithValues: given.map { ($0.name, $0.value) })
          let fields = LayerFields(name, values, first: nil, line: nil)
          let place = LayerPlace(
            inputs: inputs, outputs: nil, weights: nil, type: .float32,
            builder: NetworkBuilder(type: .float32, place: .init()), path: "0")
          _ = try make(fields, place)
          return fields.known.map { Field(name: $0.name, meaning: $0.meaning, standard: $0.standard) }
        }
      }
    } catch {
      programmerError("the example of the layer '\(name)' is wrong: \(error)")
    }
  }

  /// An example of every kind, from which its fields are known.
  static let examples: [String: Example] = {
    var all: [String: Example] = [:]
    func add(_ name: String, _ fields: DescriptionNode = [:], _ inputs: Shape...) {
      all[name] = Example(inputs: inputs, fields: fields)
    }
    let (row, steps, picture): (Shape, Shape, Shape) = ([4], [5, 4], [4, 8, 8])
    add("dense", ["outputs": 3], row)
    add("spectral-norm", ["outputs": 3], row)
    add("drop-connect", ["outputs": 3, "probability": 0.5], row)
    add("bilinear", ["outputs": 3], row, row)
    add("principal-components", [:], row)
    add("powers", [:], row)
    add("sines", [:], row)
    add("identity", [:], row)
    add("flatten", [:], picture)
    add("reshape", ["shape": [2, -1]], row)
    add("unflatten", ["sizes": [2, 2]], row)
    add("permute", ["order": [2, 1]], steps)
    add("repeat-vector", ["count": 3], row)
    add("pixel-shuffle", ["factor": 2], picture)
    add("pixel-unshuffle", ["factor": 2], picture)
    add("masking", [:], steps)
    for axes in 1...3 {
      let space: Shape = [4] + Shape(repeating: 8, count: axes)
      add("upsampling\(axes)d", ["scale": 2], space)
      add("conv\(axes)d", ["outputs": 6, "kernel": 3], space)
      add("conv-transpose\(axes)d", ["outputs": 6, "kernel": 3], space)
      add("depthwise-conv\(axes)d", ["kernel": 3], space)
      add("separable-conv\(axes)d", ["outputs": 6, "kernel": 3], space)
      for pool in ["max-pool", "average-pool", "lp-pool"] { add("\(pool)\(axes)d", ["kernel": 2], space) }
      for pool in ["adaptive-max-pool", "adaptive-average-pool"] { add("\(pool)\(axes)d", ["size": 3], space) }
      for pool in ["global-max-pool", "global-average-pool"] { add("\(pool)\(axes)d", [:], space) }
      for rule in ["zero", "constant", "reflection", "replication", "circular"] {
        add("\(rule)-pad\(axes)d", ["amount": 2], space)
      }
      add("cropping\(axes)d", ["amount": 2], space)
      add("random-crop\(axes)d", ["size": 3], space)
      add("dropout\(axes)d", [:], space)
    }
    add("max-unpool2d", ["kernel": 2], [4, 4, 4], picture)
    for norm in ["batch-norm", "instance-norm"] { add(norm, [:], picture) }
    for norm in ["layer-norm", "rms-norm", "unit-norm"] { add(norm, [:], steps) }
    add("group-norm", ["groups": 2], picture)
    add("local-response-norm", ["size": 3], picture)
    for layer in ["rnn", "lstm", "gru"] { add(layer, ["hidden": 6], steps) }
    for cell in ["rnn-cell", "gru-cell"] { add(cell, ["hidden": 6], row, [6]) }
    add("lstm-cell", ["hidden": 6], row, [6], [6])
    add("scaled-dot-product-attention", [:], steps, steps, steps)
    add("multi-head-attention", ["heads": 2], steps)
    add("grouped-query-attention", ["heads": 2, "key-heads": 1], steps)
    add("additive-attention", ["hidden": 6], steps, steps)
    add("transformer-encoder-layer", ["heads": 2, "hidden": 8], steps)
    add("transformer-decoder-layer", ["heads": 2, "hidden": 8], steps, steps)
    add("sinusoidal-positions", [:], steps)
    add("learned-positions", ["count": 9], steps)
    add("rotary-positions", [:], steps)
    add("embedding", ["count": 9, "features": 3], row)
    add("embedding-bag", ["count": 9, "features": 3], row)
    for noise in ["dropout", "alpha-dropout", "gaussian-dropout"] { add(noise, ["probability": 0.5], row) }
    add("gaussian-noise", ["standard-deviation": 0.5], row)
    add("sequential", ["layers": ["relu", ["dense": 3]]], row)
    add("residual", ["body": [["dense": 4], "relu"]], row)
    add("time-distributed", ["body": [["dense": 3]]], steps)
    add("slice", ["start": 1, "count": 2], row)
    for join in ["add", "multiply", "concatenate"] { add(join, [:], row, row) }
    for activation in Activation.all { add(activation.name, [:], row) }
    for activation in ["prelu", "rrelu"] { add(activation, [:], row) }
    add("mlp", ["hidden": [5], "outputs": 3], row)
    add("lenet", ["outputs": 3], [1, 12, 12])
    for network in ["resnet20", "resnet18", "resnet50"] { add(network, ["outputs": 3], [1, 32, 32]) }
    add("char-rnn", ["symbols": 9, "hidden": 6], row)
    add("transformer-lm", ["symbols": 9, "features": 4, "heads": 2, "layers": 1], row)
    for network in ["autoencoder", "denoising-autoencoder"] { add(network, ["hidden": [3, 2]], row) }
    add("variational-autoencoder", ["hidden": [3, 2]], row)
    add("convolutional-autoencoder", ["widths": [3, 2]], picture)
    return all
  }()
}
