import Synchronization

/// Traces a function of tensors once for each shape, type, mode and precision of its arguments, and replays the plan from then on.
///
/// What changes from call to call comes in as an argument or lives in variables: parameters, a layer's state, an
/// optimizer's. Reading numbers inside, or branching on them, stops with a message. Swift code inside runs while the
/// function is traced only.
///
///     let step = compile { [x] in [x.squared().sum()] }
///     let total = step(points)[0].item(Float.self)
public func compile(_ body: @escaping @Sendable ([Tensor]) -> [Tensor]) -> CompiledFunction {
  CompiledFunction(body, options: .standard)
}

/// A function of tensors whose plans are kept. See ``compile(_:)``.
///
/// A replayed call with up to two arguments allocates nothing where the results of the call before are no longer held:
/// they lie in the same memory again.
public final class CompiledFunction: Sendable {
  fileprivate struct Entry {
    let arguments: [Signature]
    let mode: Mode
    let precision: Precision
    let settings: ExecutionSettings
    let plan: CompiledPlan

    func fits(
      _ count: Int, _ argument: (Int) -> Tensor, _ mode: Mode, _ precision: Precision, _ settings: ExecutionSettings
    ) -> Bool {
      guard arguments.count == count, self.mode == mode, self.precision == precision, self.settings == settings else {
        return false
      }
      for place in 0..<count where argument(place).signature != arguments[place] { return false }
      return true
    }
  }

  fileprivate struct State {
    /// The last one used comes first.
    var entries: [Entry] = []
    var step = 0
  }

  /// Plans of one function that are kept; the least recently used goes first.
  private static let capacity = 64

  private let body: @Sendable ([Tensor]) -> [Tensor]
  private let options: PlanOptions
  private let seed: UInt64
  private let stream: Int
  private let state = Mutex(State())

  package init(_ body: @escaping @Sendable ([Tensor]) -> [Tensor], options: PlanOptions) {
    self.body = body
    self.options = options
    seed = RandomSource.current.seed
    stream = RandomSource.current.reserve(Trace.streams)
  }

  /// Runs the function: the results are evaluated, and variables that it assigns hold their new values.
  public func callAsFunction(_ arguments: Tensor...) -> [Tensor] { self(arguments) }

  /// Runs the function: the results are evaluated, and variables that it assigns hold their new values.
  public func callAsFunction(_ arguments: [Tensor]) -> [Tensor] {
    if Trace.current != nil { return body(arguments) }
    return run(arguments.count, in: .current) { arguments[$0] }
  }

  /// Runs the function on no argument.
  public func callAsFunction() -> [Tensor] { self([]) }

  /// Runs the function on one argument.
  public func callAsFunction(_ argument: Tensor) -> [Tensor] {
    if Trace.current != nil { return body([argument]) }
    return run(1, in: .current) { _ in argument }
  }

  /// Runs the function on two arguments, in the mode of the current task where none is given.
  public func callAsFunction(_ first: Tensor, _ second: Tensor, in mode: Mode? = nil) -> [Tensor] {
    if Trace.current != nil { return body([first, second]) }
    return run(2, in: mode ?? .current) { $0 == 0 ? first : second }
  }

  private func run(_ count: Int, in mode: Mode, _ argument: (Int) -> Tensor) -> [Tensor] {
    for place in 0..<count where argument(place).node.storage == nil { evaluate(argument(place)) }
    let plan = plan(count, in: mode, argument)
    return plan.run(argument) {
      let step = state.withLock { state in
        defer { state.step += 1 }
        return state.step
      }
      return RandomKey.storage(seed: seed, stream: stream, step: step)
    }
  }

  /// The plan for such arguments, traced now if it has not been.
  package func plan(for arguments: [Tensor], in mode: Mode = .current) -> CompiledPlan {
    plan(arguments.count, in: mode) { arguments[$0] }
  }

  private func plan(_ count: Int, in mode: Mode, _ argument: (Int) -> Tensor) -> CompiledPlan {
    let (settings, precision) = (ExecutionSettings.current, Precision.current)
    if let plan = state.withLock({ $0.plan(for: count, argument, mode, precision, settings) }) { return plan }
    let signatures = (0..<count).map { argument($0).signature }
    let plan = mode { CompiledPlan(tracing: body, arguments: signatures, options: options) }
    state.withLock { state in
      if state.entries.count >= Self.capacity { state.entries.removeLast() }
      state.entries.insert(
        Entry(arguments: signatures, mode: mode, precision: precision, settings: settings, plan: plan), at: 0)
    }
    return plan
  }
}

extension CompiledFunction.State {
  fileprivate mutating func plan(
    for count: Int, _ argument: (Int) -> Tensor, _ mode: Mode, _ precision: Precision, _ settings: ExecutionSettings
  ) -> CompiledPlan? {
    guard let place = entries.firstIndex(where: { $0.fits(count, argument, mode, precision, settings) }) else {
      return nil
    }
    let entry = entries[place]
    if place > 0 {
      entries.remove(at: place)
      entries.insert(entry, at: 0)
    }
    return entry.plan
  }
}
