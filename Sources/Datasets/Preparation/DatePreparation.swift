import DescentFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How dates and times become inputs: how late it is on the whole, and where in the year, the week and the day.
///
/// The whole is the seconds since 1970, standardised on the training part. A cycle of period P is two inputs,
/// sin 2πt/P and cos 2πt/P, so that its end lies beside its beginning. Cycles that the training part does not go through
/// are left out.
public struct DatePreparation: Sendable, Equatable, Codable {
  /// A part of the calendar that comes again.
  public enum Cycle: String, Sendable, Codable, CaseIterable {
    /// 365.2425 days.
    case year
    /// Seven days.
    case week
    /// 24 hours.
    case day

    /// In seconds.
    var period: Double {
      switch self {
      case .year: 365.2425 * 86_400
      case .week: 7 * 86_400
      case .day: 86_400
      }
    }
  }

  /// The mean moment of the training part, in seconds since 1970.
  public let offset: Double
  /// One over the standard deviation in seconds.
  public let scale: Double
  /// The cycles that are given.
  public let cycles: [Cycle]
  /// Whether an input says that the date was missing.
  public let flagsMissing: Bool

  var width: Int { 1 + 2 * cycles.count + (flagsMissing ? 1 : 0) }

  func names(_ column: String) -> [String] {
    [column] + cycles.flatMap { ["\(column) \($0.rawValue) sin", "\(column) \($0.rawValue) cos"] }
      + (flagsMissing ? ["\(column) missing"] : [])
  }

  /// The inputs of a moment, zeros where it is missing.
  func encode(_ seconds: Double?, into out: UnsafeMutablePointer<Float>) {
    for place in 0..<width { out[place] = 0 }
    if flagsMissing { out[width - 1] = seconds == nil ? 1 : 0 }
    guard let seconds else { return }
    out[0] = Float((seconds - offset) * scale)
    for (place, cycle) in cycles.enumerated() {
      let angle = 2 * Double.pi * (seconds / cycle.period - (seconds / cycle.period).rounded(.down))
      out[1 + 2 * place] = Float(sin(angle))
      out[2 + 2 * place] = Float(cos(angle))
    }
  }

  var fault: String? { offset.isFinite && scale.isFinite ? nil : "a number that is not finite" }
}

/// Gathers what a ``DatePreparation`` needs, over the training part.
final class DateFitter: ColumnFitter {
  private let options: ColumnOptions
  private var moments = Moments()
  private var missing = 0
  /// Whether a moment differs from the first in the time of day, and whether any has a day.
  private var (haveTimes, haveDays) = (false, false)
  private var first: Double?

  init(_ options: ColumnOptions) { self.options = options }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError) {
    guard let date = try field.dateOrMissing(row, column) else {
      missing += 1
      return
    }
    moments.add(date.seconds)
    let time = date.seconds.truncatingRemainder(dividingBy: 86_400)
    if let first, first != time { haveTimes = true }
    first = first ?? time
    haveDays = haveDays || !date.isTimeOnly
  }

  func finish() -> (inputs: ColumnPreparation.Inputs, reason: String?) { (.date(preparation), nil) }

  private var preparation: DatePreparation {
    let range = moments.weight > 0 ? moments.maximum - moments.minimum : 0
    var cycles: [DatePreparation.Cycle] = []
    // a quarter of a year shows enough of it to tell its months apart
    if haveDays, range > DatePreparation.Cycle.year.period / 4 { cycles.append(.year) }
    if haveDays, range > 86_400 { cycles.append(.week) }
    if haveTimes { cycles.append(.day) }
    let deviation = (moments.populationVariance ?? 0).squareRoot()
    return DatePreparation(
      offset: moments.weight > 0 ? moments.mean : 0, scale: range > 0 && (1 / deviation).isNormal ? 1 / deviation : 1,
      cycles: cycles, flagsMissing: options.flagsMissing ?? (missing > 0))
  }
}
