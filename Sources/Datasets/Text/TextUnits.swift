import DescentFormats

/// Cuts a text in UTF-8 into characters or words, as ranges of its bytes.
enum TextUnits {
  /// A word of more bytes than this is cut, between characters: what no language writes must not fill the memory.
  static let longestWord = 128

  /// Every Unicode scalar, blanks too; a byte that is no UTF-8 by itself. The function says whether to go on.
  @inline(__always)
  static func characters(
    of bytes: UnsafeBufferPointer<UInt8>, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
  ) {
    var position = 0
    while position < bytes.count {
      let length = max(1, UTF8Text.sequenceLength(bytes, at: position))
      guard body(UnsafeBufferPointer(rebasing: bytes[position..<position + length])) else { return }
      position += length
    }
  }

  /// Letters and digits that stand together, and every other sign by itself; blanks are left out. Marks, such as an accent
  /// that is written as a character of its own, stay with what is before them.
  ///
  /// - Parameter joinsUnspaced: whether characters of scripts without blanks make words like letters, or each is a word.
  @inline(__always)
  static func words(
    of bytes: UnsafeBufferPointer<UInt8>, joinsUnspaced: Bool, _ body: (UnsafeBufferPointer<UInt8>) -> Bool
  ) {
    var (start, position) = (0, 0)
    // whether a letter may join what lies between start and position
    var isWord = false
    while position < bytes.count {
      var (kind, length) = (Kind.letter, 1)
      if bytes[position] < 0x80 {
        kind = Kind.ascii[Int(bytes[position])]
      } else if let scalar = UTF8Text.scalar(bytes, at: position) {
        (kind, length) = (Kind.of(scalar.value), scalar.length)
      }
      if kind == .unspaced, joinsUnspaced { kind = .letter }
      let joins =
        start < position && position + length - start <= longestWord
        && (kind == .mark || (kind == .letter && isWord))
      if !joins {
        if start < position, !body(UnsafeBufferPointer(rebasing: bytes[start..<position])) { return }
        start = kind == .blank ? position + length : position
        isWord = kind == .letter || kind == .mark
      }
      position += length
    }
    if start < position { _ = body(UnsafeBufferPointer(rebasing: bytes[start..<position])) }
  }

  /// The text in lower case, each character by Unicode's mapping, whatever its neighbours and the language.
  static func lowercased(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var lowered: [UInt8] = []
    lowered.reserveCapacity(bytes.count)
    var position = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte < 0x80 {
        lowered.append(byte &- 0x41 < 26 ? byte | 0x20 : byte)
        position += 1
      } else if let scalar = UTF8Text.scalar(bytes, at: position) {
        if scalar.value.properties.changesWhenLowercased {
          lowered.append(contentsOf: scalar.value.properties.lowercaseMapping.utf8)
        } else {
          lowered.append(contentsOf: bytes[position..<position + scalar.length])
        }
        position += scalar.length
      } else {
        lowered.append(byte)
        position += 1
      }
    }
    return lowered
  }
}

extension TextUnits {
  /// What a character does to the word before it.
  enum Kind: UInt8 {
    /// Ends it, and is left out.
    case blank
    /// Joins it.
    case letter
    /// A letter of a script whose words aren't kept apart by blanks.
    case unspaced
    /// Ends it, and stands by itself.
    case sign
    /// Belongs to whatever is before it.
    case mark

    static let ascii: [Kind] = (0..<128).map { of(Unicode.Scalar(UInt8($0))) }

    /// Looked up once for each character that a computer's text is likely to hold.
    private static let basic: [Kind] = (0..<0x10000).map { Unicode.Scalar(UInt32($0)).map(found) ?? .sign }

    static func of(_ scalar: Unicode.Scalar) -> Kind {
      scalar.value < 0x10000 ? basic[Int(scalar.value)] : found(scalar)
    }

    private static func found(_ scalar: Unicode.Scalar) -> Kind {
      switch scalar.properties.generalCategory {
      case .nonspacingMark, .spacingMark, .enclosingMark, .format: .mark
      case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator: .blank
      case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
        .letterNumber, .otherNumber:
        unspacedScripts.contains { $0 ~= scalar.value } ? .unspaced : .letter
      default: .sign
      }
    }

    /// Thai, Lao, Burmese, Khmer, Tai Le and New Tai Lue, Tai Tham, Javanese; kana, Bopomofo and Han.
    private static let unspacedScripts: [ClosedRange<UInt32>] = [
      0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x1950...0x19DF, 0x1A20...0x1AAF, 0x3005...0x3007,
      0x3021...0x3029, 0x3031...0x3035, 0x3038...0x303C, 0x3041...0x312F, 0x31A0...0x31BF, 0x31F0...0x31FF,
      0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA980...0xA9DF, 0xF900...0xFAFF, 0xFF66...0xFF9F, 0x1B000...0x1B16F,
      0x20000...0x3FFFF,
    ]
  }
}
