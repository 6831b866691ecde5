/// Elements of a fixed size moved between two strided walks over one shape: what every rearrangement is made of.
struct StridedCopy {
  /// A walk: where it starts and its stride on each axis, in elements. Strides may be 0 or negative.
  struct Walk {
    var address: UnsafeMutableRawPointer
    var start = 0
    var strides: [Int]
  }

  static func run(_ shape: Shape, elementSize: Int, from source: Walk, to target: Walk) {
    switch elementSize {
    case 1: run(shape, from: source, to: target, as: UInt8.self)
    case 2: run(shape, from: source, to: target, as: UInt16.self)
    case 4: run(shape, from: source, to: target, as: UInt32.self)
    default: run(shape, from: source, to: target, as: UInt64.self)
    }
  }

  private static func run<Word>(_ shape: Shape, from source: Walk, to target: Walk, as: Word.Type) {
    guard shape.elementCount > 0 else { return }
    let from = source.address.assumingMemoryBound(to: Word.self)
    let to = target.address.assumingMemoryBound(to: Word.self)
    guard let inner = shape.last, let fromStep = source.strides.last, let toStep = target.strides.last else {
      to[target.start] = from[source.start]
      return
    }
    let outer = Shape(shape.dropLast())
    var fromRows = Offsets(source.strides.dropLast(), over: outer, from: source.start)
    var toRows = Offsets(target.strides.dropLast(), over: outer, from: target.start)
    for _ in 0..<outer.elementCount {
      let (read, write) = (from + fromRows.next(), to + toRows.next())
      if fromStep == 1 && toStep == 1 {
        write.update(from: read, count: inner)
      } else {
        for place in 0..<inner { write[place * toStep] = read[place * fromStep] }
      }
    }
  }
}
