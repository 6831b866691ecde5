import DescentNetworks

extension ParityTable {
  static let initializers = ParitySection(
    title: "Initializers",
    note: "Names are those of `Initializer.named(_:)`; layers take them as `weights:` and `biases:`.",
    vocabulary: ParityVocabulary(name: "initializers") { Set(Initializer.all.map(\.name)) },
    rows: [
      .item(
        "constant", "Initializer.constant", "constant", keras: "keras.initializers.Constant",
        torch: "torch.nn.init.constant_", mlx: "mlx.nn.init.constant"),
      .item("zeros", "Initializer.zeros", "zeros", keras: "keras.initializers.Zeros", torch: "torch.nn.init.zeros_"),
      .item("ones", "Initializer.ones", "ones", keras: "keras.initializers.Ones", torch: "torch.nn.init.ones_"),
      .item(
        "uniform", "Initializer.uniform", "uniform", keras: "keras.initializers.RandomUniform",
        torch: "torch.nn.init.uniform_", mlx: "mlx.nn.init.uniform", note: "The standard bounds are Keras's."),
      .item(
        "normal", "Initializer.normal", "normal", keras: "keras.initializers.RandomNormal",
        torch: "torch.nn.init.normal_", mlx: "mlx.nn.init.normal", note: "The standard deviation is 0.001 here."),
      .item(
        "truncated normal", "Initializer.truncatedNormal", "truncated-normal",
        keras: "keras.initializers.TruncatedNormal", torch: "torch.nn.init.trunc_normal_"),
      .item(
        "Glorot", "Initializer.glorotUniform, Initializer.glorotNormal", "glorot-{uniform,normal}",
        keras: "keras.initializers.GlorotUniform, keras.initializers.GlorotNormal",
        torch: "torch.nn.init.xavier_uniform_, torch.nn.init.xavier_normal_",
        mlx: "mlx.nn.init.glorot_uniform, mlx.nn.init.glorot_normal",
        note: "Keras's normal ones are truncated; `varianceScaling` draws those."),
      .item(
        "He", "Initializer.heUniform, Initializer.heNormal", "he-{uniform,normal}",
        keras: "keras.initializers.HeUniform, keras.initializers.HeNormal",
        torch: "torch.nn.init.kaiming_uniform_, torch.nn.init.kaiming_normal_",
        mlx: "mlx.nn.init.he_uniform, mlx.nn.init.he_normal"),
      .item(
        "LeCun", "Initializer.leCunUniform, Initializer.leCunNormal", "lecun-{uniform,normal}",
        keras: "keras.initializers.LecunUniform, keras.initializers.LecunNormal"),
      .item(
        "uniform by fan-in", "Initializer.uniformByFanIn", "uniform-by-fan-in",
        note: "What PyTorch's dense and convolution layers start from; here convolutions, and dense layers as Keras's."),
      .item(
        "variance scaling", "Initializer.varianceScaling", "variance-scaling",
        keras: "keras.initializers.VarianceScaling"),
      .item(
        "orthogonal", "Initializer.orthogonal(gain:)", "orthogonal", keras: "keras.initializers.Orthogonal",
        torch: "torch.nn.init.orthogonal_", mlx: "mlx.nn.init.orthogonal"),
      .item(
        "identity", "Initializer.identity(gain:)", "identity", keras: "keras.initializers.Identity",
        torch: "torch.nn.init.eye_", mlx: "mlx.nn.init.identity"),
      .item("Dirac", "Initializer.dirac(groups:)", "dirac", torch: "torch.nn.init.dirac_"),
      .item(
        "sparse", "Initializer.sparse(sparsity:)", "sparse", torch: "torch.nn.init.sparse_", mlx: "mlx.nn.init.sparse"),
    ])

  static let penalties = ParitySection(
    title: "Regularisers and constraints",
    note: "A penalty is added to the loss, a constraint holds behind every step, as part of a group of parameters.",
    vocabulary: noWords,
    rows: [
      .item("L1", "Penalty.l1", "--l1", keras: "keras.regularizers.L1"),
      .item(
        "L2", "Penalty.l2", "--l2", keras: "keras.regularizers.L2", torch: "torch.optim.SGD(weight_decay=)",
        mlx: "mlx.optimizers.SGD(weight_decay=)",
        note: "λ·Σw² without ½, as in Keras: twice the λ of a weight decay, which `Optimizer` has too."),
      .item("L1 and L2", "Penalty.elastic(l1:l2:)", keras: "keras.regularizers.L1L2"),
      .item("orthogonal", "Penalty.orthogonal", keras: "keras.regularizers.OrthogonalRegularizer"),
      .item("orthonormal", "Penalty.orthonormal", note: "“Soft orthogonality” of Bansal, Chen and Wang."),
      .layer("activity", [ActivityPenalty.self], keras: "keras.layers.ActivityRegularization"),
      .item(
        "max-norm", "Constraint.maxNorm", keras: "keras.constraints.MaxNorm", torch: "torch.renorm",
        note: "Over the weights of an output, where Keras has axis 0."),
      .item("unit-norm", "Constraint.unitNorm", keras: "keras.constraints.UnitNorm"),
      .item("norm within bounds", "Constraint.norm(atLeast:atMost:)", keras: "keras.constraints.MinMaxNorm"),
      .item("non-negative", "Constraint.nonNegative", keras: "keras.constraints.NonNeg"),
    ])
}
