import DescentFormats
import DescentTensors

/// The pictures of a folder in one size and one colouring.
struct FolderPictures {
  /// Grey or red, green and blue, each in rows: [count, channels, height, width].
  let pixels: [UInt8]
  /// The size of all.
  let size: PictureSize
  /// What was done to some of them, in clauses.
  let notes: [String]

  /// Reads all pictures, in the size given or, where it is left out, the one that suits most.
  ///
  /// - Throws: ``DataError`` where a file is no picture, or all together take more memory than there is.
  init(_ layout: FolderLayout, as wanted: PictureSize? = nil) throws(DataError) {
    let sizes = try parallelMap(layout.files.count) { file throws(DataError) in
      try PictureSize(path: layout.path(file))
    }
    let size = wanted ?? .common(of: sizes)
    let byteCount = size.byteCount
    guard sizes.count <= Files.sizeLimit / byteCount else {
      throw .invalid(
        layout.root, "\(sizes.count) pictures of \(size.words) pixels do not fit into memory; make them smaller first")
    }
    pixels = try parallelFill(sizes.count, each: byteCount) { file, out throws(DataError) in
      size.write(try Picture(path: layout.path(file)), into: out)
    }
    self.size = size
    notes = size.notes(sizes, isCommon: wanted == nil)
  }
}
