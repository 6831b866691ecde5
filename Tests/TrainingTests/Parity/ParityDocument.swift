import Foundation

/// The parity table as Markdown.
struct ParityDocument {
  let names: PublicNames

  static let head = """
    # What is called how

    What Descent has under the field's names, and where Keras 3, PyTorch and MLX have it. The first column is the field's
    word, the second the Swift name, the third the name in network files, on the command line (`--warm-up`) or, of metrics,
    in what `descent evaluate --json` prints. Names of the others are paths to import, with the argument that asks for it:
    `torch.optim.SGD(momentum=)`; `{1,2,3}` stands for each of the three. A dash means that there is no such thing.

    This file is made by `make documentation` from tables in `Tests/TrainingTests/Parity`, and a test fails where a name of
    the library is missing in them, or they name one that is none; `Tests/References/parity.py` looks the others' names up
    in Keras 3.15, PyTorch 2.13 and MLX 0.32.

    """

  /// The whole file.
  var text: String {
    let rows = ParityTable.sections.flatMap(\.rows)
    let alone = ParityTable.sections.compactMap { section -> String? in
      let rows = section.rows.filter { $0.isHere && !$0.isElsewhere }
      let names = rows.map { "\($0.name) (\(here($0)))" }.joined(separator: ", ")
      return rows.isEmpty ? nil : "- **\(section.title)**: \(names)"
    }
    let absent = rows.filter { !$0.isHere }.map { "- **\($0.name)**: \($0.note)" }
    let parts =
      [
        Self.head,
        "## Not here, on purpose\n\n" + absent.joined(separator: "\n") + "\n",
        "## In none of the three\n\nThey leave it to packages beside them, or to the reader.\n\n"
          + alone.joined(separator: "\n") + "\n",
      ] + ParityTable.sections.map(section)
    return parts.joined(separator: "\n")
  }

  private func section(_ section: ParitySection) -> String {
    let titles = ["", "Descent", "Files and flags"] + ParityRow.Library.allCases.map(\.rawValue) + ["Remarks"]
    let lines = [titles, titles.map { _ in "---" }] + section.rows.map(cells)
    let table = lines.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
    return "## \(section.title)\n\n" + (section.note.isEmpty ? "" : section.note + "\n\n") + table + "\n"
  }

  private func cells(_ row: ParityRow) -> [String] {
    [row.name, here(row), Self.list(row.written)]
      + ParityRow.Library.allCases.map { Self.list(row.others[$0] ?? []) } + [row.note]
  }

  /// Our names.
  private func here(_ row: ParityRow) -> String { Self.list(row.types.map(names.name(of:)) + row.members) }

  private static func list(_ names: [String]) -> String {
    names.isEmpty ? "–" : collapsed(names).map { "`\($0)`" }.joined(separator: ", ")
  }

  /// Three names in a row that differ in a 1, 2 and 3 as one pattern: `Conv{1,2,3}D`.
  private static func collapsed(_ names: [String]) -> [String] {
    guard names.count >= 3 else { return names }
    let pattern = names[0].replacingOccurrences(of: "1", with: "{1,2,3}")
    return expandingBraces(pattern) == Array(names.prefix(3))
      ? [pattern] + collapsed(Array(names.dropFirst(3))) : [names[0]] + collapsed(Array(names.dropFirst()))
  }
}
