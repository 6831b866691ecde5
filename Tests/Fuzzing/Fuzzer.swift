#if FUZZING
  import DescentFormats

  #if canImport(Darwin)
    import Darwin
  #elseif canImport(Musl)
    import Musl
  #else
    import Glibc
  #endif

  /// The reader that the environment names, because libFuzzer has the command line for itself.
  private let reader: Reader = {
    let name = getenv("DESCENT_READER").map { String(cString: $0) } ?? ""
    guard let reader = Reader.all.first(where: { $0.name == name }) else {
      fatalError("DESCENT_READER is '\(name)', and must be one of \(Reader.all.map(\.name))")
    }
    return reader
  }()

  /// What libFuzzer calls with one input after the other; `make fuzz` builds and runs it.
  @c(LLVMFuzzerTestOneInput)
  public func readOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
      try reader.read(Array(UnsafeBufferPointer(start: start, count: count)))
    } catch is DataError {
      // A refusal, as it should be.
    } catch {
      fatalError("\(reader.name) threw \(error), which is no DataError")
    }
    return 0
  }
#endif
