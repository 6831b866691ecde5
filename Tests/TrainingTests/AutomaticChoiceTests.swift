import DescentDatasets
import DescentFormats
import DescentNetworks
import DescentTensors
import Foundation
import Testing

@testable import DescentTraining

/// What is chosen where nobody chooses.
@Suite struct AutomaticChoiceTests {
  private func quantities(_ values: [Float], of features: [Float], shape: [Int] = [1]) -> Dataset {
    Dataset(
      name: "made", features: .float32(features), sampleShape: shape,
      featureNames: (0..<shape.reduce(1, *)).map { "x\($0)" }, target: .values(values))
  }

  private func table(_ header: String, _ rows: [String]) throws -> TrainingSamples {
    let table = try Table(bytes: Array("\(header)\n\(rows.joined(separator: "\n"))\n".utf8), place: "t.csv")
    var options = TableOptions()
    options.columns["t"] = try ColumnOptions(words: "text", column: "t")
    let survey = try TableSurvey(table, target: "y", options: options)
    return TrainingSamples(try PreparedTable(survey, survey.parts()))
  }

  /// A batch with a value far beyond the others must not look like a rate that is too high.
  @Test(arguments: 0..<6) func outliersDoNotSayThatARateIsTooHigh(_ seed: UInt64) throws {
    var generator = SplitMix64(seed: 17)
    let features = (0..<400).map { _ in Float(generator.uniform(-1, 1)) }
    let values = features.map { Float(exp(5 * Double($0) * generator.uniform(0, 1))) }
    var settings = TrainingSettings()
    (settings.seed, settings.batchSize, settings.optimizer, settings.loss) = (seed, 16, "adamw", "mean-squared")
    var session = try TrainingSession(
      quantities(values, of: features), settings: settings, terms: .standard(for: .regression))
    let test = session.findLearningRate()
    #expect((2e-4...0.01).contains(test.rate), "\(test.rate)")
    #expect(test.points.allSatisfy { $0.loss.isFinite } && abs(test.points[0].loss - 1) < 0.2)
  }

  @Test func aLighterPenaltyIsTakenWhereItHelps() throws {
    var generator = SplitMix64(seed: 4)
    let features = (0..<250).map { _ in Float(generator.uniform(-3, 3)) }
    func trial(_ value: (Float) -> Float) throws -> PenaltyTrial {
      let values = features.map { value($0) }
      let dataset = quantities(values, of: features)
      var settings = TrainingSettings()
      (settings.epochs, settings.learningRate, settings.loss) = (60, 0.01, "mean-squared")
      (settings.l2, settings.dropout) = (0.02, 0.1)
      let samples = TrainingSamples(dataset, settings)
      return try PenaltyTrial(settings, samples, .standard(for: .regression), findsLearningRate: false)
    }
    let wave = try trial { sin(3 * $0) }
    #expect(wave.settings.l2 < 0.02 && wave.settings.dropout == 0)
    #expect(wave.trials.map(\.factor) == [1, 0.1, 0.01])
    #expect(try #require(wave.trials.map(\.loss).min()) < PenaltyTrial.margin * wave.trials[0].loss)
    // nothing but noise: what holds a network back does no harm
    let noise = try trial { _ in Float(generator.uniform(-1, 1)) }
    #expect(noise.settings.l2 == 0.02 && noise.settings.dropout == 0.1)
  }

  /// Much noise and little to learn: with many rows ten times the penalty does better.
  @Test func aHeavierPenaltyIsTakenWhereNoiseIsGreat() throws {
    var generator = SplitMix64(seed: 8)
    let features = (0..<5000).map { _ in Float(generator.uniform(-1, 1)) }
    let values = features.enumerated().map { $1 * 0.3 + ($0 % 5 == 0 ? Float(generator.uniform(-9, 9)) : 0) }
    var settings = TrainingSettings()
    (settings.epochs, settings.learningRate, settings.loss, settings.layers) = (12, 0.01, "mean-squared", [64])
    (settings.l2, settings.learnsValidation) = (0.001, true)
    let dataset = Dataset(
      name: "noise", features: .float32(features), sampleShape: [5], featureNames: (0..<5).map { "x\($0)" },
      target: .values(stride(from: 0, to: 5000, by: 5).map { values[$0] }))
    let trial = try PenaltyTrial(
      settings, TrainingSamples(dataset, settings), .standard(for: .regression), findsLearningRate: false)
    #expect(trial.trials.map(\.factor) == [1, 0.1, 0.01, 10])
    #expect(trial.settings.l2 == 0.01, "\(trial.trials)")
  }

  @Test func shortTextsAreReadStepByStepAndLongOnesByAConvolution() throws {
    func layers(_ text: (Int) -> String, _ reader: TextLayers? = nil) throws -> [String] {
      let samples = try table("t,y", (0..<60).map { "\(text($0)),\($0 % 2 == 0 ? "a" : "b")" })
      var settings = try #require(samples.automaticSettings()).settings
      settings.textLayers = reader
      return samples.description(settings).layers.compactMap { node in
        guard case .fields(let fields) = node.content, case .text(let name)? = fields.first?.value.content else {
          return nil
        }
        return name
      }
    }
    let (short, long) = (
      { (row: Int) in "wo\(row % 7)rd\(row)" }, { (row: Int) in "many words \(row) stand here and so on and on" }
    )
    #expect(try layers(short).prefix(3) == ["slice", "embedding", "gru"])
    #expect(try layers(long).contains("conv1d"))
    #expect(try layers(short, .convolutional).contains("conv1d"))
    #expect(try layers(long, .recurrent).contains("gru"))
  }

  /// Which of a few letters comes first: the order of the steps is all there is.
  @Test func sequencesAreReadByARecurrentNetwork() throws {
    var generator = SplitMix64(seed: 2)
    var (features, labels) = ([Float](), [Int32]())
    for _ in 0..<300 {
      let (first, second) = (generator.below(6), generator.below(6))
      guard first != second else { continue }
      var steps = [Float](repeating: 0, count: 12)
      (steps[2 * first], steps[2 * second + 1]) = (1, 1)
      features += steps
      labels.append(first < second ? 1 : 0)
    }
    let dataset = Dataset(
      name: "sequences", features: .float32(features), sampleShape: [6, 2],
      featureNames: (0..<12).map { "x\($0)" },
      target: .classes(labels: labels, names: ["a", "b"]))
    let samples = TrainingSamples(
      dataset, split: dataset.validationSplit(share: 0.3, seed: 1), isBuiltIn: false)
    var settings = try #require(samples.automaticSettings()).settings
    settings.epochs = 20
    let session = try TrainingSession(samples, settings: settings, terms: .standard(for: .classification))
    #expect(session.model.network.stateDictionary.contains { $0.name.hasSuffix("weight_hh_l0_reverse") })
    let history = try session.run().history
    #expect((history.epochs.last?.validationAccuracy ?? 0) > 0.9)
  }

  @Test func picturesOfAnArchiveAreReadByConvolutions() throws {
    let dataset = Dataset(
      name: "pictures", features: .uint8((0..<40 * 64).map { UInt8($0 * 31 % 256) }), sampleShape: [8, 8],
      featureNames: (0..<64).map { "x\($0)" }, pixelRange: 0...255,
      target: .classes(labels: (0..<40).map { $0 % 2 }, names: ["a", "b"]))
    let split = dataset.validationSplit(share: 0.2, seed: 1)
    let chosen = TrainingSamples(dataset, split: split, isBuiltIn: false)
    let settings = try #require(chosen.automaticSettings()).settings
    #expect(chosen.shaped(settings)?.input == [1, 8, 8])
    // what makes rows of them makes dense layers suit them
    let components = try InputSteps(words: "pca=5")
    let rows = try #require(chosen.automaticSettings(components)).settings
    #expect(rows.layers == [64, 32])
    let builtIn = TrainingSamples(dataset, split: split)
    #expect(builtIn.automaticSettings() == nil && builtIn.shaped(settings) == nil)
  }

  @Test func numbersBeyondFloatHaveNoComponents() throws {
    let layer = PrincipalComponents(2)
    let rows = Tensor([1e30, 2, 3, -1e30] as [Float], shape: [2, 2])
    let error = #expect(throws: FeatureFittingError.self) { try layer.fitFeatures(batches: 1) { _ in rows } }
    #expect(error?.description.contains("float32") == true)
  }
}
