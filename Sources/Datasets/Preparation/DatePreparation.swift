import DescentFormats

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// How dates and times become inputs: how late it is on the whole, where in the year, the week and the day, and where that
/// is asked for the numbers of the calendar themselves.
///
/// The whole is the seconds since 1970, standardised on the training part. A cycle of period P is two inputs,
/// sin 2πt/P and cos 2πt/P, so that its end lies beside its beginning. Cycles that the training part does not go through
/// are left out. A ``DatePart`` is one input, standardised on the training part.
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

  /// A number of the calendar as an input: (number − offset) · scale.
  public struct ScaledPart: Sendable, Equatable, Codable {
    /// Which number.
    public let part: DatePart
    /// The training part's mean.
    public let offset: Double
    /// One over its standard deviation.
    public let scale: Double
  }

  /// The mean moment of the training part, in seconds since 1970.
  public let offset: Double
  /// One over the standard deviation in seconds.
  public let scale: Double
  /// The cycles that are given.
  public let cycles: [Cycle]
  /// Whether an input says that the date was missing.
  public let flagsMissing: Bool
  /// The numbers of the calendar that are given; nil for none.
  public let parts: [ScaledPart]?
  /// In which order day and month are read; nil where the training table wrote no date that needs one.
  public let order: DateOrder?
  /// The moment that stands in for a missing one, in seconds since 1970; nil for zeros in all other inputs.
  public let fill: Double?

  init(
    offset: Double, scale: Double, cycles: [Cycle], flagsMissing: Bool, parts: [ScaledPart] = [],
    order: DateOrder? = nil, fill: Double? = nil
  ) {
    (self.offset, self.scale, self.cycles, self.flagsMissing) = (offset, scale, cycles, flagsMissing)
    (self.parts, self.order, self.fill) = (parts.isEmpty ? nil : parts, order, fill)
  }

  var width: Int { 1 + 2 * cycles.count + (parts?.count ?? 0) + (flagsMissing ? 1 : 0) }

  func names(_ column: String) -> [String] {
    [column] + cycles.flatMap { ["\(column) \($0.rawValue) sin", "\(column) \($0.rawValue) cos"] }
      + (parts ?? []).map { "\(column) \($0.part.rawValue)" } + (flagsMissing ? ["\(column) missing"] : [])
  }

  /// The inputs of a moment, of nil where it is missing.
  func encode(_ seconds: Double?, into out: UnsafeMutablePointer<Float>) {
    for place in 0..<width { out[place] = 0 }
    if flagsMissing { out[width - 1] = seconds == nil ? 1 : 0 }
    guard let seconds = seconds ?? fill else { return }
    out[0] = Float((seconds - offset) * scale)
    for (place, cycle) in cycles.enumerated() {
      let angle = 2 * Double.pi * (seconds / cycle.period - (seconds / cycle.period).rounded(.down))
      out[1 + 2 * place] = Float(sin(angle))
      out[2 + 2 * place] = Float(cos(angle))
    }
    guard let parts else { return }
    let calendar = CalendarMoment(seconds)
    for (place, part) in parts.enumerated() {
      out[1 + 2 * cycles.count + place] = Float((Double(calendar[part.part]) - part.offset) * part.scale)
    }
  }

  var summary: String {
    var words = ["standardised"]
    if !cycles.isEmpty { words.append("cycle of \(cycles.map(\.rawValue).joined(separator: ", "))") }
    if let parts { words.append("parts \(parts.map(\.part.rawValue).joined(separator: ", "))") }
    if flagsMissing { words.append("missing flagged") }
    return words.joined(separator: "; ")
  }

  var fault: String? {
    let numbers = [offset, scale, fill ?? 0] + (parts ?? []).flatMap { [$0.offset, $0.scale] }
    // days are counted in whole numbers
    return numbers.allSatisfy(\.isFinite) && abs(fill ?? 0) < 1e15 ? nil : "a number that no date has"
  }
}
