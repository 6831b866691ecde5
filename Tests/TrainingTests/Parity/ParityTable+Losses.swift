import DescentNetworks

extension ParityTable {
  static let losses = ParitySection(
    title: "Losses",
    note: """
      Predictions come first, as in PyTorch and MLX; Keras takes the targets first. `--loss` takes those that compare
      one output with one target.
      """,
    vocabulary: ParityVocabulary(name: "losses") { Set(Loss.all.map(\.name) + Loss.namesOfOtherArguments) },
    rows: errors + classifications + margins + comparisons + weights)

  private static let errors: [ParityRow] = [
    .item(
      "mean squared error", "Loss.meanSquared", "mean-squared", keras: "keras.losses.MeanSquaredError",
      torch: "torch.nn.MSELoss", mlx: "mlx.nn.losses.mse_loss"),
    .item("root mean squared error", "Loss.rootMeanSquared", "root-mean-squared"),
    .item("half the mean squared error", "Loss.halfMeanSquared", "half-mean-squared"),
    .item(
      "sum of squares", "Loss.sumOfSquares", "sum-of-squares", torch: "torch.nn.MSELoss(reduction=)",
      mlx: "mlx.nn.losses.mse_loss(reduction=)"),
    .item("half the sum of squares", "Loss.halfSumOfSquares", "half-sum-of-squares"),
    .item(
      "mean absolute error", "Loss.meanAbsolute", "mean-absolute", keras: "keras.losses.MeanAbsoluteError",
      torch: "torch.nn.L1Loss", mlx: "mlx.nn.losses.l1_loss"),
    .item(
      "L1", "Loss.l1", "l1", torch: "torch.nn.L1Loss(reduction=)", mlx: "mlx.nn.losses.l1_loss(reduction=)",
      note: "The sum over a sample."),
    .item(
      "mean absolute percentage error", "Loss.meanAbsolutePercentage", "mean-absolute-percentage",
      keras: "keras.losses.MeanAbsolutePercentageError"),
    .item(
      "mean squared logarithmic error", "Loss.meanSquaredLogarithmic", "mean-squared-logarithmic",
      keras: "keras.losses.MeanSquaredLogarithmicError"),
    .item("log-cosh", "Loss.logCosh", "log-cosh", keras: "keras.losses.LogCosh", mlx: "mlx.nn.losses.log_cosh_loss"),
    .item(
      "Huber", "Loss.huber(delta:)", "huber", keras: "keras.losses.Huber", torch: "torch.nn.HuberLoss",
      mlx: "mlx.nn.losses.huber_loss"),
    .item(
      "smooth L1", "Loss.smoothL1(beta:)", "smooth-l1", torch: "torch.nn.SmoothL1Loss",
      mlx: "mlx.nn.losses.smooth_l1_loss"),
    .item("Poisson", "Loss.poisson", "poisson", keras: "keras.losses.Poisson"),
    .item(
      "Poisson NLL", "Loss.poissonNegativeLogLikelihood(ofLogarithms:full:)", "poisson-negative-log-likelihood",
      torch: "torch.nn.PoissonNLLLoss"),
    .layer(
      "Gaussian NLL", [GaussianNegativeLogLikelihood.self], "gaussian-negative-log-likelihood",
      torch: "torch.nn.GaussianNLLLoss", mlx: "mlx.nn.losses.gaussian_nll_loss"),
  ]

  private static let classifications: [ParityRow] = [
    .item(
      "cross-entropy", "Loss.crossEntropy", "cross-entropy",
      keras:
        "keras.losses.CategoricalCrossentropy(from_logits=), keras.losses.SparseCategoricalCrossentropy(from_logits=)",
      torch: "torch.nn.CrossEntropyLoss", mlx: "mlx.nn.losses.cross_entropy",
      note: "Targets are class indices or probabilities; classes are on the last axis."),
    .item(
      "cross-entropy of probabilities", "Loss.crossEntropyOfProbabilities", "cross-entropy-of-probabilities",
      keras: "keras.losses.CategoricalCrossentropy, keras.losses.SparseCategoricalCrossentropy"),
    .item(
      "negative log-likelihood", "Loss.negativeLogLikelihood", "negative-log-likelihood", torch: "torch.nn.NLLLoss",
      mlx: "mlx.nn.losses.nll_loss"),
    .item(
      "binary cross-entropy", "Loss.binaryCrossEntropy", "binary-cross-entropy",
      keras: "keras.losses.BinaryCrossentropy(from_logits=)", torch: "torch.nn.BCEWithLogitsLoss",
      mlx: "mlx.nn.losses.binary_cross_entropy(with_logits=)"),
    .item(
      "binary cross-entropy of probabilities", "Loss.binaryCrossEntropyOfProbabilities",
      "binary-cross-entropy-of-probabilities", keras: "keras.losses.BinaryCrossentropy", torch: "torch.nn.BCELoss",
      mlx: "mlx.nn.losses.binary_cross_entropy(with_logits=)"),
    .item(
      "Kullback–Leibler divergence", "Loss.kullbackLeibler", "kullback-leibler", keras: "keras.losses.KLDivergence",
      torch: "torch.nn.KLDivLoss", mlx: "mlx.nn.losses.kl_div_loss",
      note: "Log-probabilities against probabilities, as in PyTorch; Keras takes probabilities, MLX logarithms of both."
    ),
    .item(
      "focal", "Loss.focal(gamma:alpha:)", "focal", keras: "keras.losses.CategoricalFocalCrossentropy",
      note: "Of logits; Keras's `from_logits=True`."),
    .item(
      "binary focal", "Loss.binaryFocal(gamma:alpha:)", "binary-focal", keras: "keras.losses.BinaryFocalCrossentropy"),
    .item(
      "Dice", "Loss.dice(smoothing:)", "dice", keras: "keras.losses.Dice",
      note: "One number a sample; Keras's stands for the whole batch unless its `axis` says otherwise."),
    .item(
      "Tversky", "Loss.tversky(alpha:beta:)", "tversky", keras: "keras.losses.Tversky",
      note: "One number a sample, too. α and β are those of Keras's documentation; its code (3.15) exchanges them."),
    .layer(
      "CTC", [CTCLoss.self], "ctc", keras: "keras.losses.CTC", torch: "torch.nn.CTCLoss",
      note: "`[batch, time, classes]`; PyTorch has the time first, and its mean divides by the targets' lengths."),
  ]

  private static let margins: [ParityRow] = [
    .item("hinge", "Loss.hinge", "hinge", keras: "keras.losses.Hinge", mlx: "mlx.nn.losses.hinge_loss"),
    .item("squared hinge", "Loss.squaredHinge", "squared-hinge", keras: "keras.losses.SquaredHinge"),
    .item("categorical hinge", "Loss.categoricalHinge", "categorical-hinge", keras: "keras.losses.CategoricalHinge"),
    .item("soft margin", "Loss.softMargin", "soft-margin", torch: "torch.nn.SoftMarginLoss"),
    .item("multi-margin", "Loss.multiMargin(power:margin:)", "multi-margin", torch: "torch.nn.MultiMarginLoss"),
    .item(
      "multi-label margin", "Loss.multiLabelMargin", "multi-label-margin", torch: "torch.nn.MultiLabelMarginLoss",
      note: "Targets are ones and zeros; PyTorch's are lists of classes."),
    .item(
      "multi-label soft margin", "Loss.multiLabelSoftMargin", "multi-label-soft-margin",
      torch: "torch.nn.MultiLabelSoftMarginLoss"),
  ]

  private static let comparisons: [ParityRow] = [
    .item(
      "cosine similarity", "Loss.cosineSimilarity", "cosine-similarity", keras: "keras.losses.CosineSimilarity",
      torch: "torch.nn.CosineSimilarity", mlx: "mlx.nn.losses.cosine_similarity_loss",
      note: "1 − cosine, which is 0 at the best; Keras's is −cosine, PyTorch's and MLX's the cosine itself."),
    .layer(
      "margin ranking", [MarginRankingLoss.self], "margin-ranking", torch: "torch.nn.MarginRankingLoss",
      mlx: "mlx.nn.losses.margin_ranking_loss"),
    .layer(
      "triplet", [TripletLoss.self], "triplet", torch: "torch.nn.TripletMarginLoss", mlx: "mlx.nn.losses.triplet_loss"),
    .layer("contrastive", [ContrastiveLoss.self], "contrastive", note: "Hadsell, Chopra and LeCun, 2006."),
    .layer(
      "cosine embedding", [CosineEmbeddingLoss.self], "cosine-embedding", torch: "torch.nn.CosineEmbeddingLoss"),
  ]

  private static let weights: [ParityRow] = [
    .item(
      "label smoothing", "Loss.crossEntropy(labelSmoothing:), Loss.binaryCrossEntropy(labelSmoothing:)",
      keras:
        "keras.losses.CategoricalCrossentropy(label_smoothing=), keras.losses.BinaryCrossentropy(label_smoothing=)",
      torch: "torch.nn.CrossEntropyLoss(label_smoothing=)", mlx: "mlx.nn.losses.cross_entropy(label_smoothing=)"),
    .item(
      "class weights", "Loss.crossEntropy(classWeights:), Loss.binaryCrossEntropy(positiveWeight:)",
      keras: "keras.Model.fit(class_weight=)",
      torch: "torch.nn.CrossEntropyLoss(weight=), torch.nn.BCEWithLogitsLoss(pos_weight=)"),
    .item(
      "sample weights", "Loss.callAsFunction(sampleWeights:)", keras: "keras.Model.fit(sample_weight=)",
      mlx: "mlx.nn.losses.cross_entropy(weights=)"),
    .item(
      "ignored index", "Loss.crossEntropy(ignoredIndex:)",
      keras: "keras.losses.SparseCategoricalCrossentropy(ignore_class=)",
      torch: "torch.nn.CrossEntropyLoss(ignore_index=)"),
  ]
}
