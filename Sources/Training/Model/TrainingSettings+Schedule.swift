#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension TrainingSettings {
  /// Schedules by name, each for a run of so many steps and so many steps an epoch, with the rate η as its greatest; nil
  /// for those that leave the rate alone or follow the loss.
  public static let schedules:
    [(name: String, make: @Sendable (_ steps: Int, _ stepsPerEpoch: Int, _ rate: Double) -> Schedule?)] = [
      ("constant", { _, _, _ in nil }),
      // to a tenth after each third
      ("step", { steps, _, _ in .step(size: max(1, (steps + 2) / 3)) }),
      ("multi-step", { steps, _, _ in .multiStep(at: [steps / 2, steps * 3 / 4]) }),
      // to a hundredth in the end
      ("exponential", { steps, _, _ in .exponential(factor: pow(0.01, 1 / Double(steps))) }),
      // to a tenth in the end
      ("inverse-time", { steps, _, _ in .inverseTime(decay: 9 / Double(steps)) }),
      ("polynomial", { steps, _, _ in .polynomial(steps: steps, power: 2) }),
      ("linear", { steps, _, _ in .linear(from: 1, to: 0, steps: steps) }),
      ("cosine", { steps, _, _ in .cosine(steps: steps) }),
      // cycles of 1, 2, 4, … of 15 parts
      ("cosine-restarts", { steps, _, _ in .cosineWithRestarts(steps: max(1, steps / 15), growth: 2) }),
      // five triangles, from a tenth of the rate
      (
        "cyclic",
        { steps, _, rate in
          .chained([.constant(factor: 0.1, steps: .max), .cyclic(maximum: rate, up: max(1, steps / 10))])
        }
      ),
      ("one-cycle", { steps, _, rate in .oneCycle(maximum: rate, steps: max(2, steps)) }),
      // rises for a tenth to the rate itself
      (
        "noam",
        { steps, _, _ in
          let rise = max(1, steps / 10)
          return .noam(width: 1, warmUp: rise, factor: Double(rise).squareRoot())
        }
      ),
      ("plateau", { _, _, _ in nil }),
    ]

  /// The schedule for a training part of so many rows.
  func schedule(rows: Int) -> Schedule? {
    let perEpoch = max(1, EpochBatches(rows: rows, size: batchSize).count)
    let rise = warmUp > 0 ? Schedule.warmUp(steps: warmUp * perEpoch) : nil
    let course = Self.schedules.first { $0.name == schedule }?.make(epochs * perEpoch, perEpoch, learningRate)
    switch (rise, course) {
    case (let rise?, let course?): return .chained([course, rise])
    default: return rise ?? course
    }
  }
}
