import DescentFormats
import Foundation
import Testing

@testable import DescentDatasets

/// Dates as tables write them.
@Suite struct DateTests {
  private static let day = 86_400.0

  /// 2010-01-31T00:00Z, by `date -u -d 2010-01-31 +%s`.
  private static let january = 1_264_896_000.0

  @Test(
    arguments: [
      ("2010-01-31", 0), ("2010/01/31", 0), ("2010/1/31", 0), ("2010.1.31", 0), ("2010-1-31", 0), ("1/31/2010", 0),
      ("31/1/2010", 0), ("31.01.2010", 0), ("31.1.2010", 0), ("31-01-2010", 0), ("01-31-2010", 0), ("Jan 31 2010", 0),
      ("January 31, 2010", 0), ("31 Jan 2010", 0), ("31 january 2010", 0), ("31-JAN-2010", 0), ("31 Jan, 2010", 0),
      ("1/31/2010 9:05", 32_700), ("31.01.2010 09:05:30", 32_730), ("1/31/2010 9:05 PM", 75_900),
      ("1/31/2010 12:05AM", 300), ("1/31/2010 12:00:00 pm", 43_200), ("2010/01/31T09:05Z", 32_700),
      ("Jan 31 2010 9:05", 32_700), ("2010-01-31 09:05:00.5 +0100", 29_100.5), ("2010-01-31T09:05-02:30", 41_700),
    ] as [(String, Double)])
  func formsOfADay(text: String, seconds: Double) {
    #expect(WrittenDate(text)?.seconds(nil) == Self.january + seconds, "\(text)")
  }

  @Test(arguments: [
    "1/2/2010x", "32.1.2010", "29.2.2010", "13/13/2010", "0/1/2010", "1/0/2010", "1/31/10", "1/31-2010", "2010-01/31",
    "2010-02-30", "2010-13-01", "1.2.3.4", "555-1234", "1/31/2010 25:00", "1/31/2010 13:00 PM", "1/31/2010 0:00 AM",
    "1/31/2010 9:5", "1/31/2010 ", "Jan 32 2010", "Jam 31 2010", "Jan 31", "Janua 31 2010", "31 2010 Jan", "9:05",
    "24:00",
    "2010", "20100131", "123-45-6789", "May the force", "march", "1/31/20100", "100/1/2010", "31Jan2010", "2010 01 31",
    "", "1/2", "//////////", "12:", "12:3", "31-Jan 2010", "1/31/2010 9:05 XM", "2010-01-31T",
  ])
  func noDates(text: String) { #expect(WrittenDate(text) == nil) }

  @Test func orderOfDayAndMonth() throws {
    let open = try #require(WrittenDate("1/2/2010"))
    #expect(open.seconds(.monthFirst) == Self.january - 29 * Self.day)
    #expect(open.seconds(.dayFirst) == Self.january + Self.day && open.seconds(nil) == nil)
    let closed = try #require(WrittenDate("31/1/2010"))
    #expect(closed.seconds(.monthFirst) == nil && closed.seconds(.dayFirst) == Self.january)
  }

  /// A column `t` of these dates, surveyed and prepared without scale.
  private func moments(_ dates: [String], _ words: String = "date") throws -> (PreparedTable, [Double]) {
    let rows = dates.enumerated().map { "\"\($1)\",\($0 % 2)\n" }.joined()
    var options = TableOptions()
    options.columns["t"] = try ColumnOptions(words: words, column: "t")
    let table = try Table(bytes: Array("t,y\n\(rows)".utf8), place: "t.csv")
    let survey = try TableSurvey(table, target: "y", options: options)
    let prepared = try PreparedTable(
      survey, RowSplit.Parts(training: survey.rows, validation: [], test: []))
    guard case .date(let date) = prepared.preparation.columns[0].inputs else { return (prepared, []) }
    // back from float32 to the nearest hour
    return (
      prepared,
      (0..<prepared.dataset.count).map {
        ((Double(prepared.dataset.sample($0)[0]) / date.scale + date.offset) / 3600).rounded() * 3600
      }
    )
  }

  private static let assumed = "no date tells the order of day and month: "
  private static let columns: [(dates: [String], days: [Int], reason: String?)] = [
    (["1/2/2010", "1/31/2010", "2/1/2010"], [-29, 0, 1], nil),
    (["1/2/2010", "31/1/2010", "2/1/2010"], [1, 0, -29], nil),
    (["1/2/2010", "1/3/2010", "2/1/2010"], [-29, -28, 1], assumed + "1/2/2010 is read month first"),
    (["1.2.2010", "2.1.2010", "3.2.2010"], [1, -29, 3], assumed + "1.2.2010 is read day first"),
    (["1.2.2010", "1.31.2010", "2.1.2010"], [-29, 0, 1], nil),
    (["2010/01/30", "2010/02/01", "2010/01/31"], [-1, 1, 0], nil),
    (["Jan 30 2010", "31 Jan 2010", "2010-02-01"], [-1, 0, 1], nil),
  ]

  @Test(arguments: columns)
  func columnsAreReadInOneOrder(dates: [String], days: [Int], reason: String?) throws {
    let expected = days.map { Self.january + Double($0) * Self.day }
    let (prepared, found) = try moments(dates)
    #expect(found == expected)
    #expect(prepared.treatments[0].summary.contains(reason ?? "order of day") == (reason != nil))
    // the same without being told, in `describe`, and where it puts rows in order
    let text = "t,x,y\n" + dates.enumerated().map { "\($1),\($0)5.5,\($0 % 2)\n" }.joined()
    let table = try Table(bytes: Array(text.utf8), place: "t.csv")
    var options = TableOptions()
    options.split = RowSplit(method: .time(column: "t"), testShare: 0.3, validationShare: 0)
    let survey = try TableSurvey(table, target: "y", options: options)
    #expect(survey.columns[0].kind == .dateTime)
    let order = days.indices.sorted { days[$0] < days[$1] }
    #expect(survey.columns[0].range == .dates(first: dates[order[0]], last: dates[order[2]]))
    #expect(try TableSummary(table).columns[0].range == survey.columns[0].range)
    #expect(try survey.parts().test == [Int32(order[2])])
  }

  /// A model reads other tables as the one that it learnt from.
  @Test func predictionReadsTheSameOrder() throws {
    let (prepared, _) = try moments(["1/2/2010", "31/1/2010", "2/1/2010"])
    let coded = try JSONDecoder().decode(
      TablePreparation.self, from: JSONEncoder().encode(prepared.preparation))
    #expect(coded == prepared.preparation)
    func sample(_ date: String) throws -> [Float] {
      var notes: [String] = []
      let table = try Table(bytes: Array("t,x\n\(date),1\n".utf8), place: "p.csv")
      return try Dataset(
        table, preparedBy: coded, schema: prepared.dataset.schema, needsTarget: false, notes: &notes
      ).sample(0)
    }
    #expect(try sample("1/2/2010") == prepared.dataset.sample(0))
    #expect(try sample("2010-02-01") == prepared.dataset.sample(0))
    let error = #expect(throws: DataError.self) { try sample("1/31/2010") }
    #expect(error?.place == "p.csv, line 2, column 't'" && error?.message.contains("the day first") == true)
  }

  @Test func ordersThatDisagree() throws {
    let dates = ["1/31/2010", "31/1/2010", "2/2/2010", "1/30/2010"]
    let rows = dates.enumerated().map { "\($1),\($0)5,\($0 % 2)\n" }.joined()
    let table = try Table(bytes: Array("t,x,y\n\(rows)".utf8), place: "t.csv")
    #expect(try TableSurvey(table, target: "y").columns[0].kind == .text)
    var options = TableOptions()
    options.split.method = .time(column: "t")
    let error = #expect(throws: DataError.self) { try TableSurvey(table, target: "y", options: options) }
    #expect(error?.place == "t.csv, line 3, column 't'" && error?.message.contains("another order") == true)
    // a model whose dates had no such form does not guess
    let (prepared, _) = try moments(["2010-01-30", "2010-02-01", "2010-01-31"])
    var notes: [String] = []
    #expect(throws: DataError.self) {
      try Dataset(
        Table(bytes: Array("t\n1/2/2010\n".utf8), place: "p.csv"), preparedBy: prepared.preparation,
        schema: prepared.dataset.schema, needsTarget: false, notes: &notes)
    }
  }

  @Test(arguments: [
    ("date,fill=mean,no-flag", 2.0), ("date,fill=median,no-flag", 1), ("date,fill=mode,no-flag", 0),
    ("date,fill=2010-02-03,no-flag", 3), ("date,fill=Feb 3 2010,no-flag", 3),
  ])
  func missingDates(words: String, days: Double) throws {
    // mean 2, median 1, mode 0
    let dates = ["2010-01-31", "", "2010-01-31", "2010-02-01", "2010-02-01", "2010-02-08", "2010-01-31", "2010-02-02"]
    let (prepared, found) = try moments(dates.map { $0 }, words)
    let present = [0, 0, 1, 1, 8, 0, 2].map { Self.january + $0 * Self.day }
    let mean = Self.january + 12.0 / 7 * Self.day
    let expected =
      switch words {
      case "date,fill=mean,no-flag": (mean / 3600).rounded() * 3600
      default: Self.january + days * Self.day
      }
    #expect(found == [present[0], expected] + present[1...])
    // the cycle goes with the moment
    let angle = 2 * Double.pi * ((words.contains("mean") ? mean : expected) / (7 * Self.day))
    let names = prepared.dataset.featureNames
    let place = try #require(names.firstIndex(of: "t week sin"))
    #expect(abs(Double(prepared.dataset.sample(1)[place]) - sin(angle)) < 1e-4)
    #expect(names == ["t", "t week sin", "t week cos"])
  }

  @Test func missingDatesAsTheyAre() throws {
    let dates = ["2010-01-31", "", "2010-02-01", "-", "2010-02-03"]
    let (flagged, _) = try moments(dates)
    #expect(flagged.dataset.featureNames.last == "t missing")
    #expect(flagged.dataset.sample(1) == [0, 0, 0, 1] && flagged.dataset.sample(2).last == 0)
    #expect(try moments(dates, "date,fill=row").0.dataset.count == 3)
    #expect(try moments(dates, "date,no-flag").0.dataset.sample(3) == [0, 0, 0])
  }

  @Test func partsOfDates() throws {
    let (prepared, _) = try moments(
      ["2010-01-31T10:00", "2012-02-29T10:30", "2012-01-01T10:00", "1969-12-31T10:00"], "parts")
    let names = prepared.dataset.featureNames
    // the hour and the second do not vary
    #expect(Array(names.suffix(5)) == ["t year", "t month", "t day", "t weekday", "t minute"])
    // years 2010 2012 2012 1969; Sunday, Wednesday, Sunday, Wednesday
    for (place, numbers) in [
      ("t year", [2010, 2012, 2012, 1969]), ("t month", [1, 2, 1, 12]), ("t day", [31, 29, 1, 31]),
      ("t weekday", [7, 3, 7, 3]), ("t minute", [0, 30, 0, 0]),
    ] {
      let numbers = numbers.map(Double.init)
      let mean = numbers.reduce(0, +) / 4
      let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4).squareRoot()
      let input = try #require(names.firstIndex(of: place))
      for row in 0..<4 {
        #expect(abs(Double(prepared.dataset.sample(row)[input]) - (numbers[row] - mean) / deviation) < 1e-5, "\(place)")
      }
    }
    #expect(try !moments(["2010-01-31", "2012-02-29", "2011-02-28"]).0.dataset.featureNames.contains("t year"))
    #expect(prepared.treatments[0].summary.contains("parts year, month, day, weekday, minute"))
  }

  /// The calendar against every day from 1600 to 2400, counted one by one.
  @Test func calendarCountsDays() throws {
    var (days, weekday) = (-135_140, 6)  // 1600-01-01 was a Saturday
    var areRight = true
    for year in 1600...2400 {
      let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      for (month, length) in [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31].enumerated() {
        for day in 1...length {
          let moment = CalendarMoment(Double(days) * Self.day + 86_399.5)
          areRight =
            areRight && moment[.year] == year && moment[.month] == month + 1 && moment[.day] == day
            && moment[.weekday] == weekday && moment[.hour] == 23 && moment[.minute] == 59 && moment[.second] == 59
          if day == 1 || day == length {
            let written = "\(year)/\(month + 1)/\(day)"
            areRight = areRight && WrittenDate(written)?.seconds(nil) == Double(days) * Self.day
          }
          (days, weekday) = (days + 1, weekday % 7 + 1)
        }
      }
    }
    #expect(areRight)
  }
}
