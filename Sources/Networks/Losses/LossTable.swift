extension Loss {
  /// Every loss of the library, for lists and for lookup by name.
  public static let all: [Loss] = [
    .meanSquared, .rootMeanSquared, .halfMeanSquared, .sumOfSquares, .halfSumOfSquares, .meanAbsolute, .l1,
    .meanAbsolutePercentage, .meanSquaredLogarithmic, .logCosh, .huber, .cosineSimilarity,
    .crossEntropy, .crossEntropyOfProbabilities, .negativeLogLikelihood,
    .binaryCrossEntropy, .binaryCrossEntropyOfProbabilities, .kullbackLeibler,
    .smoothL1, .poisson, .poissonNegativeLogLikelihood, .hinge, .squaredHinge, .categoricalHinge, .softMargin,
    .multiMargin, .multiLabelMargin, .multiLabelSoftMargin, .focal, .binaryFocal, .dice, .tversky,
  ]

  /// The names of the losses that take other arguments than predictions and targets, and are types of their own.
  public static let namesOfOtherArguments = [
    GaussianNegativeLogLikelihood.name, MarginRankingLoss.name, TripletLoss.name, ContrastiveLoss.name,
    CosineEmbeddingLoss.name, CTCLoss.name,
  ]

  /// The loss of this name in kebab-case, such as `mean-squared`, or nil.
  public static func named(_ name: String) -> Loss? { all.first { $0.name == name } }
}
