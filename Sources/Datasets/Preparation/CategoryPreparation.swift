import DescentFormats

/// How a column of categories becomes inputs.
///
/// | form | inputs |
/// |---|---|
/// | one-hot | one a value: 1 at the value, 0 elsewhere |
/// | ordinal | one: the values in their order, from −1 to 1 |
/// | embedding | one code from 1: the value's number, for an embedding layer; 0 is unknown |
/// | hashing | one code from 1: the value's hash (FNV-1a) modulo the buckets; no list of values is kept |
///
/// The values are those of the training part. What it did not show is unknown: zeros, or code 0. A missing value is
/// unknown too, or where the training part has missing ones and the form is one-hot, an input of its own.
public struct CategoryPreparation: Sendable, Equatable {
  /// How categories become numbers.
  public enum Form: String, Sendable, Codable, CaseIterable {
    /// An input for each value.
    case oneHot = "one-hot"
    /// One input, by the order of the values.
    case ordinal
    /// A code for an embedding layer.
    case embedding
    /// A code by hash for an embedding layer.
    case hashing
  }

  /// How they become numbers.
  public let form: Form
  /// The values by number: ascending as numbers where all are, else by Unicode scalars. Empty for hashing.
  public let values: [String]
  /// Buckets of the hash; 0 for other forms.
  public let buckets: Int
  /// Whether one-hot has an input for a missing value.
  public let flagsMissing: Bool
  private let lookup: Lookup

  /// A preparation of known values.
  public init(form: Form, values: [String], buckets: Int = 0, flagsMissing: Bool = false) {
    (self.form, self.values, self.buckets, self.flagsMissing) = (form, values, buckets, flagsMissing)
    lookup = Lookup(values)
  }

  /// How many inputs it makes.
  var width: Int { form == .oneHot ? values.count + (flagsMissing ? 1 : 0) : 1 }

  /// How many different codes there are, the unknown one among them; nil where inputs are no codes.
  public var codeCount: Int? {
    switch form {
    case .embedding: values.count + 1
    case .hashing: buckets + 1
    case .oneHot, .ordinal: nil
    }
  }

  func names(_ column: String) -> [String] {
    guard form == .oneHot else { return [column] }
    return values.map { "\(column)=\($0)" } + (flagsMissing ? ["\(column) missing"] : [])
  }

  /// The inputs of a field.
  ///
  /// - Returns: whether the value is known, or missing.
  @inline(__always)
  func encode(_ field: TableField?, into out: UnsafeMutablePointer<Float>) -> Bool {
    guard let field, !field.isMissing else {
      encode(code: nil, isMissing: true, into: out)
      return true
    }
    if form == .hashing {
      out[0] = Float(1 + Int(fnv1a(field.content) % UInt64(buckets)))
      return true
    }
    let code = code(of: field)
    encode(code: code, isMissing: false, into: out)
    return code != nil
  }

  /// The number of a value that is known.
  func code(of field: TableField) -> Int? { lookup.code(of: field) }

  private func encode(code: Int?, isMissing: Bool, into out: UnsafeMutablePointer<Float>) {
    switch form {
    case .oneHot:
      for place in 0..<width { out[place] = 0 }
      if let code { out[code] = 1 } else if isMissing, flagsMissing { out[width - 1] = 1 }
    case .ordinal:
      out[0] = code.map { values.count > 1 ? Float($0) / Float(values.count - 1) * 2 - 1 : 0 } ?? 0
    case .embedding, .hashing: out[0] = Float((code ?? -1) + 1)
    }
  }

  /// Whether both make the same of every field.
  public static func == (left: Self, right: Self) -> Bool {
    (left.form, left.buckets, left.flagsMissing) == (right.form, right.buckets, right.flagsMissing)
      && left.values == right.values
  }

  var fault: String? {
    if form == .hashing, !(2...1 << 20).contains(buckets) { return "a hash of \(buckets) buckets" }
    if form != .hashing, values.isEmpty || Set(values).count < values.count { return "no values, or one twice" }
    return nil
  }
}

extension CategoryPreparation: Codable {
  private enum CodingKeys: String, CodingKey { case form, values, buckets, flagsMissing }

  /// Reads what ``encode(to:)`` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      form: try container.decode(Form.self, forKey: .form),
      values: try container.decode([String].self, forKey: .values),
      buckets: try container.decode(Int.self, forKey: .buckets),
      flagsMissing: try container.decode(Bool.self, forKey: .flagsMissing))
  }

  /// Writes form, values and buckets.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(form, forKey: .form)
    try container.encode(values, forKey: .values)
    try container.encode(buckets, forKey: .buckets)
    try container.encode(flagsMissing, forKey: .flagsMissing)
  }
}

/// The numbers of values by their bytes, without a text being made for a field that is known.
private struct Lookup: Sendable {
  private let values: [String]
  /// By the hash of the bytes; of values that share one the first.
  private let places: [UInt64: Int]
  private let texts: [String: Int]
  private let numbers: [Double: Int]

  init(_ values: [String]) {
    self.values = values
    func numbered<Key: Hashable>(_ keys: some Sequence<Key>) -> [Key: Int] {
      Dictionary(zip(keys, 0...), uniquingKeysWith: { first, _ in first })
    }
    places = numbered(values.map { value in fnv1a(value.utf8) })
    texts = numbered(values)
    let known = values.map(Double.init)
    numbers = known.contains(nil) ? [:] : numbered(known.compactMap { $0 })
  }

  func code(of field: TableField) -> Int? {
    if !field.hasDoubledQuotes, let place = places[fnv1a(field.content)],
      values[place].utf8.elementsEqual(field.content)
    {
      return place
    }
    // another spelling in Unicode, doubled quotes, or another spelling of a number
    if let place = field.text.flatMap({ texts[$0] }) { return place }
    return numbers.isEmpty ? nil : field.finiteNumber.flatMap { numbers[$0] }
  }
}

/// The 64-bit hash of Fowler, Noll and Vo, variant 1a.
func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}

/// Gathers the categories of the training part.
final class CategoryFitter: ColumnFitter {
  private let options: ColumnOptions
  private var texts: TextCounts
  private var missing = 0

  /// Values that become inputs of their own; more of them are codes for an embedding.
  static let mostOneHot = 30
  /// Values that are kept; of more the column is hashed.
  static let mostValues = 20_000

  init(_ options: ColumnOptions) {
    self.options = options
    texts = TextCounts(limit: Self.mostValues)
  }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) {
    if field.isMissing { missing += 1 } else { texts.add(field.content) }
  }

  func finish() -> (inputs: ColumnPreparation.Inputs, reason: String?) { (.category(preparation), nil) }

  private var preparation: CategoryPreparation {
    let form = options.form ?? (texts.uncounted > 0 ? .hashing : texts.count <= Self.mostOneHot ? .oneHot : .embedding)
    guard form != .hashing else { return CategoryPreparation(form: form, values: [], buckets: options.buckets ?? 1024) }
    // a value that the training part shows once teaches nothing but noise: as a code it stands for the unknown
    let least = form == .embedding ? 2 : 1
    var values = texts.counts.indices.filter { texts.counts[$0] >= least }.map(texts.text)
    if values.isEmpty { values = (0..<texts.count).map(texts.text) }
    return CategoryPreparation(
      form: form, values: Self.ordered(values), flagsMissing: form == .oneHot && (options.flagsMissing ?? (missing > 0))
    )
  }

  /// Ascending as numbers where all are, else by Unicode scalars; each once.
  private static func ordered(_ values: [String]) -> [String] {
    var seen: Set<String> = []
    let values = values.filter { seen.insert($0).inserted }
    let numbers = values.compactMap { Double($0) }
    guard numbers.count == values.count else {
      return values.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }
    }
    let order = values.indices.sorted { (numbers[$0], $0) < (numbers[$1], $1) }
    var last = Double.nan
    return order.compactMap { place in
      defer { last = numbers[place] }
      return numbers[place] == last ? nil : values[place]
    }
  }
}
