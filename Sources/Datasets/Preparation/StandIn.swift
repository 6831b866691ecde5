/// What stands in for missing numbers or moments: gathers what was asked for.
struct StandIn {
  private let fill: ColumnOptions.Fill?
  private var quantiles = QuantileSketch()
  private var counts = ValueCounts<Double>()

  init(_ fill: ColumnOptions.Fill?) { self.fill = fill }

  /// Takes in a value that is there.
  mutating func add(_ value: Double) {
    switch fill {
    case .median: quantiles.add(value)
    case .mode: counts.add(value)
    default: break
    }
  }

  /// What stands in for a missing value; nil where nothing was asked for, and where no value was there.
  ///
  /// - Parameters:
  ///   - moments: those of the values.
  ///   - read: reads a constant.
  func value(_ moments: Moments, _ read: (String) -> Double?) -> Double? {
    switch fill {
    case .mean: moments.weight > 0 ? moments.mean : nil
    case .median: quantiles.median
    case .mode:
      // of several that are as frequent the smallest; values beyond those that are told apart are not counted
      counts.entries.max { ($0.count, -$0.key) < ($1.count, -$1.key) }?.key
    case .constant(let text): read(text)
    case .leaveOut, nil: nil
    }
  }
}
