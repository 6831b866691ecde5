#if !FUZZING
  import DescentFormats

  /// `DescentFuzzing READER FILE…` reads files as the fuzzer does, to look at what it found in a debugger.
  @main struct Replay {
    static func main() throws {
      guard let reader = Reader.all.first(where: { $0.name == CommandLine.arguments.dropFirst().first }) else {
        print("DescentFuzzing READER FILE…, with one of the readers \(Reader.all.map(\.name))")
        return
      }
      for path in CommandLine.arguments.dropFirst(2) {
        let bytes = try Files.read(path)
        do {
          try reader.read(bytes)
          print("\(path): read")
        } catch let error as DataError {
          print("\(path): refused, \(error)")
        }
      }
    }
  }
#endif
