import Yams

extension NetworkDescription {
  /// A description in YAML or JSON.
  ///
  /// - Throws: ``NetworkDescriptionError`` with the line where the text is not YAML, or not a network.
  public init(yaml text: String) throws(NetworkDescriptionError) {
    var budget = 100_000
    guard !Self.mayHaveAliasAsKey(text) else {
      throw NetworkDescriptionError(
        "where '*' repeats what '&' names, keys must be words: no '?', and no list, fields or '*' before a ':'")
    }
    let root: Node?
    do { root = try Parser(yaml: text).singleRoot() } catch { throw NetworkDescriptionError(yaml: error) }
    guard let root else { throw NetworkDescriptionError("there is nothing in it; a network is a list of layers") }
    try self.init(DescriptionNode(root, &budget))
  }

  /// Whether a key may be, or hold, what refers to another part. The parser compares keys with all that they stand for,
  /// and a few lines can stand for more than could ever be compared, so that it must not see them.
  private static func mayHaveAliasAsKey(_ text: String) -> Bool {
    var (isAlias, hasAlias, hasKey) = (false, false, false)
    var last = UInt8(ascii: " ")
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "*"): (isAlias, hasAlias) = (true, true)
      case UInt8(ascii: "?"): hasKey = true
      case UInt8(ascii: ":"): hasKey = hasKey || isAlias || last == UInt8(ascii: "]") || last == UInt8(ascii: "}")
      case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: " "),
        UInt8(ascii: "\t"):
        break
      default: isAlias = false
      }
      if byte != UInt8(ascii: " "), byte != UInt8(ascii: "\t") { last = byte }
    }
    return hasAlias && hasKey
  }
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
