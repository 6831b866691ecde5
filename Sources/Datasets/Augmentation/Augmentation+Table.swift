extension Augmentation {
  /// A stretch of a sample's numbers that steps change by themselves, such as a picture in the row of a table.
  struct Part: Sendable {
    /// Where it begins among the sample's numbers.
    let start: Int
    let shape: [Int]
    let steps: [Step]
    /// Sets its draws apart from those of other parts.
    let stream: UInt64

    /// The most numbers that it has before, between and behind the steps.
    var capacity: Int {
      steps.reduce((shape, shape.reduce(1, *))) { grown, step in
        let shape = step.rule.outputShape(for: grown.0)
        return (shape, max(grown.1, shape.reduce(1, *)))
      }.1
    }
  }

  /// The same steps for the rows of a table: those for pictures change its pictures, those for sound its recordings, and
  /// noise, brightness and contrast both of them and the quantities. Codes of categories and pieces of text stay as they are,
  /// since a code and a half is none; mixup, which mixes whole samples, takes none of them.
  ///
  /// - Throws: ``AugmentationError`` where a step finds nothing that it could change, or would change a shape.
  public func parts(of table: TablePreparation) throws(AugmentationError) -> Augmentation {
    guard !mixesTargets || table.codeCounts.isEmpty && table.texts.isEmpty else {
      throw AugmentationError(description: "mixup: codes of categories and pieces of text can't be mixed")
    }
    var parts: [Part] = []
    if table.quantityCount > 0 {
      let general = steps.filter { !($0.rule is any PictureRule) && !($0.rule is any SoundRule) }
      parts.append(Part(start: 0, shape: [table.quantityCount], steps: general, stream: 0))
    }
    var start = table.width - table.files.reduce(0) { $0 + $1.width }
    for column in table.files {
      var isPicture = false
      if case .picture = column.inputs { isPicture = true }
      let suiting = steps.filter { isPicture ? !($0.rule is any SoundRule) : !($0.rule is any PictureRule) }
      let part = Part(start: start, shape: column.shape, steps: suiting, stream: UInt64(2 + parts.count))
      if let objection = Augmentation(suiting).objection(for: column.shape) {
        throw AugmentationError(description: "\(objection), for the column \(quoted(column.name))")
      }
      let behind = suiting.outputShape(for: column.shape)
      guard behind == column.shape else {
        throw AugmentationError(
          description:
            "the column \(quoted(column.name)) of \(column.shape) would become \(behind); pad before cropping, such as "
            + "crop=\(column.shape.last ?? 0)+4")
      }
      parts.append(part)
      start += column.width
    }
    let used = Set(parts.flatMap { $0.steps.map(\.description) })
    if let idle = steps.first(where: { !used.contains($0.description) }) {
      throw AugmentationError(description: "'\(idle)': the table has no column that it could change")
    }
    return Augmentation(steps, parts: parts)
  }
}
