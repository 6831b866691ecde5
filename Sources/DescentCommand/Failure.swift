import ArgumentParser
import Descent

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Words of a command that make no sense together, or by themselves.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// How the program ends when something goes wrong: one line on standard error, and the exit code of sysexits.h.
enum Failure {
  static func exit(with error: any Error) -> Never {
    fflush(nil)
    if let code = code(of: error) {
      report("\(error)")
      endProcess(code)
    }
    // what the argument parser throws: help and version among it
    let code = Main.exitCode(for: error)
    if code.isSuccess {
      print(Main.fullMessage(for: error))
      fflush(nil)
    } else {
      report(Main.message(for: error))
    }
    endProcess(code.rawValue)
  }

  private static func code(of error: any Error) -> Int32? {
    switch error {
    case is UsageError, is DatasetNameError: return EX_USAGE
    case let error as DataError:
      switch error.kind {
      case .invalid: return EX_DATAERR
      case .missing: return EX_NOINPUT
      case .unwritable: return EX_CANTCREAT
      }
    case is TrainingDiverged: return 1
    default: return nil
    }
  }

  private static func report(_ message: String) {
    let line = message.split(whereSeparator: \.isNewline).map { $0.trimmingSpaces() }.filter { !$0.isEmpty }
    let text = Array("descent: \(line.joined(separator: " "))\n".utf8)
    _ = text.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

extension Substring {
  fileprivate func trimmingSpaces() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}

/// `exit` under a name that ``Failure/exit(with:)`` does not hide.
private func endProcess(_ code: Int32) -> Never { exit(code) }
