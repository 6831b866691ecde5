import DescentFuzzing
import Foundation
import Testing

@testable import DescentFormats

/// What fuzzing began with and what it found: every file is read or refused, and none traps.
@Suite struct CorpusTests {
  private static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Fuzzing/Corpus")

  private func names(in folder: URL) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test func everyReaderHasACorpus() throws {
    #expect(try names(in: Self.corpus) == Reader.all.map(\.name))
  }

  @Test(arguments: Reader.all.map(\.name)) func everyFileIsReadOrRefused(name: String) throws {
    let reader = try #require(Reader.all.first { $0.name == name })
    let folder = Self.corpus.appendingPathComponent(name)
    var read = 0
    for file in try names(in: folder) {
      let bytes = try Files.read(folder.appendingPathComponent(file).path)
      do {
        try reader.read(bytes)
        read += 1
      } catch {
        #expect(error is DataError, "\(name)/\(file): \(error)")
      }
    }
    // Some of them are good, or the fuzzer would begin with nothing.
    #if Pictures
      #expect(read > 0)
    #else
      #expect(read > 0 || name == "picture")
    #endif
  }
}
