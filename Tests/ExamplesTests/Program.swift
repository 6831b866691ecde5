import Foundation

/// What a run of an example printed, and its exit code.
struct Output {
  let text: String
  let status: Int32

  var lines: [String] { text.split(separator: "\n").map(String.init) }

  /// The numbers behind every place where a word stands, up to whatever is no part of a number.
  func numbers(after word: String) -> [Double] {
    text.components(separatedBy: word + " ").dropFirst().compactMap { rest in
      Double(rest.prefix { "+-.0123456789e".contains($0) })
    }
  }
}

/// Runs an example; the package builds it because this test target depends on it.
func runExample(_ name: String, _ arguments: String...) throws -> Output {
  let bundle = Bundle.allBundles.first { $0.bundlePath.hasSuffix(".xctest") }
  let folder = bundle?.bundleURL.deletingLastPathComponent() ?? Bundle.main.bundleURL
  let process = Process()
  process.executableURL = folder.appendingPathComponent("Example\(name)")
  process.arguments = arguments
  let pipe = Pipe()
  process.standardOutput = pipe
  try process.run()
  let data = pipe.fileHandleForReading.readDataToEndOfFile()
  process.waitUntilExit()
  return Output(text: String(decoding: data, as: UTF8.self), status: process.terminationStatus)
}

/// The package's folder of examples.
let examplesFolder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appendingPathComponent("Examples")
