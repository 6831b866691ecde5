import Foundation

/// Something that a user of another library may look for: what it is called here and there.
struct ParityRow: Sendable {
  /// The other libraries, in the order of their columns.
  enum Library: String, CaseIterable, Sendable {
    case keras = "Keras 3"
    case torch = "PyTorch"
    case mlx = "MLX"
  }

  /// The field's name.
  let name: String
  /// Its types here. A name that does not exist does not compile.
  let types: [any Sendable.Type]
  /// Its functions, properties and cases here, such as `Loss.huber`, `LSTM(dropout:)`.
  let members: [String]
  /// Its names in network files, on the command line (`--warm-up`) or in its output.
  let written: [String]
  /// Its names there, as paths to import with the argument in question behind them: `torch.optim.SGD(momentum=)`.
  let others: [Library: [String]]
  /// A difference, or why it is not there.
  let note: String

  /// Whether there is such a thing here.
  var isHere: Bool { !types.isEmpty || !members.isEmpty }
  /// Whether there is such a thing in another library.
  var isElsewhere: Bool { !others.isEmpty }

  private init(
    _ name: String, _ types: [any Sendable.Type], _ members: String, _ written: String,
    _ others: (keras: String, torch: String, mlx: String), _ note: String
  ) {
    (self.name, self.types, self.note) = (name, types, note)
    self.members = Self.list(members)
    self.written = Self.list(written).flatMap(expandingBraces)
    let lists = [Library.keras: others.keras, .torch: others.torch, .mlx: others.mlx].mapValues(Self.list)
    self.others = lists.filter { !$0.value.isEmpty }
  }

  /// A row of types.
  static func layer(
    _ name: String, _ types: [any Sendable.Type], _ written: String = "", keras: String = "", torch: String = "",
    mlx: String = "", also members: String = "", note: String = ""
  ) -> ParityRow {
    ParityRow(name, types, members, written, (keras, torch, mlx), note)
  }

  /// A row of functions, properties and cases.
  static func item(
    _ name: String, _ members: String, _ written: String = "", keras: String = "", torch: String = "",
    mlx: String = "", note: String = ""
  ) -> ParityRow {
    ParityRow(name, [], members, written, (keras, torch, mlx), note)
  }

  /// A row of what is not here, and why.
  static func absent(
    _ name: String, keras: String = "", torch: String = "", mlx: String = "", why note: String
  ) -> ParityRow {
    ParityRow(name, [], "", "", (keras, torch, mlx), note)
  }

  private static func list(_ text: String) -> [String] { text.isEmpty ? [] : text.components(separatedBy: ", ") }
}

/// Names that the code has for a kind of things, in network files, on the command line or in what it prints.
struct ParityVocabulary: Sendable {
  let name: String
  /// Each must stand in a row, and each name in a row must be one of them.
  let words: @Sendable () -> Set<String>
}

/// Rows that belong together.
struct ParitySection: Sendable {
  let title: String
  /// What holds for all its rows.
  var note = ""
  let vocabulary: ParityVocabulary
  let rows: [ParityRow]
}

/// All that a pattern stands for: `conv{1,2}d` for `conv1d` and `conv2d`.
func expandingBraces(_ pattern: String) -> [String] {
  guard let open = pattern.firstIndex(of: "{"), let close = pattern[open...].firstIndex(of: "}") else {
    return [pattern]
  }
  let rest = expandingBraces(String(pattern[pattern.index(after: close)...]))
  let choices = pattern[pattern.index(after: open)..<close].split(separator: ",", omittingEmptySubsequences: false)
  return choices.flatMap { choice in rest.map { pattern[..<open] + choice + $0 } }
}
