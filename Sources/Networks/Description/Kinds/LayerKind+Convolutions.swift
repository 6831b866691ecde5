import DescentTensors

extension LayerKind {
  static let convolutions =
    perAxes(Convolutions()) + perAxes(TransposedConvolutions()) + perAxes(DepthwiseConvolutions())
    + perAxes(SeparableConvolutions())
}

private struct Convolutions: LayersPerAxes {
  let name = "conv"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    let (channels, outputs, kernel) = try fields.channelsAndKernel(axes, place)
    return Convolution<Axes>(
      channels, outputs, kernel: kernel, stride: try fields.perAxis("stride", 1), padding: try fields.padding(),
      dilation: try fields.perAxis("dilation", 1), groups: try fields.count("groups", 1),
      bias: try fields.flag("bias", true), weights: try fields.initializer(place), type: place.type)
  }
}

private struct TransposedConvolutions: LayersPerAxes {
  let name = "conv-transpose"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    let (channels, outputs, kernel) = try fields.channelsAndKernel(axes, place)
    return TransposedConvolution<Axes>(
      channels, outputs, kernel: kernel, stride: try fields.perAxis("stride", 1),
      padding: try fields.perAxis("padding", 0, from: 0),
      outputPadding: try fields.perAxis("output-padding", 0, from: 0),
      dilation: try fields.perAxis("dilation", 1), groups: try fields.count("groups", 1),
      bias: try fields.flag("bias", true), weights: try fields.initializer(place), type: place.type)
  }
}

private struct DepthwiseConvolutions: LayersPerAxes {
  let name = "depthwise-conv"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    let (kernel, multiplier) = (try fields.perAxis("kernel"), try fields.count("multiplier", 1, to: 1024))
    let channels = try place.channels(fields)
    try fields.checkWeights(channels, multiplier, kernel.product(axes: Axes.count))
    return DepthwiseConvolution<Axes>(
      channels, multiplier: multiplier, kernel: kernel, stride: try fields.perAxis("stride", 1),
      padding: try fields.padding(), dilation: try fields.perAxis("dilation", 1), bias: try fields.flag("bias", true),
      weights: try fields.initializer(place), type: place.type)
  }
}

private struct SeparableConvolutions: LayersPerAxes {
  let name = "separable-conv"
  func make<Axes: SpatialAxes>(
    _ axes: Axes.Type, _ fields: LayerFields, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> any Module {
    let (outputs, kernel) = (try place.outputs(fields), try fields.perAxis("kernel"))
    let multiplier = try fields.count("multiplier", 1, to: 1024)
    let channels = try place.channels(fields)
    try fields.checkWeights(channels, multiplier, max(outputs, kernel.product(axes: Axes.count)))
    return SeparableConvolution<Axes>(
      channels, outputs, multiplier: multiplier, kernel: kernel, stride: try fields.perAxis("stride", 1),
      padding: try fields.padding(), dilation: try fields.perAxis("dilation", 1), bias: try fields.flag("bias", true),
      weights: try fields.initializer(place), type: place.type)
  }
}

extension LayerFields {
  /// How many channels come in and go out, and the kernel between them.
  fileprivate func channelsAndKernel<Axes: SpatialAxes>(
    _: Axes.Type, _ place: LayerPlace
  ) throws(NetworkDescriptionError) -> (channels: Int, outputs: Int, kernel: PerAxis) {
    let (outputs, kernel) = (try place.outputs(self), try perAxis("kernel"))
    let channels = try place.channels(self)
    try checkWeights(outputs, channels, kernel.product(axes: Axes.count))
    return (channels, outputs, kernel)
  }

  /// What kernels start from.
  fileprivate func initializer(_ place: LayerPlace) throws(NetworkDescriptionError) -> Initializer {
    try initializer("weights", shown: "what suits the activation behind it") ?? place.weights ?? .uniformByFanIn
  }
}
