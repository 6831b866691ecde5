import DescentFormats
import Testing

@testable import DescentDatasets

@Suite struct CSVTargetTests {
  private func data(_ targets: [String], task: Dataset.Task? = nil) throws -> Dataset {
    let text = "x,y\n" + targets.enumerated().map { "\($0),\($1)\n" }.joined()
    return try Dataset(Table(bytes: Array(text.utf8), place: "t.csv"), target: "y", task: task)
  }

  @Test func textIsClassesInTheOrderOfScalars() throws {
    let data = try data(["b", "B", "ä", "a", "10", "9", "nan", "b"])
    #expect(data.classNames == ["10", "9", "B", "a", "b", "nan", "ä"])
    #expect(data.target == .classes(labels: [4, 2, 6, 3, 0, 1, 5, 4], names: data.classNames))
    #expect(data.taskReason == "'y' holds text")
    #expect(data.targetName == "y")
    #expect(!data.hasTestPart)
    #expect(data.trainRows.count == 8)
  }

  @Test func fewWholeNumbersAreClassesInTheirOrder() throws {
    let data = try data(["10", "9.0", "-1", "9", "1e1"])
    #expect(data.target == .classes(labels: [2, 1, 0, 1, 2], names: ["-1", "9.0", "10"]))
    #expect(data.taskReason == "'y' holds 3 different whole numbers")
  }

  @Test(arguments: [(20, Dataset.Task.classification), (21, .regression)])
  func twentyDifferentWholeNumbersAreTheMost(_ count: Int, _ task: Dataset.Task) throws {
    #expect(try data((0..<3 * count).map { "\($0 % count)" }).task == task)
  }

  @Test func fractionsAreAQuantity() throws {
    let data = try data(["1", "2", "2.5"])
    #expect(data.target == .values([1, 2, 2.5]))
    #expect(data.taskReason == "'y' holds numbers with fractions")
    #expect(try self.data((0..<30).map(String.init)).taskReason == "'y' holds more than 20 different whole numbers")
  }

  @Test func theTaskOverrides() throws {
    #expect(try data(["1", "2", "1"], task: .regression).target == .values([1, 2, 1]))
    let classes = try data(["2.5", "-0.5", "2.50"], task: .classification)
    #expect(classes.target == .classes(labels: [1, 0, 1], names: ["-0.5", "2.5"]))
    #expect(classes.taskReason == "that is the task asked for")
    let error = #expect(throws: DataError.self) { try data(["1", "2", "red"], task: .regression) }
    #expect(error?.place == "t.csv, line 4, column 'y'")
    #expect(error?.message.contains("'red' is no number") == true)
    #expect(throws: DataError.self) { try data(["1", "1"], task: .classification) }
    // R² of a constant is 1 for whoever says it, and tells nothing
    #expect(throws: DataError.self) { try data(["1.5", "1.5"]) }
    #expect(throws: DataError.self) { try data(["1", "1"], task: .regression) }
  }

  @Test func spellingsOfOneTextAreOneClass() throws {
    let data = try data(["caf\u{E9}", "cafe\u{301}", "tea", "\"tea\""])
    #expect(data.target == .classes(labels: [0, 0, 1, 1], names: ["caf\u{E9}", "tea"]))
  }

  @Test func aPredictionTableMayDifferInItsColumns() throws {
    let table = try Table(bytes: Array("note,b,a\nfirst,2,1\nsecond,4,3\n".utf8), place: "p.csv")
    #expect(try table.features(named: ["a", "b"]) == [1, 2, 3, 4])
    #expect(!table.columns.contains("y"))
    let error = #expect(throws: DataError.self) { try table.features(named: ["a", "c"]) }
    #expect(error?.message == "there is no column 'c'; the columns are 'note', 'b', 'a'")
  }
}
