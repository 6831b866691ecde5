import Foundation

/// The public names that the sources declare, read from their text: what a user can write.
///
/// A declaration stands at the left edge or, inside a type or an extension of it, two spaces from there, as the format
/// demands.
struct PublicNames {
  /// What a declaration is.
  enum Kind: Equatable {
    case structure, otherType
    case alias(of: String)
    case function, enumCase, staticMember, member
  }

  struct Name {
    let text: String
    let kind: Kind
    /// The path behind `Sources/`.
    let file: String
    /// Whether it stands for a family of types.
    let isGeneric: Bool
  }

  /// Those of this repository.
  static let found = Result { try PublicNames() }

  let all: [Name]
  private let texts: [String: String]
  private let files: [String: Set<String>]

  private init() throws {
    var all: [Name] = []
    var texts: [String: String] = [:]
    for folder in ["Networks", "Training", "Tensors"] {
      let folder = repository.appendingPathComponent("Sources/\(folder)")
      for case let file as URL in FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil) ?? .init()
      where file.pathExtension == "swift" {
        let path = String(file.path.dropFirst(folder.deletingLastPathComponent().path.count + 1))
        let text = try String(contentsOf: file, encoding: .utf8)
        texts[path] = text
        all += Self.names(in: text, path)
      }
    }
    self.all = all
    self.texts = texts
    files = Dictionary(grouping: all, by: \.text).mapValues { Set($0.map(\.file)) }
  }

  /// Whether there is such a name, and one declaration of it that has all labels of arguments behind it: `LSTM(dropout:)`.
  func declare(_ name: String) -> Bool {
    let parts = name.components(separatedBy: "(")
    guard let files = files[parts[0]] else { return false }
    let labels = parts.dropFirst().flatMap { $0.dropLast().components(separatedBy: ":").dropLast() }
    return labels.isEmpty
      || files.contains { file in
        Self.labelLists(of: parts[0], in: texts[file] ?? "").contains { $0.isSuperset(of: labels) }
      }
  }

  /// The labels of each function or case of a name, or of what makes a type of that name.
  private static func labelLists(of name: String, in text: String) -> [Set<String>] {
    let words = name.components(separatedBy: ".")
    let isType = words.count > 1 || words[0].first?.isUppercase == true
    let starts =
      words.count > 1 ? ["func \(words[1])(", "case \(words[1])("] : [isType ? "init(" : "func \(name)("]
    let body = isType ? body(of: words[0], in: text) : text
    return starts.flatMap { body.components(separatedBy: $0).dropFirst().map(labels(of:)) }
  }

  /// What a type and its extensions hold.
  private static func body(of type: String, in text: String) -> String {
    let heads = ["struct", "enum", "class", "protocol", "extension"].flatMap { keyword in
      [" ", ":", "<"].map { "\(keyword) \(type)\($0)" }
    }
    return text.components(separatedBy: "\n}").filter { part in heads.contains { part.contains($0) } }.joined()
  }

  /// The first word of each argument up to the parenthesis that closes the list: `at` of `at step: Int`.
  private static func labels(of list: String) -> Set<String> {
    var (depth, arguments) = (0, [""])
    scan: for character in list {
      switch character {
      case ")" where depth == 0: break scan
      case "," where depth == 0: arguments.append("")
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      default: break
      }
      if depth == 0, character != "," { arguments[arguments.count - 1].append(character) }
    }
    return Set(arguments.compactMap { $0.components(separatedBy: notInNames).first { !$0.isEmpty } })
  }

  /// A type's name as a user writes it: `Conv2D` for `Convolution<TwoAxes>`.
  func name(of type: Any.Type) -> String {
    let described = "\(type)"
    return all.first { $0.kind == .alias(of: described) }?.text ?? described
  }

  // By words, and not by regular expressions: 20,000 lines are read in tests that are not optimised.
  private static func names(in text: String, _ file: String) -> [Name] {
    var names: [Name] = []
    var owner = ""
    var ownsPublicCases = false
    func add(_ text: String, _ kind: Kind, isGeneric: Bool = false) {
      names.append(Name(text: text, kind: kind, file: file, isGeneric: isGeneric))
    }
    for line in text.components(separatedBy: "\n") {
      let isInside = line.hasPrefix("  ")
      guard isInside ? line.hasPrefix("  public ") || line.hasPrefix("  case ") : introduces(line) else { continue }
      var words = line.components(separatedBy: " ").filter { !$0.isEmpty }
      let isPublic = words[0] == "public"
      words.removeAll { ["public", "package", "final", "private(set)"].contains($0) }
      let isStatic = words[0] == "static"
      if isStatic { words.removeFirst() }
      guard words.count > 1 else { continue }
      let name = words[1].components(separatedBy: notInNames)[0]
      // an operator has no letters
      guard !name.isEmpty else { continue }
      switch (isInside, words[0]) {
      case (true, "case"): if ownsPublicCases { add("\(owner).\(name)", .enumCase) }
      case (true, "func"), (true, "let"), (true, "var"), (true, "struct"), (true, "enum"):
        add("\(owner).\(name)", isStatic ? .staticMember : .member)
      case (false, "typealias"):
        add(name, .alias(of: words.dropFirst(3).joined(separator: " ")))
      case (false, "func"): add(name, .function)
      case (false, let keyword) where ["extension", "struct", "enum", "class", "protocol"].contains(keyword):
        (owner, ownsPublicCases) = (name, isPublic && keyword == "enum")
        if isPublic, keyword != "extension" {
          add(name, keyword == "struct" ? .structure : .otherType, isGeneric: words[1].contains("<"))
        }
      default: break
      }
    }
    return names
  }

  private static let notInNames = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "_")).inverted

  /// Whether a line at the left edge may begin a type, or a name that is public.
  private static func introduces(_ line: String) -> Bool {
    ["public ", "package ", "extension ", "struct ", "enum ", "final ", "class ", "protocol "].contains(
      where: line.hasPrefix)
  }
}

/// The repository's folder.
let repository = (0..<4).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
