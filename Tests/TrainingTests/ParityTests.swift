import Foundation
import Testing

/// What is called how here and in other libraries: Documentation/Parity.md, and that it leaves nothing out.
@Suite struct ParityTests {
  private let names: PublicNames

  init() throws { names = try PublicNames.found.get() }

  /// Each name that network files, the command line and figures know stands in a row, and in its own section.
  @Test func everyNameOfTheCodesTablesHasARow() {
    let sections = Dictionary(grouping: ParityTable.sections, by: \.vocabulary.name)
    for (vocabulary, sections) in sections.sorted(by: { $0.key < $1.key }) {
      let written = sections.flatMap(\.rows).flatMap(\.written).filter { !$0.hasPrefix("--") }
      let words = sections[0].vocabulary.words()
      #expect(words.subtracting(written) == [], "\(vocabulary) without a row")
      #expect(Set(written).subtracting(words) == [], "\(vocabulary) that are none")
      #expect(Set(written).count == written.count, "\(vocabulary) twice")
    }
  }

  @Test func everyFlagIsOneOfTheProgram() throws {
    let flags = ParityTable.sections.flatMap(\.rows).flatMap(\.written).filter { $0.hasPrefix("--") }
    let folder = repository.appendingPathComponent("Sources/DescentCommand")
    let text = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
      .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }.joined()
    for flag in flags {
      let words = flag.dropFirst(2).split(separator: "-")
      let property = words.dropFirst().reduce("\(words[0])") { $0 + $1.capitalized }
      let isThere = text.contains("  var \(property)")
      #expect(isThere, "\(flag)")
    }
  }

  /// Types that do not exist do not compile; all else is looked up in the sources.
  @Test func everySwiftNameIsPublic() {
    for row in ParityTable.sections.flatMap(\.rows) {
      for name in row.types.map(names.name(of:)) + row.members {
        let isPublic = names.declare(name)
        #expect(isPublic, "\(row.name): \(name)")
      }
    }
  }

  /// What another function of the type has, or another type of the file, is none.
  @Test(arguments: [
    ("LSTM(layers:dropout:)", true), ("LSTM(rectified:)", false), ("Loss.dice(smoothing:)", true),
    ("Loss.dice(alpha:)", false), ("Activation.hardTanh(from:to:)", true), ("Activation.elu(slope:)", false),
    ("scaledDotProductAttention(isCausal:)", true), ("scaledDotProductAttention(causal:)", false),
  ])
  func labelsAreThoseOfTheDeclaration(name: String, isThere: Bool) {
    #expect(names.declare(name) == isThere)
  }

  /// Layers, ready networks and minimisers, and what makes activations, losses, optimizers, schedules, initializers,
  /// penalties and constraints.
  @Test func everyPublicNameOfTheseKindsHasARow() {
    let rows = ParityTable.sections.flatMap(\.rows)
    let given = Set(rows.flatMap { $0.types.map(names.name(of:)) + $0.members.map { $0.prefix { $0 != "(" } + "" } })
    // what layers are made of, and results
    let parts: Set = ["RecurrentStack", "Edges", "Minimum", "StoppingRule"]
    let layers = [
      "Activations", "Attention", "Composition", "Convolution", "Embedding", "Noise", "Normalization", "Padding",
      "Pooling", "Ready", "Recurrent", "Shaping", "Dense.swift", "Dropout.swift", "Flatten.swift", "Sequential.swift",
    ].map { "Networks/\($0)" }
    let typeFolders = layers + ["Training/Minimizers"]
    let makers = ["Loss", "Optimizer", "Schedule", "Initializer", "Penalty", "Constraint"].map { "\($0)." }
    let tables: Set = ["Loss.all", "Loss.named", "Loss.namesOfOtherArguments", "Initializer.all", "Initializer.named"]
    let wanted = names.all.filter { name in
      switch name.kind {
      case .structure: !name.isGeneric && typeFolders.contains { name.file.hasPrefix($0) }
      case .alias: layers.contains { name.file.hasPrefix($0) }
      case .staticMember: makers.contains { name.text.hasPrefix($0) } && !tables.contains(name.text)
      case .enumCase: name.text.hasPrefix("Activation.")
      case .otherType, .function, .member: false
      }
    }
    #expect(wanted.count > 200)
    #expect(Set(wanted.map(\.text)).subtracting(parts).subtracting(given).sorted() == [])
  }

  /// With DESCENT_WRITE_DOCUMENTATION=1 the file is written: `make documentation`.
  @Test func theFileIsWhatTheTablesSay() throws {
    let file = repository.appendingPathComponent("Documentation/Parity.md")
    let text = ParityDocument(names: names).text
    if ProcessInfo.processInfo.environment["DESCENT_WRITE_DOCUMENTATION"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file, options: .atomic)
    }
    let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
    let wanted = text.split(separator: "\n", omittingEmptySubsequences: false)
    let difference = zip(lines, wanted).first { $0 != $1 }
    #expect(difference == nil && lines.count == wanted.count, "'make documentation' writes the file anew")
  }

  @Test func bracesStandForEach() {
    #expect(expandingBraces("conv") == ["conv"])
    #expect(expandingBraces("conv{1,2}d") == ["conv1d", "conv2d"])
    #expect(expandingBraces("{a,b}-{1,}") == ["a-1", "a-", "b-1", "b-"])
  }
}
