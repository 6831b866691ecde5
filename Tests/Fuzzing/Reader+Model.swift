import DescentDatasets
import DescentFormats
import DescentNetworks
import DescentTensors
import DescentTraining

extension Reader {
  /// A network file, and what is made of it.
  static func readNetwork(_ bytes: [UInt8]) throws {
    guard let text = String(validating: bytes, as: UTF8.self) else { return }
    do {
      let description = try NetworkDescription(yaml: text)
      _ = try description.taking([1, 8, 8]).summary(outputs: 3)
    } catch {
      throw DataError.invalid("a", error.description)
    }
  }

  /// A model file; or four lines with what its metadata say of network, preparation, data and training, to which tensors
  /// are added that fit, because chance would not find them.
  static func readModel(_ bytes: [UInt8]) throws {
    let model = try SavedModel(modelFile(bytes), place: "a")
    _ = try SavedModel(model.file(), place: "a")
    guard let preparation = model.preparation.table, preparation.width <= 1 << 16 else { return }
    // tables for it, of what one column may hold and another not
    func line(_ field: (ColumnPreparation) -> String) -> String {
      preparation.columns.map { "\"\(field($0).replacing("\"", with: "\"\""))\"" }.joined(separator: ",") + "\n"
    }
    let values = ["1", "-1e300", "2024-02-29 23:59", "12:30", "a", "one two, three", "", "NA"]
    for value in values {
      do {
        let table = try Table(bytes: Array((line(\.name) + line { _ in value }).utf8), place: "a")
        var notes: [String] = []
        _ = try Dataset(table, preparedBy: preparation, schema: model.schema, needsTarget: false, notes: &notes)
      } catch {
        // a row that is refused is not the model's fault
      }
    }
  }

  private static func modelFile(_ bytes: [UInt8]) throws -> SafeTensorsFile {
    let parts = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map {
      String(decoding: $0, as: UTF8.self)
    }
    guard bytes.first == UInt8(ascii: "{") || bytes.first == UInt8(ascii: "["), parts.count >= 4 else {
      return try SafeTensorsFile(bytes, place: "a")
    }
    var entries: [SafeTensorsFile.Entry] = []
    if let network = try? NetworkDescription(yaml: parts[0]).makeEmptyNetwork(outputs: 3) {
      let state = network.stateDictionary
      let count = state.reduce(0) { $0 + $1.tensor.shape.reduce(1, *) }
      if count <= 1 << 16 { entries = state.map { .init(name: $0.name, $0.tensor) } }
    }
    let keys = ["network", "preparation", "data", "training"]
    let metadata = Dictionary(zip(keys, parts)) { first, _ in first }
    return SafeTensorsFile(
      entries: entries, metadata: metadata.merging(["format": "descent 1"]) { first, _ in first })
  }
}
