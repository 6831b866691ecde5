import DescentTensors

extension ElementType {
  /// How many bytes a tensor of this type and shape takes, or nil where that is more than a machine
  /// can count.
  func byteCount(of shape: [Int]) -> Int? {
    var count = byteCount
    for size in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      if overflow || size < 0 { return nil }
      count = product
    }
    return count
  }
}
