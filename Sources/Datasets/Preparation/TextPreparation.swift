import DescentFormats

/// How a column of text becomes inputs: the numbers of its pieces, for an embedding layer, cut or padded to a length.
///
/// 0 is padding, 1 is unknown. The vocabulary is that of the training part.
public struct TextPreparation: Sendable, Equatable, Codable {
  /// The pieces by number.
  public let vocabulary: Vocabulary
  /// How many pieces of a text are looked at.
  public let length: Int

  func names(_ column: String) -> [String] { (0..<length).map { "\(column)[\($0)]" } }

  func encode(_ field: TableField?, into out: UnsafeMutablePointer<Float>) {
    var used = 0
    if let field, !field.isMissing {
      let take = { (number: Int32) -> Bool in
        out[used] = Float(number)
        used += 1
        return used < length
      }
      if field.hasDoubledQuotes, var text = field.text {
        text.withUTF8 { vocabulary.forEachNumber(in: $0, take) }
      } else {
        vocabulary.forEachNumber(in: field.content, take)
      }
    }
    for place in used..<length { out[place] = Float(Vocabulary.padding) }
  }

  static let longest = 4096
  /// How many different numbers pieces have at most, padding and unknown with them, where nothing is said; and what may be
  /// said.
  static let (standardVocabulary, vocabularySizes) = (10_000, 3...100_000)

  var fault: String? { (1...Self.longest).contains(length) ? nil : "texts of \(length) pieces" }
}

/// Gathers what a ``TextPreparation`` needs, over the training part.
final class TextFitter: ColumnFitter {
  private let options: ColumnOptions
  private var builder: Vocabulary.Builder
  private var lengths = QuantileSketch()
  private let method: Vocabulary.Method

  /// Texts shorter than this on the mean, in bytes, are taken character by character.
  static let shortText = 60.0
  /// The share of texts that are looked at whole, where they are not too long.
  private static let wholeShare = 0.98
  private static let (longestOfCharacters, longestOfWords) = (96, 256)

  init(_ options: ColumnOptions, meanLength: Double) {
    self.options = options
    method = options.pieces ?? (meanLength < Self.shortText ? .characters : .words)
    builder = Vocabulary.Builder(method, lowercases: !options.keepsCase)
  }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) {
    guard !field.isMissing else { return }
    // bytes stand for the number of pieces until the vocabulary is known; words have five letters and a blank
    lengths.add(method == .characters ? Double(field.content.count) : (Double(field.content.count) / 5).rounded(.up))
    if field.hasDoubledQuotes, let text = field.text { builder.add(text) } else { builder.add(utf8: field.content) }
  }

  func finish() -> (inputs: ColumnPreparation.Inputs, reason: String?) {
    let most = method == .characters ? Self.longestOfCharacters : Self.longestOfWords
    let usual = Int((lengths.quantile(Self.wholeShare) ?? 1).rounded(.up))
    let length = options.length ?? min(max(usual, 4), most)
    let vocabulary = builder.vocabulary(
      limit: options.vocabularySize ?? TextPreparation.standardVocabulary)
    return (.text(TextPreparation(vocabulary: vocabulary, length: length)), nil)
  }
}
