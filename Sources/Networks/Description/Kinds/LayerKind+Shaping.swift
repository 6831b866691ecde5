import DescentTensors

extension LayerKind {
  static let shaping =
    [
      LayerKind("identity") { _, _ in Identity() },
      LayerKind("flatten") { _, _ in Flatten() },
      LayerKind("reshape") { fields, _ in Reshape(try fields.list("shape", from: -1)) },
      LayerKind("unflatten") { fields, place in
        let sizes = try fields.list("sizes", from: -1)
        return Unflatten(axis: try fields.count("axis", 1, from: -16, to: 16), sizes)
      },
      LayerKind("permute") { fields, _ in
        let order = try fields.list("order", from: 1)
        guard order.sorted() == Array(1..<order.count + 1) else {
          throw fields.problem("'order' must name each axis from 1 on once, got \(order)", at: "order")
        }
        return Permute(order)
      },
      LayerKind("repeat-vector") { fields, _ in RepeatVector(try fields.count("count", to: 1 << 16)) },
      LayerKind("pixel-shuffle") { fields, _ in PixelShuffle(try fields.count("factor", to: 64)) },
      LayerKind("pixel-unshuffle") { fields, _ in PixelUnshuffle(try fields.count("factor", to: 64)) },
      LayerKind("masking") { fields, _ in Masking(try fields.number("value", 0)) },
    ] + perAxes(Upsamplings())
}

private struct Upsamplings: LayersPerAxes {
  let name = "upsampling"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    let scale = try fields.optionalPerAxis("scale", to: 64, shown: "none")
    let size = try fields.optionalPerAxis("size", shown: "none")
    let mode = try fields.choice(
      "mode", ["nearest": Interpolation.nearest, "linear": .linear, "cubic": .cubic], "nearest")
    let alignsCorners = try fields.flag("align-corners", false)
    switch (scale, size) {
    case (let scale?, nil): return Upsampling<Axes>(scale: scale, by: mode, alignsCorners: alignsCorners)
    case (nil, let size?): return Upsampling<Axes>(to: size, by: mode, alignsCorners: alignsCorners)
    default: throw fields.problem("\(fields.kind) needs either 'scale' or 'size'")
    }
  }
}

/// A kind of layer over one, two or three spatial axes.
protocol LayersPerAxes: Sendable {
  /// The kind's name without the number of axes.
  var name: String { get }
  /// The layer over so many axes.
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module
}

extension LayerKind {
  /// The kinds for one, two and three axes: `conv1d`, `conv2d`, `conv3d`.
  static func perAxes(_ layers: some LayersPerAxes) -> [LayerKind] {
    [
      LayerKind("\(layers.name)1d") { try layers.make(OneAxis.self, $0, $1) },
      LayerKind("\(layers.name)2d") { try layers.make(TwoAxes.self, $0, $1) },
      LayerKind("\(layers.name)3d") { try layers.make(ThreeAxes.self, $0, $1) },
    ]
  }
}
