import DescentNetworks
import DescentTensors
import DescentTraining

extension ParityTable {
  static let metrics = ParitySection(
    title: "Metrics",
    note: """
      `descent evaluate` prints all that fit the task. PyTorch and MLX leave metrics to packages beside them; definitions
      are scikit-learn's.
      """,
    vocabulary: ParityVocabulary(name: "metrics") { figureKeys },
    rows: [
      .item(
        "loss", "Evaluation.loss", "loss", keras: "keras.metrics.Mean",
        note: "The mean over all samples, not over batches."
      ),
      .layer("accuracy, binary", [BinaryAccuracy.self], keras: "keras.metrics.BinaryAccuracy"),
      .item(
        "accuracy, categorical", "ClassificationMetrics.accuracy", "accuracy",
        keras: "keras.metrics.CategoricalAccuracy, keras.metrics.SparseCategoricalAccuracy"),
      .item(
        "accuracy, top-k", "ProbabilityMetrics.topKAccuracy", "top_5_accuracy",
        keras: "keras.metrics.TopKCategoricalAccuracy, keras.metrics.SparseTopKCategoricalAccuracy"),
      .item("precision", "ClassificationMetrics.precision", "precision", keras: "keras.metrics.Precision"),
      .item("recall", "ClassificationMetrics.recall", "recall", keras: "keras.metrics.Recall"),
      .item("F1", "ClassificationMetrics.f1", "f1", keras: "keras.metrics.F1Score"),
      .item("F-beta", "ClassificationMetrics.fBeta", keras: "keras.metrics.FBetaScore"),
      .item(
        "ROC AUC", "RankingMetrics.areas", "roc_auc", keras: "keras.metrics.AUC",
        note: "Over every threshold; Keras's is of 200 thresholds."),
      .item(
        "PR AUC", "RankingMetrics.areas", "pr_auc", keras: "keras.metrics.AUC(curve=)",
        note: "Average precision, without lines between points."),
      .item(
        "log loss", "ProbabilityMetrics.logLoss", "log_loss",
        keras: "keras.metrics.CategoricalCrossentropy, keras.metrics.BinaryCrossentropy"),
      .item("Brier score", "ProbabilityMetrics.brierScore", "brier_score"),
      .item("Cohen's kappa", "ClassificationMetrics.cohenKappa", "cohen_kappa"),
      .item("Matthews correlation", "ClassificationMetrics.matthews", "matthews"),
      .item("confusion matrix", "ClassificationMetrics.confusion", note: "Rows are the true classes."),
      .item("calibration error", "ProbabilityMetrics.calibrationError", "calibration_error"),
      .item("perplexity", "ProbabilityMetrics.perplexity", "perplexity"),
      .item("MSE", "RegressionMetrics.mse", "mse", keras: "keras.metrics.MeanSquaredError"),
      .item("RMSE", "RegressionMetrics.rmse", "rmse", keras: "keras.metrics.RootMeanSquaredError"),
      .item("MAE", "RegressionMetrics.mae", "mae", keras: "keras.metrics.MeanAbsoluteError"),
      .item("MAPE", "RegressionMetrics.mape", "mape", keras: "keras.metrics.MeanAbsolutePercentageError"),
      .item("MSLE", "RegressionMetrics.msle", "msle", keras: "keras.metrics.MeanSquaredLogarithmicError"),
      .item("R²", "RegressionMetrics.r2", "r2", keras: "keras.metrics.R2Score"),
      .item("explained variance", "RegressionMetrics.explainedVariance", "explained_variance"),
      .absent(
        "BLEU",
        why: "A comparison of texts, which depends on how they are cut into words; no network here makes translations."),
    ])

  /// The keys of evaluations of classes and of values.
  private static var figureKeys: Set<String> {
    let inputs = RandomSource.withSeed(1) { Tensor.randomNormal([30, 2]) }
    let labels = TensorSamples(inputs: inputs, targets: Tensor((0..<30).map { Int32($0 % 7) }))
    let amounts = TensorSamples(inputs: inputs, targets: inputs.squared().sum(axes: [1], keepsAxes: true))
    let evaluations = [
      Evaluator(smallNetwork(outputs: 7), loss: crossEntropy).evaluate(labels, probabilities: { $0.softmax() }),
      Evaluator(smallNetwork(), loss: meanSquared).evaluate(amounts),
    ]
    return Set(evaluations.flatMap { $0.figures.flatMap { $0 }.map(\.key) })
  }

  static let networks = ParitySection(
    title: "Ready networks",
    note: """
      Keras has pretrained ones of its time, PyTorch keeps them in torchvision, whose ResNet files load here, MLX in its
      examples.
      """,
    vocabulary: layerWords,
    rows: [
      .layer("multilayer perceptron", [MLP.self], "mlp", also: "Sequential.dense"),
      .layer("LeNet", [LeNet.self], "lenet", note: "The classic one, and one of ReLU and max pooling."),
      .item("ResNet-20", "ResNet.cifar20", "resnet20"), .item("ResNet-18", "ResNet.resNet18", "resnet18"),
      .item("ResNet-50", "ResNet.resNet50", "resnet50", keras: "keras.applications.ResNet50"),
      .layer("a ResNet of one's own", [ResNet.self], note: "Blocks, widths and stem as given; from Swift."),
      .layer("recurrent character model", [CharRNN.self], "char-rnn"),
      .layer("transformer language model", [TransformerLM.self], "transformer-lm"),
      .layer("autoencoder", [Autoencoder.self], "autoencoder"),
      .layer("denoising autoencoder", [DenoisingAutoencoder.self], "denoising-autoencoder"),
      .layer("convolutional autoencoder", [ConvolutionalAutoencoder.self], "convolutional-autoencoder"),
      .layer("variational autoencoder", [VariationalAutoencoder.self], "variational-autoencoder"),
    ])

  static let running = ParitySection(
    title: "Precision, files and inspection", vocabulary: noWords,
    rows: [
      .item(
        "bfloat16", "Precision.bfloat16", "--precision", keras: "keras.mixed_precision.DTypePolicy",
        torch: "torch.autocast", mlx: "mlx.core.bfloat16", note: "Products in bfloat16, weights and sums in float32."),
      .absent(
        "loss scaling", keras: "keras.mixed_precision.LossScaleOptimizer", torch: "torch.amp.GradScaler",
        why: "It keeps gradients in float16's range; bfloat16 has float32's, and float16 is not an element type."),
      .item(
        "networks from a file", "NetworkDescription", "--network", keras: "keras.models.model_from_json",
        note: "YAML or JSON, which people can write."),
      .absent(
        "Lambda in network files", keras: "keras.layers.Lambda",
        why: "Its closure is Swift code, which a file cannot hold; Keras writes bytecode, and loads it only if told to."
      ),
      .item("summary", "NetworkSummary", keras: "keras.Model.summary", note: "`descent summary`."),
      .item(
        "a layer's activations", "LayerWatch.outputs", "--layer", torch: "torch.nn.Module.register_forward_hook",
        note: "In Keras a second model is made that ends there."),
      .item(
        "state files", "Module.stateDictionary, Module.load", keras: "keras.Model.save_weights",
        torch: "torch.nn.Module.state_dict, torch.nn.Module.load_state_dict", mlx: "mlx.nn.Module.load_weights",
        note: "safetensors, under PyTorch's names and in its shapes."),
      .item(
        "gradient checks", "gradientCheck", torch: "torch.autograd.gradcheck"),
    ])
}
