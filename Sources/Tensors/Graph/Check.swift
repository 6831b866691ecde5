/// Stops the program when `condition` is false: for mistakes that only a programmer can make.
///
/// An optimised `precondition` traps without printing its message, so every such check of the package goes through here.
package func check(
  _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String,
  file: StaticString = #fileID, line: UInt = #line
) {
  if !condition() { programmerError(message(), file: file, line: line) }
}

/// Stops the program with a message that names the place of the call; inside an ``Attempt`` only that.
@inline(never)
package func programmerError(_ message: String, file: StaticString = #fileID, line: UInt = #line) -> Never {
  Attempt.fail(message)
  fatalError(message, file: file, line: line)
}
