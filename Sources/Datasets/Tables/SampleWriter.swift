import DescentFormats

/// Makes samples of a table's rows, a block of rows at a time: the files that rows name are read together, on all threads.
final class SampleWriter {
  private let table: Table
  private var encoder: RowEncoder
  private let block: UnsafeMutableBufferPointer<Float>
  private let width: Int
  private var filled = 0
  private var queue = FileQueue()
  private var collector: RowCollector

  private static let (mostRows, mostNumbers) = (256, 1 << 22)

  /// - Throws: ``DataError`` where the table has none of the columns.
  init(_ preparation: TablePreparation, _ table: Table) throws(DataError) {
    self.table = table
    encoder = try RowEncoder(preparation, table)
    width = preparation.width
    collector = RowCollector(width: width, place: table.place)
    block = .allocate(capacity: max(1, min(Self.mostRows, Self.mostNumbers / width)) * width)
  }

  deinit { block.deallocate() }

  /// Takes in a row.
  ///
  /// - Throws: ``DataError`` where a field does not fit its column, a file can't be read, or the disk is full.
  func append(_ row: borrowing TableRow) throws(DataError) {
    guard let base = block.baseAddress else { return }
    try encoder.encode(row, into: base + filled, &queue)
    filled += width
    if filled == block.count { try takeBlock() }
  }

  private func takeBlock() throws(DataError) {
    encoder.add(try queue.read(table))
    try collector.append(UnsafeBufferPointer(rebasing: block[..<filled]))
    filled = 0
  }

  /// The numbers of all samples. Shape: [rows, width].
  func finish() throws(DataError) -> Dataset.Features {
    try takeBlock()
    return try collector.finish()
  }

  /// What stands out about the rows, in sentences; of their files when all samples are there.
  func notes(target: String) -> [String] { encoder.notes(target: target) }
}
