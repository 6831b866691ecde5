/// A date, a date with a time, or a time of day as tables write it, as a number that orders them.
///
/// | form | such as |
/// |---|---|
/// | ISO 8601 | `2026-11-21`, `2026-11-21T14:05`, `2026-11-21 14:05:30.5+01:00`, `14:05`, `14:05:30` |
/// | year first | `2026/11/21`, `2026.11.21`, `2026/1/2` |
/// | numbers | `21.11.2026`, `11/21/2026`, `21-11-2026`, whose ``DateOrder`` the whole column tells |
/// | English names | `Nov 21 2026`, `November 21, 2026`, `21 Nov 2026`, `21-Nov-2026` |
///
/// Behind a date may stand `T` or a blank and a time: hours, minutes, seconds and their fractions, `AM` or `PM`, a zone.
/// What names no zone is taken as UTC. Days and times that do not exist are no dates.
struct WrittenDate {
  /// Whether it is a time without a day.
  let isTimeOnly: Bool
  /// Whether day and month are numbers behind which the year stands, so that their order must be known.
  let needsOrder: Bool
  /// Whether points part its numbers.
  let isPointed: Bool
  /// Seconds since 1970-01-01T00:00Z, or since midnight; NaN where the day does not exist in that order.
  private let (monthFirst, dayFirst): (Double, Double)

  /// Reads bytes without blanks around them; nil for anything else than a date or a time.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    // nearly all texts end here
    guard bytes.count >= 5, bytes.count <= 48, bytes[0].isDigit || bytes.month(at: 0) != nil else {
      return nil
    }
    var scan = DateScanner(bytes)
    if bytes[2] == UInt8(ascii: ":") {
      guard let time = scan.time(hourDigits: 2...2), scan.isAtEnd else { return nil }
      (isTimeOnly, needsOrder, isPointed, monthFirst, dayFirst) = (true, false, false, time, time)
      return
    }
    guard let day = scan.day() else { return nil }
    var rest = 0.0
    if !scan.isAtEnd {
      guard scan.takes("T") || scan.takes(" ") || scan.takes("t"), let time = scan.time(hourDigits: 1...2),
        let zone = scan.zone(), scan.isAtEnd
      else { return nil }
      rest = time - zone
    }
    guard day.monthFirst != nil || day.dayFirst != nil else { return nil }
    (isTimeOnly, needsOrder, isPointed) = (false, day.needsOrder, day.isPointed)
    monthFirst = day.monthFirst.map { Double($0) * 86_400 + rest } ?? .nan
    dayFirst = day.dayFirst.map { Double($0) * 86_400 + rest } ?? .nan
  }

  /// Reads a text.
  init?(_ text: String) {
    var text = text
    guard let date = text.withUTF8({ WrittenDate($0) }) else { return nil }
    self = date
  }

  /// Seconds since 1970-01-01T00:00Z, or since midnight, with day and month in this order; nil where there is no such day,
  /// and where no order is given and both would be days.
  func seconds(_ order: DateOrder?) -> Double? {
    let seconds: Double =
      switch order {
      case .monthFirst: monthFirst
      case .dayFirst: dayFirst
      case nil: monthFirst.isNaN || monthFirst == dayFirst ? dayFirst : dayFirst.isNaN ? monthFirst : .nan
      }
    return seconds.isNaN ? nil : seconds
  }
}

/// Reads the parts of a date from left to right.
private struct DateScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  var isAtEnd: Bool { position == bytes.count }

  mutating func takes(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// A number of so many digits.
  @inline(__always)
  mutating func number(_ digits: ClosedRange<Int>) -> Int? {
    var (number, count) = (0, 0)
    while count < digits.upperBound, position < bytes.count, bytes[position].isDigit {
      number = number * 10 + Int(bytes[position] - UInt8(ascii: "0"))
      position += 1
      count += 1
    }
    return count >= digits.lowerBound ? number : nil
  }

  struct Day {
    /// Days since 1970-01-01; nil where the day does not exist.
    var monthFirst, dayFirst: Int?
    var (needsOrder, isPointed) = (false, false)

    init(_ year: Int, _ month: Int, _ day: Int) {
      monthFirst = daysSince1970(year, month, day)
      dayFirst = monthFirst
    }
  }

  mutating func day() -> Day? {
    guard bytes[0].isDigit else {
      guard let month = monthName(), takes(" "), let day = number(1...2) else { return nil }
      _ = takes(",")
      guard takes(" "), let year = number(4...4) else { return nil }
      return Day(year, month, day)
    }
    guard let first = number(1...4) else { return nil }
    let digits = position
    guard digits != 3, !isAtEnd else { return nil }
    let separator = Unicode.Scalar(bytes[position])
    guard separator == "-" || separator == "/" || separator == "." || separator == " " else { return nil }
    position += 1
    if digits < 4, let month = monthName() {
      _ = separator == " " && takes(",")
      guard takes(separator), let year = number(4...4) else { return nil }
      return Day(year, month, first)
    }
    guard separator != " ", let second = number(1...2), takes(separator) else { return nil }
    if digits == 4 { return number(1...2).flatMap { Day(first, second, $0) } }
    guard let year = number(4...4) else { return nil }
    var day = Day(year, first, second)
    (day.dayFirst, day.needsOrder, day.isPointed) = (daysSince1970(year, second, first), true, separator == ".")
    return day
  }

  private static let endings: [[UInt8]] = [
    "uary", "ruary", "ch", "il", "", "e", "y", "ust", "tember", "ober", "ember", "ember",
  ].map { Array($0.utf8) }

  /// The number of a month by its English name, or the first three letters of it.
  private mutating func monthName() -> Int? {
    guard let month = bytes.month(at: position) else { return nil }
    let start = position
    position += 3
    while position < bytes.count, bytes[position].isLetter { position += 1 }
    let ending = Self.endings[month - 1]
    let isWhole =
      position == start + 3
      || (position == start + 3 + ending.count && zip(bytes[(start + 3)...], ending).allSatisfy { $0 | 0x20 == $1 })
    if !isWhole { position = start }
    return isWhole ? month : nil
  }

  /// Seconds since midnight.
  mutating func time(hourDigits: ClosedRange<Int>) -> Double? {
    guard var hour = number(hourDigits), takes(":"), let minute = number(2...2), hour < 24, minute < 60 else {
      return nil
    }
    var seconds = Double(minute * 60)
    if takes(":") {
      // 60 is a leap second
      guard let second = number(2...2), second <= 60 else { return nil }
      seconds += Double(second)
      if takes(".") {
        var scale = 0.1
        guard let first = number(1...1) else { return nil }
        seconds += Double(first) * scale
        while let digit = number(1...1) {
          scale /= 10
          seconds += Double(digit) * scale
        }
      }
    }
    let end = position
    _ = takes(" ")
    let isMorning = takes("A") || takes("a")
    if isMorning || takes("P") || takes("p") {
      guard takes("M") || takes("m"), hour >= 1, hour <= 12 else { return nil }
      hour = hour % 12 + (isMorning ? 0 : 12)
    } else {
      position = end
    }
    return seconds + Double(hour * 3600)
  }

  /// Seconds ahead of UTC; 0 where nothing is said.
  mutating func zone() -> Double? {
    if isAtEnd { return 0 }
    _ = takes(" ")
    if takes("Z") || takes("z") { return 0 }
    let sign: Double = takes("-") ? -1 : 1
    guard sign < 0 || takes("+"), let hour = number(2...2), hour < 24 else { return nil }
    guard !isAtEnd else { return sign * Double(hour * 3600) }
    _ = takes(":")
    guard let minute = number(2...2), minute < 60 else { return nil }
    return sign * Double(hour * 3600 + minute * 60)
  }
}

/// Days from 1970-01-01 in the Gregorian calendar, whose years begin in March here (H. Hinnant, "chrono-compatible
/// low-level date algorithms"); nil where there is no such day.
private func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int? {
  let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
  guard month >= 1, month <= 12, day >= 1 else { return nil }
  let length = month == 2 ? (isLeap ? 29 : 28) : month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
  guard day <= length else { return nil }
  let shifted = month > 2 ? year : year - 1
  let era = shifted >= 0 ? shifted / 400 : -1
  let yearOfEra = shifted - era * 400
  let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
  return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
}

extension UInt8 {
  fileprivate var isDigit: Bool { self &- UInt8(ascii: "0") < 10 }
  fileprivate var isLetter: Bool { self | 0x20 &- UInt8(ascii: "a") < 26 }
}

extension UnsafeBufferPointer<UInt8> {
  /// The number of the English month whose first three letters stand here.
  @inline(__always)
  fileprivate func month(at place: Int) -> Int? {
    guard place + 3 <= count else { return nil }
    let letters =
      UInt32(self[place] | 0x20) << 16 | UInt32(self[place + 1] | 0x20) << 8 | UInt32(self[place + 2] | 0x20)
    // by their codes in ASCII
    switch letters {
    case 0x6A_616E: return 1
    case 0x66_6562: return 2
    case 0x6D_6172: return 3
    case 0x61_7072: return 4
    case 0x6D_6179: return 5
    case 0x6A_756E: return 6
    case 0x6A_756C: return 7
    case 0x61_7567: return 8
    case 0x73_6570: return 9
    case 0x6F_6374: return 10
    case 0x6E_6F76: return 11
    case 0x64_6563: return 12
    default: return nil
    }
  }
}
