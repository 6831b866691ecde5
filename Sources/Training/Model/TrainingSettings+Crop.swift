import DescentDatasets

extension TrainingSettings {
  /// Makes a crop that ends the augmentation, and would leave pictures smaller, the network's first layer: pictures of
  /// 27 × 27 for a network of 24 × 24. Of anything but pictures nothing changes.
  public mutating func takeCrop(ofPictures schema: Dataset.Schema) {
    guard schema.pixelRange != nil, let augmentation, let least = schema.networkInput.suffix(2).min(),
      let most = schema.networkInput.suffix(2).max()
    else { return }
    var words = augmentation.split(separator: ",", omittingEmptySubsequences: false)
    guard let last = words.popLast(), last.hasPrefix("crop="), let size = Int(last.dropFirst("crop=".count)), size > 0,
      size <= least, size < most
    else { return }
    crop = size
    self.augmentation = words.isEmpty ? nil : words.joined(separator: ",")
  }
}
