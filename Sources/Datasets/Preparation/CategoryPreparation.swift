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
/// The values are those of the training part, or those of an order that is given. Any other is unknown: zeros, or code 0.
/// A missing value is taken for ``fill`` where there is one, and as unknown otherwise; with ``flagsMissing`` one more
/// number says that it was missing, 1 or 0, which among codes is a code too.
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
  /// Whether one more number says that the value was missing.
  public let flagsMissing: Bool
  /// The value that stands in for a missing one; nil for the unknown.
  public let fill: String?
  private let lookup: Lookup
  /// The number that stands for a missing value: of the fill where it is known.
  private let missingCode: Int?

  /// A preparation of known values.
  public init(form: Form, values: [String], buckets: Int = 0, flagsMissing: Bool = false, fill: String? = nil) {
    (self.form, self.values, self.buckets, self.flagsMissing) = (form, values, buckets, flagsMissing)
    (self.fill, lookup) = (fill, Lookup(values))
    if form == .hashing, buckets > 0 {
      missingCode = fill.map { Self.bucket($0.utf8, buckets) }
    } else {
      missingCode = fill.flatMap(lookup.code)
    }
  }

  /// The same of one value, however the file writes its quotes.
  private func bucket(of field: TableField) -> Int {
    field.hasDoubledQuotes ? Self.bucket(field.singleQuoted, buckets) : Self.bucket(field.content, buckets)
  }

  private static func bucket(_ bytes: some Sequence<UInt8>, _ buckets: Int) -> Int {
    Int(fnv1a(bytes) % UInt64(buckets))
  }

  /// How many inputs it makes.
  var width: Int { (form == .oneHot ? values.count : 1) + (flagsMissing ? 1 : 0) }

  /// How many different values each of its codes has, the unknown among them; empty where inputs are no codes.
  public var codeCounts: [Int] {
    switch form {
    case .embedding: [values.count + 1] + (flagsMissing ? [2] : [])
    case .hashing: [buckets + 1] + (flagsMissing ? [2] : [])
    case .oneHot, .ordinal: []
    }
  }

  func names(_ column: String) -> [String] {
    (form == .oneHot ? values.map { "\(column)=\($0)" } : [column]) + (flagsMissing ? ["\(column) missing"] : [])
  }

  /// The inputs of a field.
  ///
  /// - Returns: whether the value is known, or missing.
  @inline(__always)
  func encode(_ field: TableField?, into out: UnsafeMutablePointer<Float>) -> Bool {
    guard let field, !field.isMissing else {
      encode(missingCode, isMissing: true, into: out)
      return true
    }
    let code = form == .hashing ? bucket(of: field) : code(of: field)
    encode(code, isMissing: false, into: out)
    return code != nil
  }

  /// The number of a value that is known.
  func code(of field: TableField) -> Int? { lookup.code(of: field) }

  /// The number of a value that is known.
  func code(of text: String) -> Int? { lookup.code(of: text) }

  private func encode(_ code: Int?, isMissing: Bool, into out: UnsafeMutablePointer<Float>) {
    switch form {
    case .oneHot:
      for place in values.indices { out[place] = 0 }
      if let code { out[code] = 1 }
    case .ordinal:
      out[0] = code.map { values.count > 1 ? Float($0) / Float(values.count - 1) * 2 - 1 : 0 } ?? 0
    case .embedding, .hashing: out[0] = Float((code ?? -1) + 1)
    }
    if flagsMissing { out[width - 1] = isMissing ? 1 : 0 }
  }

  /// Whether both make the same of every field.
  public static func == (left: Self, right: Self) -> Bool {
    (left.form, left.buckets, left.flagsMissing, left.fill)
      == (right.form, right.buckets, right.flagsMissing, right.fill) && left.values == right.values
  }

  var summary: String {
    let way =
      switch form {
      case .oneHot: "one-hot, \(width) inputs"
      case .ordinal: "by order, \(values.count) steps"
      case .embedding: "embedding of \(values.count) values"
      case .hashing: "embedding of \(buckets) hashes"
      }
    return way + (fill.map { "; missing as \(quoted($0))" } ?? "")
      + (flagsMissing && form != .oneHot ? "; missing flagged" : "")
  }

  var fault: String? {
    if form == .hashing, !(2...1 << 20).contains(buckets) { return "a hash of \(buckets) buckets" }
    if form != .hashing, values.isEmpty || Set(values).count < values.count { return "no values, or one twice" }
    return nil
  }
}

extension CategoryPreparation: Codable {
  private enum CodingKeys: String, CodingKey { case form, values, buckets, flagsMissing, fill }

  /// Reads what ``encode(to:)`` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      form: try container.decode(Form.self, forKey: .form),
      values: try container.decode([String].self, forKey: .values),
      buckets: try container.decode(Int.self, forKey: .buckets),
      flagsMissing: try container.decode(Bool.self, forKey: .flagsMissing),
      fill: try container.decodeIfPresent(String.self, forKey: .fill))
  }

  /// Writes form, values, buckets, and what a missing value is taken for.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(form, forKey: .form)
    try container.encode(values, forKey: .values)
    try container.encode(buckets, forKey: .buckets)
    try container.encode(flagsMissing, forKey: .flagsMissing)
    try container.encodeIfPresent(fill, forKey: .fill)
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

  func code(of text: String) -> Int? {
    texts[text] ?? (numbers.isEmpty ? nil : Double(text).flatMap { numbers[$0] })
  }
}

/// The 64-bit hash of Fowler, Noll and Vo, variant 1a.
func fnv1a(_ bytes: some Sequence<UInt8>) -> UInt64 {
  bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
}
