import DescentTensors

extension LayerKind {
  static let attention = [
    LayerKind("scaled-dot-product-attention", inputs: 1...3) { fields, place in
      let isCausal = try fields.flag("causal", false)
      let dropout = try fields.probability("dropout", 0)
      try fields.checkSequences(place)
      return LayerPart {
        scaledDotProductAttention(
          $0[0], $0.count > 1 ? $0[1] : $0[0], $0[$0.count - 1], isCausal: isCausal, dropout: dropout)
      }
    },
    LayerKind("multi-head-attention", inputs: 1...3) { fields, place in
      let heads = try fields.count("heads", to: 1024)
      let features = try place.features(fields)
      let (isCausal, slopes) = (try fields.flag("causal", false), try fields.flag("alibi", false))
      if slopes, place.shape.count != 3 || place.shape[1] > 1 << 12 {
        throw fields.problem("'alibi' needs sequences of \(1 << 12) steps at most", at: "alibi")
      }
      let layer = MultiHeadAttention(
        features, heads: heads, keyFeatures: place.inputs.count > 1 ? place.inputs[1].shape.last : nil,
        valueFeatures: place.inputs.count > 1 ? place.inputs[place.inputs.count - 1].shape.last : nil,
        bias: try fields.flag("bias", true), dropout: try fields.probability("dropout", 0), type: place.type)
      return LayerPart(layer) { inputs in
        let (query, key) = (inputs[0], inputs.count > 1 ? inputs[1] : inputs[0])
        let mask = slopes ? alibi(heads: heads, targets: query.shape[1], sources: key.shape[1], type: query.type) : nil
        return layer(query, key, inputs[inputs.count - 1], mask: mask, isCausal: isCausal)
      }
    },
    LayerKind("grouped-query-attention") { fields, place in
      GroupedQueryAttention(
        try place.features(fields), heads: try fields.count("heads", to: 1024),
        keyHeads: try fields.count("key-heads", to: 1024), bias: try fields.flag("bias", false),
        isCausal: try fields.flag("causal", false), rotary: try fields.flag("rotary", false) ? RotaryPositions() : nil,
        type: place.type)
    },
    LayerKind("additive-attention", inputs: 1...3) { fields, place in
      let hidden = try fields.count("hidden", to: 1 << 14)
      let keys = place.inputs.count > 1 ? place.inputs[1] : place.inputs[0]
      try fields.checkSequences(place)
      let layer = AdditiveAttention(
        try place.features(fields), keyFeatures: keys.shape[2], hidden: hidden, type: place.type)
      return LayerPart(layer) { layer($0[0], $0.count > 1 ? $0[1] : $0[0], $0[$0.count - 1]) }
    },
    LayerKind("transformer-encoder-layer") { fields, place in
      let sizes = try TransformerSizes(fields, place)
      return TransformerEncoderLayer(
        sizes.features, heads: sizes.heads, hidden: sizes.hidden, dropout: sizes.dropout,
        activation: sizes.activation, normalizesFirst: sizes.normalizesFirst,
        isCausal: try fields.flag("causal", false),
        type: place.type)
    },
    LayerKind("transformer-decoder-layer", inputs: 2...2) { fields, place in
      let sizes = try TransformerSizes(fields, place)
      let layer = TransformerDecoderLayer(
        sizes.features, heads: sizes.heads, hidden: sizes.hidden, dropout: sizes.dropout,
        activation: sizes.activation, normalizesFirst: sizes.normalizesFirst, type: place.type)
      return LayerPart(layer) { layer($0[0], memory: $0[1]) }
    },
    LayerKind("sinusoidal-positions") { fields, _ in
      SinusoidalPositions(base: try fields.number("base", 10_000, "a number above 0") { $0 > 0 })
    },
    LayerKind("learned-positions") { fields, place in
      LearnedPositions(try fields.count("count"), try place.features(fields), type: place.type)
    },
    LayerKind("rotary-positions") { fields, place in
      try fields.checkSequences(place)
      return RotaryPositions(
        base: try fields.number("base", 10_000, "a number above 0") { $0 > 0 },
        interleaved: try fields.flag("interleaved", false))
    },
  ]
}

extension LayerFields {
  /// - Throws: where a sample is no sequence, so that the batch would be taken for its steps.
  fileprivate func checkSequences(_ place: LayerPlace) throws(NetworkDescriptionError) {
    guard place.inputs.allSatisfy({ $0.shape.count >= 3 }) else {
      throw problem("\(kind) expects sequences [time, features]")
    }
  }
}

/// What both transformer layers have.
private struct TransformerSizes {
  let features, heads, hidden: Int
  let dropout: Double
  let activation: Activation
  let normalizesFirst: Bool

  init(_ fields: LayerFields, _ place: LayerPlace) throws(NetworkDescriptionError) {
    heads = try fields.count("heads", to: 1024)
    hidden = try fields.count("hidden", 2048, to: 1 << 16)
    dropout = try fields.probability("dropout", 0.1)
    activation = try fields.choice("activation", ["relu": Activation.relu, "gelu": .gelu, "silu": .silu], "relu")
    normalizesFirst = try fields.flag("norm-first", false)
    features = try place.features(fields)
  }
}
