/// Which of two numbers before a year is the month.
public enum DateOrder: String, Sendable, Codable {
  /// `1/31/2010`.
  case monthFirst = "month-first"
  /// `31/1/2010`.
  case dayFirst = "day-first"
}

/// In which order a column writes day and month, as the dates show that have come so far.
struct DateOrders {
  private var (allowMonthFirst, allowDayFirst, arePointed) = (true, true, true)
  /// Whether a date has come whose order must be known.
  private(set) var areNeeded = false

  mutating func add(_ date: WrittenDate) {
    guard date.needsOrder else { return }
    areNeeded = true
    arePointed = arePointed && date.isPointed
    allowMonthFirst = allowMonthFirst && date.seconds(.monthFirst) != nil
    allowDayFirst = allowDayFirst && date.seconds(.dayFirst) != nil
  }

  /// Whether no order suits all dates.
  var disagree: Bool { !allowMonthFirst && !allowDayFirst }

  /// The order that suits all; nil where none is needed, and where none does. Where both do, the day is first between
  /// points, the month otherwise.
  var order: DateOrder? {
    guard areNeeded, !disagree else { return nil }
    if isOpen { return arePointed ? .dayFirst : .monthFirst }
    return allowDayFirst ? .dayFirst : .monthFirst
  }

  /// Whether an order is needed, and both suit.
  var isOpen: Bool { areNeeded && allowMonthFirst && allowDayFirst }
}

/// What is read of a column with dates before their order is known: in both orders, of which the second is kept from the
/// first date on that needs one.
struct InEitherOrder<Value: Sendable>: Sendable {
  private var monthFirst: Value
  private var dayFirst: Value?
  private(set) var orders = DateOrders()

  init(_ start: Value) { monthFirst = start }

  mutating func add(_ date: WrittenDate, _ take: (inout Value, Double) -> Void) {
    if date.needsOrder, dayFirst == nil { dayFirst = monthFirst }
    orders.add(date)
    // what does not exist in an order is not taken in that way in the end
    if let seconds = date.seconds(.monthFirst) ?? date.seconds(.dayFirst) { take(&monthFirst, seconds) }
    guard var other = dayFirst.take() else { return }
    if let seconds = date.seconds(.dayFirst) ?? date.seconds(.monthFirst) { take(&other, seconds) }
    dayFirst = other
  }

  /// Takes in a number, which has no order.
  mutating func add(_ number: Double, _ take: (inout Value, Double) -> Void) {
    take(&monthFirst, number)
    guard var other = dayFirst.take() else { return }
    take(&other, number)
    dayFirst = other
  }

  /// What was read, in the order that suits.
  var value: Value { orders.order == .dayFirst ? dayFirst ?? monthFirst : monthFirst }
}
