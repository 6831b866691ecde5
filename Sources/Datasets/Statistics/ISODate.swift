/// A date, a date with a time, or a time of day in a form of ISO 8601, as a number that orders them.
struct ISODate {
  /// Whether it is a time without a day.
  let isTimeOnly: Bool
  /// Seconds since 1970-01-01T00:00Z, or since midnight. What names no zone is taken as UTC.
  let seconds: Double

  /// Reads `2026-11-21`, `2026-11-21T14:05`, `2026-11-21 14:05:30.5+01:00`, `14:05` and `14:05:30`; nil for anything
  /// else, and for days and times that do not exist.
  init?(_ bytes: UnsafeBufferPointer<UInt8>) {
    var scan = Scan(bytes: bytes)
    guard bytes.count >= 5, bytes.count <= 40 else { return nil }
    if bytes[2] == UInt8(ascii: ":") {
      guard let time = scan.time(), scan.isAtEnd else { return nil }
      (isTimeOnly, seconds) = (true, time)
      return
    }
    guard let days = scan.day() else { return nil }
    var total = Double(days) * 86_400
    if !scan.isAtEnd {
      guard scan.takes("T") || scan.takes(" ") || scan.takes("t"), let time = scan.time(), let zone = scan.zone(),
        scan.isAtEnd
      else { return nil }
      total += time - zone
    }
    (isTimeOnly, seconds) = (false, total)
  }

  private struct Scan {
    let bytes: UnsafeBufferPointer<UInt8>
    var position = 0

    init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    mutating func takes(_ character: Unicode.Scalar) -> Bool {
      guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    mutating func number(_ digits: Int) -> Int? {
      guard position + digits <= bytes.count else { return nil }
      var number = 0
      for byte in bytes[position..<position + digits] {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        number = number * 10 + Int(byte - UInt8(ascii: "0"))
      }
      position += digits
      return number
    }

    mutating func day() -> Int? {
      guard let year = number(4), takes("-"), let month = number(2), takes("-"), let day = number(2),
        month >= 1, month <= 12, day >= 1, day <= Self.length(of: month, year)
      else { return nil }
      // days from 1970-01-01 in the Gregorian calendar, years beginning in March (H. Hinnant, "chrono-compatible
      // low-level date algorithms")
      let shifted = month > 2 ? year : year - 1
      let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
      return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }

    mutating func time() -> Double? {
      guard let hour = number(2), takes(":"), let minute = number(2), hour < 24, minute < 60 else { return nil }
      var seconds = Double(hour * 3600 + minute * 60)
      guard takes(":") else { return seconds }
      // 60 is a leap second
      guard let second = number(2), second <= 60 else { return nil }
      seconds += Double(second)
      guard takes(".") else { return seconds }
      var scale = 0.1
      guard let first = number(1) else { return nil }
      seconds += Double(first) * scale
      while let digit = number(1) {
        scale /= 10
        seconds += Double(digit) * scale
      }
      return seconds
    }

    /// Seconds ahead of UTC; 0 where nothing is said.
    mutating func zone() -> Double? {
      if isAtEnd || takes("Z") || takes("z") { return 0 }
      let sign: Double = takes("-") ? -1 : 1
      guard sign < 0 || takes("+"), let hour = number(2), hour < 24 else { return nil }
      guard !isAtEnd else { return sign * Double(hour * 3600) }
      _ = takes(":")
      guard let minute = number(2), minute < 60 else { return nil }
      return sign * Double(hour * 3600 + minute * 60)
    }

    private static func length(of month: Int, _ year: Int) -> Int {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
  }
}
