import DescentNetworks

extension DescriptionNode {
  static func number(_ number: some BinaryInteger) -> DescriptionNode { DescriptionNode(.number(Double(number))) }
  static func number(_ number: Double) -> DescriptionNode { DescriptionNode(.number(number)) }
  static func text(_ text: String) -> DescriptionNode { DescriptionNode(.text(text)) }
  static func list(_ numbers: [Int]) -> DescriptionNode { DescriptionNode(.list(numbers.map { .number($0) })) }

  static func randomCrop(to size: Int) -> DescriptionNode { ["layer": "random-crop2d", "size": .number(size)] }

  /// The same fields and one more; anything else stays as it is.
  func with(_ name: String, _ value: DescriptionNode) -> DescriptionNode {
    guard case .fields(let fields) = content else { return self }
    return DescriptionNode(.fields(fields + [Field(name, value)]))
  }
}
