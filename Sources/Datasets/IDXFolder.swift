import DescentFormats

/// A folder of IDX files under the names that MNIST and Fashion-MNIST ship: `train-images-idx3-ubyte` and
/// `train-labels-idx1-ubyte`, and for the test part `t10k-…` likewise, each plain or as `.gz`.
///
/// Source: Y. LeCun, C. Cortes and C. Burges, "The MNIST database of handwritten digits", 1998.
struct IDXFolder {
  let path: String

  /// The pictures and labels of one part.
  private struct Part {
    var pixels: [UInt8]
    var labels: [UInt8]
    var height: Int
    var width: Int
  }

  private enum PartName: String {
    case train
    case test = "t10k"
  }

  /// Training pictures first, then test pictures.
  ///
  /// - Throws: ``DataError``: `missing` where a file is not there, `invalid` where its content is wrong.
  func dataset() throws(DataError) -> Dataset {
    guard var part = try part(.train) else {
      throw .missing(
        path,
        "no data set: the folder holds neither train-images-idx3-ubyte nor train-images-idx3-ubyte.gz")
    }
    let trainCount = part.labels.count
    if Set(part.labels).count < 2 {
      throw .invalid(
        file("labels", of: .train) ?? path,
        "every label is \(part.labels[0]); there is nothing to tell apart with fewer than two classes")
    }
    if let test = try self.part(.test) {
      guard test.height == part.height, test.width == part.width else {
        throw .invalid(
          file("images", of: .test) ?? path,
          "the test pictures are \(test.height) × \(test.width) and the training pictures "
            + "\(part.height) × \(part.width); they must be of one size")
      }
      // Growing by itself, the array would take twice the room.
      part.pixels.reserveCapacity(part.pixels.count + test.pixels.count)
      part.pixels.append(contentsOf: test.pixels)
      part.labels.append(contentsOf: test.labels)
    }
    let classes = Set(part.labels).sorted()
    var labelOf = Array(repeating: Int32(0), count: 256)
    for (label, number) in classes.enumerated() { labelOf[Int(number)] = Int32(label) }
    let count = part.labels.count
    return Dataset(
      name: path, features: .uint8(part.pixels), sampleShape: [part.height, part.width],
      featureNames: Dataset.pixelNames(height: part.height, width: part.width), pixelRange: 0...255,
      target: .classes(labels: part.labels.map { labelOf[Int($0)] }, names: classes.map { String($0) }),
      targetName: "label", taskReason: "an IDX folder's labels are classes",
      trainRows: Array(0..<Int32(trainCount)), testRows: Array(Int32(trainCount)..<Int32(count)))
  }

  /// Whether a folder holds one of the files, so that it is meant to be such a folder.
  static func isOne(_ path: String) -> Bool {
    let folder = IDXFolder(path: path)
    return [PartName.train, .test].contains { part in
      ["images", "labels"].contains { folder.file($0, of: part) != nil }
    }
  }

  /// Nil where there are neither pictures nor labels of this name.
  private func part(_ name: PartName) throws(DataError) -> Part? {
    let imagesPath = file("images", of: name)
    let labelsPath = file("labels", of: name)
    guard let imagesPath, let labelsPath else {
      if imagesPath == nil && labelsPath == nil { return nil }
      let (lacking, there) = imagesPath == nil ? ("images-idx3", "labels-idx1") : ("labels-idx1", "images-idx3")
      throw .missing(
        path,
        "there is \(name.rawValue)-\(there)-ubyte, but neither \(name.rawValue)-\(lacking)-ubyte nor the same as .gz")
    }
    // The labels come first: they are small, and a folder that lacks them is refused at once.
    let labels = try read(labelsPath, rank: 1, "labels: one axis")
    let images = try read(imagesPath, rank: 3, "pictures: three axes, count × height × width")
    let (height, width) = (images.shape[1], images.shape[2])
    guard images.shape[0] == labels.shape[0] else {
      throw .invalid(
        imagesPath,
        "\(images.shape[0]) pictures, but \(labelsPath) has \(labels.shape[0]) labels; they must be as many")
    }
    guard !labels.bytes.isEmpty else { throw .invalid(labelsPath, "there are no samples in it") }
    guard height > 0, width > 0 else { throw .invalid(imagesPath, "the pictures are \(height) × \(width): no pixels") }
    guard images.shape[0] <= Int32.max / 2 else { throw .invalid(imagesPath, "more than \(Int32.max / 2) pictures") }
    return Part(pixels: images.bytes, labels: labels.bytes, height: height, width: width)
  }

  private func read(_ path: String, rank: Int, _ wanted: String) throws(DataError) -> IDXFile {
    let file = try IDXFile(path: path)
    guard file.elementType == .uint8, file.shape.count == rank else {
      throw .invalid(
        path, "it holds \(file.elementType.rawValue) of shape \(file.shape), and must hold bytes as \(wanted)")
    }
    return file
  }

  /// The file of one part, plain before gzipped. Some mirrors write the last dash as a point.
  private func file(_ content: String, of part: PartName) -> String? {
    let rank = content == "images" ? 3 : 1
    for separator in ["-", "."] {
      for suffix in ["", ".gz"] {
        let candidate = "\(path)/\(part.rawValue)-\(content)\(separator)idx\(rank)-ubyte\(suffix)"
        if Files.exists(candidate) { return candidate }
      }
    }
    return nil
  }
}

extension Dataset {
  /// Reads a folder as MNIST and Fashion-MNIST ship it: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte` and,
  /// where there is a test part, `t10k-…` likewise; each plain or gzipped (`.gz`).
  ///
  /// The training pictures come first, then the test pictures; pixels stay bytes of 0…255. The classes are the
  /// labels that occur, in ascending order.
  ///
  /// - Throws: ``DataError``: `missing` where a file is not there, `invalid` where its content is wrong.
  public init(idxFolder path: String) throws(DataError) {
    self = try IDXFolder(path: path).dataset()
  }
}
