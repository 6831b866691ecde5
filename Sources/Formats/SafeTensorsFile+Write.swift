import DescentTensors

extension SafeTensorsFile {
  /// The file's content: the same bytes for the same tensors and metadata, always.
  ///
  /// The header has the metadata first, by key, then the tensors as their bytes follow: types of
  /// eight bytes first, then of four, of two and of one, and within each the order of ``entries``. With
  /// the header padded by spaces to a multiple of eight, every tensor lies where its type may be read
  /// in place.
  ///
  /// Stops with a message where two entries have one name, where a name is `__metadata__`, or where
  /// an entry's bytes are not as many as its type and shape take.
  public func serialized() -> [UInt8] {
    let ordered = inFileOrder()
    let header = header(of: ordered)
    var file: [UInt8] = []
    file.reserveCapacity(8 + header.count + ordered.reduce(0) { $0 + $1.bytes.count })
    for shift in stride(from: 0, to: 64, by: 8) {
      file.append(UInt8(truncatingIfNeeded: header.count >> shift))
    }
    file += header
    for entry in ordered {
      file += ByteOrder.littleEndian.toOrFromNative(entry.bytes, width: entry.elementType.byteCount)
    }
    return file
  }

  /// Writes the file at `path`, whole or not at all, as ``Files/write(_:to:)`` does.
  ///
  /// Stops with a message where ``serialized()`` does.
  ///
  /// - Throws: ``DataError/Kind/unwritable`` where the system can't write it, or where names and
  ///   metadata make a header longer than the format allows.
  public func write(to path: String) throws(DataError) {
    let length = header(of: inFileOrder()).count
    guard length <= Self.longestHeader else {
      throw .unwritable(path, "a header of \(length) bytes is needed, and the format allows \(Self.longestHeader)")
    }
    try Files.write(serialized(), to: path)
  }

  private func inFileOrder() -> [Entry] {
    // Swift's sort keeps the order of equals.
    entries.sorted { $0.elementType.byteCount > $1.elementType.byteCount }
  }

  private func header(of ordered: [Entry]) -> [UInt8] {
    var members: [String] = []
    if !metadata.isEmpty {
      let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      let pairs = sorted.map { "\(jsonString($0.key)):\(jsonString($0.value))" }
      members.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var names: Set<String> = ["__metadata__"]
    var begin = 0
    for entry in ordered {
      let name = entry.name
      guard names.insert(name).inserted else { programmerError("safetensors: two tensors are named '\(name)'") }
      guard entry.elementType.byteCount(of: entry.shape) == entry.bytes.count else {
        let tensor = "tensor '\(name)' of \(entry.elementType) \(entry.shape)"
        programmerError("safetensors: \(tensor) can't have \(entry.bytes.count) bytes")
      }
      let end = begin + entry.bytes.count
      let shape = entry.shape.map(String.init).joined(separator: ",")
      let type = entry.elementType.safeTensorsName
      let value = #"{"dtype":"\#(type)","shape":[\#(shape)],"data_offsets":[\#(begin),\#(end)]}"#
      members.append("\(jsonString(name)):\(value)")
      begin = end
    }
    var header = Array("{\(members.joined(separator: ","))}".utf8)
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    return header
  }

  /// `text` as JSON writes it: what must be escaped is, all else stays.
  private func jsonString(_ text: String) -> String {
    var json = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": json += "\\\""
      case "\\": json += "\\\\"
      case "\n": json += "\\n"
      case "\r": json += "\\r"
      case "\t": json += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        json += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: json.unicodeScalars.append(scalar)
      }
    }
    return json + "\""
  }
}
