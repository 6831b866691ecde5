import DescentNetworks
import DescentTensors

/// What one layer of a network gives for rows, as a table: features for something else.
public struct LayerTable: Sendable {
  /// One CSV text with a header: `layer.0`, `layer.1`, … for the numbers of the layer's output, row-major.
  public let csv: String

  /// The names of all layers of a network, those inside layers and inside ready networks among them.
  public static func layerNames(of model: SavedModel) -> [String] {
    let sample = model.description.sample(for: model.schema)
    return LayerWatch.outputs { Trial(of: [sample]) { model.network($0[0]) } }.layers.map(\.name)
  }

  /// The layer's outputs for the rows, in their order, in the blocks that an ``Evaluator`` runs in: the same row gives the
  /// same numbers in any company.
  ///
  /// - Parameter layer: one of ``layerNames(of:)``; a name that the network does not have traps.
  public init(_ model: SavedModel, _ data: TrainingData, rows: [Int32], layer: String) {
    var lines = ""
    for block in batches(rows, of: Evaluator.block) {
      let inputs = data.inputs(of: Evaluator.padded(block))
      let watched = LayerWatch.outputs { model.network(inputs, in: model.settings.precision) }
      guard let output = watched.layers.first(where: { $0.name == layer })?.output else {
        programmerError("LayerTable: the network has no layer '\(layer)'")
      }
      let numbers = output.cast(to: .float32).scalars(Float.self)
      let width = numbers.count / Evaluator.block
      if lines.isEmpty { lines += (0..<width).map { quotedField("\(layer).\($0)") }.joined(separator: ",") + "\n" }
      for row in 0..<block.count {
        lines += numbers[row * width..<(row + 1) * width].map { "\($0)" }.joined(separator: ",") + "\n"
      }
    }
    csv = lines
  }
}
