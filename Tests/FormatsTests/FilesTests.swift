import Foundation
import Testing

@testable import DescentFormats

@Suite struct FilesTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: [0, 1, 65_535, 65_536, 200_001])
  func roundTrip(count: Int) throws {
    var randomness = Randomness(1)
    let content = randomness.bytes(count)
    let path = folder("content")
    try Files.write(content, to: path)
    #expect(try Files.read(path) == content)
    #expect(try folder.names == ["content"])
  }

  @Test func existence() throws {
    try Files.write([1], to: folder("a"))
    #expect(Files.exists(folder("a")) && !Files.isDirectory(folder("a")))
    #expect(Files.exists(folder.path) && Files.isDirectory(folder.path))
    #expect(!Files.exists(folder("b")) && !Files.isDirectory(folder("b")))
    #expect(!Files.exists(folder("a\0b")))
  }

  @Test func missingInput() throws {
    for path in [folder("none"), folder("none/none"), "", folder("a\0")] {
      let error = try dataError { _ = try Files.read(path) }
      #expect(error.kind == .missing && error.place == path)
    }
    try Files.write([1], to: folder("file"))
    #expect(try dataError { _ = try Files.read(folder("file/below")) }.kind == .missing)
  }

  @Test func folderAsInput() throws {
    let error = try dataError { _ = try Files.read(folder.path) }
    #expect(error.kind == .invalid && error.message.contains("folder"))
  }

  @Test func limit() throws {
    try Files.write([1, 2, 3], to: folder("a"))
    #expect(try Files.read(folder("a"), limit: 3) == [1, 2, 3])
    let error = try dataError { _ = try Files.read(folder("a"), limit: 2) }
    #expect(error.kind == .invalid && error.message.contains("2 bytes"))
    // A device says no size, so that only the limit ends it.
    #expect(try dataError { _ = try Files.read("/dev/zero", limit: 100_000) }.kind == .invalid)
    #expect(try Files.read("/dev/null").isEmpty)
  }

  @Test func readsFilesThatSayNoSize() throws {
    #if os(Linux)
      #expect(try Files.read("/proc/self/status").count > 100)
    #endif
  }

  @Test func namedPipeBothWays() throws {
    let path = folder("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    var randomness = Randomness(2)
    let content = randomness.bytes(300_000)
    // A thread of its own: each end waits for the other, and tasks may share one thread.
    Thread.detachNewThread { try? Files.write(content, to: path) }
    #expect(try Files.read(path) == content)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
  }

  @Test func permissionsStay() throws {
    let path = folder("script")
    try Files.write([1], to: path)
    #expect(chmod(path, 0o751) == 0)
    try Files.write([2], to: path)
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o751)
    #expect(try Files.read(path) == [2])
  }

  @Test func linksAreFollowed() throws {
    try Files.write([1], to: folder("target"))
    #expect(symlink("target", folder("relative")) == 0)
    #expect(symlink(folder("relative"), folder("absolute")) == 0)
    #expect(symlink("fresh", folder("dangling")) == 0)
    try Files.write([2], to: folder("absolute"))
    try Files.write([3], to: folder("dangling"))
    #expect(try Files.read(folder("target")) == [2])
    #expect(try Files.read(folder("fresh")) == [3])
    #expect(try folder.names == ["absolute", "dangling", "fresh", "relative", "target"])
    for link in ["absolute", "relative", "dangling"] {
      var status = stat()
      #expect(lstat(folder(link), &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    }
  }

  @Test func unwritableOutputs() throws {
    #expect(symlink("loop", folder("loop")) == 0)
    try Files.write([1], to: folder("file"))
    let paths = ["", folder.path, folder("none/a"), folder("loop"), folder("file/a"), folder("a\0b"), folder("new/")]
    for path in paths {
      let error = try dataError { try Files.write([1], to: path) }
      #expect(error.kind == .unwritable && error.place == path, "\(error)")
      #expect(throws: DataError.self) { try LineWriter(path: path) }
    }
    #expect(try dataError { try Files.write([1], to: folder("none/a")) }.message.contains("there is no folder"))
    #expect(try folder.names == ["file", "loop"])
  }

  @Test func aNameAsLongAsNamesCanBe() throws {
    let path = folder(String(repeating: "n", count: 255))
    try Files.write([1], to: path)
    #expect(try Files.read(path) == [1])
    let error = try dataError { try Files.write([1], to: path + "n") }
    #expect(error.kind == .unwritable)
    #expect(try folder.names.count == 1)
  }

  #if os(Linux)
    @Test func fullDisk() throws {
      let error = try dataError { try Files.write([1, 2, 3], to: "/dev/full") }
      #expect(error.kind == .unwritable && error.message.contains("No space left"))
      let lines = try LineWriter(path: "/dev/full")
      #expect(try dataError { try lines.write("a") }.kind == .unwritable)
      #expect(symlink("/dev/full", folder("link")) == 0)
      #expect(try dataError { try Files.write([1], to: folder("link")) }.kind == .unwritable)
    }

    @Test func anOpenDescriptorIsContinued() throws {
      let descriptor = open(folder("log"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      defer { close(descriptor) }
      #expect(write(descriptor, "abc", 3) == 3)
      try Files.write(Array("def".utf8), to: "/proc/self/fd/\(descriptor)")
      try Files.write(Array("ghi".utf8), to: "/dev/fd/\(descriptor)")
      try LineWriter(path: "/proc/\(getpid())/fd/\(descriptor)").write("jkl")
      #expect(try Files.read(folder("log")) == Array("abcdefghijkl\n".utf8))
    }
  #endif

  // MARK: In pieces

  /// Pieces of many lengths, larger together than what is held in memory.
  private static let pieces = (0..<40_000).map { "\($0)," + String(repeating: "é", count: $0 % 60) + "\n" }

  @Test(arguments: [0, 1, 40_000]) func piecesMakeAFile(count: Int) throws {
    let path = folder("pieces")
    try Files.write(Array("old".utf8), to: path)
    #expect(chmod(path, 0o751) == 0)
    #expect(symlink("pieces", folder("link")) == 0)
    let pieces = Self.pieces.prefix(count)
    try Files.write(to: folder("link")) { file throws(DataError) in
      for piece in pieces { file.append(piece) }
      // nothing is there before all is
      #expect((try? Files.read(path)) == Array("old".utf8))
    }
    #expect(try Files.read(path) == Array(pieces.joined().utf8))
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o7777 == 0o751)
    #expect(try folder.names == ["link", "pieces"])
  }

  @Test(arguments: [1, 40_000]) func anErrorOnTheWayLeavesTheFile(count: Int) throws {
    let path = folder("pieces")
    for content in [nil, [1, 2, 3]] as [[UInt8]?] {
      if let content { try Files.write(content, to: path) }
      let error = try dataError {
        try Files.write(to: path) { file throws(DataError) in
          for piece in Self.pieces.prefix(count) { file.append(piece) }
          throw .invalid("table", "has changed")
        }
      }
      #expect(error == .invalid("table", "has changed"))
      #expect(try folder.names == (content == nil ? [] : ["pieces"]))
    }
    #expect(try Files.read(path) == [1, 2, 3])
  }

  @Test func piecesThatCannotBeWritten() throws {
    for path in ["", folder.path, folder("none/a"), folder("a\0b")] {
      let error = try dataError { try Files.write(to: path) { file throws(DataError) in file.append("a") } }
      #expect(error.kind == .unwritable && error.place == path)
    }
    #expect(try folder.names.isEmpty)
  }

  #if os(Linux)
    @Test(arguments: [1, 40_000]) func piecesForADevice(count: Int) throws {
      let pieces = Self.pieces.prefix(count)
      func put(_ path: String, failing: Bool = false) throws(DataError) {
        try Files.write(to: path) { file throws(DataError) in
          for piece in pieces { file.append(piece) }
          if failing { throw .invalid("table", "has changed") }
        }
      }
      let full = try dataError { try put("/dev/full") }
      #expect(full.kind == .unwritable && full.message.contains("No space left"))
      let descriptor = open(folder("log"), O_WRONLY | O_CREAT | O_TRUNC, 0o600)
      defer { close(descriptor) }
      #expect(write(descriptor, "abc", 3) == 3)
      // what fails on the way leaves nothing there either
      #expect(throws: DataError.self) { try put("/dev/fd/\(descriptor)", failing: true) }
      #expect(try Files.read(folder("log")) == Array("abc".utf8))
      try put("/dev/fd/\(descriptor)")
      #expect(try Files.read(folder("log")) == Array("abc".utf8) + pieces.joined().utf8)
    }
  #endif

  // MARK: Lines

  @Test func linesAreThereAtOnce() throws {
    let path = folder("metrics.jsonl")
    try Files.write(Array("old".utf8), to: path)
    let lines = try LineWriter(path: path)
    #expect(try Files.read(path).isEmpty)
    try lines.write(#"{"epoch":1}"#)
    #expect(try Files.read(path) == Array("{\"epoch\":1}\n".utf8))
    try lines.write("")
    #expect(try Files.read(path) == Array("{\"epoch\":1}\n\n".utf8))
  }

  @Test func errorsPrintTheirPlace() {
    let error = DataError.invalid("iris.csv, line 3, column 'width'", "'wide' is not a number")
    #expect("\(error)" == "iris.csv, line 3, column 'width': 'wide' is not a number")
    #expect("\(DataError.invalid("a\u{1B}[2J", "é\n\u{85}b"))" == #"a\u{1b}[2J: é\u{a}\u{85}b"#)
    #expect(DataError.missing("a", "b").kind == .missing && DataError.unwritable("a", "b").kind == .unwritable)
    #expect(DataError(.missing, place: "a", message: "b") == .missing("a", "b"))
  }
}
