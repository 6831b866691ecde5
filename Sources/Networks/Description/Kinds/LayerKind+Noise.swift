import DescentTensors

extension LayerKind {
  static let noise =
    [
      LayerKind("dropout") { fields, _ in Dropout(try fields.probability()) },
      LayerKind("alpha-dropout") { fields, _ in AlphaDropout(try fields.probability()) },
      LayerKind("gaussian-dropout") { fields, _ in GaussianDropout(try fields.probability()) },
      LayerKind("gaussian-noise") { fields, _ in
        GaussianNoise(try fields.number("standard-deviation", nil, "0 or more") { $0 >= 0 })
      },
    ] + perAxes(ChannelDropouts())
}

private struct ChannelDropouts: LayersPerAxes {
  let name = "dropout"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module { ChannelDropout<Axes>(try fields.probability("probability", 0.5)) }
}
