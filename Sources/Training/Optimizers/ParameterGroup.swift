import DescentNetworks
import DescentTensors

/// Parameters, by a pattern of their names, that an optimizer moves in another way than the rest.
///
/// In a pattern `*` stands for any characters, dots too, and `?` for one; everything else is itself: `*bias`,
/// `encoder.*.weight`, `layers.?.*`. Names are those of ``DescentNetworks/Module/variables``.
public struct ParameterGroup: Sendable {
  /// The pattern.
  public let pattern: String
  fileprivate let change: @Sendable (_ settings: inout Optimizer.Settings, _ learningRate: Double) -> Void

  /// Parameters with a learning rate or a weight decay of their own: PyTorch's `param_groups`.
  ///
  /// - Parameters:
  ///   - learningRate: η of the group, 0 or more. It keeps its proportion to the optimizer's when that changes.
  ///   - weightDecay: λ of the group, 0 or more, that enters as the optimizer's does.
  ///   - constraint: what holds for the parameters behind every step, and for their averages.
  public init(
    _ pattern: String, learningRate: Double? = nil, weightDecay: Double? = nil, constraint: Constraint? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) {
    for (value, name) in [(learningRate, "learning rate"), (weightDecay, "weight decay")] {
      check(
        value.map { $0 >= 0 && $0.isFinite } ?? true,
        "ParameterGroup(\"\(pattern)\"): the \(name) must be 0 or more, got \(value ?? 0)", file: file, line: line)
    }
    self.pattern = pattern
    change = { settings, rate in
      if let learningRate { settings.rateFactor = learningRate / rate }
      if let weightDecay { settings.weightDecay = settings.weightDecay.with(weightDecay) }
      if let constraint { settings.constraint = constraint }
    }
  }

  /// Parameters that another optimizer's rule moves, with its learning rate and weight decay. Clipping and all else that was
  /// added to it plays no part.
  ///
  /// - Parameter constraint: what holds for the parameters behind every step, and for their averages.
  public init(_ pattern: String, by optimizer: Optimizer, constraint: Constraint? = nil) {
    self.pattern = pattern
    let (own, ownRate) = (optimizer.configuration.settings, optimizer.learningRate)
    change = { settings, rate in
      settings = own
      settings.rateFactor = ownRate / rate
      settings.constraint = constraint
    }
  }

  private init(frozen pattern: String) {
    self.pattern = pattern
    change = { settings, _ in settings.isFrozen = true }
  }

  /// Parameters that stay as they are; no gradient is computed for them.
  public static func frozen(_ pattern: String) -> ParameterGroup { ParameterGroup(frozen: pattern) }

  package func matches(_ name: String) -> Bool { DescentTraining.matches(Array(name.utf8), Array(pattern.utf8)) }
}

extension Optimizer {
  /// The optimizer with settings of their own for parameters of a network. The first group whose pattern fits a name has
  /// the parameter; those that no pattern fits go by the optimizer's own settings.
  ///
  ///     Optimizer.adamW(learningRate: 3e-4).groups(of: network, [
  ///       .frozen("embedding.*"),
  ///       ParameterGroup("head.*", learningRate: 3e-3),
  ///       ParameterGroup("*bias", weightDecay: 0),
  ///     ])
  ///
  /// A pattern that fits no parameter stops the program. What was given by an earlier call stays where no group fits.
  public func groups(
    of network: some Module, _ groups: [ParameterGroup], file: StaticString = #fileID, line: UInt = #line
  ) -> Optimizer {
    let trained = network.variables.filter(\.isTrained)
    for group in groups {
      check(
        trained.contains { group.matches($0.name) },
        "Optimizer.groups: no parameter fits \"\(group.pattern)\"; there are "
          + trained.map(\.name).joined(separator: ", "), file: file, line: line)
    }
    let rate = learningRate
    return with { configuration in
      for (variable, parameter) in zip(trained, network.parameters) {
        guard let group = groups.first(where: { $0.matches(variable.name) }) else { continue }
        var settings = configuration.settings(of: parameter)
        group.change(&settings, rate)
        configuration.groups[ObjectIdentifier(parameter.variable)] = (parameter, settings)
      }
    }
  }
}

/// Whether a name fits a pattern of `*` and `?`; going back to the last `*` only keeps it from exploding.
private func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
  let (any, one) = (UInt8(ascii: "*"), UInt8(ascii: "?"))
  var (place, mark) = (0, 0)
  var retry: (star: Int, from: Int)?
  while place < name.count {
    if mark < pattern.count, pattern[mark] == any {
      retry = (mark, place)
      mark += 1
    } else if mark < pattern.count, pattern[mark] == one || pattern[mark] == name[place] {
      mark += 1
      place += 1
    } else if let (star, from) = retry {
      retry = (star, from + 1)
      (mark, place) = (star + 1, from + 1)
    } else {
      return false
    }
  }
  return pattern[mark...].allSatisfy { $0 == any }
}
