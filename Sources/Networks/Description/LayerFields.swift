import DescentTensors

/// The fields of one layer of a description, as the layer's kind asks for them.
///
/// Asking is declaring: what was never asked for is not a field of the kind, and the first one asked for is the one whose
/// value may stand right behind the kind's name.
final class LayerFields {
  /// The most units, channels or steps of anything.
  static let mostCount = 1 << 22
  /// The most elements of a layer's input, output or weights.
  static let mostElements = 1 << 40

  /// A field that the kind has.
  struct Known {
    let name, meaning: String
    let standard: String?
  }

  /// The kind's name.
  let kind: String
  /// Where the layer starts.
  let line: Int?
  private let given: [String: DescriptionNode]
  private var first: DescriptionNode?
  private(set) var known: [Known] = []

  init(_ kind: String, _ given: [String: DescriptionNode], first: DescriptionNode?, line: Int?) {
    (self.kind, self.given, self.first, self.line) = (kind, given, first, line)
  }

  /// The value of a field, nil where it is left out.
  func node(_ name: String, _ meaning: String, standard: String?) -> DescriptionNode? {
    let isFirst = known.isEmpty
    if !known.contains(where: { $0.name == name }) {
      known.append(Known(name: name, meaning: meaning, standard: standard))
    }
    if let value = given[name] { return value.content == .nothing ? nil : value }
    guard isFirst else { return nil }
    defer { first = nil }
    return first
  }

  /// Refuses what the kind does not have.
  func finish() throws(NetworkDescriptionError) {
    if let first { throw NetworkDescriptionError("\(kind) takes no value", line: first.line ?? line) }
    let names = known.map(\.name)
    guard let stranger = given.keys.sorted().first(where: { !names.contains($0) }) else { return }
    let fields = names.isEmpty ? "it has no fields" : "its fields are \(names.joined(separator: ", "))"
    throw NetworkDescriptionError("\(kind) has no field '\(stranger)'; \(fields)", line: given[stranger]?.line ?? line)
  }

  /// An error at a field.
  func problem(_ message: String, at field: String? = nil) -> NetworkDescriptionError {
    NetworkDescriptionError(message, line: field.flatMap { given[$0]?.line } ?? line)
  }

  /// The value of a field, nil where it is left out.
  private func optional<Value>(
    _ name: String, _ meaning: String, shown: String?, _ read: (DescriptionNode) -> Value?
  ) throws(NetworkDescriptionError) -> Value? {
    guard let node = node(name, meaning, standard: shown) else { return nil }
    guard let value = read(node) else {
      throw NetworkDescriptionError("'\(name)' must be \(meaning), got \(node.shown)", line: node.line ?? line)
    }
    return value
  }

  /// The value of a field, or the standard one where it is left out.
  func need<Value>(
    _ name: String, _ meaning: String, _ standard: Value?, shown: String? = nil, _ read: (DescriptionNode) -> Value?
  ) throws(NetworkDescriptionError) -> Value {
    let shown = shown ?? standard.map { "\($0)" }
    guard let value = try optional(name, meaning, shown: shown, read) ?? standard else {
      throw problem("'\(name)' is missing; it is \(meaning)")
    }
    return value
  }

  // MARK: Values

  /// A whole number.
  func count(
    _ name: String, _ standard: Int? = nil, from least: Int = 1, to most: Int = LayerFields.mostCount
  ) throws(NetworkDescriptionError) -> Int {
    try need(name, "a whole number from \(least) to \(most)", standard) { node in
      node.wholeNumber.flatMap { (least...most).contains($0) ? $0 : nil }
    }
  }

  /// A whole number that may be left out.
  func optionalCount(
    _ name: String, from least: Int = 1, to most: Int = LayerFields.mostCount, shown: String = "none"
  ) throws(NetworkDescriptionError) -> Int? {
    try optional(name, "a whole number from \(least) to \(most)", shown: shown) { node in
      node.wholeNumber.flatMap { (least...most).contains($0) ? $0 : nil }
    }
  }

  /// A finite number.
  func number(
    _ name: String, _ standard: Double? = nil, _ meaning: String = "a number",
    where holds: (Double) -> Bool = { _ in true }
  ) throws(NetworkDescriptionError) -> Double {
    try need(name, meaning, standard) { node in
      if case .number(let number) = node.content, number.isFinite, holds(number) { number } else { nil }
    }
  }

  /// A probability below 1.
  func probability(
    _ name: String = "probability", _ standard: Double? = nil
  ) throws(NetworkDescriptionError) -> Double {
    try number(name, standard, "0 or more and below 1") { $0 >= 0 && $0 < 1 }
  }

  /// A small positive number that keeps a division from 0.
  func epsilon(_ standard: Double) throws(NetworkDescriptionError) -> Double {
    try number("epsilon", standard, "a number above 0") { $0 > 0 }
  }

  /// `true` or `false`.
  func flag(_ name: String, _ standard: Bool) throws(NetworkDescriptionError) -> Bool {
    try need(name, "true or false", standard) { if case .flag(let flag) = $0.content { flag } else { nil } }
  }

  /// One of several words.
  func choice<Value>(
    _ name: String, _ choices: KeyValuePairs<String, Value>, _ standard: String
  ) throws(NetworkDescriptionError) -> Value {
    let word = try need(name, "one of \(choices.map(\.key).joined(separator: ", "))", standard) { node in
      if case .text(let word) = node.content, choices.contains(where: { $0.key == word }) { word } else { nil }
    }
    guard let value = choices.first(where: { $0.key == word })?.value else {
      programmerError("\(kind): '\(standard)' is not one of the choices for '\(name)'")
    }
    return value
  }

  /// Whole numbers in a list.
  func list(_ name: String, from least: Int) throws(NetworkDescriptionError) -> [Int] {
    let most = Self.mostCount
    return try need(name, "a list of whole numbers from \(least) to \(most)", [Int]?.none) { $0.numbers(least...most) }
  }

  /// A whole number for all spatial axes, or a list of one for each.
  func perAxis(
    _ name: String, _ standard: Int? = nil, from least: Int = 1, to most: Int = 4096
  ) throws(NetworkDescriptionError) -> PerAxis {
    let meaning = "a whole number from \(least) to \(most), or a list of one for each axis"
    return try need(name, meaning, standard.map { .all($0) }, shown: standard.map { "\($0)" }) {
      PerAxis($0, least...most)
    }
  }

  /// The same, which may be left out.
  func optionalPerAxis(
    _ name: String, from least: Int = 1, to most: Int = 4096, shown: String
  ) throws(NetworkDescriptionError) -> PerAxis? {
    let meaning = "a whole number from \(least) to \(most), or a list of one for each axis"
    return try optional(name, meaning, shown: shown) { PerAxis($0, least...most) }
  }

  /// How far zeros are added: numbers or a word.
  func padding() throws(NetworkDescriptionError) -> ConvolutionPadding {
    let words: [String: ConvolutionPadding] = ["same": .same, "valid": .valid, "causal": .causal]
    let meaning = "a whole number from 0 to 4096, a list of one for each axis, or one of same, valid, causal"
    return try need("padding", meaning, .explicit(.all(0)), shown: "0") { node in
      if case .text(let word) = node.content { return words[word] }
      return PerAxis(node, 0...4096).map { .explicit($0) }
    }
  }

  /// What weights start from, by its name.
  func initializer(_ name: String, shown: String) throws(NetworkDescriptionError) -> Initializer? {
    try optional(name, "one of \(Initializer.all.map(\.name).joined(separator: ", "))", shown: shown) { node in
      if case .text(let word) = node.content { Initializer.named(word) } else { nil }
    }
  }

  /// Refuses weights of a shape that could not be counted.
  func checkWeights(_ shape: Int...) throws(NetworkDescriptionError) {
    var product = 1
    for extent in shape {
      let (next, overflows) = product.multipliedReportingOverflow(by: extent)
      if overflows || next > Self.mostElements { throw problem("its weights \(shape) are too large") }
      product = next
    }
  }
}

extension PerAxis {
  fileprivate init?(_ node: DescriptionNode, _ range: ClosedRange<Int>) {
    if let number = node.wholeNumber, range.contains(number) {
      self = .all(number)
    } else if let numbers = node.numbers(range), !numbers.isEmpty {
      self = .each(numbers)
    } else {
      return nil
    }
  }

  /// The product of the numbers over so many axes.
  func product(axes: Int) -> Int {
    switch self {
    case .all(let number): (0..<axes).reduce(1) { product, _ in product * number }
    case .each(let numbers): numbers.prefix(axes).reduce(1, *)
    }
  }
}

extension DescriptionNode {
  /// The whole numbers of a list, all of them in a range.
  fileprivate func numbers(_ range: ClosedRange<Int>) -> [Int]? {
    guard case .list(let values) = content, values.count <= 16 else { return nil }
    let numbers = values.compactMap(\.wholeNumber).filter(range.contains)
    return numbers.count == values.count ? numbers : nil
  }

  /// What was written, for messages.
  var shown: String {
    switch content {
    case .nothing: "nothing"
    case .flag(let flag): "\(flag)"
    case .number(let number): Int(exactly: number).map { "\($0)" } ?? "\(number)"
    case .text(let text): "'\(text)'"
    case .list: "a list"
    case .fields: "fields"
    }
  }
}
