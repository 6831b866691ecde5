import DescentTensors

extension LayerKind {
  static let padding =
    perAxes(EdgePads<ZeroRule>("zero-pad")) + perAxes(ConstantPads())
    + perAxes(EdgePads<ReflectionRule>("reflection-pad")) + perAxes(EdgePads<ReplicationRule>("replication-pad"))
    + perAxes(EdgePads<CircularRule>("circular-pad")) + perAxes(Croppings())
    + perAxes(RandomCrops())
}

extension LayerFields {
  /// How much at each edge: the same on both, or `before` and `after`.
  fileprivate func edges() throws(NetworkDescriptionError) -> Edges {
    let both = try optionalPerAxis("amount", from: 0, shown: "before and after")
    let before = try perAxis("before", 0, from: 0)
    let after = try perAxis("after", 0, from: 0)
    return both.map { Edges($0) } ?? Edges(low: before, high: after)
  }
}

private struct EdgePads<Rule: PaddingRule>: LayersPerAxes {
  let name: String
  init(_ name: String) { self.name = name }
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module { Padding<Rule, Axes>(try fields.edges()) }
}

private struct ConstantPads: LayersPerAxes {
  let name = "constant-pad"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    let edges = try fields.edges()
    return Padding<ConstantRule, Axes>(edges, value: try fields.number("value", 0))
  }
}

private struct Croppings: LayersPerAxes {
  let name = "cropping"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module { Cropping<Axes>(try fields.edges()) }
}

private struct RandomCrops: LayersPerAxes {
  let name = "random-crop"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module { RandomCrop<Axes>(try fields.perAxis("size")) }
}
