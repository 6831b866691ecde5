import DescentFormats

/// A picture's size and colouring.
struct PictureSize: Hashable, Sendable {
  var width, height, channels: Int

  /// The longest side that pictures keep: larger ones cost hours and seldom tell more.
  static let longestSide = 256

  /// The shape of a sample.
  var shape: [Int] { channels == 1 ? [height, width] : [channels, height, width] }

  var byteCount: Int { width * height * channels }

  var words: String { "\(width) × \(height)" }

  /// The size that suits most: the commonest one; of several the one with the fewest pixels, then the narrowest. It is
  /// made so small that no side is longer than ``longestSide``, and in grey where all are.
  static func common(of sizes: [PictureSize]) -> PictureSize {
    var counts: [PictureSize: Int] = [:]
    for size in sizes { counts[PictureSize(width: size.width, height: size.height, channels: 0), default: 0] += 1 }
    let best = counts.min { left, right in
      let (small, large) = (left.key.width * left.key.height, right.key.width * right.key.height)
      return (-left.value, small, left.key.width) < (-right.value, large, right.key.width)
    }
    var size = best?.key ?? PictureSize(width: 1, height: 1, channels: 1)
    size.channels = sizes.allSatisfy { $0.channels == 1 } ? 1 : 3
    let longest = max(size.width, size.height)
    if longest > longestSide {
      let shrunk = { (side: Int) in max(1, (side * longestSide + longest / 2) / longest) }
      (size.width, size.height) = (shrunk(size.width), shrunk(size.height))
    }
    return size
  }

  /// Writes a picture, brought to this size and colouring: [channels, height, width].
  func write(_ picture: Picture, into target: UnsafeMutableBufferPointer<UInt8>) {
    let picture = picture.converted(toChannels: channels).resized(width: width, height: height)
    let area = width * height
    picture.pixels.withUnsafeBufferPointer { pixels in
      guard channels > 1 else {
        _ = target.update(fromContentsOf: pixels)
        return
      }
      // from channels side by side to one behind the other
      for channel in 0..<channels {
        for place in 0..<area { target[channel * area + place] = pixels[place * channels + channel] }
      }
    }
  }

  /// What was done to pictures of these sizes to bring them to this one, in clauses.
  ///
  /// - Parameter isCommon: whether it is their own commonest size.
  func notes(_ sizes: [PictureSize], isCommon: Bool) -> [String] {
    let resized = sizes.count { $0.width != width || $0.height != height }
    let recoloured = sizes.count { $0.channels != channels }
    var notes: [String] = []
    if resized > 0 {
      let what = isCommon ? "" : ", which the model takes"
      notes.append("\(resized) of \(sizes.count) pictures resized to \(words) pixels\(what)")
    }
    if recoloured > 0 {
      let what = channels == 1 ? "in colour taken as grey" : "in grey taken as colour"
      notes.append("\(recoloured) of \(sizes.count) pictures \(what)")
    }
    return notes
  }
}

extension PictureSize {
  /// The size of the picture in a file, without its pixels.
  ///
  /// - Throws: ``DataError`` where the file is none.
  init(path: String) throws(DataError) {
    let bytes = try Files.read(path)
    let size = try Picture.size(ofBytes: bytes, place: path)
    self.init(width: size.width, height: size.height, channels: size.channels)
  }
}
