import DescentTensors

/// An affine map of each feature, fitted on training data: scaled = (x − offset) · scale.
///
/// Fit it on training rows only, and apply the same map to everything that the network sees afterwards.
///
/// | method | offset | scale |
/// |---|---|---|
/// | `none` | 0 | 1 |
/// | `standardise` | mean | 1 / standard deviation (of the population: divided by n) |
/// | `minMax` | smallest | 1 / (largest − smallest) |
///
/// A feature that never changes has scale 1, so that it becomes 0 and divides by nothing.
public struct Scaling: Sendable, Equatable, Codable {
  /// How offset and scale are found.
  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Numbers stay as they are.
    case none
    /// To mean 0 and standard deviation 1.
    case standardise
    /// The smallest to 0, the largest to 1.
    case minMax
  }

  /// How offset and scale were found.
  public let method: Method
  /// What is subtracted: one number for each feature, or a single one for all of them.
  public let offset: [Float]
  /// What the difference is multiplied by: as many numbers as ``offset``.
  public let scale: [Float]

  /// A scaling with known numbers. All must be finite, and no scale 0.
  public init(method: Method, offset: [Float], scale: [Float]) {
    let fault = Self.fault(offset: offset, scale: scale)
    check(fault == nil, "Scaling: \(fault ?? "")")
    self.method = method
    self.offset = offset
    self.scale = scale
  }

  /// The map that leaves every number as it is.
  public static let identity = Scaling(method: .none, offset: [0], scale: [1])

  /// One map for all features, from a range that is known beforehand to [0, 1]: for pictures of bytes,
  /// `0...255` divides every pixel by 255.
  public static func constant(_ range: ClosedRange<Float>) -> Scaling {
    let width = Double(range.upperBound) - Double(range.lowerBound)
    return Scaling(method: .minMax, offset: [range.lowerBound], scale: [usableScale(width)])
  }

  /// What suits the data: standardised on `rows`, the columns of a table each by itself, the numbers of a picture or
  /// a recording all by one map, because they share a unit, and some of them hardly ever change.
  public static func automatic(for dataset: Dataset, rows: [Int32]) -> Scaling {
    dataset.sampleShape.count == 1 && dataset.pixelRange == nil
      ? fit(.standardise, to: dataset, rows: rows) : fitShared(.standardise, to: dataset, rows: rows)
  }

  /// Whether it can be applied to samples of so many features: read from a file, it may not belong to them.
  public func fits(featureCount: Int) -> Bool { offset.count == 1 || offset.count == featureCount }

  /// (x − offset) · scale for each number of `values`. Shape: [rows, features], row by row, and the result alike.
  public func applied(to values: [Float]) -> [Float] {
    mapped(values) { value, feature in (value - offset[feature]) * scale[feature] }
  }

  /// The way back: x = scaled / scale + offset. Shape: [rows, features], row by row, and the result alike.
  public func inverted(_ values: [Float]) -> [Float] {
    mapped(values) { value, feature in value / scale[feature] + offset[feature] }
  }

  /// Offset and scale, repeated for so many features where they are single numbers.
  func expanded(to featureCount: Int) -> (offset: [Float], scale: [Float]) {
    if offset.count == 1 && featureCount != 1 {
      return (Array(repeating: offset[0], count: featureCount), Array(repeating: scale[0], count: featureCount))
    }
    check(offset.count == featureCount, "Scaling of \(offset.count) features can't scale \(featureCount)")
    return (offset, scale)
  }

  private func mapped(_ values: [Float], _ map: (Float, Int) -> Float) -> [Float] {
    check(
      values.count.isMultiple(of: offset.count),
      "Scaling of \(offset.count) features: \(values.count) numbers are no whole rows")
    var feature = 0
    return values.map { value in
      defer { feature = feature + 1 == offset.count ? 0 : feature + 1 }
      return map(value, feature)
    }
  }

  /// 1 / width, or 1 where that is no ordinary number: a width of 0, or one whose inverse overflows.
  static func usableScale(_ width: Double) -> Float {
    let scale = Float(1 / width)
    return width > 0 && scale.isNormal ? scale : 1
  }

  private static func fault(offset: [Float], scale: [Float]) -> String? {
    if offset.isEmpty || offset.count != scale.count {
      return "\(offset.count) offsets and \(scale.count) scales; there must be as many, and at least one"
    }
    if !offset.allSatisfy(\.isFinite) { return "every offset must be finite" }
    if !scale.allSatisfy({ $0.isFinite && $0 != 0 }) { return "every scale must be finite and not 0" }
    return nil
  }

  private enum CodingKeys: String, CodingKey { case method, offset, scale }

  /// Reads what ``encode(to:)`` wrote, and refuses numbers that can't be a scaling: model files come from anywhere.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let offset = try container.decode([Float].self, forKey: .offset)
    let scale = try container.decode([Float].self, forKey: .scale)
    if let fault = Self.fault(offset: offset, scale: scale) {
      throw DecodingError.dataCorruptedError(forKey: .scale, in: container, debugDescription: fault)
    }
    self.init(method: try container.decode(Method.self, forKey: .method), offset: offset, scale: scale)
  }
}
