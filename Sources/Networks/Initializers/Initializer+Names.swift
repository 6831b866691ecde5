extension Initializer {
  /// One initializer of each kind, with its usual numbers: for lists and for lookup by name.
  public static let all: [Initializer] = [
    .zeros, .ones, .constant(0), .uniform(), .normal(), .truncatedNormal(), .glorotNormal, .glorotUniform, .heNormal,
    .heUniform, .leCunNormal, .leCunUniform, .uniformByFanIn, .varianceScaling(), .orthogonal(), .identity(), .dirac(),
    .sparse(),
  ]

  /// The initializer of this name in kebab-case, such as `glorot-uniform`, with its usual numbers, or nil.
  public static func named(_ name: String) -> Initializer? { all.first { $0.name == name } }
}
