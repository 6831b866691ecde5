import DescentTensors

/// The header of a safetensors file: read as it stands, then checked as a whole.
struct SafeTensorsHeader {
  /// A tensor as the header describes it.
  private struct Tensor {
    var name: String
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
  }

  /// A tensor whose description fits the file.
  struct Placed {
    let name: String
    let elementType: ElementType
    let shape: [Int]
    /// Its bytes, counted from the end of the header.
    let range: Range<Int>
  }

  private(set) var metadata: [String: String] = [:]
  private var tensors: [Tensor] = []
  /// Where the header ends and the tensors' bytes begin.
  let end: Int

  init(_ bytes: [UInt8], place: String) throws(DataError) {
    guard bytes.count >= 8 else {
      throw .invalid(place, "\(bytes.count) bytes are no safetensors file: its header's length alone takes 8")
    }
    let length = bytes[..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= SafeTensorsFile.longestHeader else {
      let most = SafeTensorsFile.longestHeader
      throw .invalid(place, "no safetensors file: its header would be \(length) bytes long, and \(most) are allowed")
    }
    guard Int(length) <= bytes.count - 8 else {
      throw .invalid(place, "cut short: \(bytes.count - 8) of the \(length) bytes of its header are there")
    }
    end = 8 + Int(length)
    guard length > 0, bytes[8] == UInt8(ascii: "{") else {
      throw .invalid(place, "no safetensors file: its header does not begin with '{'")
    }
    var scanner = JSONScanner(bytes, in: 8..<end)
    do throws(JSONScanner.Failure) {
      try read(&scanner)
    } catch {
      throw .invalid("\(place), byte \(error.position)", "damaged header: \(error.message)")
    }
  }

  // MARK: - As it stands

  private mutating func read(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
    var names: Set<String> = []
    try scanner.enterObject()
    while let name = try scanner.nextKey() {
      guard names.insert(name).inserted else { throw scanner.failure("the name '\(name)' appears twice") }
      if name == "__metadata__" {
        try readMetadata(&scanner)
      } else {
        tensors.append(try readTensor(name, &scanner))
      }
    }
    try scanner.finish()
  }

  private mutating func readMetadata(_ scanner: inout JSONScanner) throws(JSONScanner.Failure) {
    // The Rust reader takes null for "none".
    if scanner.takeNull() { return }
    try scanner.enterObject()
    while let key = try scanner.nextKey() {
      let value = try scanner.readString()
      guard metadata.updateValue(value, forKey: key) == nil else {
        throw scanner.failure("the metadata '\(key)' appears twice")
      }
    }
  }

  private func readTensor(_ name: String, _ scanner: inout JSONScanner) throws(JSONScanner.Failure) -> Tensor {
    var tensor = Tensor(name: name)
    var keys: Set<String> = []
    try scanner.enterObject()
    while let key = try scanner.nextKey() {
      guard keys.insert(key).inserted else { throw scanner.failure("tensor '\(name)' has '\(key)' twice") }
      switch key {
      case "dtype": tensor.type = try scanner.readString()
      case "shape": tensor.shape = try scanner.readSizes()
      case "data_offsets": tensor.offsets = try scanner.readSizes()
      // Room for what the format may come to say, which its Rust reader leaves too.
      default: try scanner.skipValue()
      }
    }
    return tensor
  }

  // MARK: - As a whole

  /// The tensors in the order of their bytes, which together have to be all `dataCount` bytes that
  /// follow the header, each byte once.
  func layout(dataCount: Int, place: String) throws(DataError) -> [Placed] {
    var placed: [Placed] = []
    placed.reserveCapacity(tensors.count)
    for tensor in tensors { placed.append(try check(tensor, place: "\(place), tensor '\(tensor.name)'")) }
    placed.sort { ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound) }

    var covered = 0
    for tensor in placed {
      let begin = tensor.range.lowerBound
      guard begin == covered else {
        let what = begin > covered ? "leaves a hole after" : "overlaps what ends at"
        throw .invalid("\(place), tensor '\(tensor.name)'", "it begins at byte \(begin) and \(what) byte \(covered)")
      }
      covered = tensor.range.upperBound
    }
    guard covered <= dataCount else {
      throw .invalid(place, "cut short: \(dataCount) of the \(covered) bytes that its tensors take are there")
    }
    guard covered == dataCount else {
      throw .invalid(place, "\(dataCount - covered) bytes follow the last tensor")
    }
    return placed
  }

  private func check(_ tensor: Tensor, place: String) throws(DataError) -> Placed {
    guard let typeName = tensor.type else { throw .invalid(place, "its header entry has no dtype") }
    guard let shape = tensor.shape else { throw .invalid(place, "its header entry has no shape") }
    guard let offsets = tensor.offsets else { throw .invalid(place, "its header entry has no data_offsets") }
    guard let type = ElementType(safeTensors: typeName) else {
      let types = ElementType.allCases.map(\.safeTensorsName).joined(separator: ", ")
      let isKnown = ElementType.unsupportedSafeTensors.contains(typeName)
      let fault = isKnown ? "dtype \(typeName) is not supported" : "there is no dtype '\(typeName)'"
      throw .invalid(place, "\(fault). Descent reads \(types): convert the tensor first")
    }
    guard offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .invalid(place, "its data_offsets \(offsets) are not a begin and an end after it")
    }
    guard let size = type.byteCount(of: shape) else {
      throw .invalid(place, "its shape \(shape) has more elements than can be counted")
    }
    let given = offsets[1] - offsets[0]
    guard given == size else {
      throw .invalid(place, "\(typeName) \(shape) takes \(size) bytes, and data_offsets give \(given)")
    }
    return Placed(name: tensor.name, elementType: type, shape: shape, range: offsets[0]..<offsets[1])
  }
}

extension ElementType {
  /// Types that the format has and Descent has not.
  static let unsupportedSafeTensors: Set<String> = [
    "F16", "I8", "I16", "U16", "U32", "U64", "F4", "F6_E2M3", "F6_E3M2", "F8_E5M2", "F8_E4M3", "F8_E8M0",
    "F8_E4M3FNUZ", "F8_E5M2FNUZ", "C64",
  ]

  /// The type's name in safetensors files.
  var safeTensorsName: String {
    switch self {
    case .float32: "F32"
    case .float64: "F64"
    case .bfloat16: "BF16"
    case .int32: "I32"
    case .int64: "I64"
    case .uint8: "U8"
    case .bool: "BOOL"
    }
  }

  init?(safeTensors name: String) {
    guard let type = Self.allCases.first(where: { $0.safeTensorsName == name }) else { return nil }
    self = type
  }
}
