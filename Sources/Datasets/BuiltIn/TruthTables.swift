/// The truth tables of two inputs.
enum TruthTable: String, CaseIterable {
  case and, or, nand, xor, xnor

  func output(_ a: Bool, _ b: Bool) -> Bool {
    switch self {
    case .and: a && b
    case .or: a || b
    case .nand: !(a && b)
    case .xor: a != b
    case .xnor: a == b
    }
  }

  /// Four rows, 00, 01, 10 and 11. All of them train and all of them test: a table has no other rows.
  func dataset() -> Dataset {
    let inputs = [(false, false), (false, true), (true, false), (true, true)]
    let rows = Array(Int32(0)..<4)
    return Dataset(
      name: rawValue, features: .float32(inputs.flatMap { [$0 ? 1 : 0, $1 ? 1 : 0] }), sampleShape: [2],
      featureNames: ["a", "b"],
      target: .classes(labels: inputs.map { output($0, $1) ? 1 : 0 }, names: ["0", "1"]), targetName: rawValue,
      taskReason: "its outputs are 0 and 1", trainRows: rows, testRows: rows)
  }
}
