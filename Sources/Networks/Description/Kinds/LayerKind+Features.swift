import DescentTensors

extension LayerKind {
  /// Features made of features, by a rule or fitted on the data to learn from.
  static let features = [
    LayerKind("principal-components") { fields, place in
      let count = place.shape.dropFirst().reduce(1, *)
      let form = try fields.choice(
        "form", ["components": PrincipalComponents.Form.components, "whitened": .whitened, "zero-phase": .zeroPhase],
        "components")
      let outputs = try fields.optionalCount("outputs", shown: "as many as inputs") ?? count
      guard count <= PrincipalComponents.mostFeatures else {
        throw fields.problem(
          "\(count) numbers are too many; principal components take \(PrincipalComponents.mostFeatures)")
      }
      guard outputs <= count, form != .zeroPhase || outputs == count else {
        throw fields.problem(
          "\(count) numbers have no \(outputs) \(form == .zeroPhase ? "zero-phase " : "")components", at: "outputs")
      }
      return PrincipalComponents(
        count, outputs: outputs, form: form, epsilon: try fields.epsilon(1e-5), type: place.type)
    },
    LayerKind("powers") { fields, place in
      let degree = try fields.count("degree", 2, to: 8)
      let features = try place.features(fields)
      let products = Powers.count(degree, features: features)
      guard products <= 1 << 16 else {
        throw fields.problem("\(features) features have too many products of degree \(degree)", at: "degree")
      }
      return Powers(degree, features: features)
    },
    LayerKind("sines") { fields, _ in Sines(try fields.count("count", 1, to: 64)) },
  ]
}
