/// A number of an evaluation, under the names by which it is printed and written.
public struct Figure: Sendable, Hashable {
  /// For people.
  public let name: String
  /// In snake case, for files.
  public let key: String
  /// The number.
  public let value: Double

  /// A figure by its names for people and for files.
  public init(_ name: String, _ key: String, _ value: Double) { (self.name, self.key, self.value) = (name, key, value) }
}

extension Evaluation {
  /// All figures that fit the task, the most usual ones first: each group makes a line.
  public var figures: [[Figure]] { figures(areas: ranking?.areas) }

  /// All figures, where the areas are known.
  func figures(areas: RankingMetrics.Areas?) -> [[Figure]] {
    var usual = [Figure("loss", "loss", loss)]
    var more: [[Figure]] = []
    if let classification {
      usual += [
        Figure("accuracy", "accuracy", classification.accuracy),
        Figure("precision", "precision", classification.precision),
        Figure("recall", "recall", classification.recall), Figure("F1", "f1", classification.f1),
      ]
      more.append([
        Figure("Cohen's kappa", "cohen_kappa", classification.cohenKappa),
        Figure("Matthews correlation", "matthews", classification.matthews),
      ])
    }
    if let probabilities {
      var group = [
        Figure("log loss", "log_loss", probabilities.logLoss),
        Figure("perplexity", "perplexity", probabilities.perplexity),
        Figure("Brier score", "brier_score", probabilities.brierScore),
        Figure("calibration error", "calibration_error", probabilities.calibrationError),
      ]
      // of no more classes than may be named every one is right
      if let classCount = classification?.classCount, classCount > probabilities.k {
        group.append(
          Figure("top-\(probabilities.k) accuracy", "top_\(probabilities.k)_accuracy", probabilities.topKAccuracy))
      }
      more.append(group)
    }
    if let areas {
      more.append(
        [
          areas.roc.map { Figure("ROC AUC", "roc_auc", $0) },
          areas.precisionRecall.map { Figure("PR AUC", "pr_auc", $0) },
        ]
        .compactMap { $0 })
    }
    if let regression {
      usual += [
        Figure("RMSE", "rmse", regression.rmse), Figure("MAE", "mae", regression.mae),
        Figure("R²", "r2", regression.r2),
      ]
      more.append(
        [
          Figure("MSE", "mse", regression.mse), regression.mape.map { Figure("MAPE %", "mape", $0) },
          regression.msle.map { Figure("MSLE", "msle", $0) },
          Figure("explained variance", "explained_variance", regression.explainedVariance),
        ].compactMap { $0 })
    }
    return ([usual] + more).filter { !$0.isEmpty }
  }
}
