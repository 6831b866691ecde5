import DescentTraining

extension ParityTable {
  static let optimizers = ParitySection(
    title: "Optimizers",
    note:
      "`--optimizer` takes those with a name. Standard values and the place of ε are PyTorch's where it has the rule.",
    vocabulary: ParityVocabulary(name: "optimizers") { Set(TrainingSettings.optimizers.map(\.name)) },
    rows: rules + additions)

  private static let rules: [ParityRow] = [
    .item(
      "SGD", "Optimizer.sgd", "sgd", keras: "keras.optimizers.SGD", torch: "torch.optim.SGD", mlx: "mlx.optimizers.SGD"),
    .item(
      "momentum", "Optimizer.momentum", "momentum", keras: "keras.optimizers.SGD(momentum=)",
      torch: "torch.optim.SGD(momentum=)", mlx: "mlx.optimizers.SGD(momentum=)"),
    .item(
      "Nesterov", "Optimizer.momentum(nesterov:)", "nesterov", keras: "keras.optimizers.SGD(nesterov=)",
      torch: "torch.optim.SGD(nesterov=)", mlx: "mlx.optimizers.SGD(nesterov=)"),
    .item(
      "AdaGrad", "Optimizer.adaGrad", "adagrad", keras: "keras.optimizers.Adagrad", torch: "torch.optim.Adagrad",
      mlx: "mlx.optimizers.Adagrad"),
    .item(
      "AdaDelta", "Optimizer.adaDelta", "adadelta", keras: "keras.optimizers.Adadelta", torch: "torch.optim.Adadelta",
      mlx: "mlx.optimizers.AdaDelta"),
    .item(
      "RMSProp", "Optimizer.rmsProp", "rmsprop", keras: "keras.optimizers.RMSprop", torch: "torch.optim.RMSprop",
      mlx: "mlx.optimizers.RMSprop"),
    .item(
      "RMSProp, centred", "Optimizer.rmsProp(centred:)", "rmsprop-centred",
      keras: "keras.optimizers.RMSprop(centered=)", torch: "torch.optim.RMSprop(centered=)"),
    .item(
      "Adam", "Optimizer.adam", "adam", keras: "keras.optimizers.Adam", torch: "torch.optim.Adam",
      mlx: "mlx.optimizers.Adam(bias_correction=)", note: "MLX corrects the bias only where it is asked to."),
    .item(
      "AMSGrad", "Optimizer.adam(amsgrad:)", "amsgrad", keras: "keras.optimizers.Adam(amsgrad=)",
      torch: "torch.optim.Adam(amsgrad=)"),
    .item(
      "AdamW", "Optimizer.adamW", "adamw", keras: "keras.optimizers.AdamW", torch: "torch.optim.AdamW",
      mlx: "mlx.optimizers.AdamW(bias_correction=)"),
    .item(
      "AdaMax", "Optimizer.adaMax", "adamax", keras: "keras.optimizers.Adamax", torch: "torch.optim.Adamax",
      mlx: "mlx.optimizers.Adamax"),
    .item("NAdam", "Optimizer.nAdam", "nadam", keras: "keras.optimizers.Nadam", torch: "torch.optim.NAdam"),
    .item("RAdam", "Optimizer.rAdam", "radam", torch: "torch.optim.RAdam"),
    .item(
      "Adafactor", "Optimizer.adafactor", "adafactor", keras: "keras.optimizers.Adafactor",
      torch: "torch.optim.Adafactor", mlx: "mlx.optimizers.Adafactor", note: "In PyTorch's form."),
    .item("Lion", "Optimizer.lion", "lion", keras: "keras.optimizers.Lion", mlx: "mlx.optimizers.Lion"),
    .item("LAMB", "Optimizer.lamb", "lamb", keras: "keras.optimizers.Lamb"),
    .item(
      "Muon", "Optimizer.muon", "muon", keras: "keras.optimizers.Muon", torch: "torch.optim.Muon",
      mlx: "mlx.optimizers.Muon",
      note: "What is no matrix is moved by AdamW, as in Keras; PyTorch leaves it to another optimizer."),
    .item("Rprop", "Optimizer.rprop", "rprop", torch: "torch.optim.Rprop"),
    .item("ASGD", "Optimizer.asgd", "asgd", torch: "torch.optim.ASGD"),
    .item("FTRL", "Optimizer.ftrl", "ftrl", keras: "keras.optimizers.Ftrl"),
    .item(
      "schedule-free AdamW", "Optimizer.scheduleFree", "schedule-free", keras: "keras.optimizers.ScheduleFreeAdamW"),
  ]

  private static let additions: [ParityRow] = [
    .item(
      "parameter groups", "ParameterGroup, Optimizer.groups", keras: "keras.optimizers.MultiOptimizer",
      torch: "torch.optim.Optimizer.add_param_group", mlx: "mlx.optimizers.MultiOptimizer",
      note: "By pattern of the parameters' names: rate, decay, constraint, or another rule."),
    .item(
      "freezing", "ParameterGroup.frozen", keras: "keras.layers.Layer.trainable", torch: "torch.Tensor.requires_grad_",
      mlx: "mlx.nn.Module.freeze"),
    .item(
      "clipping", "GradientClipping.globalNorm, GradientClipping.value",
      keras: "keras.optimizers.Optimizer(global_clipnorm=), keras.optimizers.Optimizer(clipvalue=)",
      torch: "torch.nn.utils.clip_grad_norm_, torch.nn.utils.clip_grad_value_", mlx: "mlx.optimizers.clip_grad_norm"),
    .item(
      "gradient accumulation", "Optimizer.accumulating",
      keras: "keras.optimizers.Optimizer(gradient_accumulation_steps=)",
      note: "In PyTorch and MLX gradients are added up by hand."),
    .item(
      "exponential weight averaging", "WeightAveraging.exponential, Optimizer.averaging",
      keras: "keras.optimizers.Optimizer(use_ema=)", torch: "torch.optim.swa_utils.get_ema_multi_avg_fn"),
    .item(
      "stochastic weight averaging", "WeightAveraging.stochastic, Optimizer.averaging",
      torch: "torch.optim.swa_utils.AveragedModel"),
    .item("sharpness-aware minimisation", "Optimizer.sharpnessAware"),
  ]

  static let minimizers = ParitySection(
    title: "Minimisers over all samples at once", note: "For small problems in float64; from Swift.",
    vocabulary: noWords,
    rows: [
      .layer(
        "conjugate gradient", [ConjugateGradient.self], note: "Polak–Ribière+, line search of the strong Wolfe kind."),
      .layer("L-BFGS", [LBFGS.self], torch: "torch.optim.LBFGS(line_search_fn=)", note: "PyTorch's `strong_wolfe`."),
      .layer("Levenberg–Marquardt", [LevenbergMarquardt.self], note: "Least squares; the Jacobian is from the graph."),
    ])

  static let schedules = ParitySection(
    title: "Learning rate schedules",
    note:
      "`--schedule` takes those with a name, fitted to the length of the run. A schedule counts steps; `perEpoch` makes "
      + "it count epochs.",
    vocabulary: ParityVocabulary(name: "schedules") { Set(TrainingSettings.schedules.map(\.name)) },
    rows: [
      .item("constant", "Schedule.constant", "constant", torch: "torch.optim.lr_scheduler.ConstantLR"),
      .item(
        "step", "Schedule.step", "step", keras: "keras.optimizers.schedules.ExponentialDecay(staircase=)",
        torch: "torch.optim.lr_scheduler.StepLR", mlx: "mlx.optimizers.step_decay"),
      .item(
        "multi-step", "Schedule.multiStep", "multi-step", keras: "keras.optimizers.schedules.PiecewiseConstantDecay",
        torch: "torch.optim.lr_scheduler.MultiStepLR"),
      .item(
        "exponential", "Schedule.exponential", "exponential", keras: "keras.optimizers.schedules.ExponentialDecay",
        torch: "torch.optim.lr_scheduler.ExponentialLR", mlx: "mlx.optimizers.exponential_decay"),
      .item(
        "polynomial", "Schedule.polynomial", "polynomial", keras: "keras.optimizers.schedules.PolynomialDecay",
        torch: "torch.optim.lr_scheduler.PolynomialLR"),
      .item(
        "inverse-time", "Schedule.inverseTime", "inverse-time", keras: "keras.optimizers.schedules.InverseTimeDecay"),
      .item(
        "linear", "Schedule.linear", "linear", keras: "keras.optimizers.schedules.PolynomialDecay(power=)",
        torch: "torch.optim.lr_scheduler.LinearLR", mlx: "mlx.optimizers.linear_schedule"),
      .item(
        "cosine", "Schedule.cosine", "cosine", keras: "keras.optimizers.schedules.CosineDecay",
        torch: "torch.optim.lr_scheduler.CosineAnnealingLR", mlx: "mlx.optimizers.cosine_decay"),
      .item(
        "cosine with restarts", "Schedule.cosineWithRestarts", "cosine-restarts",
        keras: "keras.optimizers.schedules.CosineDecayRestarts",
        torch: "torch.optim.lr_scheduler.CosineAnnealingWarmRestarts"),
      .item("cyclic", "Schedule.cyclic", "cyclic", torch: "torch.optim.lr_scheduler.CyclicLR"),
      .item(
        "one-cycle", "Schedule.oneCycle", "one-cycle", torch: "torch.optim.lr_scheduler.OneCycleLR",
        note: "Without its cycle of the momentum."),
      .item("Noam", "Schedule.noam", "noam"),
      .item(
        "warm-up", "Schedule.warmUp", "--warm-up", keras: "keras.optimizers.schedules.CosineDecay(warmup_steps=)",
        torch: "torch.optim.lr_scheduler.LinearLR", mlx: "mlx.optimizers.linear_schedule"),
      .item(
        "on plateau", "ReduceOnPlateau", "plateau", keras: "keras.callbacks.ReduceLROnPlateau",
        torch: "torch.optim.lr_scheduler.ReduceLROnPlateau"),
      .item(
        "in sequence", "Schedule.sequence", torch: "torch.optim.lr_scheduler.SequentialLR",
        mlx: "mlx.optimizers.join_schedules"),
      .item("chained", "Schedule.chained", torch: "torch.optim.lr_scheduler.ChainedScheduler"),
    ])
}
