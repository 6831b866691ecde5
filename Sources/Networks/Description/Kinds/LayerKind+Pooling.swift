import DescentTensors

extension LayerKind {
  static let pooling =
    perAxes(MaxPools()) + perAxes(AveragePools()) + perAxes(LPPools()) + perAxes(AdaptiveMaxPools())
    + perAxes(AdaptiveAveragePools()) + perAxes(GlobalMaxPools()) + perAxes(GlobalAveragePools()) + [maxUnpool]

  /// The greatest places come from the values that were pooled, which the second input is.
  private static let maxUnpool = LayerKind("max-unpool2d", inputs: 2...2) { fields, place in
    let kernel = try fields.perAxis("kernel")
    let stride = try fields.optionalPerAxis("stride", shown: "the kernel")
    let padding = try fields.perAxis("padding", 0, from: 0)
    let pool = MaxPool2D(kernel: kernel, stride: stride, padding: padding)
    let layer = MaxUnpool2D(kernel: kernel, stride: stride, padding: padding)
    return LayerPart { inputs in
      layer(inputs[0], places: pool.withPlaces(inputs[1]).places, extents: Array(inputs[1].shape.dropFirst(2)))
    }
  }
}

private struct MaxPools: LayersPerAxes {
  let name = "max-pool"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    MaxPooling<Axes>(
      kernel: try fields.perAxis("kernel"), stride: try fields.optionalPerAxis("stride", shown: "the kernel"),
      padding: try fields.perAxis("padding", 0, from: 0), dilation: try fields.perAxis("dilation", 1),
      ceilMode: try fields.flag("ceil-mode", false))
  }
}

private struct AveragePools: LayersPerAxes {
  let name = "average-pool"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    AveragePooling<Axes>(
      kernel: try fields.perAxis("kernel"), stride: try fields.optionalPerAxis("stride", shown: "the kernel"),
      padding: try fields.perAxis("padding", 0, from: 0), ceilMode: try fields.flag("ceil-mode", false),
      countsPadding: try fields.flag("count-include-pad", true))
  }
}

private struct LPPools: LayersPerAxes {
  let name = "lp-pool"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    let kernel = try fields.perAxis("kernel")
    return LPPooling<Axes>(
      norm: try fields.number("norm", 2, "a number above 0") { $0 > 0 }, kernel: kernel,
      stride: try fields.optionalPerAxis("stride", shown: "the kernel"),
      ceilMode: try fields.flag("ceil-mode", false))
  }
}

private struct AdaptiveMaxPools: LayersPerAxes {
  let name = "adaptive-max-pool"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module { AdaptiveMaxPooling<Axes>(try fields.perAxis("size")) }
}

private struct AdaptiveAveragePools: LayersPerAxes {
  let name = "adaptive-average-pool"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module { AdaptiveAveragePooling<Axes>(try fields.perAxis("size")) }
}

private struct GlobalMaxPools: LayersPerAxes {
  let name = "global-max-pool"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module { GlobalMaxPooling<Axes>() }
}

private struct GlobalAveragePools: LayersPerAxes {
  let name = "global-average-pool"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module { GlobalAveragePooling<Axes>() }
}
