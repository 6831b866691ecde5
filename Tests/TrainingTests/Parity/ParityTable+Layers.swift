import DescentNetworks

extension ParityTable {
  /// What network files name but activations.
  static let layerWords = ParityVocabulary(name: "layers") {
    Set(LayerKind.all.map(\.name)).subtracting(activationWords.words())
  }

  /// The sections of what network files name.
  static let layers = [
    ("Layers", "", plainLayers),
    (
      "Convolution", "Pictures are `[batch, channels, height, width]` here and in PyTorch, channels come last in MLX.",
      convolutions
    ),
    ("Pooling", "", pooling), ("Padding, cropping and resizing", "", resizing), ("Normalisation", "", normalizations),
    ("Recurrent layers", "Sequences are `[batch, time, features]`: PyTorch's `batch_first=True`.", recurrences),
    ("Attention and positions", "", attentions), ("Noise", "", noise),
  ].map { title, note, rows in
    ParitySection(title: title, note: note, vocabulary: layerWords, rows: rows)
  }

  private static let plainLayers: [ParityRow] = [
    .layer("dense", [Dense.self], "dense", keras: "keras.layers.Dense", torch: "torch.nn.Linear", mlx: "mlx.nn.Linear"),
    .layer("bilinear", [Bilinear.self], "bilinear", torch: "torch.nn.Bilinear", mlx: "mlx.nn.Bilinear"),
    .layer(
      "identity", [Identity.self], "identity", keras: "keras.layers.Identity", torch: "torch.nn.Identity",
      mlx: "mlx.nn.Identity"),
    .layer(
      "embedding", [Embedding.self], "embedding", keras: "keras.layers.Embedding", torch: "torch.nn.Embedding",
      mlx: "mlx.nn.Embedding"),
    .layer(
      "embedding bag", [EmbeddingBag.self], "embedding-bag", torch: "torch.nn.EmbeddingBag",
      note: "Bags are of one length; a padding index makes them shorter."),
    .layer(
      "flatten", [Flatten.self], "flatten", keras: "keras.layers.Flatten", torch: "torch.nn.Flatten",
      mlx: "mlx.core.flatten"),
    .layer("unflatten", [Unflatten.self], "unflatten", torch: "torch.nn.Unflatten", mlx: "mlx.core.unflatten"),
    .layer(
      "reshape", [Reshape.self], "reshape", keras: "keras.layers.Reshape", torch: "torch.reshape",
      mlx: "mlx.core.reshape"),
    .layer(
      "permute", [Permute.self], "permute", keras: "keras.layers.Permute", torch: "torch.permute",
      mlx: "mlx.core.transpose"),
    .layer(
      "repeat vector", [RepeatVector.self], "repeat-vector", keras: "keras.layers.RepeatVector",
      torch: "torch.Tensor.repeat", mlx: "mlx.core.tile"),
    .layer("time-distributed", [TimeDistributed.self], "time-distributed", keras: "keras.layers.TimeDistributed"),
    .layer(
      "masking", [Masking.self], "masking", keras: "keras.layers.Masking", also: "Masking.mask",
      note: "Keras passes the mask on by itself; here `Masking.mask(of:)` makes it, and `run(_:mask:)` takes it."),
    .layer(
      "Lambda", [Lambda.self], keras: "keras.layers.Lambda",
      note: "Not in network files: a closure cannot be written down."),
    .layer("residual", [Residual.self], "residual", note: "The sum of a body and a shortcut."),
    .layer(
      "in sequence", [Sequential.self], "sequential", keras: "keras.Sequential", torch: "torch.nn.Sequential",
      mlx: "mlx.nn.Sequential"),
    .layer(
      "branched network", [Graph.self], keras: "keras.Model",
      note: "In network files layers name their inputs by `from`."
    ),
    .item(
      "sum of branches", "Graph.Node", "add", keras: "keras.layers.Add", torch: "torch.add", mlx: "mlx.core.add"),
    .item(
      "product of branches", "Graph.Node", "multiply", keras: "keras.layers.Multiply", torch: "torch.mul",
      mlx: "mlx.core.multiply"),
    .item(
      "branches side by side", "Tensor.concatenate", "concatenate", keras: "keras.layers.Concatenate",
      torch: "torch.cat", mlx: "mlx.core.concatenate"),
    .item(
      "part of an axis", "Tensor.sliced", "slice", keras: "keras.ops.slice", torch: "torch.narrow",
      note: "on the first axis behind the batch; MLX by subscripts"),
  ]

  private static let convolutions: [ParityRow] = [
    .layer(
      "convolution", [Conv1D.self, Conv2D.self, Conv3D.self], "conv{1,2,3}d", keras: "keras.layers.Conv{1,2,3}D",
      torch: "torch.nn.Conv{1,2,3}d", mlx: "mlx.nn.Conv{1,2,3}d"),
    .layer(
      "transposed convolution", [ConvTranspose1D.self, ConvTranspose2D.self, ConvTranspose3D.self],
      "conv-transpose{1,2,3}d", keras: "keras.layers.Conv{1,2,3}DTranspose", torch: "torch.nn.ConvTranspose{1,2,3}d",
      mlx: "mlx.nn.ConvTranspose{1,2,3}d"),
    .layer(
      "depthwise convolution", [DepthwiseConv1D.self, DepthwiseConv2D.self, DepthwiseConv3D.self],
      "depthwise-conv{1,2,3}d", keras: "keras.layers.DepthwiseConv{1,2}D", torch: "torch.nn.Conv{1,2,3}d(groups=)",
      mlx: "mlx.nn.Conv{1,2}d(groups=)"),
    .layer(
      "separable convolution", [SeparableConv1D.self, SeparableConv2D.self, SeparableConv3D.self],
      "separable-conv{1,2,3}d", keras: "keras.layers.SeparableConv{1,2}D"),
    .item(
      "padding: explicit", "ConvolutionPadding.explicit", torch: "torch.nn.Conv2d(padding=)",
      mlx: "mlx.nn.Conv2d(padding=)"),
    .item(
      "padding: same, valid", "ConvolutionPadding.same, ConvolutionPadding.valid",
      keras: "keras.layers.Conv2D(padding=)", torch: "torch.nn.Conv2d(padding=)",
      note: "With a stride, where PyTorch has no `same`, it is Keras's."),
    .item(
      "padding: causal", "ConvolutionPadding.causal", keras: "keras.layers.Conv1D(padding=)", note: "Over one axis."),
    .item(
      "stride, dilation, groups", "Convolution.stride, Convolution.dilation, Convolution.groups",
      keras: "keras.layers.Conv2D(groups=)", torch: "torch.nn.Conv2d(groups=)", mlx: "mlx.nn.Conv2d(groups=)"),
  ]

  private static let pooling: [ParityRow] = [
    .layer(
      "max pooling", [MaxPool1D.self, MaxPool2D.self, MaxPool3D.self], "max-pool{1,2,3}d",
      keras: "keras.layers.MaxPooling{1,2,3}D", torch: "torch.nn.MaxPool{1,2,3}d", mlx: "mlx.nn.MaxPool{1,2,3}d"),
    .layer(
      "average pooling", [AveragePool1D.self, AveragePool2D.self, AveragePool3D.self], "average-pool{1,2,3}d",
      keras: "keras.layers.AveragePooling{1,2,3}D", torch: "torch.nn.AvgPool{1,2,3}d", mlx: "mlx.nn.AvgPool{1,2,3}d"),
    .layer(
      "adaptive max pooling", [AdaptiveMaxPool1D.self, AdaptiveMaxPool2D.self, AdaptiveMaxPool3D.self],
      "adaptive-max-pool{1,2,3}d", keras: "keras.layers.AdaptiveMaxPooling{1,2,3}D",
      torch: "torch.nn.AdaptiveMaxPool{1,2,3}d"),
    .layer(
      "adaptive average pooling",
      [AdaptiveAveragePool1D.self, AdaptiveAveragePool2D.self, AdaptiveAveragePool3D.self],
      "adaptive-average-pool{1,2,3}d", keras: "keras.layers.AdaptiveAveragePooling{1,2,3}D",
      torch: "torch.nn.AdaptiveAvgPool{1,2,3}d"),
    .layer(
      "global max pooling", [GlobalMaxPool1D.self, GlobalMaxPool2D.self, GlobalMaxPool3D.self],
      "global-max-pool{1,2,3}d", keras: "keras.layers.GlobalMaxPooling{1,2,3}D", torch: "torch.amax",
      mlx: "mlx.core.max"),
    .layer(
      "global average pooling", [GlobalAveragePool1D.self, GlobalAveragePool2D.self, GlobalAveragePool3D.self],
      "global-average-pool{1,2,3}d", keras: "keras.layers.GlobalAveragePooling{1,2,3}D", torch: "torch.mean",
      mlx: "mlx.core.mean"),
    .layer(
      "max-unpooling", [MaxUnpool1D.self, MaxUnpool2D.self, MaxUnpool3D.self], "max-unpool2d",
      torch: "torch.nn.MaxUnpool{1,2,3}d",
      note: "In a network file the second input is what was pooled; in Swift the places are given."),
    .layer(
      "LP pooling", [LPPool1D.self, LPPool2D.self, LPPool3D.self], "lp-pool{1,2,3}d", torch: "torch.nn.LPPool{1,2,3}d"),
  ]

  private static let resizing: [ParityRow] = [
    .layer(
      "zero padding", [ZeroPad1D.self, ZeroPad2D.self, ZeroPad3D.self], "zero-pad{1,2,3}d",
      keras: "keras.layers.ZeroPadding{1,2,3}D", torch: "torch.nn.ZeroPad{1,2,3}d", mlx: "mlx.core.pad"),
    .layer(
      "constant padding", [ConstantPad1D.self, ConstantPad2D.self, ConstantPad3D.self], "constant-pad{1,2,3}d",
      keras: "keras.ops.pad(constant_values=)", torch: "torch.nn.ConstantPad{1,2,3}d",
      mlx: "mlx.core.pad(constant_values=)"),
    .layer(
      "reflection padding", [ReflectionPad1D.self, ReflectionPad2D.self, ReflectionPad3D.self],
      "reflection-pad{1,2,3}d", keras: "keras.ops.pad(mode=)", torch: "torch.nn.ReflectionPad{1,2,3}d",
      mlx: "mlx.core.pad(mode=)"),
    .layer(
      "replication padding", [ReplicationPad1D.self, ReplicationPad2D.self, ReplicationPad3D.self],
      "replication-pad{1,2,3}d", keras: "keras.ops.pad(mode=)", torch: "torch.nn.ReplicationPad{1,2,3}d",
      mlx: "mlx.core.pad(mode=)", note: "Keras's and MLX's `edge`, which some of Keras's backends lack."),
    .layer(
      "circular padding", [CircularPad1D.self, CircularPad2D.self, CircularPad3D.self], "circular-pad{1,2,3}d",
      keras: "keras.ops.pad(mode=)", torch: "torch.nn.CircularPad{1,2,3}d",
      note: "Keras's `wrap` or `circular`, by its backend."
    ),
    .layer(
      "random cropping", [RandomCrop1D.self, RandomCrop2D.self, RandomCrop3D.self], "random-crop{1,2,3}d",
      keras: "keras.layers.RandomCrop", note: "A place for each sample; in Keras one for a batch, of pictures only."),
    .layer(
      "cropping", [Cropping1D.self, Cropping2D.self, Cropping3D.self], "cropping{1,2,3}d",
      keras: "keras.layers.Cropping{1,2,3}D"),
    .layer(
      "upsampling", [Upsampling1D.self, Upsampling2D.self, Upsampling3D.self], "upsampling{1,2,3}d",
      keras: "keras.layers.UpSampling{1,2,3}D", torch: "torch.nn.Upsample", mlx: "mlx.nn.Upsample",
      also: "Interpolation.nearest, Interpolation.linear, Interpolation.cubic",
      note: "Cubics are PyTorch's (a = −0.75)."),
    .layer(
      "pixel shuffle", [PixelShuffle.self], "pixel-shuffle", keras: "keras.ops.depth_to_space",
      torch: "torch.nn.PixelShuffle", note: "Keras's with channels first."),
    .layer(
      "pixel unshuffle", [PixelUnshuffle.self], "pixel-unshuffle", keras: "keras.ops.space_to_depth",
      torch: "torch.nn.PixelUnshuffle"),
  ]
}
