import CKernels

/// out[r, i] = (table[rows[r], i] − offset[i]) · scale[i]. The rows must be there, and `out` must have room.
///
/// - Shapes: `table`: [any, count], of bytes; `offset`, `scale`: [count]; `out`: [rows, count].
package func gatherRows(
  _ rows: ArraySlice<Int32>, of table: [UInt8], offset: [Float], scale: [Float],
  into out: UnsafeMutableBufferPointer<Float>
) {
  rows.withUnsafeBufferPointer { rows in
    descent_gather_bytes(
      table, rows.baseAddress, Int64(rows.count), Int64(offset.count), offset, scale, out.baseAddress)
  }
}

/// The same of a table of floats.
package func gatherRows(
  _ rows: ArraySlice<Int32>, of table: [Float], offset: [Float], scale: [Float],
  into out: UnsafeMutableBufferPointer<Float>
) {
  rows.withUnsafeBufferPointer { rows in
    descent_gather_floats(
      table, rows.baseAddress, Int64(rows.count), Int64(offset.count), offset, scale, out.baseAddress)
  }
}
