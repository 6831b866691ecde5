import DescentFormats
import DescentTensors

/// The pictures of a folder in one size and one colouring.
struct FolderPictures {
  /// Grey or red, green and blue, each in rows: [count, channels, height, width].
  let pixels: [UInt8]
  /// The size of all.
  let size: Size
  /// What was done to some of them, in clauses.
  let notes: [String]

  /// A picture's size and colouring.
  struct Size: Hashable, Sendable {
    var width, height, channels: Int

    /// The shape of a sample.
    var shape: [Int] { channels == 1 ? [height, width] : [channels, height, width] }

    var words: String { "\(width) × \(height)" }
  }

  /// The longest side that pictures keep: larger ones cost hours and seldom tell more.
  static let longestSide = 256

  /// Reads all pictures, in the size given or, where it is left out, the one that suits most: the commonest one, made so
  /// small that no side is longer than ``longestSide``, and in grey where all are.
  ///
  /// - Throws: ``DataError`` where a file is no picture, or all together take more memory than there is.
  init(_ layout: FolderLayout, as wanted: Size? = nil) throws(DataError) {
    let sizes = try parallelMap(layout.files.count) { file throws(DataError) in
      let path = layout.path(file)
      let bytes = try Files.read(path)
      let size = try Picture.size(ofBytes: bytes, place: path)
      return Size(width: size.width, height: size.height, channels: size.channels)
    }
    let size = wanted ?? Self.common(sizes)
    let byteCount = size.width * size.height * size.channels
    guard sizes.count <= Files.sizeLimit / byteCount else {
      throw .invalid(
        layout.root, "\(sizes.count) pictures of \(size.words) pixels do not fit into memory; make them smaller first")
    }
    var pixels = [UInt8](repeating: 0, count: sizes.count * byteCount)
    try pixels.withUnsafeMutableBufferPointer { buffer throws(DataError) in
      // every picture has a place of its own
      nonisolated(unsafe) let all = buffer
      _ = try parallelMap(sizes.count) { file throws(DataError) in
        let read = try Picture(path: layout.path(file))
        let picture = read.converted(toChannels: size.channels).resized(width: size.width, height: size.height)
        Self.write(picture, into: UnsafeMutableBufferPointer(rebasing: all[file * byteCount..<(file + 1) * byteCount]))
      }
    }
    self.pixels = pixels
    self.size = size
    notes = Self.notes(sizes, size, isCommon: wanted == nil)
  }

  /// From pixels with their channels side by side to one channel behind the other.
  private static func write(_ picture: Picture, into target: UnsafeMutableBufferPointer<UInt8>) {
    let (channels, area) = (picture.channels, picture.width * picture.height)
    picture.pixels.withUnsafeBufferPointer { pixels in
      guard channels > 1 else {
        _ = target.update(fromContentsOf: pixels)
        return
      }
      for channel in 0..<channels {
        for place in 0..<area { target[channel * area + place] = pixels[place * channels + channel] }
      }
    }
  }

  /// The commonest size; of several the one with the fewest pixels, then the narrowest.
  private static func common(_ sizes: [Size]) -> Size {
    var counts: [Size: Int] = [:]
    for size in sizes { counts[Size(width: size.width, height: size.height, channels: 0), default: 0] += 1 }
    let best = counts.min { left, right in
      let (small, large) = (left.key.width * left.key.height, right.key.width * right.key.height)
      return (-left.value, small, left.key.width) < (-right.value, large, right.key.width)
    }
    var size = best?.key ?? Size(width: 1, height: 1, channels: 1)
    size.channels = sizes.allSatisfy { $0.channels == 1 } ? 1 : 3
    let longest = max(size.width, size.height)
    if longest > longestSide {
      let shrunk = { (side: Int) in max(1, (side * longestSide + longest / 2) / longest) }
      (size.width, size.height) = (shrunk(size.width), shrunk(size.height))
    }
    return size
  }

  private static func notes(_ sizes: [Size], _ size: Size, isCommon: Bool) -> [String] {
    let resized = sizes.count { $0.width != size.width || $0.height != size.height }
    let recoloured = sizes.count { $0.channels != size.channels }
    var notes: [String] = []
    if resized > 0 {
      let what = isCommon ? "" : ", which the model takes"
      notes.append("\(resized) of \(sizes.count) pictures resized to \(size.words) pixels\(what)")
    }
    if recoloured > 0 {
      let what = size.channels == 1 ? "in colour taken as grey" : "in grey taken as colour"
      notes.append("\(recoloured) of \(sizes.count) pictures \(what)")
    }
    return notes
  }
}
