import DescentTensors

/// A picture of bytes: grey, or red, green and blue.
///
/// It is read from PNG and JPEG by libpng and libjpeg, which are behind the package trait `Pictures`. Without the trait
/// the type is there, and reading and writing files is refused.
public struct Picture: Sendable, Equatable {
  /// The pixels in a row.
  public let width: Int
  /// The rows.
  public let height: Int
  /// 1 for grey, 3 for red, green and blue.
  public let channels: Int
  /// The pixels, 0 to 255, row by row from the top, a pixel's channels side by side: [height, width, channels].
  public let pixels: [UInt8]

  /// The most pixels that a file may hold.
  public static let pixelLimit = 100_000_000

  /// A picture of these pixels: [height, width, channels].
  ///
  /// Stops with a message where `channels` is neither 1 nor 3, a side is not positive, or the pixels are not as many.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    guard channels == 1 || channels == 3 else { programmerError("a picture has 1 or 3 channels, not \(channels)") }
    guard width > 0, height > 0 else { programmerError("a picture of \(width) × \(height) pixels is none") }
    guard ElementType.uint8.byteCount(of: [height, width, channels]) == pixels.count else {
      programmerError("a picture of [\(height), \(width), \(channels)] can't have \(pixels.count) bytes")
    }
    (self.width, self.height, self.channels, self.pixels) = (width, height, channels, pixels)
  }

  /// Reads the PNG or JPEG file at `path`, as ``init(bytes:place:)`` does.
  ///
  /// - Throws: ``DataError/Kind/missing`` where there is no file, and what ``init(bytes:place:)`` throws.
  public init(path: String) throws(DataError) {
    try self.init(bytes: Files.read(path), place: path)
  }

  /// Reads the content of a PNG or JPEG file; `place` is what errors name.
  ///
  /// PNG of any depth, with a palette or interlaced: 16 bits are scaled to 8, and what is transparent is laid on white,
  /// `alpha · colour + (1 − alpha) · 255`. JPEG in grey, colour, or four inks, which become
  /// `(255 − ink) · (255 − black) / 255`. Grey files give one channel, all others three. Colour profiles and gamma are
  /// passed over, and so is the orientation that a camera notes.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where it is neither, is damaged or cut short, has more than ``pixelLimit``
  ///   pixels or more than its bytes can hold, takes more than 256 MiB of memory, and more than 256 times its own size,
  ///   or where this build has no `Pictures`.
  public init(bytes: [UInt8], place: String) throws(DataError) {
    try self.init(bytes: bytes, place: place, unpacking: UnpackingLimit())
  }

  package init(bytes: [UInt8], place: String, unpacking limit: UnpackingLimit) throws(DataError) {
    guard let format = Format(bytes) else { throw .invalid(place, Format.refusal(of: bytes)) }
    self = try Picture.decoded(bytes, format, place: place, limit)
  }

  /// The size of the picture in the content of a PNG or JPEG file, without its pixels; `place` is what errors name.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where ``init(bytes:place:)`` refuses a file before it decodes its pixels.
  public static func size(
    ofBytes bytes: [UInt8], place: String
  ) throws(DataError) -> (width: Int, height: Int, channels: Int) {
    guard let format = Format(bytes) else { throw .invalid(place, Format.refusal(of: bytes)) }
    return try header(bytes, format, place: place, UnpackingLimit())
  }

  /// Whether a file's name ends as those of pictures do that can be read: `.png`, `.jpg` or `.jpeg`, in any case.
  public static func isPicture(_ path: String) -> Bool {
    let name = path.lowercased()
    return [".png", ".jpg", ".jpeg"].contains(where: name.hasSuffix)
  }

  /// The same picture with this many channels: grey is Rec. 601's luma, `0.299 red + 0.587 green + 0.114 blue`, and the
  /// three channels of a grey picture are alike.
  ///
  /// Stops with a message where `count` is neither 1 nor 3.
  public func converted(toChannels count: Int) -> Picture {
    if count == channels { return self }
    var converted: [UInt8] = []
    converted.reserveCapacity(width * height * count)
    if count == 1 {
      for start in stride(from: 0, to: pixels.count, by: 3) {
        let red = 299 * Int(pixels[start])
        let green = 587 * Int(pixels[start + 1])
        let blue = 114 * Int(pixels[start + 2])
        converted.append(UInt8((red + green + blue + 500) / 1000))
      }
    } else {
      for grey in pixels { converted.append(contentsOf: repeatElement(grey, count: count)) }
    }
    return Picture(width: width, height: height, channels: count, pixels: converted)
  }

  /// What a file's first bytes say that it is.
  enum Format: String {
    case png = "PNG"
    case jpeg = "JPEG"

    init?(_ bytes: [UInt8]) {
      if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
        self = .png
      } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
        self = .jpeg
      } else {
        return nil
      }
    }

    /// Why these bytes are refused.
    static func refusal(of bytes: [UInt8]) -> String {
      let others: [(name: String, start: [UInt8])] = [
        ("GIF", Array("GIF8".utf8)), ("BMP", Array("BM".utf8)), ("TIFF", [0x49, 0x49, 0x2A, 0]),
        ("TIFF", [0x4D, 0x4D, 0, 0x2A]), ("WebP or another RIFF", Array("RIFF".utf8)), ("SVG or another XML", [0x3C]),
      ]
      if bytes.isEmpty { return "an empty file is no picture" }
      guard let other = others.first(where: { bytes.starts(with: $0.start) }) else {
        return "no picture that can be read: it begins neither as a PNG nor as a JPEG file does, or is cut short"
      }
      return "a \(other.name) file, and only PNG and JPEG are read. Convert it first"
    }
  }
}
