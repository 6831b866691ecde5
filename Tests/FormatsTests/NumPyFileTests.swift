import DescentTensors
import Testing

@testable import DescentFormats

private let references = Result { try References("numpy") }

/// The names under which the reference file has this.
private func names(_ suffix: String) -> [String] {
  let entries = (try? references.get().file.entries) ?? []
  return entries.map(\.name).filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
}

/// Against NumPy, see Tests/References/numpy_files.py.
@Suite struct NumPyFileTests {
  /// A file of version 1 with this header.
  private func file(_ header: String, _ data: [UInt8] = []) -> [UInt8] {
    NumPyHeader.magic + [1, 0, UInt8(header.utf8.count & 0xFF), UInt8(header.utf8.count >> 8)] + header.utf8 + data
  }

  private func described(_ type: String, _ shape: String, order: String = "False") -> String {
    "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
  }

  private func refused(
    _ bytes: [UInt8], _ message: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let error = try dataError(sourceLocation: sourceLocation) { _ = try NumPyFile(bytes, place: "a.npy") }
    #expect(error.kind == .invalid && error.place.hasPrefix("a.npy"), sourceLocation: sourceLocation)
    #expect(error.message.contains(message), "\(error)", sourceLocation: sourceLocation)
  }

  @Test(arguments: names("/file")) func readsWhatNumPyWrites(name: String) throws {
    let bytes = try references.get()("\(name)/file").bytes
    let wanted = try references.get()("\(name)/array")
    let array = try NumPyFile(bytes, place: name)
    #expect(array.elementType == wanted.elementType && array.shape == wanted.shape && array.bytes == wanted.bytes)
    for count in 0..<bytes.count {
      #expect(throws: DataError.self, "\(count)") { try NumPyFile(Array(bytes[..<count]), place: name) }
    }
    #expect(throws: DataError.self) { try NumPyFile(bytes + [0], place: name) }
    // What NumPy would write again is what is written here.
    let isPlain = ["b1", "u1", "i4", "i8", "f4", "f8"].contains { name == "\($0)-little" }
    if isPlain || ["scalar", "one-axis", "empty"].contains(name) { #expect(array.serialized() == bytes) }
    #expect(try NumPyFile(array.serialized(), place: name) == array)
  }

  @Test func thereAreFilesOfEveryType() { #expect(names("/file").count == 32) }

  @Test func whatIsRefusedByName() throws {
    let messages = [
      "objects": "pickle", "text": "text", "bytes": "text", "times": "times", "complex": "complex",
      "uint64": "Descent has none for", "records": "records", "long-double": "Descent has none for",
    ]
    for (name, message) in messages.sorted(by: { $0.key < $1.key }) {
      try refused(references.get()("refused-\(name)").bytes, message)
    }
  }

  @Test func headersAsPythonMayWriteThem() throws {
    let other = "{ \"shape\":(2 ,),\"fortran_order\" :True, \"descr\":'|u1'}"
    #expect(try NumPyFile(file(other, [1, 2]), place: "a").bytes == [1, 2])
    #expect(try NumPyFile(file(described("|u1", "(2L, 1L)"), [1, 2]), place: "a").shape == [2, 1])
  }

  @Test func damagedHeaders() throws {
    let huge = "9223372036854775807"
    let cases: [([UInt8], String)] = [
      ([], "no NumPy file"), (Array("PK\u{3}\u{4}....".utf8), "zip archive"), (NumPyHeader.magic, "no NumPy file"),
      (NumPyHeader.magic + [4, 0, 0, 0], "version 4"), (NumPyHeader.magic + [1, 0, 9, 0], "header is said to take 9"),
      (NumPyHeader.magic + [2, 0, 255, 255, 255, 255], "header is said to take 4294967295"),
      (file(""), "'{' is expected"), (file("{}"), "is missing"), (file("{'shape': ()}"), "is missing"),
      (file("{'shape': (), 'shape': ()}"), "once each"), (file("{'other': ()}"), "once each"),
      (file("{'shape': (1"), "')' is expected"), (file("{'shape': (-1,)}"), "whole number"),
      (file("{'shape': (\(huge)0,)}"), "whole number"), (file("{'shape': (1.5,)}"), "')' is expected"),
      (file("{'fortran_order': 1}"), "True or False"), (file("{'descr': 4}"), "quotes"),
      (file("{'descr': 'f"), "not end"),
      (file(described("<f4", "()") + "x", [0, 0, 0, 0]), "after the dictionary"),
      (file(described("", "()")), "without a type"), (file(described("f4", "()")), "order of bytes"),
      (file(described("<f3", "()")), "Descent has none for"), (file(described("<q9", "()")), "unknown"),
      (file(described("<f4", "(2,)"), [0, 0, 0, 0]), "cut short"), (file(described("|u1", "()"), [1, 2]), "2 follow"),
      (file(described("<f4", "(\(huge),)")), "more than fit"), (file(described("|i1", "(\(huge),)")), "more than fit"),
      (file(described("|u1", "(\(huge), \(huge))")), "more than fit"),
      (file(described("|u1", "(\(huge),)")), "cut short"),
      (file(described("|u1", "(\(String(repeating: "1,", count: 65)))"), [1]), "65 axes"),
      (file(described("|b1", "(2,)"), [1, 2]), "a bool is stored as 2"),
    ]
    for (bytes, message) in cases { try refused(bytes, message) }
  }

  @Test func tensorsAndFiles() throws {
    let tensor = Tensor([1.5, -2, 3, 4, 5, 6] as [Float], shape: [3, 2])
    let folder = try TemporaryFolder()
    try Files.write(NumPyFile(tensor).serialized(), to: folder("a.npy"))
    let read = Tensor(try NumPyFile(path: folder("a.npy")))
    #expect(read.shape == [3, 2] && read.type == .float32 && read.reals() == tensor.reals())
    #expect(throws: DataError.self) { try NumPyFile(Tensor([BFloat16(1 as Float)], shape: [1])) }
    #expect(throws: DataError.self) { try NumPyFile(elementType: .float32, shape: [2], bytes: [1, 2, 3, 4]) }
    #expect(try dataError { _ = try NumPyFile(path: folder("b.npy")) }.kind == .missing)
  }

  @Test func damage() throws {
    var randomness = Randomness(13)
    let seeds = try names("/file").map { try references.get()("\($0)/file").bytes }
    var refused = 0
    for round in 0..<6000 {
      do {
        let array = try NumPyFile(randomness.mutated(seeds[round % seeds.count]), place: "a")
        #expect(array.elementType.byteCount(of: array.shape) == array.bytes.count)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 2000)
  }
}

@Suite struct NumPyArchiveTests {
  private func archive(_ name: String) throws -> [UInt8] { try references.get()("archive-\(name)").bytes }

  @Test(arguments: ["stored", "deflated"]) func readsWhatNumPyWrites(name: String) throws {
    let bytes = try archive(name)
    let read = try NumPyArchive(bytes, place: "a.npz")
    // NumPy puts what has a name first.
    #expect(read.entries.map(\.name).sorted() == ["arr_0", "flags", "weights"])
    for entry in read.entries {
      let wanted = try references.get()("archive-\(entry.name)")
      #expect(read[entry.name] == entry.array && entry.array.shape == wanted.shape)
      #expect(entry.array.elementType == wanted.elementType && entry.array.bytes == wanted.bytes)
    }
    #expect(read["none"] == nil)
    for count in 0..<bytes.count {
      #expect(throws: DataError.self, "\(count)") { try NumPyArchive(Array(bytes[..<count]), place: "a") }
    }
    let commented = Array(bytes.dropLast(2)) + [3, 0, 1, 2, 3]
    #expect(try NumPyArchive(commented, place: "a") == read)
  }

  /// Where the three members' entries in the directory begin, and the record of the archive's end.
  private struct Places {
    let first: Int
    let second: Int
    let third: Int
    let end: Int

    init(_ bytes: [UInt8]) throws {
      let entries = bytes.indices.filter { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) }
      try #require(entries.count == 3)
      (first, second, third, end) = (entries[0], entries[1], entries[2], bytes.count - 22)
    }
  }

  private func refused(
    _ name: String, _ message: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ change: (inout [UInt8], Places) -> Void
  ) throws {
    var bytes = try archive(name)
    change(&bytes, try Places(bytes))
    let error = try dataError(sourceLocation: sourceLocation) { _ = try NumPyArchive(bytes, place: "a.npz") }
    #expect(error.place.hasPrefix("a.npz"), sourceLocation: sourceLocation)
    #expect(error.message.contains(message), "\(error)", sourceLocation: sourceLocation)
  }

  @Test func refusals() throws {
    try refused("stored", "no zip archive") { bytes, _ in bytes[0] = 0 }
    try refused("stored", "cut short") { bytes, _ in bytes = [0x50, 0x4B] }
    try refused("stored", "several parts") { bytes, places in bytes[places.end + 4] = 1 }
    try refused("stored", "larger than 4 GiB") { bytes, places in
      for index in 16..<20 { bytes[places.end + index] = 0xFF }
    }
    try refused("stored", "past its end") { bytes, places in bytes[places.end + 15] = 1 }
    try refused("stored", "directory is cut short") { bytes, places in
      (bytes[places.end + 8], bytes[places.end + 10]) = (4, 4)
    }
    try refused("stored", "directory is cut short") { bytes, places in bytes[places.first] = 0 }
    try refused("stored", "not valid UTF-8") { bytes, places in bytes[places.first + 46] = 0xFF }
    try refused("stored", "is encrypted") { bytes, places in bytes[places.first + 8] |= 1 }
    try refused("stored", "method 12") { bytes, places in bytes[places.first + 10] = 12 }
    try refused("stored", "can't be in") { bytes, places in bytes[places.first + 24] ^= 1 }
    try refused("stored", "no such member") { bytes, places in bytes[places.first + 42] = 1 }
    try refused("stored", "checksum differs") { bytes, places in bytes[places.first + 16] ^= 1 }
    try refused("stored", "checksum differs") { bytes, _ in bytes[200] ^= 1 }
    try refused("stored", "4 GiB") { bytes, places in for index in 20..<28 { bytes[places.first + index] = 0xFF } }
    // A bomb's entries are one member under many names.
    try refused("stored", "share bytes") { bytes, places in
      for index in 16..<28 { bytes[places.second + index] = bytes[places.first + index] }
      for index in 42..<46 { bytes[places.second + index] = bytes[places.first + index] }
    }
    // 'flags' and 'arr_0' are equally long, and weights.npy stands before them.
    try refused("stored", "are called") { bytes, places in
      for index in 46..<55 { bytes[places.second + index] = bytes[places.third + index] }
    }
    try refused("deflated", "announces") { bytes, places in bytes[places.first + 24] ^= 1 }
    try refused("deflated", "which can't be in") { bytes, places in bytes[places.first + 27] = 0x7F }
    try refused("deflated", "reach into the directory") { bytes, places in bytes[places.first + 22] = 1 }
  }

  /// An archive of members that hold zeros under a header, packed at some 150 : 1.
  private func zeros(_ names: [String], count: Int) throws -> [UInt8] {
    let array = try NumPyFile(elementType: .uint8, shape: [count], bytes: [UInt8](repeating: 0, count: count))
    let content = array.serialized()
    let header = Array(content.dropLast(count))
    let matches = [Bits.Symbol](repeating: .match(length: 258, distance: 1), count: count / 258)
    let rest = [Bits.Symbol](repeating: .literal(0), count: count % 258)
    let deflated = Bits().stored(header, isLast: false).fixedBlock(rest + matches).bytes
    let word = WAVEBytes.word
    let sum = Int(content.withUnsafeBytes { CRC32.checksum($0) })
    var (files, directory): ([UInt8], [UInt8]) = ([], [])
    for name in names {
      // version, flags, method, time and date; checksum and both lengths; the lengths of the name and of more
      let fields = [(20, 2), (0, 2), (8, 2), (0, 4), (sum, 4), (deflated.count, 4), (content.count, 4)]
      let shared = (fields + [(name.utf8.count, 2), (0, 2)]).flatMap { word($0.0, $0.1) }
      directory += [0x50, 0x4B, 1, 2] + word(20, 2) + shared + word(0, 10) + word(files.count, 4) + name.utf8
      files += [0x50, 0x4B, 3, 4] + shared + name.utf8 + deflated
    }
    let end = [(0, 4), (names.count, 2), (names.count, 2), (directory.count, 4), (files.count, 4), (0, 2)]
    return files + directory + [0x50, 0x4B, 5, 6] + end.flatMap { word($0.0, $0.1) }
  }

  @Test func bombs() throws {
    var limit = UnpackingLimit()
    (limit.unwatched, limit.ratio) = (50_000, 50)
    func read(_ bytes: [UInt8]) throws -> NumPyArchive {
      try NumPyArchive(bytes, place: "a.npz", unpacking: limit) { _ in true }
    }
    // one that says what it is, and many of which none is one by itself
    for bytes in [try zeros(["a.npy"], count: 100_000), try zeros(["a.npy", "b.npy", "c.npy"], count: 25_900)] {
      let error = try dataError { _ = try read(bytes) }
      #expect(error.kind == .invalid && error.place == "a.npz")
      #expect(error.message.contains("not packed so small") && error.message.contains("numpy.savez"), "\(error)")
      // below the limit that holds for users they are archives
      #expect(try NumPyArchive(bytes, place: "a").entries.allSatisfy { $0.array.bytes.allSatisfy { $0 == 0 } })
    }
    #expect(try read(zeros(["a.npy"], count: 40_000)).entries[0].array.shape == [40_000])
    // one that lies unpacks to no more than it says
    var lying = try zeros(["a.npy"], count: 100_000)
    let entry = try #require(lying.indices.first { lying[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    lying.replaceSubrange(entry + 24..<entry + 28, with: WAVEBytes.word(200, 4))
    #expect(try dataError { _ = try read(lying) }.message.contains("more than the 200 bytes"))
  }

  @Test func damage() throws {
    var randomness = Randomness(14)
    let seeds = [try archive("stored"), try archive("deflated")]
    var refused = 0
    for round in 0..<3000 {
      do {
        _ = try NumPyArchive(randomness.mutated(seeds[round % 2]), place: "a")
      } catch {
        refused += 1
      }
    }
    #expect(refused > 1500)
  }
}
