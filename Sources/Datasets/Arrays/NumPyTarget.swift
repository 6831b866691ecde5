import DescentFormats

/// What an archive's targets are: classes or values.
struct NumPyTarget {
  let target: Dataset.Target
  /// Why it is taken so, as a clause.
  let reason: String

  /// Whole numbers are classes where at most 20 differ, all else values.
  ///
  /// - Parameters:
  ///   - arrays: the targets of each part, one behind the other.
  ///   - task: overrides the rule.
  /// - Throws: ``DataError``: a number is not finite, or there are too many classes, or a single one.
  init(_ arrays: [NumPyArrays.Named], task: Dataset.Task?) throws(DataError) {
    let numbers = try Self.numbers(arrays)
    let different = Set(numbers).sorted()
    let areWhole = different.allSatisfy { $0 == $0.rounded() }
    let isFew = areWhole && different.count <= TargetColumn.mostNumericClasses
    let name = quoted(arrays[0].name)
    switch task ?? (isFew ? .classification : .regression) {
    case .classification:
      guard different.count > 1 else {
        throw .invalid(
          arrays[0].place,
          "every target is \(Self.text(different[0])); there is nothing to tell apart with fewer than two classes")
      }
      target = try Self.classes(numbers, different, arrays[0].place)
      reason = task == nil ? "\(name) holds \(different.count) different whole numbers" : "that is the task asked for"
    case .regression:
      target = .values(numbers.map { Float($0) })
      let found =
        areWhole
        ? "\(name) holds more than \(TargetColumn.mostNumericClasses) different whole numbers"
        : "\(name) holds numbers with fractions"
      reason = task == nil ? found : "that is the task asked for"
    }
  }

  /// The targets for a network that predicts what the schema says.
  ///
  /// - Throws: ``DataError`` where a number is not finite; classes that the network does not know are found later.
  init(_ arrays: [NumPyArrays.Named], matching schema: Dataset.Schema) throws(DataError) {
    let numbers = try Self.numbers(arrays)
    reason = "the model says so"
    target =
      schema.classNames == nil
      ? .values(numbers.map { Float($0) })
      : try Self.classes(numbers, Set(numbers).sorted(), arrays[0].place)
  }

  private static func classes(
    _ numbers: [Double], _ different: [Double], _ place: String
  ) throws(DataError) -> Dataset.Target {
    guard different.count <= TargetColumn.mostClasses else {
      throw .invalid(
        place,
        "it holds \(different.count) different classes, more than \(TargetColumn.mostClasses); use --task regression")
    }
    var labels: [Double: Int32] = [:]
    for (label, number) in different.enumerated() { labels[number] = Int32(label) }
    return .classes(labels: numbers.map { labels[$0] ?? 0 }, names: different.map(text))
  }

  private static func numbers(_ arrays: [NumPyArrays.Named]) throws(DataError) -> [Double] {
    var all: [Double] = []
    for named in arrays {
      let numbers = named.array.numbers(as: Double.self)
      if let wrong = numbers.firstIndex(where: { !Float($0).isFinite }) {
        throw .invalid(
          named.place, "target \(wrong), counted from 0, is \(numbers[wrong]), and must be finite and fit float32")
      }
      all += numbers
    }
    return all
  }

  /// A number as tables have it: `3`, not `3.0`.
  static func text(_ number: Double) -> String { Int(exactly: number).map(String.init) ?? "\(number)" }
}
