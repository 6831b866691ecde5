import DescentFormats
import Foundation
import Testing

/// What a run of the program came to.
struct Run {
  let code: Int32
  let output: String
  let errors: String

  /// The lines on standard error.
  var errorLines: [Substring] { errors.split(separator: "\n", omittingEmptySubsequences: false).dropLast() }
}

/// The program that the tests run.
enum Program {
  /// The program that people run, built for release, where DESCENT_PROGRAM names it (as `make test` does): unoptimised Swift
  /// computes some twenty times as long, and allocates by nature.
  static let release = ProcessInfo.processInfo.environment["DESCENT_PROGRAM"].map { URL(fileURLWithPath: $0) }

  /// The program built for release where there is one, else `descent` in the folder that holds the test bundle.
  static let url: URL =
    release
    ?? {
      let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }?.bundleURL
      let own = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      let folders = [bundle, own, URL(fileURLWithPath: CommandLine.arguments[0])].compactMap {
        $0?.deletingLastPathComponent()
      }
      let candidates = folders.map { $0.appendingPathComponent("descent") }
      return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? candidates[0]
    }()
}

/// A folder of its own for a test, in which it runs the program. It goes when the test ends.
final class Workshop {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("descent-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// The path of a file in the folder.
  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// Writes a file into the folder.
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  /// The content of a file in the folder.
  func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: folder.appendingPathComponent(name))) }

  /// The lines of a text file in the folder.
  func lines(_ name: String) throws -> [String] {
    String(decoding: try bytes(name), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// The objects of a file of JSON lines.
  func records(_ name: String) throws -> [[String: Any]] {
    try lines(name).map { line in
      try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  /// Runs `descent` with arguments in the folder, and waits for its end.
  func run(_ arguments: [String], program: URL = Program.url) throws -> Run {
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.environment = ["TMPDIR": folder.path, "SWIFT_BACKTRACE": "enable=no"]
    let name = UUID().uuidString
    let (output, errors) = (path("\(name).out"), path("\(name).err"))
    for path in [output, errors] { _ = FileManager.default.createFile(atPath: path, contents: nil) }
    // files, not pipes: nothing can fill up and block
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try process.run()
    process.waitUntilExit()
    defer { for path in [output, errors] { try? FileManager.default.removeItem(atPath: path) } }
    return Run(
      code: process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      errors: try String(contentsOfFile: errors, encoding: .utf8))
  }

  /// Runs `descent` with the words of a line.
  func run(_ line: String) throws -> Run { try run(line.split(separator: " ").map(String.init)) }

  /// Runs `descent`, which must succeed and say nothing on standard error.
  @discardableResult
  func succeed(_ line: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Run {
    let run = try run(line)
    #expect(run.code == 0 && run.errors.isEmpty, "\(line): \(run.code) \(run.errors)", sourceLocation: sourceLocation)
    return run
  }
}
