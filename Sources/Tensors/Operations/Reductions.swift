/// Sum, product, maximum or minimum over axes.
package struct Reduction: Operation {
  package enum Kind: Int, Sendable, CaseIterable { case sum, product, maximum, minimum }

  package let kind: Kind
  /// Sorted, not negative.
  package let axes: [Int]
  let keepsAxes: Bool

  package var name: String { kind.name }
  package var attributes: [Int] { [kind.rawValue, keepsAxes ? 1 : 0] + axes }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    let input = inputs[0]
    let isOrder = kind == .maximum || kind == .minimum
    if isOrder, axes.contains(where: { input.shape[$0] == 0 }) { throw ShapeError("of no elements") }
    // as in PyTorch, integers are added up in 64 bits
    let type: ElementType = isOrder || input.type.isFloatingPoint ? input.type : .int64
    return Signature(reducedShape(input.shape, axes: axes, keepsAxes: keepsAxes), type)
  }

  package func gradients(of result: Tensor, inputs: [Tensor], with resultGradient: Tensor) -> [Tensor?] {
    let x = inputs[0]
    let kept = reducedShape(x.shape, axes: axes, keepsAxes: true)
    let (g, y) = (resultGradient.reshaped(to: kept), result.reshaped(to: kept))
    switch kind {
    case .sum: return [g.expanded(to: x.shape)]
    case .maximum, .minimum:
      // elements that share the extreme share its gradient
      let taken = (x .== y).cast(to: x.type)
      return [g * taken / taken.sum(axes: axes, keepsAxes: true)]
    case .product: return [g * x.productOfOthers(axes: axes)]
    }
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let input = inputs[0]
    let kept = reducedShape(input.shape, axes: axes, keepsAxes: true)
    var places = Offsets(kept.strides(broadcastTo: input.shape), over: input.shape)
    if result.type.isFloatingPoint {
      var totals = [Double](repeating: start, count: result.count)
      for index in 0..<input.count {
        let (place, value) = (places.next(), input[real: index])
        totals[place] = combined(totals[place], value)
      }
      for index in 0..<result.count { result[real: index] = totals[index] }
    } else {
      let first: Int64 = kind == .sum ? 0 : kind == .product ? 1 : kind == .maximum ? .min : .max
      var totals = [Int64](repeating: first, count: result.count)
      for index in 0..<input.count {
        let (place, value) = (places.next(), input[integer: index])
        switch kind {
        case .sum: totals[place] &+= value
        case .product: totals[place] &*= value
        case .maximum: totals[place] = max(totals[place], value)
        case .minimum: totals[place] = min(totals[place], value)
        }
      }
      for index in 0..<result.count { result[integer: index] = totals[index] }
    }
  }

  private var start: Double {
    switch kind {
    case .sum: 0
    case .product: 1
    case .maximum: -.infinity
    case .minimum: .infinity
    }
  }

  private func combined(_ total: Double, _ value: Double) -> Double {
    switch kind {
    case .sum: total + value
    case .product: total * value
    case .maximum: total.isNaN || value.isNaN ? .nan : max(total, value)
    case .minimum: total.isNaN || value.isNaN ? .nan : min(total, value)
    }
  }
}

extension Reduction.Kind {
  /// What the tensor's method is called.
  var name: String {
    switch self {
    case .sum: "sum"
    case .product: "product"
    case .maximum: "max"
    case .minimum: "min"
    }
  }
}

func reducedShape(_ shape: Shape, axes: [Int], keepsAxes: Bool) -> Shape {
  keepsAxes
    ? shape.indices.map { axes.contains($0) ? 1 : shape[$0] }
    : shape.indices.filter { !axes.contains($0) }.map { shape[$0] }
}

/// The place of the greatest or least element along the last axis: the first of equals; NaN counts as the extreme.
package struct ArgumentReduction: Operation {
  let isMaximum: Bool

  package var name: String { isMaximum ? "argmax" : "argmin" }

  package func result(of inputs: [Signature]) throws(ShapeError) -> Signature {
    guard let extent = inputs[0].shape.last, extent > 0 else { throw ShapeError("of no elements") }
    return Signature(inputs[0].shape.dropLast(), .int64)
  }

  package func define(_ result: Elements, from inputs: [Elements]) {
    let extent = inputs[0].shape.last ?? 1
    let isReal = inputs[0].type.isFloatingPoint
    for row in 0..<result.count {
      let base = row * extent
      var best = 0
      for place in 1..<max(extent, 1) {
        let isBetter: Bool
        if isReal {
          let (value, top) = (inputs[0][real: base + place], inputs[0][real: base + best])
          isBetter = !top.isNaN && (value.isNaN || (isMaximum ? value > top : value < top))
        } else {
          let (value, top) = (inputs[0][integer: base + place], inputs[0][integer: base + best])
          isBetter = isMaximum ? value > top : value < top
        }
        if isBetter { best = place }
      }
      result[integer: row] = Int64(best)
    }
  }
}

extension Tensor {
  private func reduced(
    _ kind: Reduction.Kind, _ axes: [Int]?, _ keepsAxes: Bool, _ file: StaticString, _ line: UInt
  ) -> Tensor {
    let axes = resolve(axes: axes ?? Array(0..<rank), rank: rank, in: kind.name, file: file, line: line)
    return .applying(Reduction(kind: kind, axes: axes, keepsAxes: keepsAxes), to: [self], file: file, line: line)
  }

  /// The sum over the axes, over all of them where none are named. Integers and bool are added up as int64.
  public func sum(
    axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { reduced(.sum, axes, keepsAxes, file, line) }

  /// The product over the axes, over all of them where none are named.
  public func product(
    axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { reduced(.product, axes, keepsAxes, file, line) }

  /// The greatest element over the axes; equal ones share the gradient.
  public func max(
    axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { reduced(.maximum, axes, keepsAxes, file, line) }

  /// The least element over the axes; equal ones share the gradient.
  public func min(
    axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor { reduced(.minimum, axes, keepsAxes, file, line) }

  /// The arithmetic mean over the axes, over all of them where none are named.
  public func mean(
    axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    check(
      type.isFloatingPoint, "mean(\(signature)): needs a floating-point type; use cast(to:)", file: file, line: line)
    return inFloat32 { x in
      let total = x.sum(axes: axes, keepsAxes: keepsAxes, file: file, line: line)
      return total / (Double(elementCount) / Double(Swift.max(total.elementCount, 1)))
    }
  }

  /// Σ (x − mean)² / (n − correction) over the axes.
  ///
  /// - Parameter correction: 1 estimates the variance of what the elements were drawn from, 0 is that of the elements.
  public func variance(
    axes: [Int]? = nil, correction: Int = 1, keepsAxes: Bool = false, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    inFloat32 { x in
      let deviation = x - x.mean(axes: axes, keepsAxes: true, file: file, line: line)
      let total = deviation.squared().sum(axes: axes, keepsAxes: keepsAxes, file: file, line: line)
      let count = Double(elementCount) / Double(Swift.max(total.elementCount, 1))
      return total / Swift.max(0, count - Double(correction))
    }
  }

  /// ln Σ eˣ over the axes, without overflow.
  public func logSumExp(
    axes: [Int]? = nil, keepsAxes: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    inFloat32 { x in
      let top = x.max(axes: axes, keepsAxes: true, file: file, line: line).stopGradient()
      // an infinite maximum would make ∞ − ∞
      let shift = Tensor.select(top.absolute() .== .infinity, Tensor(0, type: x.type), top)
      let sum = (x - shift).exp().sum(axes: axes, keepsAxes: keepsAxes)
      return sum.log() + shift.reshaped(to: sum.shape)
    }
  }

  /// The place of the greatest element over the axes, counted in row-major order over them: int64.
  public func argmax(axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let rows = gatheredAtEnd(axes, in: "argmax", file: file, line: line).tensor
    return .applying(ArgumentReduction(isMaximum: true), to: [rows], file: file, line: line)
  }

  /// The place of the least element over the axes, counted in row-major order over them: int64.
  public func argmin(axes: [Int]? = nil, file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let rows = gatheredAtEnd(axes, in: "argmin", file: file, line: line).tensor
    return .applying(ArgumentReduction(isMaximum: false), to: [rows], file: file, line: line)
  }

  /// For each element the product of all others over the axes: what precede it times what follow it, each by doubling
  /// the distance that is looked back (Hillis and Steele, "Data parallel algorithms", 1986). Nothing is divided, so that
  /// zeros are as good as any number, also in the next gradient.
  fileprivate func productOfOthers(axes: [Int], file: StaticString = #fileID, line: UInt = #line) -> Tensor {
    let (rows, order) = gatheredAtEnd(axes, in: "product", file: file, line: line)
    let (last, count) = (rows.rank - 1, rows.shape[rows.rank - 1])
    let none = [Int](repeating: 0, count: rows.rank)
    func moved(_ tensor: Tensor, by distance: Int, forwards: Bool) -> Tensor {
      let distance = Swift.min(distance, count)
      let kept = tensor.sliced(axis: last, forwards ? 0..<count - distance : distance..<count)
      var gap = none
      gap[last] = distance
      return kept.padded(low: forwards ? gap : none, high: forwards ? none : gap, with: 1)
    }
    func running(forwards: Bool) -> Tensor {
      var total = moved(rows, by: 1, forwards: forwards)
      var distance = 1
      while distance < count {
        total = total * moved(total, by: distance, forwards: forwards)
        distance *= 2
      }
      return total
    }
    let others = running(forwards: true) * running(forwards: false)
    return others.reshaped(to: order.map { shape[$0] }).permuted(inverse(of: order))
  }

  /// The tensor with the axes moved to the end and joined into one, and the order that did it.
  func gatheredAtEnd(
    _ axes: [Int]?, in operation: String, file: StaticString, line: UInt
  ) -> (tensor: Tensor, order: [Int]) {
    let axes = resolve(axes: axes ?? Array(0..<rank), rank: rank, in: operation, file: file, line: line)
    let kept = (0..<rank).filter { !axes.contains($0) }
    let moved = permuted(kept + axes)
    return (moved.reshaped(to: kept.map { shape[$0] } + [axes.map { shape[$0] }.elementCount]), kept + axes)
  }
}
