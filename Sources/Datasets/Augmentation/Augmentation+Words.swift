/// An augmentation that can't be meant: an unknown word, or a number out of range. A command line ends with exit code 64
/// (wrong usage).
public struct AugmentationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, and what can be written instead.
  public let description: String
}

extension Augmentation {
  /// The steps that these words name: `flip,crop=24,rotate=10`; ``known`` has all of them.
  ///
  /// - Throws: ``AugmentationError`` for a word that is none, or a number that it does not take.
  public init(words: String) throws(AugmentationError) {
    var steps: [Step] = []
    for word in words.split(separator: ",", omittingEmptySubsequences: false) {
      steps.append(try Step(word: word))
    }
    guard steps.filter({ $0.rule is Mixup }).count < 2 else {
      throw AugmentationError(description: "'\(words)': samples are mixed once; leave one mixup out")
    }
    self.init(steps)
  }

  /// The steps there are, as they are written with some number, and what each does.
  public static var known: [(example: String, meaning: String)] { table.map { ($0.example, $0.meaning) } }

  /// How a step is written, and made from the number behind its name.
  private struct Row: Sendable {
    let example, meaning: String
    /// What the number must be.
    let wanted: String
    let make: @Sendable (Substring) -> (any AugmentationRule)?

    var name: Substring { example.prefix { $0 != "=" } }
    var takesNumber: Bool { example.contains("=") }
  }

  private static func plain(_ example: String, _ meaning: String, _ rule: any AugmentationRule) -> Row {
    Row(example: example, meaning: meaning, wanted: "") { _ in rule }
  }

  private static func whole(
    _ example: String, _ meaning: String, _ make: @escaping @Sendable (Int) -> any AugmentationRule
  ) -> Row {
    Row(example: example, meaning: meaning, wanted: "a whole number from 1 to 10000") { text in
      size(text).map(make)
    }
  }

  private static func real(
    _ example: String, _ meaning: String, most: Double, _ make: @escaping @Sendable (Double) -> any AugmentationRule
  ) -> Row {
    Row(example: example, meaning: meaning, wanted: "a number above 0, at most \(shown(most))") { text in
      guard let number = Double(text), number > 0, number <= most else { return nil }
      return make(number)
    }
  }

  private static func size(_ text: Substring) -> Int? { Int(text).flatMap { 1...10_000 ~= $0 ? $0 : nil } }

  private static let table = [
    plain("flip", "mirrors every second picture left to right", Flip()),
    plain("flip-vertical", "turns every second picture upside down", Flip(isVertical: true)),
    Row(
      example: "crop=24", meaning: "takes a square of 24 pixels somewhere; crop=32+4 pads by 4 pixels first",
      wanted: "a whole number from 1 to 10000, and behind a + the padding if there is one"
    ) { text in
      let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false).map(size)
      guard let side = parts[0] else { return nil }
      if parts.count == 1 { return Crop(size: side) }
      return parts[1].map { Crop(size: side, padding: $0) }
    },
    whole("shift=2", "moves pictures by up to 2 pixels") { Shift(most: $0) },
    real("rotate=10", "turns pictures by up to 10 degrees either way", most: 180) { Rotation(most: $0) },
    whole("cutout=8", "blanks a square of 8 pixels somewhere") { Cutout(size: $0) },
    real("brightness=0.2", "adds up to 0.2 to all numbers of a sample, or takes it off", most: 1000) {
      Brightness(most: $0)
    },
    real("contrast=0.2", "draws a sample's numbers up to 20 % nearer to their mean, or farther off", most: 1) {
      Contrast(most: $0)
    },
    real("noise=0.1", "adds normal noise with standard deviation 0.1", most: 1000) {
      InputNoise(standardDeviation: $0)
    },
    real("mixup=0.2", "mixes samples and targets in pairs, by shares from Beta(0.2, 0.2)", most: 100) {
      Mixup(alpha: $0)
    },
    whole("time-mask=20", "silences up to 20 frames of a sound") { Mask(most: $0, isFrequency: false) },
    whole("frequency-mask=8", "silences up to 8 frequencies of a spectrogram") { Mask(most: $0, isFrequency: true) },
    real("stretch=0.1", "plays sounds up to 10 % faster or slower", most: 0.9) { Stretch(most: $0) },
  ]
}

extension Augmentation.Step: CustomStringConvertible {
  /// The step that a word names: `crop=24`.
  ///
  /// - Throws: ``AugmentationError`` for a word that is none, or a number that it does not take.
  public init(word: some StringProtocol) throws(AugmentationError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { Substring($0) }
    guard let row = Augmentation.table.first(where: { $0.name == parts[0] }) else {
      let known = Augmentation.known.map(\.example).joined(separator: ", ")
      throw AugmentationError(description: "there is no augmentation '\(word)'; there are \(known)")
    }
    guard row.takesNumber == (parts.count == 2), let rule = row.make(parts.count == 2 ? parts[1] : "") else {
      throw AugmentationError(
        description: row.takesNumber
          ? "'\(word)': \(row.name) takes \(row.wanted), such as \(row.example)"
          : "'\(word)': \(row.name) takes no number")
    }
    self.rule = rule
  }

  /// The word: `crop=24`.
  public var description: String { rule.word }
}

extension Augmentation: CustomStringConvertible, Equatable, Codable {
  /// The words, as ``init(words:)`` takes them.
  public var description: String { steps.map(\.description).joined(separator: ",") }

  /// Whether both do the same.
  public static func == (left: Augmentation, right: Augmentation) -> Bool { left.description == right.description }

  /// Writes the words.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  /// Reads what ``encode(to:)`` wrote.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let words = try container.decode(String.self)
    if words.isEmpty {
      self.init([])
      return
    }
    do throws(AugmentationError) {
      try self.init(words: words)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: error.description)
    }
  }
}
