import Testing

@testable import DescentDatasets

/// `bunch.data.mean(0)` and `numpy.bincount(bunch.target)` of scikit-learn 1.9's loaders, and the class counts
/// of the rows with index mod 5 = 4.
struct BuiltInFacts: Sendable, CustomTestStringConvertible {
  let name: String
  let count: Int
  let features: Int
  let firstFeatures: [String]
  let firstMeans: [Double]
  let classes: [String]
  let classCounts: [Int]
  let testCounts: [Int]

  var testDescription: String { name }
}

@Suite struct BuiltInTests {
  static let facts = [
    BuiltInFacts(
      name: "iris", count: 150, features: 4, firstFeatures: ["sepal length (cm)", "sepal width (cm)"],
      firstMeans: [5.843333333, 3.057333333, 3.758, 1.199333333], classes: ["setosa", "versicolor", "virginica"],
      classCounts: [50, 50, 50], testCounts: [10, 10, 10]),
    BuiltInFacts(
      name: "wine", count: 178, features: 13, firstFeatures: ["alcohol", "malic_acid"],
      firstMeans: [13.00061798, 2.33634831, 2.36651685], classes: ["class_0", "class_1", "class_2"],
      classCounts: [59, 71, 48], testCounts: [11, 15, 9]),
    BuiltInFacts(
      name: "breast-cancer", count: 569, features: 30, firstFeatures: ["mean radius", "mean texture"],
      firstMeans: [14.12729174, 19.28964851, 91.96903339], classes: ["malignant", "benign"], classCounts: [212, 357],
      testCounts: [42, 71]),
    BuiltInFacts(
      name: "diabetes", count: 442, features: 10, firstFeatures: ["age", "sex", "bmi", "bp"],
      firstMeans: [48.51809955, 1.46832579, 26.37579186, 94.64701357], classes: [], classCounts: [], testCounts: []),
  ]

  @Test(arguments: facts) func tablesAreThoseOfTheirSource(_ facts: BuiltInFacts) throws {
    let data = try Dataset.load(facts.name)
    #expect(data.name == facts.name)
    #expect(data.count == facts.count)
    #expect(data.elementCount == facts.features)
    #expect(data.sampleShape == [facts.features])
    #expect(Array(data.featureNames.prefix(facts.firstFeatures.count)) == facts.firstFeatures)
    #expect(data.pixelRange == nil)
    #expect(data.classNames == facts.classes)
    for (feature, mean) in facts.firstMeans.enumerated() {
      let sum = (0..<data.count).reduce(0.0) { $0 + Double(data.sample($1)[feature]) }
      #expect(abs(sum / Double(data.count) - mean) < 1e-5 * mean)
    }
    #expect(classCounts(data, data.rows(.all)) == facts.classCounts)
    #expect(classCounts(data, data.rows(.test)) == facts.testCounts)
    expectEveryFifthTests(data)
  }

  @Test func digitsAreThoseOfTheirSource() throws {
    let data = try Dataset.load("digits")
    #expect(data.count == 1797)
    #expect(data.sampleShape == [8, 8])
    #expect(data.pixelRange == 0...16)
    #expect(data.featureNames.first == "pixel_0_0")
    #expect(data.featureNames.last == "pixel_7_7")
    #expect(data.classNames == ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"])
    #expect(classCounts(data, data.rows(.all)) == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180])
    #expect(data.rows(.test).count == 359)
    #expect(data.rows(.train).count == 1438)
    expectEveryFifthTests(data)
    // load_digits().images[0]
    let first: [Float] = [
      0, 0, 5, 13, 9, 1, 0, 0, 0, 0, 13, 15, 10, 15, 5, 0, 0, 3, 15, 2, 0, 11, 8, 0, 0, 4, 12, 0, 0, 8, 8, 0,
      0, 5, 8, 0, 0, 9, 8, 0, 0, 4, 11, 0, 1, 12, 7, 0, 0, 2, 14, 5, 10, 12, 0, 0, 0, 0, 6, 13, 10, 0, 0, 0,
    ]
    #expect(data.sample(0) == first)
    guard case .uint8(let pixels) = data.features, case .classes(let labels, _) = data.target else {
      Issue.record("digits must be bytes with classes")
      return
    }
    // load_digits().data.sum() and target[:10], target[-5:]
    #expect(pixels.reduce(0) { $0 + Int($1) } == 561718)
    #expect(pixels.max() == 16)
    #expect(Array(labels.prefix(10)) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    #expect(Array(labels.suffix(5)) == [9, 0, 8, 9, 8])
  }

  @Test func diabetesIsAQuantity() throws {
    let data = try Dataset.load("diabetes")
    guard case .values(let values) = data.target else {
      Issue.record("diabetes must be values")
      return
    }
    #expect(values.prefix(3) == [151, 75, 141])
    #expect(values.min() == 25)
    #expect(values.max() == 346)
    #expect(data.sample(0) == [59, 2, 32.1, 101, 157, 93.2, 38, 4, 4.8598, 87])
    #expect(data.task == .regression)
    #expect(data.targetName == "progression")
  }

  @Test(
    arguments: [
      ("and", [0, 0, 0, 1]), ("or", [0, 1, 1, 1]), ("nand", [1, 1, 1, 0]), ("xor", [0, 1, 1, 0]),
      ("xnor", [1, 0, 0, 1]),
    ] as [(String, [Int32])])
  func truthTablesTrainAndTestOnAllFourRows(_ name: String, _ outputs: [Int32]) throws {
    let data = try Dataset.load(name)
    #expect(data.features == .float32([0, 0, 0, 1, 1, 0, 1, 1]))
    #expect(data.target == .classes(labels: outputs, names: ["0", "1"]))
    for split in Dataset.Split.allCases { #expect(data.rows(split) == [0, 1, 2, 3]) }
    let split = data.validationSplit(share: 0.25, seed: 0)
    #expect(split.validation.isEmpty)
    #expect(split.training.sorted() == [0, 1, 2, 3])
  }

  @Test func everyEntryOfTheCatalogIsAsListed() throws {
    #expect(Set(Catalog.all.map(\.name)).count == Catalog.all.count)
    #expect(Catalog.all.count == 18)
    for entry in Catalog.all {
      let data = try Dataset.load(entry.name)
      #expect(data.count == entry.samples, "\(entry.name)")
      #expect(data.elementCount == entry.features, "\(entry.name)")
      #expect(data.classNames.count == entry.classes, "\(entry.name)")
      #expect(data.task == entry.task, "\(entry.name)")
      #expect(!entry.summary.isEmpty, "\(entry.name)")
      #expect((entry.kind == .pictures) == (data.pixelRange != nil && entry.kind != .generated), "\(entry.name)")
    }
  }
}

/// How many of the rows have each class.
func classCounts(_ data: Dataset, _ rows: [Int32]) -> [Int] {
  guard case .classes(let labels, let names) = data.target else { return [] }
  return names.indices.map { label in rows.count { labels[Int($0)] == label } }
}

func expectEveryFifthTests(_ data: Dataset, sourceLocation: SourceLocation = #_sourceLocation) {
  let rows = 0..<Int32(data.count)
  #expect(data.rows(.test) == rows.filter { $0 % 5 == 4 }, sourceLocation: sourceLocation)
  #expect(data.rows(.train) == rows.filter { $0 % 5 != 4 }, sourceLocation: sourceLocation)
  #expect(data.rows(.all) == Array(rows), sourceLocation: sourceLocation)
}
