import DescentNetworks

extension ParityTable {
  static let normalizations: [ParityRow] = [
    .layer(
      "batch normalisation", [BatchNorm.self], "batch-norm", keras: "keras.layers.BatchNormalization",
      torch: "torch.nn.BatchNorm{1,2,3}d", mlx: "mlx.nn.BatchNorm",
      note: "ε and momentum are PyTorch's; Keras's momentum is 1 − that."),
    .layer(
      "layer normalisation", [LayerNorm.self], "layer-norm", keras: "keras.layers.LayerNormalization",
      torch: "torch.nn.LayerNorm", mlx: "mlx.nn.LayerNorm"),
    .layer(
      "group normalisation", [GroupNorm.self], "group-norm", keras: "keras.layers.GroupNormalization",
      torch: "torch.nn.GroupNorm", mlx: "mlx.nn.GroupNorm(pytorch_compatible=)"),
    .layer(
      "instance normalisation", [InstanceNorm.self], "instance-norm", keras: "keras.layers.GroupNormalization(groups=)",
      torch: "torch.nn.InstanceNorm{1,2,3}d", mlx: "mlx.nn.InstanceNorm", note: "Without running statistics."),
    .layer(
      "RMS normalisation", [RMSNorm.self], "rms-norm", keras: "keras.layers.RMSNormalization",
      torch: "torch.nn.RMSNorm",
      mlx: "mlx.nn.RMSNorm"),
    .layer(
      "local response normalisation", [LocalResponseNorm.self], "local-response-norm",
      torch: "torch.nn.LocalResponseNorm"),
    .layer(
      "unit normalisation", [UnitNorm.self], "unit-norm", keras: "keras.layers.UnitNormalization",
      torch: "torch.nn.functional.normalize"),
    .layer(
      "principal components and whitening", [PrincipalComponents.self], "principal-components",
      torch: "torch.pca_lowrank",
      note: "Fitted before training, not learnt; scikit-learn: `PCA`. Whitened and zero-phase (ZCA) forms."),
    .layer(
      "products of features", [Powers.self], "powers", note: "scikit-learn: `PolynomialFeatures`."),
    .layer("sines of features", [Sines.self], "sines"),
    .layer(
      "spectral normalisation", [SpectralNorm.self], "spectral-norm", keras: "keras.layers.SpectralNormalization",
      torch: "torch.nn.utils.spectral_norm", note: "Of dense and convolutional layers; in network files of dense ones."),
  ]

  static let recurrences: [ParityRow] = [
    .layer(
      "RNN", [RNN.self, RNNCell.self], "rnn, rnn-cell", keras: "keras.layers.SimpleRNN, keras.layers.SimpleRNNCell",
      torch: "torch.nn.RNN, torch.nn.RNNCell", mlx: "mlx.nn.RNN"),
    .layer(
      "LSTM", [LSTM.self, LSTMCell.self], "lstm, lstm-cell", keras: "keras.layers.LSTM, keras.layers.LSTMCell",
      torch: "torch.nn.LSTM, torch.nn.LSTMCell", mlx: "mlx.nn.LSTM"),
    .layer(
      "GRU", [GRU.self, GRUCell.self], "gru, gru-cell", keras: "keras.layers.GRU(reset_after=), keras.layers.GRUCell",
      torch: "torch.nn.GRU, torch.nn.GRUCell", mlx: "mlx.nn.GRU", note: "Keras's `reset_after=True`."),
    .item("stacked", "LSTM(layers:)", keras: "keras.layers.StackedRNNCells", torch: "torch.nn.LSTM(num_layers=)"),
    .item(
      "bidirectional", "LSTM(bidirectional:)", keras: "keras.layers.Bidirectional",
      torch: "torch.nn.LSTM(bidirectional=)"),
    .item("dropout between layers", "LSTM(dropout:)", torch: "torch.nn.LSTM(dropout=)"),
    .item(
      "initial state", "RecurrentLayer.run(initial:)", torch: "torch.nn.LSTM(h_0=)",
      note: "Keras's and MLX's layers take it in their call. Not in network files, but for cells."),
    .item(
      "variable lengths", "RecurrentLayer.run(mask:)", keras: "keras.layers.Masking",
      torch: "torch.nn.utils.rnn.pack_padded_sequence", note: "By mask. Not in network files."),
    .item(
      "last state or sequence", "RecurrentOutput.last, RecurrentOutput.sequence",
      keras: "keras.layers.LSTM(return_sequences=)"),
  ]

  static let attentions: [ParityRow] = [
    .item(
      "scaled dot-product attention", "scaledDotProductAttention(mask:isCausal:dropout:)",
      "scaled-dot-product-attention", keras: "keras.ops.dot_product_attention, keras.layers.Attention",
      torch: "torch.nn.functional.scaled_dot_product_attention", mlx: "mlx.core.fast.scaled_dot_product_attention"),
    .layer(
      "multi-head attention", [MultiHeadAttention.self], "multi-head-attention",
      keras: "keras.layers.MultiHeadAttention", torch: "torch.nn.MultiheadAttention", mlx: "mlx.nn.MultiHeadAttention"),
    .layer(
      "grouped-query attention", [GroupedQueryAttention.self], "grouped-query-attention",
      keras: "keras.layers.GroupQueryAttention",
      torch: "torch.nn.functional.scaled_dot_product_attention(enable_gqa=)",
      mlx: "mlx.core.fast.scaled_dot_product_attention"),
    .layer(
      "additive attention", [AdditiveAttention.self], "additive-attention", keras: "keras.layers.AdditiveAttention",
      note: "Keras's has no weights of queries and keys."),
    .layer(
      "transformer encoder layer", [TransformerEncoderLayer.self], "transformer-encoder-layer",
      torch: "torch.nn.TransformerEncoderLayer", mlx: "mlx.nn.TransformerEncoderLayer"),
    .layer(
      "transformer decoder layer", [TransformerDecoderLayer.self], "transformer-decoder-layer",
      torch: "torch.nn.TransformerDecoderLayer", mlx: "mlx.nn.TransformerDecoderLayer"),
    .layer(
      "sinusoidal positions", [SinusoidalPositions.self], "sinusoidal-positions",
      mlx: "mlx.nn.SinusoidalPositionalEncoding", note: "Sines and cosines in turn, added to the input; MLX's are not."),
    .layer("learned positions", [LearnedPositions.self], "learned-positions", note: "Added to the input."),
    .layer("rotary positions", [RotaryPositions.self], "rotary-positions", mlx: "mlx.nn.RoPE, mlx.core.fast.rope"),
    .item(
      "ALiBi", "alibi", mlx: "mlx.nn.ALiBi",
      note: "In network files it is a field of `multi-head-attention`, `alibi: true`."),
  ]

  static let noise: [ParityRow] = [
    .layer(
      "dropout", [Dropout.self], "dropout, --dropout", keras: "keras.layers.Dropout", torch: "torch.nn.Dropout",
      mlx: "mlx.nn.Dropout"),
    .layer(
      "dropout of channels", [Dropout1D.self, Dropout2D.self, Dropout3D.self], "dropout{1,2,3}d",
      keras: "keras.layers.SpatialDropout{1,2,3}D", torch: "torch.nn.Dropout{1,2,3}d", mlx: "mlx.nn.Dropout{2,3}d"),
    .layer(
      "alpha dropout", [AlphaDropout.self], "alpha-dropout", keras: "keras.layers.AlphaDropout",
      torch: "torch.nn.AlphaDropout"),
    .layer("Gaussian noise", [GaussianNoise.self], "gaussian-noise", keras: "keras.layers.GaussianNoise"),
    .layer("Gaussian dropout", [GaussianDropout.self], "gaussian-dropout", keras: "keras.layers.GaussianDropout"),
    .layer(
      "DropConnect", [DropConnect.self], "drop-connect",
      note: "Of a dense or convolutional layer's weights; in network files of a dense one's."),
  ]
}
