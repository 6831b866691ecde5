import DescentFormats

/// How a column of paths to pictures becomes inputs: all in one size and one colouring, y = (pixel − offset) · scale.
///
/// The size is the commonest one of the training part, made so small that no side is longer than 256 pixels, and in grey
/// where all are. Offset and scale bring the training part's pixels, of 2,000 pictures where there are more, to mean 0 and
/// standard deviation 1 by one map. Where a path is missing, all inputs are 0, the mean.
///
/// **Shapes.** The inputs are [channels, height, width].
public struct PicturePreparation: Sendable, Equatable {
  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// The map of all pixels, which are bytes of 0…255.
  public let scaling: Scaling

  init(_ size: PictureSize, _ scaling: Scaling) {
    (width, height, channels, self.scaling) = (size.width, size.height, size.channels, scaling)
  }

  /// [channels, height, width].
  public var shape: [Int] { [channels, height, width] }

  var size: PictureSize { PictureSize(width: width, height: height, channels: channels) }

  var summary: String { "\(size.words) pixels in \(channels == 1 ? "grey" : "colour"), standardised" }

  var fault: String? {
    let sides = 1...PictureSize.longestSide
    guard sides.contains(width), sides.contains(height), [1, 3].contains(channels) else {
      return "pictures of \(shape), in channels, height and width"
    }
    return scaling.fits(featureCount: 1) ? nil : "pictures with a map for each pixel"
  }
}

extension PicturePreparation: Codable {}

extension PicturePreparation: FileEncoder {
  func encode(_ path: String, into out: UnsafeMutableBufferPointer<Float>) throws(DataError) -> FileFacts {
    let picture = try Picture(path: path)
    let (offset, scale) = (scaling.offset[0], scaling.scale[0])
    withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size.byteCount) { bytes in
      size.write(picture, into: bytes)
      for place in bytes.indices { out[place] = (Float(bytes[place]) - offset) * scale }
    }
    return .picture(PictureSize(width: picture.width, height: picture.height, channels: picture.channels))
  }
}

/// Gathers what a ``PicturePreparation`` needs, over the training part.
final class PictureFitter: ColumnFitter {
  private let table: Table
  private var files: [FileField] = []

  /// Pictures, or recordings, whose numbers are looked at for their mean and deviation.
  static let mostFitted = 2_000

  init(_ table: Table) { self.table = table }

  func add(_ field: TableField, _ row: borrowing TableRow, _ column: Int) throws(DataError) {
    if !field.isMissing { files.append(try table.file(row, column)) }
  }

  func finish() throws(DataError) -> (inputs: ColumnPreparation.Inputs, reason: String?) {
    let sizes = try table.read(files) { _, path throws(DataError) in try PictureSize(path: path) }
    let size = PictureSize.common(of: sizes)
    let looked = evenly(files.count, atMost: Self.mostFitted).map { files[$0] }
    let counts = try table.read(looked) { _, path throws(DataError) in
      let picture = try Picture(path: path)
      var counts = Array(repeating: 0, count: 256)
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: size.byteCount) { bytes in
        size.write(picture, into: bytes)
        for byte in bytes { counts[Int(byte)] += 1 }
      }
      return counts
    }
    let total = counts.reduce(into: Array(repeating: 0, count: 256)) { sum, counts in
      for value in sum.indices { sum[value] += counts[value] }
    }
    let notes = size.notes(sizes, isCommon: true)
    let preparation = PicturePreparation(size, .fit(.standardise, toByteCounts: total))
    return (.picture(preparation), notes.isEmpty ? nil : notes.joined(separator: "; "))
  }
}
