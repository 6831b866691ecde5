/// A number of the Gregorian calendar.
public enum DatePart: String, Sendable, Codable, CaseIterable {
  /// The year.
  case year
  /// From 1 to 12.
  case month
  /// Of the month, from 1.
  case day
  /// From 1, Monday, to 7, Sunday.
  case weekday
  /// From 0 to 23.
  case hour
  /// From 0 to 59.
  case minute
  /// Whole seconds, from 0 to 59.
  case second
}

/// A moment on the calendar and the clock of UTC.
struct CalendarMoment {
  private let (year, month, day, weekday): (Int, Int, Int, Int)
  private let secondOfDay: Int

  /// - Parameter seconds: since 1970-01-01T00:00Z.
  init(_ seconds: Double) {
    let days = Int((seconds / 86_400).rounded(.down))
    secondOfDay = Int((seconds - Double(days) * 86_400).rounded(.down))
    // 1970-01-01 was a Thursday
    weekday = ((days + 3) % 7 + 7) % 7 + 1
    // years that begin in March, in eras of 400 of them (H. Hinnant, "chrono-compatible low-level date algorithms")
    let shifted = days + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  subscript(part: DatePart) -> Int {
    switch part {
    case .year: year
    case .month: month
    case .day: day
    case .weekday: weekday
    case .hour: secondOfDay / 3600
    case .minute: secondOfDay / 60 % 60
    case .second: secondOfDay % 60
    }
  }
}
