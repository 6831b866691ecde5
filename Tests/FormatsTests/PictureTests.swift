import DescentTensors
import Testing

@testable import DescentFormats

/// What holds without reading a file: sizes, channels, names.
@Suite struct PictureTests {
  private let grey = Picture(width: 3, height: 2, channels: 1, pixels: [0, 10, 20, 30, 40, 255])

  @Test func names() {
    for name in ["a.png", "a.PNG", "b/c.jpg", "d.JPEG", "e.f.Jpg"] { #expect(Picture.isPicture(name), "\(name)") }
    for name in ["a.pn", "png", "a.png.txt", "a.gif", "", "jpeg/a"] { #expect(!Picture.isPicture(name), "\(name)") }
  }

  @Test func channels() {
    let colour = grey.converted(toChannels: 3)
    #expect(colour.channels == 3 && colour.pixels == grey.pixels.flatMap { [$0, $0, $0] })
    #expect(colour.converted(toChannels: 1) == grey && grey.converted(toChannels: 1) == grey)
    let primaries = Picture(width: 4, height: 1, channels: 3, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30])
    #expect(primaries.converted(toChannels: 1).pixels == [76, 150, 29, 18])
  }

  @Test func aShrunkPictureIsTheMeanOfItsAreas() {
    #expect(grey.resized(width: 1, height: 1).pixels == [59])
    #expect(grey.resized(width: 3, height: 1).pixels == [15, 25, 138])
    // 1.5 old columns a new one: (0 + 10 / 2) / 1.5 and (10 / 2 + 20) / 1.5
    #expect(grey.resized(width: 2, height: 2).pixels == [3, 17, 33, 183])
  }

  @Test func aGrownPictureIsInterpolated() {
    let line = Picture(width: 2, height: 1, channels: 1, pixels: [0, 100])
    #expect(line.resized(width: 4, height: 1).pixels == [0, 25, 75, 100])
    #expect(line.resized(width: 2, height: 3).pixels == [0, 100, 0, 100, 0, 100])
    let dot = Picture(width: 1, height: 1, channels: 3, pixels: [1, 2, 3])
    #expect(dot.resized(width: 2, height: 2).pixels == [1, 2, 3, 1, 2, 3, 1, 2, 3, 1, 2, 3])
    #expect(grey.resized(width: 3, height: 2) == grey)
  }

  /// Means of areas by numpy, and `Image.resize(…, BILINEAR)` of Pillow: see Tests/References/pictures.py.
  @Test(arguments: ["shrunk", "grown", "both"]) func resizesAsTheReference(name: String) throws {
    let references = try References("pictures")
    let from = try references("resized-\(name)/from")
    let wanted = try references("resized-\(name)/numbers")
    let picture = Picture(width: from.shape[1], height: from.shape[0], channels: 3, pixels: from.bytes)
    let resized = picture.resized(width: wanted.shape[1], height: wanted.shape[0])
    let numbers = Tensor(wanted).reals()
    let worst = zip(resized.pixels, numbers).map { abs(Double($0) - $1) }.max()
    #expect(resized.pixels.count == numbers.count && worst ?? 1 < 0.501)
  }

  @Test func whatIsNoPicture() throws {
    let cases: [([UInt8], String)] = [
      ([], "empty file"), (Array("GIF89a".utf8), "a GIF file"), (Array("<svg".utf8), "SVG"),
      (Array("label,width\n".utf8), "no picture"), ([0x89, 0x50], "no picture"), ([0xFF, 0xD8], "no picture"),
    ]
    for (bytes, message) in cases {
      let error = try dataError { _ = try Picture(bytes: bytes, place: "a.png") }
      #expect(error.kind == .invalid && error.place == "a.png" && error.message.contains(message), "\(error)")
    }
    #expect(try dataError { _ = try Picture(path: "/nowhere/a.png") }.kind == .missing)
  }

  @Test func stops() async {
    await #expect(processExitsWith: .failure) { _ = Picture(width: 1, height: 1, channels: 2, pixels: [1, 2]) }
    await #expect(processExitsWith: .failure) { _ = Picture(width: 2, height: 1, channels: 1, pixels: [1]) }
    await #expect(processExitsWith: .failure) { _ = Picture(width: 0, height: 1, channels: 1, pixels: []) }
  }

  #if !Pictures
    @Test func withoutTheTraitFilesAreRefused() throws {
      for kind in ["png-grey", "jpeg-rgb"] {
        let bytes = try References("pictures")("\(kind)/file").bytes
        let error = try dataError { _ = try Picture(bytes: bytes, place: "a") }
        #expect(error.kind == .invalid && error.message.contains("package trait Pictures"), "\(error)")
      }
      #expect(try dataError { _ = try grey.png() }.kind == .unwritable)
    }
  #endif
}
