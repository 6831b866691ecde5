/// The members of a zip archive, stored or deflated. Members beyond 4 GiB and encrypted ones are refused.
///
/// The directory at the end is what counts; the headers before the members only say where their bytes begin.
/// Source: PKWARE, ".ZIP File Format Specification" 6.3.
struct ZipArchive {
  struct Member {
    let name: String
    let isDeflated: Bool
    /// Where its bytes lie, with the header before them.
    let range: Range<Int>
    /// Where its packed bytes begin.
    let start: Int
    let count: Int
    let checksum: Int
  }

  /// In the directory's order, no two of one name.
  let members: [Member]
  private let bytes: [UInt8]
  private let place: String

  /// Reads the directory.
  ///
  /// - Throws: ``DataError/Kind/invalid`` where it is damaged, or says more than the bytes can, or honestly would, unpack
  ///   to: members that share bytes, as those of a bomb do, are refused. No member unpacks to more than it says.
  init(_ bytes: [UInt8], place: String, unpacking limit: UnpackingLimit) throws(DataError) {
    self.bytes = bytes
    self.place = place
    let (count, directory) = try ZipArchive.directory(in: bytes, place: place)
    var members: [Member] = []
    var names: Set<String> = []
    var position = directory.lowerBound
    for _ in 0..<count {
      let member = try ZipArchive.readMember(bytes, at: &position, before: directory, place: place)
      guard names.insert(member.name).inserted else {
        throw .invalid(place, "two members of the archive are called '\(member.name)'")
      }
      members.append(member)
    }
    let sorted = members.sorted { $0.range.lowerBound < $1.range.lowerBound }
    for (one, next) in zip(sorted, sorted.dropFirst()) where one.range.upperBound > next.range.lowerBound {
      throw .invalid(place, "the members '\(one.name)' and '\(next.name)' of the archive share bytes")
    }
    let total = members.reduce(0) { $0 + $1.count }
    guard total <= Files.sizeLimit else {
      throw .invalid(place, "unpacks to more than \(Files.sizeLimit) bytes, the most that is read into memory here")
    }
    // many members may be what one is not
    try limit.check(
      total, from: bytes.count, place: place,
      advice: "If you trust the file, save its arrays with numpy.savez, not packed")
    self.members = members
  }

  /// A member's content, its checksum checked.
  func content(of member: Member) throws(DataError) -> [UInt8] {
    let place = "\(place), member '\(member.name)'"
    var content: [UInt8]
    if member.isDeflated {
      do throws(Inflate.Failure) {
        content = try unpacked(member)
      } catch {
        switch error {
        case .refused(let error): throw error
        case .damaged(let what, let byte): throw .invalid("\(place), byte \(byte)", "damaged zip data: \(what)")
        case .full: throw .invalid(place, "unpacks to more than the \(member.count) bytes that the directory announces")
        case .noMemory: throw .invalid(place, "unpacks to more than this machine's memory holds")
        }
      }
    } else {
      content = Array(bytes[member.start..<member.range.upperBound])
    }
    guard content.count == member.count else {
      throw .invalid(place, "has \(content.count) bytes, not the \(member.count) that the directory announces")
    }
    guard content.withUnsafeBytes({ CRC32.checksum($0) }) == member.checksum else {
      throw .invalid(place, "the checksum differs. Get the file again")
    }
    return content
  }

  private func unpacked(_ member: Member) throws(Inflate.Failure) -> [UInt8] {
    // A closure can't throw a typed error through `withUnsafeBytes`, so the outcome is carried out.
    let result: Result<[UInt8], Inflate.Failure> = bytes.withUnsafeBytes { file in
      do throws(Inflate.Failure) {
        var output = try InflateOutput(expected: member.count, limit: member.count)
        var inflate = Inflate(UnsafeRawBufferPointer(rebasing: file[..<member.range.upperBound]), at: member.start)
        _ = try inflate.run(into: &output)
        try output.check()
        return .success(Array(output.bytes(from: 0)))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// How many members there are, and where the directory lies.
  private static func directory(in bytes: [UInt8], place: String) throws(DataError) -> (Int, Range<Int>) {
    guard bytes.starts(with: Array("PK".utf8)) else { throw .invalid(place, "no zip archive") }
    // The end record has 22 bytes and a comment of at most 65,535, whose length has to agree.
    let last = bytes.count - 22
    var start = last
    while start >= max(0, last - 0xFFFF) {
      if hasSignature(bytes, (5, 6), at: start), start + 22 + number(bytes, start + 20, 2) == bytes.count { break }
      start -= 1
    }
    guard start >= max(0, last - 0xFFFF) else { throw .invalid(place, "the zip archive's end is missing: cut short") }
    let count = number(bytes, start + 10, 2)
    let (length, offset) = (number(bytes, start + 12, 4), number(bytes, start + 16, 4))
    guard count != 0xFFFF, length != 0xFFFF_FFFF, offset != 0xFFFF_FFFF else { throw .invalid(place, tooLarge) }
    guard number(bytes, start + 4, 4) == 0, number(bytes, start + 8, 2) == count else {
      throw .invalid(place, "a zip archive in several parts. Put it together first")
    }
    guard offset + length <= start else { throw damaged(place, "its directory reaches past its end") }
    return (count, offset..<offset + length)
  }

  private static func readMember(
    _ bytes: [UInt8], at position: inout Int, before directory: Range<Int>, place: String
  ) throws(DataError) -> Member {
    let start = position
    guard directory.upperBound - start >= 46, hasSignature(bytes, (1, 2), at: start) else {
      throw damaged(place, "its directory is cut short")
    }
    let (nameCount, rest) = (number(bytes, start + 28, 2), number(bytes, start + 30, 2) + number(bytes, start + 32, 2))
    position = start + 46 + nameCount + rest
    guard position <= directory.upperBound else { throw damaged(place, "its directory is cut short") }
    guard let name = String(validating: bytes[start + 46..<start + 46 + nameCount], as: UTF8.self) else {
      throw damaged(place, "a member's name is not valid UTF-8")
    }
    let here = "\(place), member '\(name)'"
    let (flags, method) = (number(bytes, start + 8, 2), number(bytes, start + 10, 2))
    guard flags & 1 == 0 else { throw .invalid(here, "is encrypted. Unlock it first") }
    guard method == 0 || method == 8 else { throw .invalid(here, "is packed by method \(method), not by deflate") }
    let (packed, count) = (number(bytes, start + 20, 4), number(bytes, start + 24, 4))
    let header = number(bytes, start + 42, 4)
    guard packed != 0xFFFF_FFFF, count != 0xFFFF_FFFF, header != 0xFFFF_FFFF else { throw .invalid(here, tooLarge) }
    // Deflate's best is 1032 to 1.
    guard method == 0 ? count == packed : count <= 1032 * packed else {
      throw .invalid(here, "is said to have \(count) bytes, which can't be in \(packed)")
    }
    guard header + 30 <= directory.lowerBound, hasSignature(bytes, (3, 4), at: header) else {
      throw damaged(here, "there is no such member")
    }
    let data = header + 30 + number(bytes, header + 26, 2) + number(bytes, header + 28, 2)
    guard data + packed <= directory.lowerBound else { throw damaged(here, "its bytes reach into the directory") }
    return Member(
      name: name, isDeflated: method == 8, range: header..<data + packed, start: data, count: count,
      checksum: number(bytes, start + 16, 4))
  }

  private static let tooLarge = "larger than 4 GiB, which is not read from zip archives. Save its arrays as .npy files"

  private static func damaged(_ place: String, _ what: String) -> DataError {
    .invalid(place, "damaged zip archive: \(what)")
  }

  private static func number(_ bytes: [UInt8], _ start: Int, _ width: Int) -> Int {
    littleEndian(bytes[start..<start + width])
  }

  /// Whether a record of this kind begins here: its letters are "PK" and these two.
  private static func hasSignature(_ bytes: [UInt8], _ kind: (UInt8, UInt8), at start: Int) -> Bool {
    bytes[start] == UInt8(ascii: "P") && bytes[start + 1] == UInt8(ascii: "K") && bytes[start + 2] == kind.0
      && bytes[start + 3] == kind.1
  }
}
