import DescentFormats
import DescentTensors

/// Gathers the numbers of samples, in memory while they are few, in a temporary file when they become many.
struct RowCollector {
  /// Bytes of numbers that are held in memory.
  static let memoryLimit = 256 << 20

  private let width: Int
  private let place: String
  private let limit: Int
  private var numbers: [Float] = []
  private var file: RowFile.Writer?

  /// For rows of so many numbers.
  init(width: Int, place: String, limit: Int = RowCollector.memoryLimit) {
    (self.width, self.place, self.limit) = (width, place, limit / MemoryLayout<Float>.stride)
  }

  /// Takes in a row, or several one behind the other.
  ///
  /// - Throws: ``DataError`` where the disk is full.
  mutating func append(_ rows: UnsafeBufferPointer<Float>) throws(DataError) {
    if file == nil, numbers.count + rows.count > limit {
      let writer = try RowFile.Writer(width: width, place: place)
      try numbers.withUnsafeBufferPointer { numbers throws(DataError) in try writer.append(numbers) }
      file = writer
      numbers = []
    }
    if file == nil { numbers.append(contentsOf: rows) } else { try file?.append(rows) }
  }

  /// All rows, in the order in which they came.
  ///
  /// - Throws: ``DataError`` where the disk is full.
  func finish() throws(DataError) -> Dataset.Features {
    if let file { return .file(try file.finish()) }
    return .float32(numbers)
  }
}

extension RowFile {
  /// The numbers of a row; stops the program where the disk has lost them.
  package func load(_ row: Int, into out: UnsafeMutablePointer<Float>) {
    check(read(row, into: out), "row \(row) of \(count) can no longer be read from the temporary file")
  }
}
