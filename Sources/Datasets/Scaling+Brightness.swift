extension Scaling {
  /// The map for pictures in another brightness range: what it gives for the darkest and the brightest of `range` is what
  /// this one gives for those of `own`, and all between alike. The same range leaves it as it is.
  ///
  /// (a + (x − b) · k − offset) · scale, with the lower bounds a of `own` and b of `range`, and their widths' quotient k.
  package func taking(_ range: ClosedRange<Float>, as own: ClosedRange<Float>) -> Scaling {
    guard range != own else { return self }
    let width = { (range: ClosedRange<Float>) in Double(range.upperBound) - Double(range.lowerBound) }
    let factor = width(own) / width(range)
    let shift = { (offset: Float) in Double(range.lowerBound) + (Double(offset) - Double(own.lowerBound)) / factor }
    return Scaling(
      method: method, offset: offset.map { Self.finite(shift($0)) },
      scale: scale.map { Self.finite(Double($0) * factor, least: Double(Float.leastNormalMagnitude)) })
  }

  /// The nearest float32 that is finite and at least so far from 0: model files come from anywhere.
  private static func finite(_ number: Double, least: Double = 0) -> Float {
    let magnitude = min(max(number.magnitude, least), Double(Float.greatestFiniteMagnitude))
    return Float(number < 0 ? -magnitude : magnitude)
  }
}

extension Dataset.Schema {
  /// What is done with pictures whose brightness lies in another range than the network learnt from, or in none that is
  /// known, as a clause; nil where nothing is.
  public func brightnessNote(_ dataset: Dataset) -> String? {
    guard let own = pixelRange else { return nil }
    guard let other = dataset.pixelRange else {
      return "its numbers are no bytes, and are taken for brightness of \(Self.words(own)), as the model takes it"
    }
    guard own != other else { return nil }
    return "brightness of \(Self.words(other)) scaled to \(Self.words(own)), which the model takes"
  }

  private static func words(_ range: ClosedRange<Float>) -> String {
    "\(NumPyTarget.text(Double(range.lowerBound)))…\(NumPyTarget.text(Double(range.upperBound)))"
  }
}
