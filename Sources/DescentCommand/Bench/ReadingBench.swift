import Descent

/// How fast tables are read: `descent bench --reading`.
///
/// A table is in memory, drawn from a fixed seed, and one processor reads it.
struct ReadingBench: Encodable {
  /// `reading-numbers` or `reading-mixed`.
  let workload: String
  let unit = "MB/s"
  /// Bytes of the table.
  let bytes: Int
  /// Every field is found, and none looked at.
  let walk: Double
  /// Kinds, gaps, ranges and different values of all columns: the first of the two walks of a training.
  let survey: Double

  /// For people.
  var line: String { "\(workload): the walk \(grouped(walk)) MB/s, the survey \(grouped(survey)) MB/s" }

  private static let words = ["Rom", "Wien", "Oslo", "München"]

  /// Each of the two tables, of 200,000 rows, or fewer for less than four seconds.
  static func measureAll(for seconds: Double) throws -> [ReadingBench] {
    let rows = min(200_000, max(1000, Int(seconds * 50_000)))
    return try [("reading-numbers", numbers(rows)), ("reading-mixed", mixed(rows))].map { name, text in
      try measure(name, text, for: seconds / 2)
    }
  }

  /// The best rounds of each, which take turns for about so many seconds, five rounds at least.
  private static func measure(_ name: String, _ text: [UInt8], for seconds: Double) throws -> ReadingBench {
    let table = try Table(bytes: text, place: "the table")
    let clock = ContinuousClock()
    var (walk, survey) = (Double.infinity, Double.infinity)
    var rounds = 0
    let start = clock.now
    while rounds < 5 || (clock.now - start).seconds < seconds {
      walk = min(walk, try clock.measure { _ = try table.countRows() }.seconds)
      survey = min(survey, try clock.measure { _ = try TableSurvey(table, target: "y") }.seconds)
      rounds += 1
    }
    let size = Double(text.count) / 1e6
    return ReadingBench(workload: name, bytes: text.count, walk: size / walk, survey: size / survey)
  }

  /// Sixteen numbers with five digits behind the point, a word, and a number as the target.
  private static func numbers(_ rows: Int) -> [UInt8] {
    table(rows, (0..<16).map { "x\($0)" } + ["shop", "y"]) { draw, column in
      column == 16
        ? words[Int((draw >> 1) % 4)]
        : "\(draw & 1 == 0 ? "-" : "")\((draw >> 8) % 3).\(10_000 + (draw >> 16) % 90_000)"
    }
  }

  /// Dates, hours, small numbers and gaps, words of several kinds: as in tables of flights or sales.
  private static func mixed(_ rows: Int) -> [UInt8] {
    table(rows, ["day", "hour", "delay", "distance", "number", "carrier", "shop", "tail", "note", "y"]) {
      draw, column in
      switch column {
      case 0: "2026-\(10 + draw % 3)-\(10 + (draw >> 8) % 18)"
      case 1: "\(draw % 24)"
      case 2: draw % 50 == 0 ? "" : "\(Int(draw % 400) - 100)"
      case 3: "\(100 + draw % 3_000)"
      case 4: "\(1 + draw % 7_000)"
      case 5: "C\(draw % 16)"
      case 6: words[Int(draw % 4)]
      case 7: "N\(10_000 + draw % 4_000)"
      case 8: draw % 10 == 0 ? "\"late, \(draw % 7)\"" : "none"
      default: "\(Int(draw % 500) - 50)"
      }
    }
  }

  private static func table(
    _ rows: Int, _ columns: [String], _ field: (_ draw: UInt64, _ column: Int) -> String
  ) -> [UInt8] {
    var random = SplitMix64(seed: 0)
    var text = Array(columns.joined(separator: ",").utf8) + [0x0A]
    for _ in 0..<rows {
      for column in columns.indices {
        text += Array(field(random.next() >> 4, column).utf8) + [column < columns.count - 1 ? 0x2C : 0x0A]
      }
    }
    return text
  }
}
