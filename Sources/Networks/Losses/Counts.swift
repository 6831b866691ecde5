import DescentTensors

// Losses of counts, which a Poisson distribution draws.

extension Loss {
  /// Mean of p − t · ln(p + 10⁻⁷) over a sample's outputs, from rates p. Source: Keras, `Poisson`.
  ///
  /// - Shapes: rates above 0 and counts `[batch, ...]`.
  public static let poisson = Loss("poisson", predictions: .rates) { rates, counts in
    (rates - counts.cast(to: rates.type) * (rates + 1e-7).log()).sampleMean()
  }

  /// ``poissonNegativeLogLikelihood(ofLogarithms:full:)`` of logarithms, without the term of the counts alone.
  public static let poissonNegativeLogLikelihood = poissonNegativeLogLikelihood(ofLogarithms: true)

  /// Mean over a sample's outputs of eˣ − t · x, x the logarithm of the rate, or of p − t · ln(p + 10⁻⁸), p the rate
  /// itself. PyTorch: `poisson_nll_loss`.
  ///
  /// - Shapes: logarithms of rates, or rates, and counts `[batch, ...]`.
  /// - Parameters:
  ///   - ofLogarithms: whether the network gives logarithms of rates, which may be any numbers.
  ///   - full: whether ln t! is added where t > 1, by Stirling's formula t · ln t − t + ½ · ln(2π · t).
  public static func poissonNegativeLogLikelihood(ofLogarithms: Bool, full: Bool = false) -> Loss {
    Loss("poisson-negative-log-likelihood", predictions: ofLogarithms ? .logRates : .rates) { predictions, targets in
      let t = targets.cast(to: predictions.type)
      var losses = ofLogarithms ? predictions.exp() - t * predictions : predictions - t * (predictions + 1e-8).log()
      if full {
        let isMany = t .> 1
        let (zero, one) = (Tensor(0, type: t.type), Tensor(1, type: t.type))
        let many = Tensor.select(isMany, t, one)
        losses = losses + Tensor.select(isMany, many * many.log() - many + (many * (2 * .pi)).log() * 0.5, zero)
      }
      return losses.sampleMean()
    }
  }
}
