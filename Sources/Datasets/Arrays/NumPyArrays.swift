import DescentFormats
import DescentTensors

/// The arrays of a file of NumPy's, by what they are for: samples, and what is to be predicted of them.
///
/// An archive (`.npz`) holds `x_train`, `y_train` and, where there is a test part, `x_test`, `y_test`; or one of `x`, `data`
/// and `features` with one of `y` and `target`. Capital letters do not matter, and arrays of other names are not looked at.
/// A single array (`.npy`) is samples alone.
struct NumPyArrays {
  /// An array and what messages call it.
  struct Named {
    let name: String
    let place: String
    let array: NumPyFile
  }

  /// Samples, and one target for each, where it is there.
  struct Part {
    let samples: Named
    let target: Named?

    /// How many samples there are.
    var count: Int { samples.array.shape[0] }
  }

  let path: String
  /// The part to learn from, or the only one.
  let main: Part
  /// The part to test on.
  let test: Part?

  /// Names for samples and for targets where there is one part.
  static let (sampleNames, targetNames) = (["x", "data", "features"], ["y", "target"])
  private static let known = Set(sampleNames + targetNames + ["x_train", "y_train", "x_test", "y_test"])

  /// Whether a path is one of these files, by its name.
  static func isNamed(by path: String) -> Bool { isArray(path) || path.lowercased().hasSuffix(".npz") }

  /// Whether a path is a single array, by its name.
  static func isArray(_ path: String) -> Bool { path.lowercased().hasSuffix(".npy") }

  /// Reads a file.
  ///
  /// - Parameter needsTarget: whether the targets have to be there; otherwise they are not looked at.
  /// - Throws: ``DataError``: the file is missing or damaged, an array is missing, or two do not fit each other.
  init(path: String, needsTarget: Bool) throws(DataError) {
    self.path = path
    guard !Self.isArray(path) else {
      guard !needsTarget else {
        throw .invalid(path, "a single array holds samples alone; save them as x and the targets as y of an .npz file")
      }
      let array = try NumPyFile(path: path)
      main = try Self.part(Named(name: "x", place: path, array: array), nil)
      test = nil
      return
    }
    let archive = try NumPyArchive(Files.read(path), place: path) { Self.known.contains($0.lowercased()) }
    func find(_ names: [String]) throws(DataError) -> Named? {
      for name in names {
        let found = archive.entries.filter { $0.name.lowercased() == name }
        if found.count > 1 {
          throw .invalid(path, "there are both '\(found[0].name)' and '\(found[1].name)'; rename one of them")
        }
        if let entry = found.first {
          return Named(name: entry.name, place: "\(path), array '\(entry.name)'", array: entry.array)
        }
      }
      return nil
    }
    let others = archive.entries.map(\.name) + archive.skipped
    let there = others.isEmpty ? "there are no arrays" : "the arrays are \(quotedList(others))"
    func target(_ names: [String], of samples: Named) throws(DataError) -> Named? {
      guard needsTarget else { return nil }
      if let target = try find(names) { return target }
      throw .invalid(path, "'\(samples.name)' has no targets \(Self.list(names)) beside it; \(there)")
    }
    if let samples = try find(["x_train"]) {
      main = try Self.part(samples, try target(["y_train"], of: samples))
      guard let held = try find(["x_test"]) else {
        test = nil
        return
      }
      test = try Self.part(held, try target(["y_test"], of: held))
      return
    }
    guard let samples = try find(Self.sampleNames) else {
      throw .invalid(
        path, "there are no samples: 'x_train' is looked for, or \(Self.list(Self.sampleNames)); \(there)")
    }
    main = try Self.part(samples, try target(Self.targetNames, of: samples))
    test = nil
  }

  private static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: " or ") }

  /// Samples and targets, as many of one as of the other.
  private static func part(_ samples: Named, _ target: Named?) throws(DataError) -> Part {
    let shape = samples.array.shape
    guard let count = shape.first else {
      throw .invalid(samples.place, "it is a single number; its first axis must be that of the samples")
    }
    guard !shape.contains(0) else { throw .invalid(samples.place, "its shape \(shape) has no numbers in it") }
    guard count <= Int32.max / 2 else { throw .invalid(samples.place, "more than \(Int32.max / 2) samples") }
    guard let target else { return Part(samples: samples, target: nil) }
    let sizes = target.array.shape
    guard sizes.count == 1 || sizes.count == 2 && sizes[1] == 1 else {
      let hint = sizes.count == 2 ? "; of columns for each class take argmax(axis=1)" : ""
      throw .invalid(target.place, "its shape is \(sizes), and must be [samples] or [samples, 1]\(hint)")
    }
    guard sizes[0] == count else {
      throw .invalid(
        target.place, "it has \(sizes[0]) targets, and '\(samples.name)' \(count) samples; they must be as many")
    }
    return Part(samples: samples, target: target)
  }
}

extension NumPyFile {
  /// The elements as numbers of a floating-point type.
  func numbers<Number: BinaryFloatingPoint>(as _: Number.Type = Number.self) -> [Number] {
    switch elementType {
    case .bool, .uint8: bytes.map { Number($0) }
    case .int32: converted { (value: Int32) in Number(value) }
    case .int64: converted { (value: Int64) in Number(value) }
    case .float32: converted { (value: Float) in Number(value) }
    case .float64: converted { (value: Double) in Number(value) }
    case .bfloat16: converted { (bits: UInt16) in Number(Float(bitPattern: UInt32(bits) << 16)) }
    }
  }

  private func converted<Stored: BitwiseCopyable, Number>(_ number: (Stored) -> Number) -> [Number] {
    let width = MemoryLayout<Stored>.size
    return bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / width).map { number(bytes.loadUnaligned(fromByteOffset: $0 * width, as: Stored.self)) }
    }
  }
}
