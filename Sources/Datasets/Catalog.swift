import DescentFormats

/// The data sets that need no file.
public enum Catalog {
  /// What kind of data a set is.
  public enum Kind: String, Sendable, CaseIterable {
    /// Pictures, embedded in the binary.
    case pictures
    /// A table of numbers, embedded in the binary.
    case table
    /// A logical function of two inputs: four rows, for training and testing alike.
    case truthTable = "truth table"
    /// Drawn from a seed; takes options, `NAME:size=500,noise=0,seed=0`.
    case generated
  }

  /// A data set and what a list says about it.
  public struct Entry: Sendable {
    /// What to write to get it.
    public let name: String
    /// What it is, in a line.
    public let summary: String
    /// Which kind of data it is.
    public let kind: Kind
    /// How many samples it has; of generated data, unless told otherwise.
    public let samples: Int
    /// How many numbers a sample has.
    public let features: Int
    /// How many classes there are to tell apart; 0 for a quantity.
    public let classes: Int
    /// Makes it, from the name as written and the options behind it.
    let make: @Sendable (_ spec: String, _ options: GeneratedOptions) throws(DataError) -> Dataset

    /// What a network learns from it.
    public var task: Dataset.Task { classes == 0 ? .regression : .classification }
  }

  /// All of them, in the order of a list.
  public static let all: [Entry] =
    [
      Entry(
        name: "digits", summary: "handwritten digits, 8 × 8 pixels (UCI)", kind: .pictures, samples: 1797, features: 64,
        classes: 10
      ) { _, _ in .digits() },
      Entry(
        name: "iris", summary: "species of iris by their flowers' measures (UCI)", kind: .table, samples: 150,
        features: 4, classes: 3
      ) { _, _ throws(DataError) in try .iris() },
      Entry(
        name: "wine", summary: "cultivars of wine by chemical measures (UCI)", kind: .table, samples: 178, features: 13,
        classes: 3
      ) { _, _ throws(DataError) in try .wine() },
      Entry(
        name: "breast-cancer", summary: "malignant and benign tumours by their cells' nuclei (UCI)", kind: .table,
        samples: 569, features: 30, classes: 2
      ) { _, _ throws(DataError) in try .breastCancer() },
      Entry(
        name: "diabetes", summary: "a disease's progression in a year by patients' measures", kind: .table,
        samples: 442, features: 10, classes: 0
      ) { _, _ throws(DataError) in try .diabetes() },
    ] + truthTables + staircases + playground

  private static let truthTables = TruthTable.allCases.map { table in
    Entry(
      name: table.rawValue, summary: "logical \(table.rawValue) of two inputs", kind: .truthTable, samples: 4,
      features: 2, classes: 2
    ) { _, _ in table.dataset() }
  }

  private static let staircases = Staircase.allCases.map { staircase in
    let summary =
      staircase == .plain
      ? "2 × 2 pixels: do the dark ones form a staircase?" : "2 × 2 pixels: is there a staircase drawn in grey?"
    return Entry(
      name: staircase.rawValue, summary: summary, kind: .generated, samples: 500, features: 4, classes: 2
    ) { staircase.dataset(named: $0, $1) }
  }

  private static let playground = Playground.allCases.map { set in
    let summaries: [Playground: String] = [
      .circle: "points inside a disc and around it", .gaussians: "points of two normal clouds",
      .quadrants: "points by whether x and y have the same sign (exclusive or)",
      .spiral: "points on two spiral arms", .plane: "a slope over the plane",
      .hills: "three hills and three hollows",
    ]
    return Entry(
      name: set.rawValue, summary: summaries[set, default: ""], kind: .generated, samples: 500, features: 2,
      classes: set.task == .classification ? 2 : 0
    ) { set.dataset(named: $0, $1) }
  }

  /// Whether a name is one of theirs, with or without options.
  package static func has(_ spec: String) -> Bool {
    spec.split(separator: ":").first.map { name in all.contains { $0.name == name } } ?? false
  }

  /// The entry that `spec` names, with the options behind its colon.
  ///
  /// - Returns: nil where it is no built-in name, and so must be a path.
  static func find(_ spec: String) throws(DatasetNameError) -> (entry: Entry, options: GeneratedOptions)? {
    let parts = spec.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    guard let name = parts.first, let entry = all.first(where: { $0.name == name }) else { return nil }
    guard parts.count > 1 else { return (entry, GeneratedOptions()) }
    guard entry.kind == .generated else {
      throw DatasetNameError("'\(spec)': \(name) takes no options, only generated data does")
    }
    return (entry, try GeneratedOptions(parts[1], of: entry.name))
  }
}
