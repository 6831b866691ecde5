/// What padding repeats of the tensor itself.
public enum EdgePadding: Sendable, Hashable, CaseIterable {
  /// The elements mirrored at the edge, without the edge: c b | a b c | b a. Less than the extent.
  case reflection
  /// The edge again and again: a a | a b c | c c.
  case replication
  /// The other end: b c | a b c | a b. The extent at most.
  case circular
}

extension Tensor {
  /// Elements of the tensor itself added around it: `low[i]` before and `high[i]` behind on axis i (PyTorch's `pad` with
  /// modes reflect, replicate and circular).
  public func padded(
    low: [Int], high: [Int], by padding: EdgePadding, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      low.count == rank && high.count == rank && (low + high).allSatisfy { $0 >= 0 },
      "pad(\(signature)): needs \(rank) amounts of 0 or more on either side, got \(low) and \(high)", file: file,
      line: line)
    return shape.indices.reduce(self) { result, axis in
      let (low, high, extent) = (low[axis], high[axis], shape[axis])
      guard low + high > 0 else { return result }
      let most =
        switch padding {
        case .reflection: extent - 1
        case .replication: extent > 0 ? Int.max : 0
        case .circular: extent
        }
      check(
        Swift.max(low, high) <= most,
        "pad(\(signature)): \(padding) adds \(Swift.max(most, 0)) at most to axis \(axis), not \(low) and \(high)",
        file: file,
        line: line)
      let places = (-low..<extent + high).map { place in
        switch padding {
        case .reflection: place < 0 ? -place : place < extent ? place : 2 * (extent - 1) - place
        case .replication: Swift.min(Swift.max(place, 0), extent - 1)
        case .circular: (place + extent) % extent
        }
      }
      return result.take(Tensor(places.map { Int64($0) }), axis: axis, file: file, line: line)
    }
  }
}
