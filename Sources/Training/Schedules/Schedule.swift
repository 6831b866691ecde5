import DescentTensors

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The learning rate as a function of the step: η(t, η₀), where t counts from 0 and η₀ is the optimizer's rate when training
/// starts.
///
///     try trainer.fit(data, epochs: 10, schedule: .oneCycle(maximum: 0.01, steps: 10 * 938))
///     try trainer.fit(data, epochs: 90, schedule: .sequence([(5, .warmUp(steps: 5)), (85, .cosine(steps: 85))]).perEpoch)
///
/// Values of one schedule multiply as a chain with another's: ``chained(_:)``.
public struct Schedule: Sendable {
  /// What ``rate(at:base:)`` counts.
  public enum Unit: Sendable, Hashable {
    /// Batches, also those that an optimizer which accumulates gradients makes no step of.
    case step
    /// Passes over the data.
    case epoch
  }

  /// What t counts in a training run.
  public let unit: Unit
  private let function: @Sendable (_ step: Int, _ base: Double) -> Double

  /// A schedule of one's own: η from t, counted from 0, and η₀.
  public init(unit: Unit = .step, _ function: @escaping @Sendable (_ step: Int, _ base: Double) -> Double) {
    self.unit = unit
    self.function = function
  }

  /// η(t, η₀).
  ///
  /// - Parameters:
  ///   - step: t, 0 or more.
  ///   - base: η₀.
  public func rate(at step: Int, base: Double) -> Double { function(step, base) }

  /// The same function of epochs.
  public var perEpoch: Schedule { Schedule(unit: .epoch, function) }
}

// MARK: Composition

extension Schedule {
  /// One after the other, each for so many steps and from its own start; the last one goes on: PyTorch's `SequentialLR`.
  /// All count the same unit, which ``perEpoch`` of the whole may change.
  public static func sequence(
    _ parts: [(steps: Int, schedule: Schedule)], file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    check(
      !parts.isEmpty && parts.allSatisfy { $0.steps > 0 },
      "Schedule.sequence: needs a part of a step or more, got \(parts.map(\.steps))", file: file, line: line)
    checkUnits(parts.map(\.schedule), "sequence", file: file, line: line)
    return Schedule(unit: parts.first?.schedule.unit ?? .step) { step, base in
      var start = 0
      for part in parts.dropLast() {
        if step < start + part.steps { return part.schedule.rate(at: step - start, base: base) }
        start += part.steps
      }
      return parts.last?.schedule.rate(at: step - start, base: base) ?? base
    }
  }

  /// All at once, each taking the rate of the one before as its η₀, so that factors multiply: PyTorch's `ChainedScheduler`.
  /// All count the same unit.
  public static func chained(
    _ schedules: [Schedule], file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    checkUnits(schedules, "chained", file: file, line: line)
    return Schedule(unit: schedules.first?.unit ?? .step) { step, base in
      schedules.reduce(base) { $1.rate(at: step, base: $0) }
    }
  }

  private static func checkUnits(_ parts: [Schedule], _ name: String, file: StaticString, line: UInt) {
    check(
      Set(parts.map(\.unit)).count < 2,
      "Schedule.\(name): all parts must count the same unit, got \(parts.map { "\($0.unit)" }.joined(separator: ", "))",
      file: file, line: line)
  }
}

// MARK: Falling

extension Schedule {
  /// η₀·f(t).
  private static func factor(_ function: @escaping @Sendable (_ step: Int) -> Double) -> Schedule {
    Schedule { $1 * function($0) }
  }

  /// η₀ throughout; for the first steps times a factor: PyTorch's `ConstantLR`.
  public static func constant(factor: Double = 1, steps: Int = 0) -> Schedule {
    .factor { $0 < steps ? factor : 1 }
  }

  /// η₀·γ^⌊t / size⌋: PyTorch's `StepLR`.
  ///
  /// - Parameter size: steps from one fall to the next, 1 or more.
  public static func step(
    size: Int, factor: Double = 0.1, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    checkSteps(size, "step", file: file, line: line)
    return .factor { pow(factor, Double($0 / size)) }
  }

  /// η₀·γⁿ, n the milestones that t has reached: PyTorch's `MultiStepLR`.
  public static func multiStep(at milestones: [Int], factor: Double = 0.1) -> Schedule {
    .factor { step in pow(factor, Double(milestones.count { $0 <= step })) }
  }

  /// η₀·γᵗ: PyTorch's `ExponentialLR`.
  public static func exponential(factor: Double) -> Schedule { .factor { pow(factor, Double($0)) } }

  /// η₀·(1 − t / steps)^p, 0 from there on: PyTorch's `PolynomialLR`.
  public static func polynomial(
    steps: Int, power: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    checkSteps(steps, "polynomial", file: file, line: line)
    return .factor { pow(1 - Double(min($0, steps)) / Double(steps), power) }
  }

  /// η₀ / (1 + k·t): Keras's `InverseTimeDecay` with k = `decay_rate` / `decay_steps`.
  public static func inverseTime(decay: Double, file: StaticString = #fileID, line: UInt = #line) -> Schedule {
    check(decay >= 0, "Schedule.inverseTime: the decay must be 0 or more, got \(decay)", file: file, line: line)
    return .factor { 1 / (1 + decay * Double($0)) }
  }

  /// From η₀·start to η₀·end in a straight line, which goes on at its end: PyTorch's `LinearLR`.
  public static func linear(
    from start: Double = 1.0 / 3, to end: Double = 1, steps: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    checkSteps(steps, "linear", file: file, line: line)
    return .factor { start + (end - start) * Double(min($0, steps)) / Double(steps) }
  }

  /// A straight line from η₀ / steps, η₀·(t + 1) / steps, up to η₀: what comes in front of another schedule (Goyal and others,
  /// "Accurate, large minibatch SGD: training ImageNet in 1 hour", 2017).
  public static func warmUp(steps: Int, file: StaticString = #fileID, line: UInt = #line) -> Schedule {
    checkSteps(steps, "warmUp", file: file, line: line)
    return .factor { min(1, Double($0 + 1) / Double(steps)) }
  }

  /// η₀·factor·d^−½·min(s^−½, s·w^−³ᐟ²), s = t + 1: up for w steps, then down with the root (Vaswani and others, "Attention is
  /// all you need", 2017, section 5.3).
  ///
  /// - Parameters:
  ///   - width: d, the model's width.
  ///   - warmUp: w.
  public static func noam(
    width: Int, warmUp: Int, factor: Double = 1, file: StaticString = #fileID, line: UInt = #line
  ) -> Schedule {
    checkSteps(min(width, warmUp), "noam", file: file, line: line)
    return .factor { step in
      let step = Double(step + 1)
      return factor / Double(width).squareRoot() * min(1 / step.squareRoot(), step * pow(Double(warmUp), -1.5))
    }
  }
}

func checkSteps(_ steps: Int, _ name: String, file: StaticString, line: UInt) {
  check(steps > 0, "Schedule.\(name): needs 1 step or more, got \(steps)", file: file, line: line)
}
