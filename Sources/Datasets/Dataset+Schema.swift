import DescentTensors

extension Dataset {
  /// What a trained network must know of its data, so that other data can be read in the same way.
  public struct Schema: Sendable, Equatable, Codable {
    /// The shape of one sample.
    public let sampleShape: [Int]
    /// The features in the order that the network takes them; empty for pictures and recordings, whose numbers have their
    /// order.
    public let featureNames: [String]
    /// What is predicted.
    public let targetName: String
    /// The classes by label; nil where values are predicted.
    public let classNames: [String]?
    /// For pictures, the brightness range that the network learnt from, such as 0…255; nil for other data, and for models
    /// from before this was kept.
    public let pixelRange: ClosedRange<Float>?

    /// A schema of these parts: no axis of 0, as many features as a sample has numbers, no name twice, and a range of some
    /// width.
    public init(
      sampleShape: [Int], featureNames: [String], targetName: String, classNames: [String]?,
      pixelRange: ClosedRange<Float>? = nil
    ) {
      self.sampleShape = sampleShape
      self.featureNames = featureNames
      self.targetName = targetName
      self.classNames = classNames
      self.pixelRange = pixelRange
      let fault = self.fault
      check(fault == nil, "Dataset.Schema: \(fault ?? "")")
    }

    private enum CodingKeys: String, CodingKey { case sampleShape, featureNames, targetName, classNames, pixelRange }

    /// Reads what ``encode(to:)`` wrote, and refuses what can't be a schema: model files come from anywhere.
    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      sampleShape = try container.decode([Int].self, forKey: .sampleShape)
      featureNames = try container.decode([String].self, forKey: .featureNames)
      targetName = try container.decode(String.self, forKey: .targetName)
      classNames = try container.decodeIfPresent([String].self, forKey: .classNames)
      pixelRange = try container.decodeIfPresent(ClosedRange<Float>.self, forKey: .pixelRange)
      if let fault {
        throw DecodingError.dataCorruptedError(forKey: .sampleShape, in: container, debugDescription: fault)
      }
    }

    /// The product of the shape; nil where it is none that memory could hold.
    var elementCount: Int? {
      var count = 1
      for size in sampleShape {
        let (product, overflow) = count.multipliedReportingOverflow(by: size)
        guard size > 0, !overflow, product <= Int32.max else { return nil }
        count = product
      }
      return count
    }

    private var fault: String? {
      guard let elementCount else { return "no sample can have the shape \(sampleShape)" }
      if !featureNames.isEmpty && featureNames.count != elementCount {
        return "\(featureNames.count) feature names for samples of shape \(sampleShape)"
      }
      if featureNames.isEmpty && sampleShape.count < 2 { return "no feature names, and samples that are no pictures" }
      if Set(featureNames).count < featureNames.count { return "a feature's name stands there twice" }
      if let classNames, Set(classNames).count < max(classNames.count, 1) { return "no classes, or one of them twice" }
      if let range = pixelRange, !(range.upperBound - range.lowerBound).isNormal {
        return "no brightness can lie in \(range)"
      }
      return nil
    }
  }

  /// What a network that is trained on this data must keep.
  public var schema: Schema {
    Schema(
      sampleShape: sampleShape, featureNames: sampleShape.count == 1 && pixelRange == nil ? featureNames : [],
      targetName: targetName, classNames: task == .classification ? classNames : nil,
      pixelRange: pixelRange)
  }
}
