import DescentFormats
import Testing

@testable import DescentDatasets

@Suite struct TableSummaryTests {
  private static let people = #"""
    id,name,age,score,weight,city,member,joined,at,unit,note
    1,"Ann ""A""",23,1.5,1,Bern,yes,2026-01-31,08:30,cm,
    2,Bo,35,2,2,Bern,no,2024-02-29,23:59:59,cm,
    3,Cy,31,8,0.5,Rom,yes,2026-11-21T14:05,00:00,cm,
    4,Di,64,3,1,Rom,yes,1999-12-31,12:00,cm,
    5,Ed,35,4,1,Bern,yes,2026-11-21 13:00:00Z,12:00,,
    6,Flo,NA,5,4,Bern,no,2026-11-21T15:00:00.5+03:00,12:00,cm,
    7,Gus,28,6,3,Rom,no,,12:00,cm,
    8,Hal,41,7,1,Rom,no,2001-01-01,12:00,cm,
    9,Ida,35,120,1,Bern,no,2001-01-01,12:00,cm,
    10,Jo,52,9,2,Bern,yes,2001-01-01,12:00,cm,
    11,Kim,19.5,10,1,Rom,yes,2001-01-01,12:00,cm,
    12,Lou Ann,,11,0,Rom,yes,2001-01-01,12:00,cm,

    """#

  private func table(_ text: String) throws -> Table { try Table(bytes: Array(text.utf8), place: "t.csv") }

  private func column(_ content: [String]) throws -> ColumnSummary {
    let rows = content.map { "\"\($0)\",x\n" }.joined()
    return try #require(try TableSummary(table("value,other\n" + rows)).columns.first)
  }

  @Test func typesMissingAndDistinct() throws {
    let summary = try TableSummary(table(Self.people))
    #expect(summary.rowCount == 12)
    let kinds = summary.columns.map(\.kind)
    #expect(
      kinds == [
        .identifier, .text, .number, .number, .number, .binary, .binary, .dateTime, .dateTime, .binary, .empty,
      ])
    #expect(summary.columns.map(\.missing) == [0, 0, 2, 0, 0, 0, 0, 1, 0, 1, 12])
    #expect(summary.columns.map(\.distinct) == [12, 12, 8, 12, 6, 2, 2, 7, 4, 1, 0].map(DistinctCount.exactly))
    #expect(summary.columns[2].range == .numbers(19.5...64))
    // 15:00:00.5+03:00 is 12:00:00.5 in UTC, an hour before 13:00
    #expect(summary.columns[7].range == .dates(first: "1999-12-31", last: "2026-11-21T14:05"))
    #expect(summary.columns[8].range == .dates(first: "00:00", last: "23:59:59"))
    #expect(summary.columns[1].commonest.first == .init(value: "Ann \"A\"", count: 1))
    #expect(summary.columns[6].commonest == [.init(value: "yes", count: 7), .init(value: "no", count: 5)])
  }

  // age = [23, 35, 31, 64, 35, 28, 41, 35, 52, 19.5], numpy.var(age, ddof=1), scipy.stats.skew(age),
  // numpy.abs(age - age.mean()).mean(), numpy.abs(age - numpy.median(age)).mean(), scipy.stats.iqr(age),
  // numpy.average(age, weights=w), numpy.quantile(age, .5, weights=w, method='inverted_cdf'); score likewise
  @Test func agreesWithNumPy() throws {
    let summary = try TableSummary(table(Self.people), weights: "weight")
    let age = try #require(summary.columns[2].numbers)
    #expect(age.count == 10 && age.range == 44.5)
    expectNear(age.moments.mean, 36.35)
    expectNear(age.moments.variance, 177.44722222222222)
    expectNear(age.moments.skewness, 0.8505815471926915)
    expectNear(age.deviations.meanAbsoluteFromMean, 9.59)
    expectNear(age.deviations.meanAbsoluteFromMedian, 9.05)
    for (p, expected) in zip([0.05, 0.25, 0.5, 0.75, 0.95], [21.075, 28.75, 35, 39.5, 58.6]) {
      expectNear(age.quantiles.quantile(p), expected)
    }
    expectNear(age.interquartileRange, 10.75)
    expectNear(age.weightedMean, 36.370370370370374)
    #expect(age.weightedMedian == 35)
    // 64 is above 39.5 + 1.5 · 10.75, and within three times 13.3 of the mean
    #expect(age.deviations.outliersByQuartiles == 1 && age.deviations.outliersBySigma == 0)
    let score = try #require(summary.columns[3].numbers)
    expectNear(score.moments.standardDeviation, 33.04092389015706)
    expectNear(score.moments.skewness, 2.9677303565262205)
    #expect(score.deviations.outliersByQuartiles == 1 && score.deviations.outliersBySigma == 1)
    #expect(score.deviations.histogram.reduce(0, +) == 12 && score.deviations.histogram.last == 1)
    #expect(try #require(TableSummary(table(Self.people)).columns[2].numbers).weightedMean == nil)
  }

  // numpy.corrcoef(age, score)[0, 1] over the rows that have an age
  @Test func correlationsLeaveMissingRowsOut() throws {
    let summary = try TableSummary(table(Self.people))
    let pair = try #require(summary.correlations.first { $0.x == "age" && $0.y == "score" })
    expectNear(pair.coefficient, -0.044857157272534295)
    #expect(summary.correlations.count == 3 && !summary.correlations.contains { $0.x == "id" })
    let sizes = summary.correlations.map { abs($0.coefficient) }
    #expect(sizes == sizes.sorted(by: >))
  }

  @Test(
    arguments: [
      (["1", "2", "3", "nan", "-inf", "1e999", "", "null"], .number, 5),
      (["1", "2", "3", "x", "nan", ""], .text, 2), (["1", "1.0", "01"], .constant, 0), (["1", "1.0", ""], .binary, 1),
      (["001", "011", "102", "001", "011", "102"], .category, 0), (["01", "11", "02", "01", "11", "02"], .number, 0),
      (["001", "110", "2"], .number, 0), (["001", "110", "200", "300"], .number, 0),
      (["$1,036.00", "-$5", "7"], .number, 0), (["49.6%", "5 %", "NA"], .binary, 1), (["0", "1", ""], .binary, 1),
      (["NA", "?", ""], .empty, 3), (["", ""], .empty, 2), (["a", "b", "a", "b", "c", "c"], .category, 0),
      (["a", "b", "c", "d"], .text, 0), ((0..<10).map { "u\($0)" }, .identifier, 0),
      ((0..<10).map { "u \($0)" }, .text, 0), ((0..<10).map { "\(9 - $0)" }, .identifier, 0),
      ((0..<10).map { "\($0 * 2)" }, .number, 0), (["2026-02-28", "2026-02-29", "2026-03-01"], .text, 0),
      (["2024-02-29", "NA", "2026-03-01", "2026-03-02"], .dateTime, 1), (["10:00", "2026-03-01", "11:00"], .text, 0),
      (["10:00", "24:00", "11:00"], .text, 0), (["é", "e\u{301}"], .constant, 0),
    ] as [([String], ColumnSummary.Kind, Int)])
  func columnsAreWhatTheirValuesShow(_ content: [String], _ kind: ColumnSummary.Kind, _ missing: Int) throws {
    let column = try column(content)
    #expect(column.kind == kind)
    #expect(column.missing == missing)
  }

  @Test func wholeNumbersThatDifferAreNamesInAColumnOfIDs() throws {
    let rows = (0..<12).map { "\($0 * $0),\($0 * $0)\n" }.joined()
    #expect(try TableSummary(table("customer_id,square\n" + rows)).columns.map(\.kind) == [.identifier, .number])
  }

  @Test func manyDifferentValuesAreNotCounted() throws {
    let rows = (0...DistinctCount.limit).map { "w\($0 * 3) x,\(Double($0) / 7)\n" }.joined()
    let summary = try TableSummary(table("words,numbers\n" + rows))
    for column in summary.columns {
      #expect(column.distinct == .moreThan(DistinctCount.limit) && column.commonest.isEmpty)
    }
    #expect(summary.columns.map(\.kind) == [.text, .number])
    let numbers = try #require(summary.columns[1].numbers)
    #expect(!numbers.quantiles.isExact)
    expectNear(numbers.quantiles.median, Double(DistinctCount.limit) / 14, 1e-4)
    expectNear(numbers.deviations.meanAbsoluteFromMedian, (Double(DistinctCount.limit) / 4 + 0.25) / 7, 1e-4)
  }

  @Test(arguments: [
    ("nope", "", "there is no column 'nope'"), ("age", ", line 7, column 'age'", "'NA' is no weight"),
    ("note", ", line 2, column 'note'", "an empty field"), ("city", ", line 2, column 'city'", "'Bern'"),
  ])
  func wrongWeightsSayWhere(_ column: String, _ place: String, _ part: String) throws {
    let table = try table(Self.people)
    let error = #expect(throws: DataError.self) { try TableSummary(table, weights: column) }
    #expect(error?.place == "t.csv" + place)
    #expect(error?.message.contains(part) == true, "\(error?.message ?? "")")
  }

  @Test(arguments: ["x,w\n1,-1\n2,1\n", "x,w\n1,0\n2,0\n", "x,w\n1,1e308\n2,1e308\n", "x,w\n1,inf\n2,1\n"])
  func weightsThatCannotWeigh(_ text: String) throws {
    let table = try table(text)
    #expect(throws: DataError.self) { try TableSummary(table, weights: "w") }
  }

  /// A built-in table has the figures of its own file.
  @Test func builtInDataAreDescribed() throws {
    let iris = try TableSummary.load("iris")
    #expect(iris.columns.map(\.kind) == [.number, .number, .number, .number, .category])
    // sklearn.datasets.load_iris().data.mean(0)[0], .std(0, ddof=1)[0]; numpy.corrcoef of the last two columns
    expectNear(iris.columns[0].numbers?.moments.mean, 5.843333333333334)
    expectNear(iris.columns[0].numbers?.moments.standardDeviation, 0.8280661279778629)
    expectNear(iris.correlations.first?.coefficient, 0.9628654314027961)
    let digits = try TableSummary.load("digits")
    #expect(digits.columns.map(\.name) == ["pixels", "digit"] && digits.columns[0].count == 1797 * 64)
    // sklearn.datasets.load_digits().data.mean(), .var()
    expectNear(digits.columns[0].numbers?.moments.mean, 4.884164579855314)
    expectNear(digits.columns[0].numbers?.moments.populationVariance, 36.201732405857264)
    #expect(throws: DataError.self) { try TableSummary.load("digits", weights: "digit") }
    #expect(throws: DatasetNameError.self) { try TableSummary.load("iris:size=3") }
    let diabetes = try TableSummary.load("diabetes", weights: "age")
    #expect(diabetes.columns.last?.numbers?.weightedMean != nil)
  }

  @Test(arguments: [
    ((0..<10).map { $0 % 4 }, [3, 3, 2, 2]), (Array(0..<72), Array(repeating: 3, count: 24)),
    (Array(-5..<20), Array(repeating: 2, count: 12) + [1]),
    ([0, 1_000_000], [1] + Array(repeating: 0, count: 22) + [1]),
  ])
  func partsOfAHistogramHoldAsManyWholeNumbers(_ values: [Int], _ histogram: [Int]) throws {
    let rows = values.map { "\($0),x\n" }.joined()
    #expect(try TableSummary(table("n,t\n" + rows)).columns[0].numbers?.deviations.histogram == histogram)
  }

  @Test func extremesDoNotStopIt() throws {
    let summary = try TableSummary(table("x,y\n-1.7e308,1\n1.7e308,5e-324\n1.7e308,0\n1,2\n"))
    #expect(summary.columns.map(\.kind) == [.number, .number])
    #expect(summary.columns[0].numbers?.deviations.histogram.reduce(0, +) == 4)
    let one = try TableSummary(table("x,y\n3,a\n"))
    #expect(one.columns.map(\.kind) == [.constant, .constant] && one.correlations.isEmpty)
    #expect(one.columns[0].numbers?.deviations.meanAbsoluteFromMean == 0)
    let none = NumberSummary([])
    #expect(none.count == 0 && none.range == nil && none.interquartileRange == nil)
    #expect(none.deviations.meanAbsoluteFromMean == nil && none.deviations.histogram.isEmpty)
  }

  @Test func noBytesStopTheSummary() {
    let alphabet = Array("a,,\"\"\n\n 1.5e-n:20".utf8) + [0, 0xC3, 0xFF]
    var generator = SplitMix64(seed: 3)
    var tables = 0
    for _ in 0..<5000 {
      let body = (0..<generator.below(40)).map { _ in alphabet[generator.below(alphabet.count)] }
      guard let table = try? Table(bytes: Array("x,y\n".utf8) + body, place: "t.csv") else { continue }
      tables += 1
      _ = try? TableSummary(table)
      _ = try? TableSummary(table, weights: "y")
    }
    #expect(tables > 30)
  }
}
