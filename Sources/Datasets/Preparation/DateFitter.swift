import DescentFormats

/// Gathers what a ``DatePreparation`` needs, over the training part.
final class DateFitter: ColumnFitter {
  private let options: ColumnOptions
  private let orders: DateOrders
  private var moments = Moments()
  private var standIn: StandIn
  private var parts = DatePart.allCases.map { _ in Moments() }
  private var missing = 0
  /// Whether a moment differs from the first in the time of day, and whether any has a day.
  private var (haveTimes, haveDays) = (false, false)
  private var first: Double?
  private var example: String?

  /// - Parameter orders: the order that the whole column shows.
  init(_ options: ColumnOptions, _ orders: DateOrders) {
    (self.options, self.orders, standIn) = (options, orders, StandIn(options.fill))
  }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError) {
    guard let date = try field.dateOrMissing(row, column, orders.order) else {
      missing += 1
      return
    }
    moments.add(date.seconds)
    standIn.add(date.seconds)
    if options.takesDateParts {
      let calendar = CalendarMoment(date.seconds)
      for (place, part) in DatePart.allCases.enumerated() { parts[place].add(Double(calendar[part])) }
    }
    let time = date.seconds.truncatingRemainder(dividingBy: 86_400)
    if let first, first != time { haveTimes = true }
    first = first ?? time
    haveDays = haveDays || !date.isTimeOnly
    if orders.isOpen, example == nil { example = field.text }
  }

  func finish() -> (inputs: ColumnPreparation.Inputs, reason: String?) {
    let reason = example.map { example in
      "no date tells the order of day and month: \(example) is read \(orders.order == .dayFirst ? "day" : "month") first"
    }
    return (.date(preparation), reason)
  }

  private var preparation: DatePreparation {
    let range = moments.weight > 0 ? moments.maximum - moments.minimum : 0
    var cycles: [DatePreparation.Cycle] = []
    // a quarter of a year shows enough of it to tell its months apart
    if haveDays, range > DatePreparation.Cycle.year.period / 4 { cycles.append(.year) }
    if haveDays, range > 86_400 { cycles.append(.week) }
    if haveTimes { cycles.append(.day) }
    let varying = zip(DatePart.allCases, parts).filter { $1.minimum < $1.maximum }.map { part, moments in
      DatePreparation.ScaledPart(part: part, offset: moments.mean, scale: scale(moments))
    }
    return DatePreparation(
      offset: moments.weight > 0 ? moments.mean : 0, scale: scale(moments), cycles: cycles,
      flagsMissing: options.flagsMissing ?? (missing > 0), parts: varying, order: orders.order,
      fill: standIn.value(moments) { [orders] in WrittenDate($0)?.seconds(orders.order) })
  }

  /// One over the standard deviation, 1 where there is none.
  private func scale(_ moments: Moments) -> Double {
    let deviation = (moments.populationVariance ?? 0).squareRoot()
    return moments.minimum < moments.maximum && (1 / deviation).isNormal ? 1 / deviation : 1
  }
}
