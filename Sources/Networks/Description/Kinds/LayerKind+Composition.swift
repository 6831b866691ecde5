import DescentTensors

extension LayerKind {
  static let composition = [
    LayerKind("sequential") { fields, place in try place.layers(fields, "layers", as: "layers") },
    LayerKind("residual") { fields, place in
      Residual(
        try place.layers(fields, "body", as: "body"),
        shortcut: try place.optionalLayers(fields, "shortcut", as: "shortcut"))
    },
    LayerKind("time-distributed") { fields, place in
      guard place.shape.count >= 3 else {
        throw fields.problem("time-distributed expects [time, ...], gets \(place.shape.dropFirst())")
      }
      let step = Signature([1] + place.shape.dropFirst(2), place.inputs[0].type)
      return TimeDistributed(try place.layers(fields, "body", as: "layer", taking: step))
    },
    LayerKind("slice", inputs: 1...1) { fields, place in
      let extent = try place.channels(fields)
      let start = try fields.count("start", from: 0, to: extent - 1)
      let count = try fields.count("count", from: 1, to: extent - start)
      return LayerPart { $0[0].sliced(axis: 1, start..<start + count) }
    },
    LayerKind("add", inputs: 2...1000) { _, _ in LayerPart { $0.dropFirst().reduce($0[0], +) } },
    LayerKind("multiply", inputs: 2...64) { _, _ in LayerPart { $0.dropFirst().reduce($0[0], *) } },
    LayerKind("concatenate", inputs: 2...1000) { fields, place in
      let axis = try fields.count("axis", 1, from: -16, to: 16)
      guard axis != 0, axis != -place.shape.count else {
        throw fields.problem("'axis' counts the batch, which is axis 0, and must name another", at: "axis")
      }
      return LayerPart { .concatenate($0, axis: axis) }
    },
  ]
}
