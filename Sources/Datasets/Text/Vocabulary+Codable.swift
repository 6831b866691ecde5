extension Vocabulary: Codable {
  private enum CodingKeys: String, CodingKey {
    case method, pieces, merges
    case lowercases = "lower-case"
  }

  /// Writes the pieces as text, most frequent first, or of byte pairs the numbers that are joined, left and right in turn.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(method, forKey: .method)
    try container.encode(lowercases, forKey: .lowercases)
    if method == .bytePairs {
      try container.encode(merges.pairs, forKey: .merges)
    } else {
      try container.encode((0..<table.count).map { String(decoding: table[$0], as: UTF8.self) }, forKey: .pieces)
    }
  }

  /// Reads what ``encode(to:)`` wrote, and refuses what can't be a vocabulary: model files come from anywhere.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    method = try container.decode(Method.self, forKey: .method)
    lowercases = try container.decode(Bool.self, forKey: .lowercases)
    var merges = BytePairMerges()
    if method == .bytePairs {
      var table = BytePairMerges.firstPieces
      let pairs = try container.decode([Int32].self, forKey: .merges)
      for index in stride(from: 0, to: pairs.count, by: 2) {
        guard
          index + 1 < pairs.count, !merges.contains(pairs[index], pairs[index + 1]),
          merges.join(pairs[index], pairs[index + 1], in: &table) != nil
        else {
          throw DecodingError.dataCorruptedError(
            forKey: .merges, in: container, debugDescription: "pair \(index / 2) is none that can be joined")
        }
      }
      self.table = table
    } else {
      table = try Self.table(container.decode([String].self, forKey: .pieces), method) { message in
        DecodingError.dataCorruptedError(forKey: .pieces, in: container, debugDescription: message)
      }
    }
    self.merges = merges
  }

  private static func table(
    _ pieces: [String], _ method: Method, fault: (String) -> DecodingError
  ) throws -> PieceTable {
    var table = PieceTable()
    for (index, piece) in pieces.enumerated() {
      let longest = method == .characters ? 1 : TextUnits.longestWord
      let length = method == .characters ? piece.unicodeScalars.count : piece.utf8.count
      guard 1...longest ~= length else { throw fault("piece \(index) is none of its kind") }
      guard table.add(Array(piece.utf8)) == index else { throw fault("piece \(index) comes twice") }
    }
    return table
  }
}
