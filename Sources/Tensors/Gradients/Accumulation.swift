/// What the uses of a tensor pass back to it, added up.
///
/// Two kinds of contributions are joined before they are added. A sequence that is read step by step would otherwise cost
/// the square of its length, each step passing back a whole sequence that is zero everywhere else, and weights that every
/// step uses would be read and written once a step.
struct Accumulation {
  private var contributions: [Tensor]

  init(_ contributions: Tensor...) { self.contributions = contributions }

  mutating func add(_ contribution: Tensor) { contributions.append(contribution) }

  var sum: Tensor {
    let parts = Self.joiningProducts(Self.joiningSlices(contributions))
    return parts.dropFirst().reduce(parts[0], +)
  }

  /// Slices along an axis that were put back into zeros become one tensor, as far as they do not overlap.
  private static func joiningSlices(_ contributions: [Tensor]) -> [Tensor] {
    var (slices, others): ([Int: [(start: Int, part: Tensor, whole: Tensor)]], [Tensor]) = ([:], [])
    for whole in contributions {
      if let place = whole.node.operation as? Place, let part = whole.node.inputs.first.map({ Tensor($0) }),
        let axis = place.axisOfSlice(part.shape)
      {
        slices[axis, default: []].append((place.starts[axis], part, whole))
      } else {
        others.append(whole)
      }
    }
    for (axis, slices) in slices.sorted(by: { $0.key < $1.key }) {
      guard slices.count > 1 else {
        others.append(slices[0].whole)
        continue
      }
      var (end, joined): (Int, [Tensor]) = (0, [])
      func fill(to start: Int) {
        var shape = slices[0].whole.shape
        shape[axis] = start - end
        if start > end { joined.append(.zeros(shape, type: slices[0].whole.type)) }
      }
      for slice in slices.sorted(by: { $0.start < $1.start }) {
        if slice.start < end {
          others.append(slice.whole)
        } else {
          fill(to: slice.start)
          joined.append(slice.part)
          end = slice.start + slice.part.shape[axis]
        }
      }
      fill(to: slices[0].whole.shape[axis])
      others.append(.concatenate(joined, axis: axis))
    }
    return others
  }

  /// Σ AᵢᵀBᵢ becomes one product of the matrices one below the other, [A₁; A₂; …]ᵀ·[B₁; B₂; …], where copying these moves
  /// less than adding up the products.
  private static func joiningProducts(_ contributions: [Tensor]) -> [Tensor] {
    var (factors, products, others): ([[Tensor]], [Tensor], [Tensor]) = ([], [], [])
    for contribution in contributions {
      let inputs = contribution.node.inputs.map { Tensor($0) }
      if let product = contribution.node.operation as? Product, product.transposesLeft, !product.transposesRight,
        inputs.count == 2, inputs.allSatisfy({ $0.rank == 2 }),
        inputs.map(\.elementCount).reduce(0, +) < contribution.elementCount
      {
        factors.append(inputs)
        products.append(contribution)
      } else {
        others.append(contribution)
      }
    }
    guard factors.count > 1 else { return others + products }
    let (left, right) = (Tensor.concatenate(factors.map { $0[0] }), Tensor.concatenate(factors.map { $0[1] }))
    return others + [left.product(right, transposesLeft: true, transposesRight: false)]
  }
}

extension Place {
  /// The axis along which alone a part is smaller than the whole, if it lies there without gaps among zeros.
  fileprivate func axisOfSlice(_ part: Shape) -> Int? {
    let axes = shape.indices.filter { shape[$0] != part[$0] }
    return background == 0 && steps.allSatisfy { $0 == 1 } && axes.count == 1 ? axes[0] : nil
  }
}
