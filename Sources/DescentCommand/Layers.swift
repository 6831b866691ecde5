import ArgumentParser
import Descent

/// `descent layers`.
struct Layers: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists the layers that a network file may name, with their fields.",
    discussion: """
      A network file is YAML or JSON: a list of layers, or 'layers' with that list and 'input' with the shape of a sample.

        input: [1, 28, 28]
        layers:
          - conv2d: {outputs: 6, kernel: 5, padding: 2}
          - relu
          - max-pool2d: 2
          - flatten
          - dense: 120
          - relu
          - dense

      A layer is its name, or its name with its first field's value, or its name with its fields. 'outputs' may be left \
      out where it is what the data need. Every layer may have a 'name', which 'descent predict --layer' takes, and say \
      which earlier layers it takes its input 'from': one name or a list, 'input' for the network's own.
      """)

  @Argument(help: "The layers to describe; all where none is named.")
  var names: [String] = []

  func run() throws {
    for name in names where LayerKind.named(name) == nil {
      throw UsageError("there is no layer '\(name)'; 'descent layers' lists what there is")
    }
    let kinds = names.isEmpty ? LayerKind.all : names.compactMap(LayerKind.named)
    for kind in kinds {
      print(kind.name + (kind.inputs == 1...1 ? "" : "  (takes \(inputs(kind.inputs)), named by 'from')"))
      let fields = kind.fields.map { ["  \($0.name)", $0.standard.map { "default \($0)" } ?? "needed", $0.meaning] }
      guard !fields.isEmpty else { continue }
      for line in alignedTable(["", "", ""], fields, numbers: []).dropFirst() { print(line) }
    }
  }

  private func inputs(_ range: ClosedRange<Int>) -> String {
    range.lowerBound == range.upperBound
      ? "\(range.lowerBound) inputs" : "\(range.lowerBound) to \(range.upperBound) inputs"
  }
}
