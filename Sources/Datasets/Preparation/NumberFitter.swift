import DescentFormats

/// Gathers what a ``NumberPreparation`` needs, over the training part.
final class NumberFitter: ColumnFitter {
  private let options: ColumnOptions
  private var plain = Moments()
  private var logarithms = Moments()
  private var quantiles = QuantileSketch()
  private var standIn: StandIn
  private var missing = 0
  private let needsQuantiles: Bool

  /// Steps between the knots of a quantile map.
  private static let quantileSteps = 200
  /// A skewness from which the logarithm is tried.
  private static let skewed = 2.0

  init(_ options: ColumnOptions) {
    self.options = options
    standIn = StandIn(options.fill)
    needsQuantiles = options.scaling == .robust || options.scaling == .quantile
  }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError) {
    guard let number = try field.numberOrMissing(row, column) else {
      missing += 1
      return
    }
    plain.add(number)
    logarithms.add(NumberPreparation.logarithm(number))
    if needsQuantiles { quantiles.add(options.takesLogarithm == true ? NumberPreparation.logarithm(number) : number) }
    standIn.add(number)
  }

  func finish() -> (inputs: ColumnPreparation.Inputs, reason: String?) {
    var reason: String?
    var takesLogarithm = options.takesLogarithm ?? false
    let method = options.scaling ?? .standardise
    if options.takesLogarithm == nil, method == .standardise, plain.minimum >= 0,
      let skewness = plain.skewness, let after = logarithms.skewness, skewness > Self.skewed, abs(after) < skewness / 2
    {
      takesLogarithm = true
      reason = "skewed, \(String(rounding: skewness)) and \(String(rounding: after)) of its logarithm"
    }
    let moments = takesLogarithm ? logarithms : plain
    var (offset, scale, knots) = (0.0, 1.0, [Double]())
    if moments.weight > 0 {
      switch method {
      case .none: break
      case .standardise:
        let deviation = (moments.populationVariance ?? 0).squareRoot()
        // a constant may have a rounded mean, and a deviation that is not 0
        (offset, scale) = (moments.mean, moments.minimum < moments.maximum ? usable(deviation) : 1)
      case .minMax:
        let range = options.range ?? 0...1
        scale = usable((moments.maximum - moments.minimum) / (range.upperBound - range.lowerBound))
        offset = moments.minimum - range.lowerBound / scale
      case .robust:
        let (first, third) = (quantiles.quantile(0.25) ?? 0, quantiles.quantile(0.75) ?? 0)
        let deviation = (moments.populationVariance ?? 0).squareRoot()
        (offset, scale) = (quantiles.median ?? 0, usable(third > first ? third - first : deviation))
      case .quantile:
        knots = (0...Self.quantileSteps).map { quantiles.quantile(Double($0) / Double(Self.quantileSteps)) ?? 0 }
      }
    }
    let fill = standIn.value(plain) { Double($0) } ?? (plain.weight > 0 ? plain.mean : 0)
    let preparation = NumberPreparation(
      method: method, takesLogarithm: takesLogarithm, offset: offset, scale: scale, knots: knots, fill: fill,
      flagsMissing: options.flagsMissing ?? (missing > 0))
    return (.number(preparation), reason)
  }

  private func usable(_ width: Double) -> Double {
    let scale = 1 / width
    return width > 0 && scale.isNormal ? scale : 1
  }
}

extension String {
  /// Two digits behind the point.
  init(rounding number: Double) {
    let hundredths = (number * 100).rounded() / 100
    self = "\(hundredths)"
  }
}
