import DescentNetworks

extension ParityTable {
  /// Activations by name, and those that are layers of their own.
  static let activationWords = ParityVocabulary(name: "activations") {
    Set(Activation.all.map(\.name) + ["prelu", "rrelu"])
  }

  static let activations = ParitySection(
    title: "Activations",
    note: "Each is a layer in Swift and in network files, and `--activation` takes those that have no weights.",
    vocabulary: activationWords,
    rows: [
      .item("step", "Activation.step", "step", torch: "torch.heaviside", mlx: "mlx.nn.Step"),
      .item("linear", "Activation.linear(slope:)", "linear", keras: "keras.activations.linear"),
      .item(
        "sigmoid", "Activation.sigmoid", "sigmoid", keras: "keras.activations.sigmoid", torch: "torch.nn.Sigmoid",
        mlx: "mlx.nn.Sigmoid"),
      .item(
        "hard sigmoid", "Activation.hardSigmoid", "hard-sigmoid", keras: "keras.activations.hard_sigmoid",
        torch: "torch.nn.Hardsigmoid"),
      .item(
        "log sigmoid", "Activation.logSigmoid", "log-sigmoid", keras: "keras.activations.log_sigmoid",
        torch: "torch.nn.LogSigmoid", mlx: "mlx.nn.LogSigmoid"),
      .item(
        "tanh", "Activation.tanh", "tanh", keras: "keras.activations.tanh", torch: "torch.nn.Tanh", mlx: "mlx.nn.Tanh"),
      .item(
        "hard tanh", "Activation.hardTanh(from:to:)", "hard-tanh", keras: "keras.activations.hard_tanh",
        torch: "torch.nn.Hardtanh(min_val=)", mlx: "mlx.nn.HardTanh"),
      .item(
        "softsign", "Activation.softsign", "softsign", keras: "keras.activations.softsign", torch: "torch.nn.Softsign",
        mlx: "mlx.nn.Softsign"),
      .item(
        "softplus", "Activation.softplus(beta:)", "softplus", keras: "keras.activations.softplus",
        torch: "torch.nn.Softplus(beta=)", mlx: "mlx.nn.Softplus"),
      .item(
        "ReLU", "Activation.relu", "relu", keras: "keras.activations.relu", torch: "torch.nn.ReLU", mlx: "mlx.nn.ReLU"),
      .item(
        "ReLU6", "Activation.relu6", "relu6", keras: "keras.activations.relu6", torch: "torch.nn.ReLU6",
        mlx: "mlx.nn.ReLU6"),
      .item(
        "leaky ReLU", "Activation.leakyReLU(slope:)", "leaky-relu", keras: "keras.activations.leaky_relu",
        torch: "torch.nn.LeakyReLU", mlx: "mlx.nn.LeakyReLU", note: "Slope 0.01, as in PyTorch and MLX; Keras's is 0.2."
      ),
      .layer(
        "PReLU", [PReLU.self], "prelu", keras: "keras.layers.PReLU", torch: "torch.nn.PReLU", mlx: "mlx.nn.PReLU"),
      .layer("RReLU", [RReLU.self], "rrelu", torch: "torch.nn.RReLU"),
      .item(
        "thresholded ReLU", "Activation.thresholdedReLU(threshold:)", "thresholded-relu",
        keras: "keras.activations.threshold", torch: "torch.nn.Threshold"),
      .item(
        "ELU", "Activation.elu(alpha:)", "elu", keras: "keras.activations.elu", torch: "torch.nn.ELU",
        mlx: "mlx.nn.ELU"),
      .item(
        "CELU", "Activation.celu(alpha:)", "celu", keras: "keras.activations.celu", torch: "torch.nn.CELU",
        mlx: "mlx.nn.CELU"),
      .item(
        "SELU", "Activation.selu", "selu", keras: "keras.activations.selu", torch: "torch.nn.SELU",
        mlx: "mlx.nn.SELU"),
      .item(
        "GELU", "Activation.gelu", "gelu", keras: "keras.activations.gelu", torch: "torch.nn.GELU",
        mlx: "mlx.nn.GELU"),
      .item(
        "GELU by tanh", "Activation.geluTanh", "gelu-tanh", keras: "keras.activations.gelu(approximate=)",
        torch: "torch.nn.GELU(approximate=)", mlx: "mlx.nn.gelu_approx"),
      .item(
        "SiLU", "Activation.silu", "silu", keras: "keras.activations.silu", torch: "torch.nn.SiLU",
        mlx: "mlx.nn.SiLU", note: "Also named Swish."),
      .item(
        "hard SiLU", "Activation.hardSiLU", "hard-silu", keras: "keras.activations.hard_silu",
        torch: "torch.nn.Hardswish", mlx: "mlx.nn.Hardswish"),
      .item(
        "Mish", "Activation.mish", "mish", keras: "keras.activations.mish", torch: "torch.nn.Mish", mlx: "mlx.nn.Mish"),
      .item("GLU", "Activation.glu", "glu", keras: "keras.activations.glu", torch: "torch.nn.GLU", mlx: "mlx.nn.GLU"),
      .item("SwiGLU", "Activation.swiGLU", "swiglu"),
      .item(
        "softmax", "Activation.softmax", "softmax", keras: "keras.activations.softmax", torch: "torch.nn.Softmax",
        mlx: "mlx.nn.Softmax", note: "Over the last axis, as its kin."),
      .item("softmin", "Activation.softmin", "softmin", torch: "torch.nn.Softmin", mlx: "mlx.nn.Softmin"),
      .item(
        "log-softmax", "Activation.logSoftmax", "log-softmax", keras: "keras.activations.log_softmax",
        torch: "torch.nn.LogSoftmax", mlx: "mlx.nn.LogSoftmax"),
      .item("sparsemax", "Activation.sparsemax", "sparsemax", keras: "keras.activations.sparsemax"),
      .item(
        "hard shrink", "Activation.hardShrink(threshold:)", "hard-shrink", keras: "keras.activations.hard_shrink",
        torch: "torch.nn.Hardshrink", mlx: "mlx.nn.HardShrink"),
      .item(
        "soft shrink", "Activation.softShrink(threshold:)", "soft-shrink", keras: "keras.activations.soft_shrink",
        torch: "torch.nn.Softshrink", mlx: "mlx.nn.Softshrink"),
      .item(
        "tanh shrink", "Activation.tanhShrink", "tanh-shrink", keras: "keras.activations.tanh_shrink",
        torch: "torch.nn.Tanhshrink"),
      .item("squareplus", "Activation.squareplus(b:)", "squareplus", keras: "keras.activations.squareplus"),
      .item(
        "exponential", "Activation.exponential", "exponential", keras: "keras.activations.exponential",
        torch: "torch.exp", mlx: "mlx.core.exp"),
      .item(
        "maxout", "Activation.maxout(pieces:)", "maxout", note: "Of neighbours on the last axis, behind a dense layer."),
      .item("sine", "Activation.sine", "sine", keras: "keras.ops.sin", torch: "torch.sin", mlx: "mlx.core.sin"),
    ])
}
