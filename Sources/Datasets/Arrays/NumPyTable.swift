import DescentFormats
import DescentTensors

/// A single array (`.npy`) of `[rows, columns]` as the text of a table, whose columns are `column 1`, `column 2`, …; one of
/// `[rows]` has a single column. NaN is a missing value.
enum NumPyTable {
  /// Columns, at most: pictures and the like are no table.
  private static let mostColumns = 10_000

  /// The table, comma-separated.
  ///
  /// - Parameter known: how many columns the table had that a model learnt from, and which of them was its target: an array
  ///   with one column fewer is taken for that table without its target.
  /// - Throws: ``DataError``: the file is missing or damaged, or is no table of numbers.
  static func text(path: String, known: (columns: Int, target: String)? = nil) throws(DataError) -> [UInt8] {
    let array = try NumPyFile(path: path)
    let shape = array.shape
    guard shape.count == 1 || shape.count == 2 else {
      throw .invalid(
        path,
        "its shape is \(shape), and a table has [rows, columns]; save samples of other shapes as x, and what is to be "
          + "predicted as y, in an .npz file")
    }
    let columns = shape.count == 1 ? 1 : shape[1]
    guard shape[0] > 0, columns > 0 else { throw .invalid(path, "its shape \(shape) has no numbers in it") }
    guard columns <= mostColumns else {
      throw .invalid(
        path,
        "it has \(columns) columns, more than the \(mostColumns) of a table; save the samples as x, and what is to be "
          + "predicted as y, in an .npz file")
    }
    var text: [UInt8] = []
    text.reserveCapacity(array.bytes.count * 2)
    var names = (1...columns).map { "column \($0)" }
    if let known, case let all = (1...known.columns).map({ "column \($0)" }), all.contains(known.target) {
      names = columns == known.columns - 1 ? all.filter { $0 != known.target } : all
      guard names.count == columns else {
        throw .invalid(
          path,
          "it has \(columns) columns, and the model learnt from \(names.count), of which \(quoted(known.target)) may be missing"
        )
      }
    }
    text += names.joined(separator: ",").utf8
    var column = 0
    func append(_ field: String) {
      text.append(column == 0 ? .lineFeed : .comma)
      text += field.utf8
      column = column + 1 == columns ? 0 : column + 1
    }
    switch array.elementType {
    // float32 numbers have shorter texts than the same in float64
    case .float32: for number in array.numbers(as: Float.self) { append(field(number)) }
    default: for number in array.numbers(as: Double.self) { append(field(number)) }
    }
    text.append(.lineFeed)
    return text
  }

  /// A number as tables have it: `3`, not `3.0`, and the same NaN whatever its sign.
  private static func field<Number: BinaryFloatingPoint & LosslessStringConvertible>(_ number: Number) -> String {
    number.isNaN ? "nan" : Int(exactly: number).map(String.init) ?? number.description
  }
}
