import DescentDatasets
import DescentFormats
import DescentNetworks
import DescentTensors
import Foundation
import Testing

@testable import DescentTraining

/// Layers that make features of features, and those that are fitted on data.
@Suite struct FeatureLayerTests {
  private func fitted(_ layer: PrincipalComponents, _ rows: Tensor, batches: Int = 1) throws -> Tensor {
    let size = rows.shape[0] / batches
    try layer.fitFeatures(batches: batches) { rows.sliced(axis: 0, $0 * size..<($0 + 1) * size) }
    return layer(rows)
  }

  private func iris() throws -> Tensor {
    let dataset = try Dataset.load("iris")
    return TrainingData(BatchSource(dataset)).inputs(of: dataset.rows(.all)[...])
  }

  // sklearn.decomposition.PCA().fit(load_iris().data): components_, and the first flowers of PCA(2, whiten=True)
  @Test func agreesWithScikitLearn() throws {
    let rows = try iris()
    let plain = PrincipalComponents(4)
    let scores = try fitted(plain, rows, batches: 3)
    let expected: [Double] = [
      0.36138659, -0.08452251, 0.85667061, 0.3582892, 0.65658877, 0.73016143, -0.17337266, -0.07548102, -0.58202985,
      0.59791083, 0.07623608, 0.54583143, 0.31548719, -0.3197231, -0.47983899, 0.75365743,
    ]
    for (made, wanted) in zip(plain.components.value.scalars(Float.self), expected) {
      #expect(abs(Double(made) - wanted) < 2e-5)
    }
    for (made, wanted) in zip(plain.mean.value.scalars(Float.self), [5.84333333, 3.05733333, 3.758, 1.19933333]) {
      #expect(abs(Double(made) - wanted) < 1e-5)
    }
    let variances = scores.squared().sum(axes: [0]).scalars(Float.self).map { Double($0) / 149 }
    for (made, wanted) in zip(variances, [4.22824171, 0.24267075, 0.0782095, 0.02383509]) {
      #expect(abs(made - wanted) < 1e-4)
    }
    let white = try fitted(PrincipalComponents(4, outputs: 2, form: .whitened, epsilon: 0), rows).scalars(Float.self)
    for (made, wanted) in zip(white, [-1.30533786, 0.64836932, -1.31993521, -0.35930856]) {
      #expect(abs(Double(made) - wanted) < 1e-4)
    }
  }

  @Test(arguments: [PrincipalComponents.Form.whitened, .zeroPhase])
  func whitenedDataAreUncorrelatedAndOfVarianceOne(_ form: PrincipalComponents.Form) throws {
    let rows = try iris()
    let layer = PrincipalComponents(4, form: form, epsilon: 0)
    let white = try fitted(layer, rows)
    let covariance = (white.transposed().matmul(white) * (1 / 149.0)).scalars(Float.self)
    for (place, made) in covariance.enumerated() { #expect(abs(made - (place % 5 == 0 ? 1 : 0)) < 1e-3) }
    // zero-phase components turn nothing
    let weights = layer.components.value
    #expect((weights.scalars(Float.self) == weights.transposed().scalars(Float.self)) == (form == .zeroPhase))
  }

  /// Directions without variance become 0, whatever is divided by, and pictures keep their shape.
  @Test func constantDirectionsAreLeftOut() throws {
    let numbers: [Float] = [1, 2, 5, 3, 2, 5, 8, 2, 5, -2, 2, 5]
    let rows = Tensor(numbers, shape: [4, 1, 3])
    let layer = PrincipalComponents(3, form: .zeroPhase, epsilon: 0)
    let white = try fitted(layer, rows)
    #expect(white.shape == [4, 1, 3] && white.scalars(Float.self).allSatisfy(\.isFinite))
    #expect(white.sliced(axis: 2, 1..<3).scalars(Float.self).allSatisfy { abs($0) < 1e-6 })
    #expect(PrincipalComponents(3)(rows).scalars(Float.self).allSatisfy { $0 == 0 })
  }

  @Test func manyFeaturesAreTakenApart() throws {
    let rows = RandomSource.withSeed(4) { Tensor.randomNormal([90, 40]) }
    let mixed = rows.matmul(RandomSource.withSeed(5) { Tensor.randomNormal([40, 40]) })
    let layer = PrincipalComponents(40)
    _ = try fitted(layer, mixed)
    let directions = layer.components.value
    let products = directions.matmul(directions, transposingOther: true).scalars(Float.self)
    for (place, made) in products.enumerated() { #expect(abs(made - (place % 41 == 0 ? 1 : 0)) < 1e-5) }
    let scores = layer(mixed).squared().sum(axes: [0]).scalars(Float.self)
    #expect(scores == scores.sorted(by: >))
  }

  // PolynomialFeatures(3, include_bias=False).fit_transform([[2, 3, 5]])
  @Test func powersAreAllProducts() {
    let made = Powers(3, features: 3)(Tensor([2, 3, 5] as [Float], shape: [1, 3])).scalars(Float.self)
    #expect(made == [2, 3, 5, 4, 6, 10, 9, 15, 25, 8, 12, 20, 18, 30, 50, 27, 45, 75, 125])
    #expect(Powers.count(3, features: 3) == 19 && Powers.count(1, features: 7) == 7)
    #expect(Powers.count(8, features: 1 << 20) == 1_000_000_000)
    let sines = Sines(2)(Tensor([0.5, -1] as [Float], shape: [1, 2])).scalars(Float.self)
    for (made, wanted) in zip(sines, [0.5, -1, 0.479425539, -0.841470985, 0.841470985, -0.909297427]) {
      #expect(abs(Double(made) - wanted) < 1e-6)
    }
  }

  /// Each layer is fitted on what those before it make of the data, wherever it lies.
  @Test func layersAreFittedInTheirOrder() throws {
    let network = Sequential {
      Powers(2, features: 4)
      PrincipalComponents(14, outputs: 5, form: .whitened, epsilon: 0)
      UnitNorm()
      PrincipalComponents(5, form: .components)
    }
    let rows = try iris()
    try network.fitFeatures(batches: 5) { rows.sliced(axis: 0, $0 * 30..<($0 + 1) * 30) }
    let made = network(rows)
    let means = made.mean(axes: [0]).scalars(Float.self)
    #expect(means.allSatisfy { abs($0) < 1e-5 })
    let products = made.transposed().matmul(made).scalars(Float.self)
    for place in products.indices where place % 6 != 0 { #expect(abs(products[place]) < 1e-3) }
    #expect(products[0] > products[6] && products[24] > 0)
  }
}

/// What `--inputs`, `--class-weights` and `--sampling` mean.
@Suite struct TrainingChoiceTests {
  private func settings(_ change: (inout TrainingSettings) -> Void) -> TrainingSettings {
    var settings = TrainingSettings()
    (settings.layers, settings.epochs) = ([8], 3)
    change(&settings)
    return settings
  }

  @Test(arguments: [
    ("powers=2", 14), ("sines=3", 16), ("unit-length", 4), ("pca=2", 2), ("pca", 4), ("powers=2,pca-whitening=6", 6),
    ("zca-whitening,powers", 14),
  ])
  func stepsAreLayersThatAreSaved(_ words: String, _ width: Int) throws {
    #expect(try InputSteps(words: words).width(of: 4) == width)
    let dataset = try Dataset.load("iris")
    let session = try TrainingSession(
      dataset, settings: settings { $0.inputSteps = words }, terms: .standard(for: .classification))
    _ = try session.run()
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString)").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    try session.model.write(to: path)
    let model = try SavedModel(path: path)
    #expect(model.settings.inputSteps == words)
    let rows = dataset.testRows[...]
    #expect(
      model.network(model.data(dataset).inputs(of: rows)).scalars(Float.self)
        == session.model.network(session.data.inputs(of: rows)).scalars(Float.self))
  }

  @Test func picturesKeepTheirShapeWhereTheStepsDo() throws {
    let shape = [1, 8, 8]
    let white = try InputSteps(words: "unit-length,zca-whitening")
    #expect(white.keepShape && white.width(of: 64) == 64)
    let description = NetworkDescription(input: shape, white.layers(for: shape))
    let network = try description.makeNetwork()
    #expect(network(Tensor.ones([2] + shape)).shape == [2, 1, 8, 8])
    let components = try InputSteps(words: "pca=9")
    #expect(!components.keepShape)
  }

  @Test(arguments: ["", "power=2", "powers=9", "powers=0", "pca=x", "pca=", "unit-length=2", "sines=65", "pca,,pca"])
  func wrongStepsAreRefused(_ words: String) {
    let problem = #expect(throws: InputSteps.Problem.self) { try InputSteps(words: words) }
    #expect(problem?.description.contains("'\(words == "pca,,pca" ? "" : words)'") == true)
  }

  @Test func stepsThatDoNotFitAreNamed() throws {
    #expect(try InputSteps(words: "pca=5").objection(features: 4)?.contains("no more than 4") == true)
    #expect(try InputSteps(words: "pca").objection(features: 5000)?.contains("4096") == true)
    #expect(try InputSteps(words: "powers=8").objection(features: 100)?.contains("too many products") == true)
    #expect(try InputSteps(words: "powers=2,pca=10").objection(features: 4) == nil)
  }

  private var uneven: Dataset {
    let labels = (0..<60).map { Int32($0 % 10 == 0 ? 1 : 0) }
    return Dataset(
      name: "uneven", features: .float32((0..<60).map { Float($0) }), sampleShape: [1], featureNames: ["x"],
      target: .classes(labels: labels, names: ["no", "yes=1"]))
  }

  @Test func weightsOfClasses() throws {
    let dataset = uneven
    #expect(try ClassWeights(words: "balanced", dataset, rows: dataset.trainRows).values == [60.0 / 108, 5])
    #expect(try ClassWeights(words: "yes=1=2.5", dataset, rows: dataset.trainRows).values == [1, 2.5])
    for words in ["no", "maybe=2", "no=-1", "no=0,yes=1=0", "no=x", ""] {
      #expect(throws: ClassWeights.Problem.self) {
        try ClassWeights(words: words, dataset, rows: dataset.trainRows)
      }
    }
    let diabetes = try Dataset.load("diabetes")
    #expect(throws: ClassWeights.Problem.self) {
      try ClassWeights(words: "balanced", diabetes, rows: diabetes.trainRows)
    }
    // the mean of w·l, where w is 1 on the mean of the rows, for indices and for ones at the class
    let weights = try ClassWeights(words: "no=1,yes=1=3", dataset, rows: dataset.trainRows)
    #expect(weights.mean == 1.2)
    let outputs = Tensor([1, 0, -2, 0.5] as [Float], shape: [2, 2])
    let plain = LossTerms.standard(for: .classification)
    let first = plain.batchLoss(outputs.sliced(axis: 0, 0..<1), Tensor([0] as [Int32])).item(Float.self)
    let second = plain.batchLoss(outputs.sliced(axis: 0, 1..<2), Tensor([1] as [Int32])).item(Float.self)
    let both = plain.weighted(by: weights).batchLoss(outputs, Tensor([0, 1] as [Int32])).item(Float.self)
    #expect(abs(both - (first + 3 * second) / 2.4) < 1e-6)
    let squared = try #require(LossTerms(named: "mean-squared", task: .classification)).weighted(by: weights)
    let targets = Tensor([1, 0, 0, 1] as [Float], shape: [2, 2])
    let shares = outputs.softmax()
    let errors = (shares - targets).squared().mean(axes: [1]).scalars(Float.self)
    #expect(abs(squared.batchLoss(outputs, targets).item(Float.self) - (errors[0] + 3 * errors[1]) / 2.4) < 1e-6)
  }

  /// However classes fall into batches: one of the rare class alone, or none of it.
  @Test func theWeightedLossDoesNotDependOnTheOrderOfRows() throws {
    let labels = (0..<600).map { Int32($0 < 570 ? 0 : 1) }
    let dataset = Dataset(
      name: "sorted", features: .float32((0..<600).map { Float($0 % 17) }), sampleShape: [1], featureNames: ["x"],
      target: .classes(labels: labels, names: ["no", "yes"]))
    let weights = try ClassWeights(words: "no=0.001,yes=1", dataset, rows: dataset.trainRows)
    let terms = LossTerms.standard(for: .classification).weighted(by: weights)
    let network = RandomSource.withSeed(3) { Dense(1, 2) }
    let data = TrainingData(BatchSource(dataset))
    let evaluator = Evaluator(network, loss: terms.batchLoss)
    let sorted = evaluator.evaluate(data, rows: dataset.trainRows)
    var rows = dataset.trainRows
    var generator = SplitMix64(seed: 1)
    generator.shuffle(&rows)
    #expect(abs(sorted.loss - evaluator.evaluate(data, rows: rows).loss) < 1e-5 * sorted.loss)
  }

  @Test func rowsAreDrawnByClass() {
    let dataset = uneven
    let over = ClassSampling.over.rows(dataset.trainRows, of: dataset, seed: 1)
    #expect(over.count == 108 && over == over.sorted())
    let rare = Dictionary(grouping: over.filter { $0 % 10 == 0 }, by: { $0 }).mapValues(\.count)
    #expect(rare.values.allSatisfy { $0 == 9 } && rare.count == 6)
    let under = ClassSampling.under.rows(dataset.trainRows, of: dataset, seed: 1)
    #expect(under.count == 12 && Set(under).count == 12 && under.count { $0 % 10 == 0 } == 6)
    #expect(under == ClassSampling.under.rows(dataset.trainRows, of: dataset, seed: 1))
    #expect(under != ClassSampling.under.rows(dataset.trainRows, of: dataset, seed: 2))
  }

  /// A network that would say "no" to everything finds the rare class where it counts as much, or comes as often.
  @Test(arguments: [("balanced", ClassSampling?.none), (nil, .over), (nil, .under)] as [(String?, ClassSampling?)])
  func rareClassesAreFound(_ weights: String?, _ sampling: ClassSampling?) throws {
    var generator = SplitMix64(seed: 9)
    let labels = (0..<600).map { Int32($0 % 12 == 0 ? 1 : 0) }
    // two hills of deviation ½, a distance of 1 apart
    let numbers = labels.map { label in
      (0..<3).reduce(Float(label)) { sum, _ in sum + Float(generator.below(1000)) / 1000 }
    }
    let dataset = Dataset(
      name: "rare", features: .float32(numbers), sampleShape: [1], featureNames: ["x"],
      target: .classes(labels: labels, names: ["no", "yes"]))
    func found(_ weights: String?, _ sampling: ClassSampling?) throws -> Double {
      let session = try TrainingSession(
        dataset,
        settings: settings {
          ($0.epochs, $0.learningRate, $0.validation) = (30, 0.02, 0)
          ($0.classWeights, $0.classSampling) = (weights, sampling)
        }, terms: .standard(for: .classification))
      _ = try session.run()
      let result = session.model.evaluator.evaluate(session.data, rows: dataset.rows(.all))
      return result.classification?.recall(of: 1) ?? 0
    }
    let (plain, helped) = (try found(nil, nil), try found(weights, sampling))
    #expect(helped > 0.7 && helped > plain + 0.2, "\(helped) against \(plain)")
  }
}
