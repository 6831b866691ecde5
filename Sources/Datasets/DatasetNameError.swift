/// A data set asked for in a way that can't be meant: an unknown option behind a name, a value out of range,
/// a table without a target. A command line ends with exit code 64 (wrong usage).
public struct DatasetNameError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong, and what can be written instead.
  public let message: String

  /// An error with this message.
  public init(_ message: String) { self.message = message }

  /// The message.
  public var description: String { message }
}
