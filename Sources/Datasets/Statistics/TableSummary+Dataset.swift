import DescentFormats

extension TableSummary {
  /// Summarises samples in memory: a column for each feature and one for the target. The pixels of pictures are one
  /// column together, because one pixel alone says little.
  ///
  /// - Parameter weights: the column that weighs the rows, for weighted means and medians: a feature, or a target of
  ///   values.
  /// - Throws: ``DataError``: there is no such column of numbers, or a weight in it is below 0, or all are 0.
  public init(_ dataset: Dataset, weights: String? = nil) throws(DataError) {
    let isPictures = dataset.pixelRange != nil
    var names = isPictures ? [] : dataset.featureNames
    var numbers = isPictures ? [] : dataset.featureNames.indices.map(dataset.column)
    if case .values(let values) = dataset.target {
      names.append(dataset.targetName)
      numbers.append(values.map(\.asWritten))
    }
    var rowWeights: [Double]?
    if let weights {
      guard let place = names.firstIndex(of: weights) else {
        let known = names.isEmpty ? "there are none" : "they are \(quotedList(names))"
        throw .invalid(dataset.name, "\(quoted(weights)) is none of the columns of numbers; \(known)")
      }
      guard numbers[place].allSatisfy({ $0 >= 0 && $0 < .infinity }), numbers[place].contains(where: { $0 > 0 }) else {
        throw .invalid(
          "\(dataset.name), column \(quoted(weights))", "weights are numbers of 0 or more, and some of them above")
      }
      rowWeights = numbers[place]
    }
    var columns = isPictures ? [dataset.pixels] : []
    for (name, values) in zip(names, numbers) { columns.append(ColumnSummary(name, values, weights: rowWeights)) }
    var correlations = CorrelationTable(isPictures ? [] : columns)
    if !correlations.columns.isEmpty {
      for row in 0..<dataset.count {
        for (place, column) in correlations.columns.enumerated() {
          let value = numbers[column][row]
          correlations.set(place, value.isFinite ? value : nil)
        }
        correlations.addRow()
      }
    }
    if case .classes(let labels, let names) = dataset.target {
      var texts = ValueCounts<String>()
      for label in labels { texts.add(names.indices.contains(Int(label)) ? names[Int(label)] : "\(label)") }
      let facts = ColumnFacts(
        name: dataset.targetName, rows: labels.count, present: labels.count, distinct: texts.distinct)
      let commonest = texts.commonest(ColumnSummary.mostCommonest) { $0 }
      columns.append(ColumnSummary(facts, kind: facts.kindOfTexts, commonest: commonest))
    }
    self.init(name: dataset.name, rowCount: dataset.count, columns: columns, correlations: correlations)
  }
}

extension ColumnSummary {
  /// A column of numbers; those that are not finite are missing.
  init(_ name: String, _ values: [Double], weights: [Double]?) {
    var builder = NumberBuilder()
    var different = ValueCounts<Double>()
    var areWhole = true
    for (row, value) in values.enumerated() where value.isFinite {
      builder.add(value, weight: weights?[row])
      different.add(value)
      areWhole = areWhole && value == value.rounded()
    }
    var deviations = builder.deviations()
    if areWhole { deviations.takeWholeNumbers() }
    for value in values where value.isFinite { deviations.add(value) }
    self.init(name, count: values.count, NumberSummary(builder, deviations), different, areWhole: areWhole)
  }
}

extension ColumnSummary {
  fileprivate init(
    _ name: String, count: Int, _ numbers: NumberSummary, _ values: ValueCounts<Double>, areWhole: Bool
  ) {
    var facts = ColumnFacts(name: name, rows: count, present: numbers.count, distinct: values.distinct)
    (facts.areWhole, facts.isRun) = (areWhole, RunningRange(numbers.moments).isRun)
    self.init(
      facts, kind: facts.kindOfNumbers,
      range: numbers.count == 0 ? nil : .numbers(numbers.moments.minimum...numbers.moments.maximum), numbers: numbers,
      commonest: values.commonestNumbers(areWhole: areWhole))
  }
}

extension Dataset {
  fileprivate func column(_ feature: Int) -> [Double] {
    (0..<count).map { row in
      switch features {
      case .uint8(let bytes): Double(bytes[row * elementCount + feature])
      case .float32(let numbers): numbers[row * elementCount + feature].asWritten
      }
    }
  }

  /// All pixels of all pictures as one column. They have few levels, which are counted first.
  fileprivate var pixels: ColumnSummary {
    var levels = ValueCounts<Double>()
    switch features {
    case .uint8(let bytes):
      var counts = Array(repeating: 0, count: 256)
      for byte in bytes { counts[Int(byte)] += 1 }
      for (level, count) in counts.enumerated() where count > 0 { levels.add(Double(level), count: count) }
    case .float32(let numbers):
      for number in numbers { levels.add(Double(number)) }
      guard !levels.isOverLimit else { return ColumnSummary("pixels", numbers.map(Double.init), weights: nil) }
    }
    let areWhole = levels.entries.allSatisfy { $0.key == $0.key.rounded() }
    var builder = NumberBuilder()
    for level in levels.entries { builder.add(level.key, count: level.count) }
    var deviations = builder.deviations()
    if areWhole { deviations.takeWholeNumbers() }
    for level in levels.entries { deviations.add(level.key, count: level.count) }
    return ColumnSummary(
      "pixels", count: features.count, NumberSummary(builder, deviations), levels, areWhole: areWhole)
  }
}

extension Float {
  /// The number that its shortest decimals say: 0.1, and not the 0.10000000149 that float32 keeps of it, so that built-in
  /// tables have the figures that they have as files.
  fileprivate var asWritten: Double { Double(description) ?? Double(self) }
}
