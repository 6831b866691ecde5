#if Pictures
  import CPictures
#endif

#if Pictures
  extension Picture {
    /// The content of a PNG file with this picture.
    ///
    /// - Throws: ``DataError/Kind/unwritable`` where libpng can't, or where this build has no `Pictures`.
    public func png() throws(DataError) -> [UInt8] {
      var message = [CChar](repeating: 0, count: Int(DESCENT_MESSAGE_LENGTH))
      let (width, height, channels) = (UInt32(width), UInt32(height), Int32(channels))
      let capacity = descent_png_bound(width, height, channels)
      let file = [UInt8](unsafeUninitializedCapacity: capacity) { target, count in
        count = descent_png_write(pixels, width, height, channels, target.baseAddress, capacity, &message)
      }
      guard !file.isEmpty else { throw .unwritable("PNG file", Picture.text(message)) }
      return file
    }

    static func decoded(
      _ bytes: [UInt8], _ format: Format, place: String, _ limit: UnpackingLimit
    ) throws(DataError) -> Picture {
      try bytes.withUnsafeBufferPointer { file throws(DataError) in
        try opened(file, format, place: place, limit) { codec, handle, header throws(DataError) in
          try decoded(codec, handle, header, "\(format.rawValue) file", place: place)
        }
      }
    }

    /// Width, height and channels, without the pixels.
    static func header(
      _ bytes: [UInt8], _ format: Format, place: String, _ limit: UnpackingLimit
    ) throws(DataError) -> (width: Int, height: Int, channels: Int) {
      try bytes.withUnsafeBufferPointer { file throws(DataError) in
        try opened(file, format, place: place, limit) { _, _, header throws(DataError) in
          (Int(header.width), Int(header.height), storedChannels(header.layout) < 3 ? 1 : 3)
        }
      }
    }

    /// Opens a file, whose header must be one that its bytes can, and honestly would, hold.
    private static func opened<Result>(
      _ bytes: UnsafeBufferPointer<UInt8>, _ format: Format, place: String, _ limit: UnpackingLimit,
      _ body: (Codec, OpaquePointer, descent_picture_header) throws(DataError) -> Result
    ) throws(DataError) -> Result {
      let (codec, name) = (Codec(format), "\(format.rawValue) file")
      var message = [CChar](repeating: 0, count: Int(DESCENT_MESSAGE_LENGTH))
      var header = descent_picture_header()
      guard let file = codec.open(bytes.baseAddress, bytes.count, &header, &message) else {
        throw .invalid(place, "damaged \(name): \(text(message))")
      }
      defer { codec.close(file) }
      let (width, height) = (Int(header.width), Int(header.height))
      let size = "a picture of \(width) × \(height) pixels"
      guard width > 0, height > 0, width <= pixelLimit / height else {
        throw .invalid(place, "\(size), more than the \(pixelLimit) that are taken. Make it smaller first")
      }
      guard codec.leastBytes(header) <= bytes.count else {
        throw .invalid(place, "damaged \(name): \(size) can't be in \(bytes.count) bytes")
      }
      try limit.check(
        width * height * Int(header.held_bits) / 8, from: bytes.count, place: place,
        advice: "If you trust the file, make the picture smaller first")
      return try body(codec, file, header)
    }

    private static func decoded(
      _ codec: Codec, _ file: OpaquePointer, _ header: descent_picture_header, _ name: String, place: String
    ) throws(DataError) -> Picture {
      var message = [CChar](repeating: 0, count: Int(DESCENT_MESSAGE_LENGTH))
      let (width, height) = (Int(header.width), Int(header.height))
      let stored = storedChannels(header.layout)
      var isWhole = false
      let decoded = [UInt8](unsafeUninitializedCapacity: width * height * stored) { target, count in
        isWhole = codec.read(file, target.baseAddress!, &message)
        count = isWhole ? target.count : 0
      }
      guard isWhole else { throw .invalid(place, "damaged \(name): \(text(message))") }
      let pixels = opaque(decoded, header.layout)
      return Picture(width: width, height: height, channels: stored < 3 ? 1 : 3, pixels: pixels)
    }

    private static func text(_ message: [CChar]) -> String {
      let text = message.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
      return text.isEmpty ? "there is no memory for it" : text
    }

    private static func storedChannels(_ layout: descent_layout) -> Int {
      switch layout {
      case DESCENT_GREY: 1
      case DESCENT_GREY_ALPHA: 2
      case DESCENT_RGB: 3
      default: 4
      }
    }

    /// Decoded pixels without alpha and ink.
    private static func opaque(_ pixels: [UInt8], _ layout: descent_layout) -> [UInt8] {
      switch layout {
      case DESCENT_GREY_ALPHA: onWhite(pixels, colours: 1)
      case DESCENT_RGBA: onWhite(pixels, colours: 3)
      case DESCENT_CMYK: light(pixels, flip: 0xFF)
      case DESCENT_CMYK_INVERTED: light(pixels, flip: 0)
      default: pixels
      }
    }

    private static func onWhite(_ pixels: [UInt8], colours: Int) -> [UInt8] {
      var result: [UInt8] = []
      result.reserveCapacity(pixels.count / (colours + 1) * colours)
      for start in stride(from: 0, to: pixels.count, by: colours + 1) {
        let alpha = Int(pixels[start + colours])
        for colour in pixels[start..<start + colours] {
          result.append(UInt8((alpha * Int(colour) + (255 - alpha) * 255 + 127) / 255))
        }
      }
      return result
    }

    /// Red, green and blue of four inks; with 255 as `flip` 255 is the most ink, with 0 the least.
    private static func light(_ inks: [UInt8], flip: UInt8) -> [UInt8] {
      var result: [UInt8] = []
      result.reserveCapacity(inks.count / 4 * 3)
      for start in stride(from: 0, to: inks.count, by: 4) {
        let white = Int(inks[start + 3] ^ flip)
        for ink in inks[start..<start + 3] { result.append(UInt8((Int(ink ^ flip) * white + 127) / 255)) }
      }
      return result
    }
  }

  /// The functions of one library, alike for both.
  private struct Codec {
    typealias Message = UnsafeMutablePointer<CChar>
    let open: (UnsafePointer<UInt8>?, Int, UnsafeMutablePointer<descent_picture_header>, Message) -> OpaquePointer?
    let read: (OpaquePointer, UnsafeMutablePointer<UInt8>, Message) -> Bool
    let close: (OpaquePointer) -> Void
    /// The smallest file that such a picture can have: a header that says more is a bomb, and is not given memory.
    let leastBytes: (descent_picture_header) -> Int

    init(_ format: Picture.Format) {
      switch format {
      case .png:
        open = { descent_png_open($0, $1, $2, $3) }
        read = { descent_png_read($0, $1, $2) }
        close = { descent_png_close($0) }
        // Deflate's best is 1032 to 1.
        leastBytes = { Int($0.width) * Int($0.height) * Int($0.packed_bits) / 8 / 1032 }
      case .jpeg:
        open = { descent_jpeg_open($0, $1, $2, $3) }
        // Three channels take some ten passes; a file of thousands would keep a machine busy for hours.
        read = { descent_jpeg_read($0, $1, 100, $2) }
        close = { descent_jpeg_close($0) }
        // Each block of 8 × 8 pixels takes a bit at the least.
        leastBytes = { Int($0.width) * Int($0.height) / 512 }
      }
    }
  }
#else
  extension Picture {
    private static let refusal =
      "pictures need libpng and libjpeg, which this build is without. Build with the package trait Pictures, which is "
      + "on by default and needs libpng-dev and libjpeg-dev"

    /// The content of a PNG file with this picture.
    ///
    /// - Throws: ``DataError/Kind/unwritable``, because this build has no `Pictures`.
    public func png() throws(DataError) -> [UInt8] {
      throw .unwritable("PNG file", Picture.refusal)
    }

    static func decoded(
      _ bytes: [UInt8], _ format: Format, place: String, _ limit: UnpackingLimit
    ) throws(DataError) -> Picture {
      throw .invalid(place, "a \(format.rawValue) file: \(refusal)")
    }

    static func header(
      _ bytes: [UInt8], _ format: Format, place: String, _ limit: UnpackingLimit
    ) throws(DataError) -> (width: Int, height: Int, channels: Int) {
      throw .invalid(place, "a \(format.rawValue) file: \(refusal)")
    }
  }
#endif
