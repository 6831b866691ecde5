extension Dataset {
  /// Digits: 1,797 handwritten digits as pictures of 8 × 8 pixels from 0 (white) to 16 (black).
  ///
  /// Every fifth picture in file order tests (359), the others train (1,438).
  /// Source: E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", 1998 (UCI), its test part.
  static func digits() -> Dataset {
    let side = 8
    var pixels: [UInt8] = []
    var labels: [Int32] = []
    EmbeddedData.digits.withUTF8Buffer { text in
      for line in text.split(separator: .lineFeed) {
        pixels.append(contentsOf: line.dropLast().map(brightness))
        labels.append(contentsOf: line.suffix(1).map { Int32(brightness($0)) })
      }
    }
    let parts = everyFifth(of: labels.count)
    return Dataset(
      name: "digits", features: .uint8(pixels), sampleShape: [side, side],
      featureNames: pixelNames(height: side, width: side), pixelRange: 0...16,
      target: .classes(labels: labels, names: (0...9).map(String.init)), targetName: "digit",
      taskReason: "its labels are the ten digits", trainRows: parts.train, testRows: parts.test)
  }

  /// 0 to 9 for themselves, A to G for 10 to 16.
  private static func brightness(_ character: UInt8) -> UInt8 {
    character <= UInt8(ascii: "9") ? character - UInt8(ascii: "0") : character - UInt8(ascii: "A") + 10
  }

  /// `pixel_ROW_COLUMN`, row by row.
  static func pixelNames(height: Int, width: Int) -> [String] {
    (0..<height).flatMap { row in (0..<width).map { "pixel_\(row)_\($0)" } }
  }
}
