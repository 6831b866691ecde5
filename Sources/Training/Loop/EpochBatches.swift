/// How an epoch's rows are cut into batches: of `size` rows each, the last one smaller. A single row left over joins the
/// batch before it, since one sample has no variance for a layer to normalise by.
package struct EpochBatches {
  let rows, size: Int

  package init(rows: Int, size: Int) { (self.rows, self.size) = (rows, size) }

  /// How many batches there are.
  var count: Int {
    let (full, rest) = rows.quotientAndRemainder(dividingBy: size)
    return rest == 0 || (rest == 1 && size > 1 && full > 0) ? full : full + 1
  }

  /// Where the batch ends that begins at a row.
  func end(from start: Int) -> Int {
    let rest = rows - start - size
    return rest > 1 || (rest == 1 && size == 1) ? start + size : rows
  }

  /// Whether a batch has a single row.
  package var haveSingleRows: Bool { min(rows, size) == 1 }
}
