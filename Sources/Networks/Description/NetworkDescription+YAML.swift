import Yams

extension NetworkDescription {
  /// A description in YAML or JSON.
  ///
  /// - Throws: ``NetworkDescriptionError`` with the line where the text is not YAML, or not a network.
  public init(yaml text: String) throws(NetworkDescriptionError) {
    var budget = 100_000
    guard !Self.mayStandForTooMuch(text) else {
      throw NetworkDescriptionError(
        "with so many '&' and '*' it may stand for millions of layers; write repeated ones out, or repeat fewer")
    }
    let root: Node?
    do { root = try Parser(yaml: text).singleRoot() } catch { throw NetworkDescriptionError(yaml: error) }
    guard let root else { throw NetworkDescriptionError("there is nothing in it; a network is a list of layers") }
    try self.init(DescriptionNode(root, &budget))
  }

  /// Whether parts that repeat others may stand for more than can be looked at. The parser compares keys with all that they
  /// stand for, so that it must not see such a text: 30 lines of which each repeats the one before twice stand for 2³⁰ words.
  ///
  /// So many levels, each of which repeats the one below equally often, are the worst that so many repetitions can make.
  private static func mayStandForTooMuch(_ text: String) -> Bool {
    let named = text.utf8.count { $0 == UInt8(ascii: "&") }
    let repeated = text.utf8.count { $0 == UInt8(ascii: "*") }
    guard named > 0, repeated > 0 else { return false }
    return (1...min(named, repeated)).contains { levels in
      var words = 1.0
      for _ in 0..<levels where words < mostWords { words *= Double(repeated) / Double(levels) }
      return words >= mostWords
    }
  }

  private static let mostWords = 1e6
}

extension DescriptionNode {
  /// A node of YAML. The budget ends what refers to itself often enough to fill the memory.
  fileprivate init(_ node: Node, _ budget: inout Int) throws(NetworkDescriptionError) {
    let line = node.mark?.line
    budget -= 1
    guard budget > 0 else { throw NetworkDescriptionError("the description is too large", line: line) }
    switch node {
    case .sequence(let values):
      var list: [DescriptionNode] = []
      for value in values { list.append(try DescriptionNode(value, &budget)) }
      self.init(.list(list), line: line)
    case .mapping(let pairs):
      var fields: [Field] = []
      for (name, value) in pairs {
        guard let name = name.string else {
          throw NetworkDescriptionError("a field's name must be a word", line: name.mark?.line ?? line)
        }
        fields.append(Field(name, try DescriptionNode(value, &budget)))
      }
      self.init(.fields(fields), line: line)
    default: self.init(Self.scalar(node), line: line)
    }
  }

  private static func scalar(_ node: Node) -> Content {
    if node.null != nil { return .nothing }
    if let flag = node.bool { return .flag(flag) }
    if let number = node.float { return .number(number) }
    return .text(node.string ?? "")
  }
}

extension NetworkDescriptionError {
  fileprivate init(yaml error: any Error) {
    switch error as? YamlError {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      self.init("this is not YAML: \(problem)", line: mark.line)
    case .duplicatedKeysInMapping(let duplicates, let context):
      self.init("named twice: \(duplicates.map { "'\($0)'" }.joined(separator: ", "))", line: context.mark.line)
    default: self.init("this is not YAML: \(error)")
    }
  }
}
