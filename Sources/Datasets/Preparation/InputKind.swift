/// What a column is taken for on its way into a network, and what a user may ask for of such a column.
enum InputKind: Sendable, CaseIterable {
  case number, category, date, text, picture, sound

  /// Several of them.
  var noun: String {
    switch self {
    case .number: "numbers"
    case .category: "categories"
    case .date: "dates"
    case .text: "texts"
    case .picture: "pictures"
    case .sound: "sounds"
    }
  }

  /// The words that ask for something.
  var words: String {
    let fill = "fill=mean|median|mode|row"
    switch self {
    case .number:
      let methods = NumberPreparation.Method.allCases.map(\.rawValue).joined(separator: ", ")
      return "\(methods), min-max=-1..1, log, no-log, \(fill)|NUMBER, flag, no-flag"
    case .category:
      return "one-hot, ordinal, ordinal=LOW:MEDIUM:HIGH, embedding, hash, hash=N, fill=mode|row|VALUE, flag, no-flag"
    case .date: return "parts, \(fill)|DATE, flag, no-flag"
    case .text: return "characters, words, byte-pairs, length=N, vocabulary=N, keep-case, fill=row"
    case .picture: return "fill=row"
    case .sound: return SoundPreparation.Form.allCases.map(\.rawValue).joined(separator: ", ") + ", fill=row"
    }
  }
}

extension InputKind {
  /// - Returns: nil for what is left out.
  init?(_ kind: ColumnSummary.Kind, holdsNumbers: Bool) {
    switch kind {
    case .number: self = .number
    case .category: self = .category
    case .binary: self = holdsNumbers ? .number : .category
    case .dateTime: self = .date
    case .text: self = .text
    case .picture: self = .picture
    case .sound: self = .sound
    case .identifier:
      guard holdsNumbers else { return nil }
      self = .number
    case .constant, .empty: return nil
    }
  }
}

extension ColumnSummary {
  /// What it is taken for; nil where it is left out.
  var inputKind: InputKind? { InputKind(kind, holdsNumbers: holdsNumbers) }

  /// Stops where something is asked for that such a column does not take.
  ///
  /// - Throws: ``DatasetNameError`` that says what it takes.
  func check(_ options: ColumnOptions) throws(DatasetNameError) {
    guard let inputKind else { return }
    try options.check(inputKind, column: name)
    guard inputKind == .date, case .constant(let text)? = options.fill else { return }
    guard WrittenDate(text)?.seconds(dateOrders.order) != nil else {
      throw DatasetNameError(
        "--column \(name): 'fill=\(text)' is no date as the column has them; write it as 2026-11-21")
    }
  }
}

extension ColumnOptions {
  /// Stops where something is asked for that columns of this kind do not take.
  func check(_ kind: InputKind, column: String) throws(DatasetNameError) {
    let asked: [(word: String, isAsked: Bool, kinds: [InputKind])] = [
      (scaling?.rawValue ?? "", scaling != nil, [.number]),
      (takesLogarithm == false ? "no-log" : "log", takesLogarithm != nil, [.number]),
      (form?.word ?? "", form != nil, [.category]), ("parts", takesDateParts, [.date]),
      (pieces?.rawValue ?? "", pieces != nil, [.text]), ("length", length != nil, [.text]),
      ("vocabulary", vocabularySize != nil, [.text]), ("keep-case", keepsCase, [.text]),
      (sound?.rawValue ?? "", sound != nil, [.sound]),
      (flagsMissing == false ? "no-flag" : "flag", flagsMissing != nil, [.number, .category, .date]),
      (fill?.word ?? "", fill.map { !$0.suits(kind) } ?? false, []),
    ]
    if let wrong = asked.first(where: { $0.isAsked && !$0.kinds.contains(kind) }) {
      throw DatasetNameError("--column \(column): '\(wrong.word)' is not for \(kind.noun), which take \(kind.words)")
    }
    if let order, form == .ordinal, case .constant(let value)? = fill, !order.contains(value) {
      throw DatasetNameError("--column \(column): 'fill=\(value)' is none of the values \(quotedList(order))")
    }
  }
}

extension ColumnOptions.Fill {
  fileprivate var word: String {
    switch self {
    case .mean: "fill=mean"
    case .median: "fill=median"
    case .mode: "fill=mode"
    case .constant(let value): "fill=\(value)"
    case .leaveOut: "fill=row"
    }
  }

  fileprivate func suits(_ kind: InputKind) -> Bool {
    switch (self, kind) {
    case (.leaveOut, _): true
    case (.mode, .category), (.constant, .category): true
    case (.constant(let text), .number): Double(text)?.isFinite ?? false
    case (.constant(let text), .date): WrittenDate(text) != nil
    case (_, .number), (_, .date): true
    default: false
    }
  }
}

extension CategoryPreparation.Form {
  fileprivate var word: String { self == .hashing ? "hash" : rawValue }
}
