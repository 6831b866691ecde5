import DescentTensors

extension LayerKind {
  static let normalization = [
    LayerKind("batch-norm") { fields, place in
      BatchNorm(
        try place.channels(fields), epsilon: try fields.epsilon(1e-5),
        momentum: try fields.number("momentum", 0.1, "above 0 and at most 1") { $0 > 0 && $0 <= 1 },
        affine: try fields.flag("affine", true), type: place.type)
    },
    LayerKind("layer-norm") { fields, place in
      LayerNorm(
        try place.features(fields), epsilon: try fields.epsilon(1e-5), affine: try fields.flag("affine", true),
        type: place.type)
    },
    LayerKind("rms-norm") { fields, place in
      RMSNorm(
        [try place.features(fields)], epsilon: try fields.epsilon(Double(Float.ulpOfOne)),
        affine: try fields.flag("affine", true), type: place.type)
    },
    LayerKind("group-norm") { fields, place in
      GroupNorm(
        groups: try fields.count("groups"), channels: try place.channels(fields), epsilon: try fields.epsilon(1e-5),
        affine: try fields.flag("affine", true), type: place.type)
    },
    LayerKind("instance-norm") { fields, place in
      InstanceNorm(
        try place.channels(fields), epsilon: try fields.epsilon(1e-5), affine: try fields.flag("affine", false),
        type: place.type)
    },
    LayerKind("local-response-norm") { fields, _ in
      LocalResponseNorm(
        size: try fields.count("size", to: 1024), alpha: try fields.number("alpha", 1e-4),
        beta: try fields.number("beta", 0.75), k: try fields.number("k", 1))
    },
    LayerKind("unit-norm") { fields, place in
      let axis = try fields.count("axis", -1, from: -16, to: 16)
      guard axis != 0, axis != -place.shape.count else {
        throw fields.problem("'axis' counts the batch, which is axis 0, and must name another", at: "axis")
      }
      return UnitNorm(axis: axis)
    },
  ]
}
