import DescentDatasets
import DescentFormats

/// What a model keeps of the data that it was made with: enough to know them again, and nothing of what they say.
public struct LearntData: Codable, Sendable, Equatable {
  /// A checksum of all samples and their targets, in their order.
  let checksum: UInt32
  /// How many samples there were.
  let count: Int
  /// How many of them the network has learnt.
  public let learnt: Int

  /// Of data, of which so many rows were learnt.
  init(_ dataset: Dataset, learnt: Int) {
    (checksum, count, self.learnt) = (dataset.checksum, dataset.count, learnt)
  }

  /// Whether data are the same. Rows in another order are other data.
  public func isKnown(_ dataset: Dataset) -> Bool { dataset.count == count && dataset.checksum == checksum }
}

extension Dataset {
  /// Of features and targets, as they are before they are scaled.
  fileprivate var checksum: UInt32 {
    var sum = CRC32()
    switch features {
    case .uint8(let bytes): bytes.withUnsafeBytes { sum.add($0) }
    case .float32(let numbers): numbers.withUnsafeBytes { sum.add($0) }
    case .file(let file):
      withUnsafeTemporaryAllocation(of: Float.self, capacity: max(1, file.width)) { row in
        guard let base = row.baseAddress else { return }
        for place in 0..<count {
          file.load(place, into: base)
          sum.add(UnsafeRawBufferPointer(start: base, count: file.width * MemoryLayout<Float>.stride))
        }
      }
    }
    switch target {
    case .classes(let labels, _): labels.withUnsafeBytes { sum.add($0) }
    case .values(let values): values.withUnsafeBytes { sum.add($0) }
    }
    return sum.value
  }
}
