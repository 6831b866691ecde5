import DescentDatasets
import DescentFormats
import DescentNetworks
import DescentTensors
import DescentTraining
import Foundation
import Testing

/// Training with products in bfloat16: weights, gradients and the optimizer's memory stay float32.
@Suite struct TrainingPrecisionTests {
  private func settings(_ precision: Precision) -> TrainingSettings {
    var settings = TrainingSettings()
    settings.layers = [32]
    settings.epochs = 3
    settings.learningRate = 0.005
    settings.seed = 3
    settings.precision = precision
    return settings
  }

  private func session(_ precision: Precision) throws -> TrainingSession {
    let digits = try Dataset.load("digits")
    return try TrainingSession(digits, settings: settings(precision), terms: .standard(for: digits.task))
  }

  @Test func digitsAreLearntAsWell() throws {
    func accuracy(_ precision: Precision) throws -> Double {
      let session = try session(precision)
      let history = try session.run().history
      #expect(session.model.network.variables.allSatisfy { $0.value.type == .float32 })
      let evaluation = session.model.evaluator.evaluate(session.data, rows: session.split.validation)
      // what is saved is measured as it was while it was trained
      #expect(history.epochs.last?.validationLoss == evaluation.loss)
      return try #require(evaluation.classification?.accuracy)
    }
    let (float, half) = (try accuracy(.float32), try accuracy(.bfloat16))
    #expect(float > 0.9 && abs(float - half) <= 0.015, "\(float) and \(half)")
  }

  @Test func modelFilesSayIt() throws {
    let half = try session(.bfloat16).model.file()
    #expect(half.entries.allSatisfy { $0.elementType == .float32 })
    #expect(half.metadata["training"]?.contains(#""bfloat16""#) == true)
    let path = "\(Files.temporaryFolder)/descent-precision-\(UInt64.random(in: 0 ... .max)).safetensors"
    try half.write(to: path)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let model = try SavedModel(path: path)
    #expect(model.settings == settings(.bfloat16) && model.settings.precision == .bfloat16)
    // a file of float32 is what it was before there was a choice
    #expect(try session(.float32).model.file().metadata["training"]?.contains("recision") == false)
  }

  /// A step's plan rounds the weights itself, and remembers in float32.
  @Test func everyOptimizerMovesFloat32() throws {
    let x = Tensor((0..<20).map { Float($0 % 7) / 7 }, shape: [10, 2])
    let y = Tensor((0..<10).map { Float($0) / 10 }, shape: [10, 1])
    for (name, make) in TrainingSettings.optimizers {
      let network = smallNetwork()
      let trainer = Trainer(network, loss: .meanSquared, optimizer: make(0.01), precision: .bfloat16)
      let before = bits(network)
      let losses = (0..<3).map { _ in trainer.train(x, y).loss }
      #expect(losses.allSatisfy(\.isFinite) && bits(network) != before, "\(name)")
      #expect(network.variables.allSatisfy { $0.value.type == .float32 })
    }
  }
}
