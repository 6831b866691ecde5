import Descent

/// How fast tables are read: `descent bench --reading`.
///
/// The table is in memory, drawn from a fixed seed: 20,000 rows of sixteen numbers with five digits behind the point, a
/// word, and a number as the target. One processor reads it.
struct ReadingBench: Encodable {
  let workload = "reading"
  let unit = "MB/s"
  /// Bytes of the table.
  let bytes: Int
  /// Every field is found, and none looked at.
  let walk: Double
  /// Kinds, gaps, ranges and different values of all columns: the first of the two walks of a training.
  let survey: Double

  /// For people.
  var line: String { "reading: the walk \(grouped(walk)) MB/s, the survey \(grouped(survey)) MB/s" }

  private static let rowCount = 20_000
  private static let words = ["Rom", "Wien", "Oslo", "München"]

  /// The best rounds of each, which take turns for about so many seconds, five rounds at least.
  static func measure(for seconds: Double) throws -> ReadingBench {
    let text = table()
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
    return ReadingBench(bytes: text.count, walk: size / walk, survey: size / survey)
  }

  private static func table() -> [UInt8] {
    var random = SplitMix64(seed: 0)
    var text = Array(((0..<16).map { "x\($0)" } + ["shop", "y"]).joined(separator: ",").utf8) + [0x0A]
    for _ in 0..<rowCount {
      for column in 0..<18 {
        let draw = random.next()
        let number = "\(draw & 1 == 0 ? "-" : "")\((draw >> 8) % 3).\(10_000 + (draw >> 16) % 90_000)"
        text += Array((column == 16 ? words[Int((draw >> 1) % 4)] : number).utf8) + [column < 17 ? 0x2C : 0x0A]
      }
    }
    return text
  }
}
