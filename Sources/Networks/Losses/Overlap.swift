import DescentTensors

// Losses of the overlap of predicted and wanted regions: over all of a sample's outputs together.

extension Loss {
  /// What keeps an empty region from dividing by 0.
  private static let epsilon = 1e-7

  /// ``dice(smoothing:)`` without smoothing.
  public static let dice = dice(smoothing: 0)

  /// 1 − (2 · Σ p·t + s) / (Σ p + Σ t + s + 10⁻⁷) over a sample's outputs (Milletari and others, "V-Net", 2016).
  /// Source: Keras, `Dice` with the axes of a sample, where s = 0.
  ///
  /// - Shapes: probabilities and targets from 0 to 1, or bool, `[batch, ...]`.
  /// - Parameter smoothing: s, 0 or more; above 0, an empty region that is predicted empty costs nothing.
  public static func dice(smoothing: Double, file: StaticString = #fileID, line: UInt = #line) -> Loss {
    check(
      smoothing >= 0 && smoothing.isFinite, "Loss.dice(smoothing: \(smoothing)): must be 0 or more", file: file,
      line: line)
    return Loss("dice", predictions: .probabilities) { probabilities, targets in
      let t = targets.cast(to: probabilities.type)
      let common = (probabilities * t).sampleSum() * 2 + smoothing
      return 1 - common / (probabilities.sampleSum() + t.sampleSum() + (smoothing + epsilon))
    }
  }

  /// ``tversky(alpha:beta:)`` with both ½, which is ``dice`` but for the 10⁻⁷.
  public static let tversky = tversky(alpha: 0.5, beta: 0.5)

  /// 1 − c / (c + α · Σ p·(1 − t) + β · Σ (1 − p)·t + 10⁻⁷) over a sample's outputs, c = Σ p·t (Salehi and others,
  /// "Tversky loss function for image segmentation", 2017). Source: the paper, and Keras's documentation of `Tversky`, with
  /// the axes of a sample; Keras's code (3.15) exchanges α and β.
  ///
  /// - Shapes: probabilities and targets from 0 to 1, or bool, `[batch, ...]`.
  /// - Parameters:
  ///   - alpha: α, what predicting too much costs, 0 or more.
  ///   - beta: β, what predicting too little costs, 0 or more.
  public static func tversky(
    alpha: Double, beta: Double, file: StaticString = #fileID, line: UInt = #line
  ) -> Loss {
    check(
      alpha >= 0 && alpha.isFinite && beta >= 0 && beta.isFinite,
      "Loss.tversky(alpha: \(alpha), beta: \(beta)): both must be 0 or more", file: file, line: line)
    return Loss("tversky", predictions: .probabilities) { probabilities, targets in
      let t = targets.cast(to: probabilities.type)
      let common = (probabilities * t).sampleSum()
      let tooMuch = (probabilities * (1 - t)).sampleSum() * alpha
      let tooLittle = ((1 - probabilities) * t).sampleSum() * beta
      return 1 - common / (common + tooMuch + tooLittle + epsilon)
    }
  }
}
