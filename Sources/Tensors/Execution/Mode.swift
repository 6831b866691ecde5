/// Whether a network is being trained or used: some layers, dropout first among them, behave differently.
///
/// The mode belongs to the task. A new `Thread` or a detached task starts in inference; hand the mode over explicitly.
public enum Mode: Int, Sendable, Hashable {
  /// The network computes what it has learnt: the default.
  case inference
  /// The network is learning.
  case training

  /// The mode of the current task.
  @TaskLocal public static var current: Mode = .inference

  /// Runs the body with this mode as ``current``.
  public func callAsFunction<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Self.$current.withValue(self, operation: body)
  }
}
