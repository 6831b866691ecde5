/// Stops the program with a message where its programmer broke a rule. What a user's data can cause is
/// thrown instead. (An optimised `precondition` traps without printing its message.)
@inline(__always)
func require(
  _ condition: Bool, _ message: @autoclosure () -> String, file: StaticString = #fileID, line: UInt = #line
) {
  if !condition { fatalError(message(), file: file, line: line) }
}
