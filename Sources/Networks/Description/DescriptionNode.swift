/// A piece of a network's description as it was written: a value of YAML or JSON, and the line where it stands.
public struct DescriptionNode: Sendable {
  /// What was written.
  public enum Content: Sendable, Hashable {
    /// Nothing, or `null`.
    case nothing
    /// `true` or `false`.
    case flag(Bool)
    /// A number.
    case number(Double)
    /// A word or a text.
    case text(String)
    /// Values in order.
    case list([DescriptionNode])
    /// Values under names, in the order in which they were written.
    case fields([Field])
  }

  /// A value under a name.
  public struct Field: Sendable, Hashable {
    /// The name.
    public let name: String
    /// The value.
    public let value: DescriptionNode

    /// A value under a name.
    public init(_ name: String, _ value: DescriptionNode) { (self.name, self.value) = (name, value) }
  }

  /// What was written.
  public let content: Content
  /// The line where it starts, from 1, where it comes from a file.
  public let line: Int?

  /// A value, with its line where it has one.
  public init(_ content: Content, line: Int? = nil) { (self.content, self.line) = (content, line) }
}

extension DescriptionNode: Hashable {
  /// Whether both say the same, wherever they stand.
  public static func == (left: DescriptionNode, right: DescriptionNode) -> Bool { left.content == right.content }

  /// Hashes what it says.
  public func hash(into hasher: inout Hasher) { hasher.combine(content) }
}

extension DescriptionNode: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A text.
  public init(stringLiteral value: String) { self.init(.text(value)) }
  /// A whole number.
  public init(integerLiteral value: Int) { self.init(.number(Double(value))) }
  /// A number.
  public init(floatLiteral value: Double) { self.init(.number(value)) }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self.init(.flag(value)) }
  /// Values in order.
  public init(arrayLiteral elements: DescriptionNode...) { self.init(.list(elements)) }
  /// Values under names.
  public init(dictionaryLiteral elements: (String, DescriptionNode)...) {
    self.init(.fields(elements.map { Field($0.0, $0.1) }))
  }
}

extension DescriptionNode: Codable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Writes a JSON value.
  public func encode(to encoder: any Encoder) throws {
    switch content {
    case .list(let values): try values.encode(to: encoder)
    case .fields(let fields):
      var container = encoder.container(keyedBy: Name.self)
      for field in fields { try container.encode(field.value, forKey: Name(stringValue: field.name)) }
    default:
      var container = encoder.singleValueContainer()
      switch content {
      case .flag(let flag): try container.encode(flag)
      case .number(let number): try container.encode(number)
      case .text(let text): try container.encode(text)
      default: try container.encodeNil()
      }
    }
  }

  /// Reads a JSON value. Its fields are in the order of their names.
  public init(from decoder: any Decoder) throws {
    line = nil
    if let container = try? decoder.container(keyedBy: Name.self) {
      let names = container.allKeys.sorted { $0.stringValue < $1.stringValue }
      content = .fields(
        try names.map { Field($0.stringValue, try container.decode(DescriptionNode.self, forKey: $0)) })
    } else if let list = try? decoder.unkeyedContainer() {
      var (container, values) = (list, [DescriptionNode]())
      while !container.isAtEnd { values.append(try container.decode(DescriptionNode.self)) }
      content = .list(values)
    } else {
      let container = try decoder.singleValueContainer()
      if container.decodeNil() {
        content = .nothing
      } else if let flag = try? container.decode(Bool.self) {
        content = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        content = .number(number)
      } else {
        content = .text(try container.decode(String.self))
      }
    }
  }
}
