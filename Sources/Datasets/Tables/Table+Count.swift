import DescentFormats

extension Table {
  /// How many rows there are: one walk over the table, which finds every field and looks at none.
  ///
  /// - Throws: ``DataError`` where it is no table, or can't be read.
  package func countRows() throws(DataError) -> Int {
    var rows = 0
    try forEachRow { _ throws(DataError) in
      rows += 1
      return true
    }
    return rows
  }
}
