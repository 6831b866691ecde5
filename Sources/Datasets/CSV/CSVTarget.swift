import DescentFormats

/// A table's target column, read as classes or as values.
struct CSVTarget {
  let target: Dataset.Target
  /// Why it is taken so, as a clause.
  let reason: String
}

extension CSVTable {
  /// Number columns with more different values than this are quantities, unless the task says otherwise.
  static let mostNumericClasses = 20

  /// What a look through a column finds.
  private struct Survey {
    var values: [Float] = []
    /// The different values, up to one more than make classes; meaningful while all are whole.
    var different: Set<Double> = []
    var areWhole = true
    var isText = false
  }

  /// Reads the target: text is classes; numbers are classes only if all are whole and at most 20 differ.
  ///
  /// - Parameter task: overrides the rule.
  func target(named name: String, task: Dataset.Task?) throws(DataError) -> CSVTarget {
    let position = try position(of: name)
    let slots = columns.indices.map { $0 == position ? 0 : -1 }
    let survey = try survey(name, slots, task)
    if survey.isText {
      return CSVTarget(target: try classes(name, slots, areNumbers: false), reason: "\(quoted(name)) holds text")
    }
    let isFew = survey.areWhole && survey.different.count <= Self.mostNumericClasses
    switch task ?? (isFew ? .classification : .regression) {
    case .classification:
      let reason = "\(quoted(name)) holds \(survey.different.count) different whole numbers"
      let target = try classes(name, slots, areNumbers: true)
      return CSVTarget(target: target, reason: task == nil ? reason : "that is the task asked for")
    case .regression:
      let reason =
        survey.areWhole
        ? "\(quoted(name)) holds more than \(Self.mostNumericClasses) different whole numbers"
        : "\(quoted(name)) holds numbers with fractions"
      return CSVTarget(target: .values(survey.values), reason: task == nil ? reason : "that is the task asked for")
    }
  }

  private func survey(_ name: String, _ slots: [Int], _ task: Dataset.Task?) throws(DataError) -> Survey {
    var survey = Survey()
    survey.values.reserveCapacity(rowCount)
    var firstNotFinite: CSVScanner.Field?
    try forEachField(slots: slots) { reader, _, _, field throws(DataError) in
      if field.isEmpty { throw Self.emptyField(field, column: name, reader) }
      switch reader.number(of: field) {
      case .finite(let number):
        let value = Float(number)
        if !value.isFinite { firstNotFinite = firstNotFinite ?? field }
        survey.values.append(value)
        survey.areWhole = survey.areWhole && number == number.rounded()
        if survey.areWhole, survey.different.count <= Self.mostNumericClasses { survey.different.insert(number) }
      case .notFinite:
        firstNotFinite = firstNotFinite ?? field
      case .text:
        if task == .regression {
          let shown = reader.shown(field)
          throw reader.invalid(
            field, column: name, "\(shown) is no number, and regression predicts numbers; use classification")
        }
        // Whatever else the column holds, it holds names: 'nan' is one then.
        survey.isText = true
        return false
      }
      return true
    }
    if !survey.isText, let field = firstNotFinite {
      try forEachField(slots: slots) { reader, _, _, _ throws(DataError) in
        throw Self.fault(of: field, column: name, reader)
      }
    }
    return survey
  }

  /// Numbers the classes: in numeric order where all are numbers, else in the order of their Unicode scalars.
  /// A class keeps the text that the table has for it, of numbers the first one: `1` of `1`, `1.0` and `01`.
  private func classes(_ name: String, _ slots: [Int], areNumbers: Bool) throws(DataError) -> Dataset.Target {
    var labels: [Int32] = []
    labels.reserveCapacity(rowCount)
    var found: [(name: String, number: Double)] = []
    var byNumber: [Double: Int32] = [:]
    var byBytes: [FieldKey: Int32] = [:]
    var byText: [String: Int32] = [:]
    try forEachField(slots: slots) { reader, _, _, field throws(DataError) in
      if field.isEmpty { throw Self.emptyField(field, column: name, reader) }
      var number = 0.0
      if areNumbers, case .finite(let value) = reader.number(of: field) { number = value }
      let key = FieldKey(bytes: reader.content(of: field))
      if let label = areNumbers ? byNumber[number] : byBytes[key] {
        labels.append(label)
        return true
      }
      guard let text = reader.text(of: field) else {
        throw reader.invalid(field, column: name, "the class's name is not valid UTF-8; save the table as UTF-8")
      }
      // Unicode has several spellings of one text ('é' as one scalar or two): they are one class.
      let label = (areNumbers ? nil : byText[text]) ?? Int32(found.count)
      if label == found.count { found.append((text, number)) }
      if areNumbers {
        byNumber[number] = label
      } else {
        byBytes[key] = label
        byText[text] = label
      }
      labels.append(label)
      return true
    }
    guard found.count > 1 else {
      throw .invalid(
        "\(place), column \(quoted(name))",
        "every row has the class \(quoted(found[0].name)); there is nothing to tell apart with fewer than two classes")
    }
    let order = found.indices.sorted {
      areNumbers
        ? found[$0].number < found[$1].number
        : found[$0].name.unicodeScalars.lexicographicallyPrecedes(found[$1].name.unicodeScalars)
    }
    var rank = Array(repeating: Int32(0), count: found.count)
    for (position, label) in order.enumerated() { rank[label] = Int32(position) }
    return .classes(labels: labels.map { rank[Int($0)] }, names: order.map { found[$0].name })
  }
}
