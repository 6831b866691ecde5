import Foundation
import Testing

@testable import DescentTensors

/// A function's values: operands, and what the function gives for them.
private struct Values {
  let operands: [[Double]]
  let expected: [Double]

  init(_ operands: [Double]..., gives expected: [Double]) {
    self.operands = operands
    self.expected = expected
  }
}

private let infinity = Double.infinity
private let nan = Double.nan

/// Values in floating point, for every function that takes it: ordinary ones, extremes, infinity and NaN.
private func floatingValues(_ function: ElementwiseFunction) -> Values? {
  let order = (left: [1, 2, 2, infinity, nan, 1], right: [2, 1, 2, infinity, 1, nan])
  switch function {
  case .negate: return Values([0, 1.5, -infinity, nan], gives: [-0.0, -1.5, infinity, nan])
  case .absolute: return Values([-0.0, -1.5, -infinity, nan], gives: [0, 1.5, infinity, nan])
  case .sign: return Values([0, 1e-30, -1.5, -infinity, nan], gives: [0, 1, -1, -1, nan])
  case .floor: return Values([0.5, -0.5, 2, 1e10, -infinity, nan], gives: [0, -1, 2, 1e10, -infinity, nan])
  case .round: return Values([0.5, 1.5, 2.5, -0.7, infinity, nan], gives: [0, 2, 2, -1, infinity, nan])
  case .exp: return Values([0, 1, -400, 710, -infinity, nan], gives: [1, M_E, 0, infinity, 0, nan])
  case .log: return Values([1, M_E, 0, -1, infinity, nan], gives: [0, 1, -infinity, nan, infinity, nan])
  case .log1p: return Values([0, 1e-8, -1, -2, infinity, nan], gives: [0, 1e-8, -infinity, nan, infinity, nan])
  case .expm1: return Values([0, 1e-8, -400, 710, nan], gives: [0, 1e-8, -1, infinity, nan])
  case .sqrt: return Values([0, 4, 2, -1, infinity, nan], gives: [0, 2, 2.0.squareRoot(), nan, infinity, nan])
  case .rsqrt: return Values([0, 4, -1, infinity, nan], gives: [infinity, 0.5, nan, 0, nan])
  case .tanh: return Values([0, 0.5, 400, -400, infinity, nan], gives: [0, 0.46211715726000973, 1, -1, 1, nan])
  case .sigmoid: return Values([0, 2, 400, -400, infinity, nan], gives: [0.5, 0.8807970779778823, 1, 0, 1, nan])
  case .erf: return Values([0, 0.5, 400, -infinity, nan], gives: [0, 0.5204998778130465, 1, -1, nan])
  case .sin: return Values([0, 1, -2, infinity, nan], gives: [0, 0.8414709848078965, -0.9092974268256817, nan, nan])
  case .cos: return Values([0, 1, -2, infinity, nan], gives: [1, 0.5403023058681398, -0.4161468365471424, nan, nan])
  case .add: return Values([1, infinity, infinity, nan], [2, 1, -infinity, 1], gives: [3, infinity, nan, nan])
  case .subtract: return Values([1, infinity, infinity, nan], [2, 1, infinity, 1], gives: [-1, infinity, nan, nan])
  case .multiply: return Values([1.5, infinity, infinity, nan], [2, -1, 0, 1], gives: [3, -infinity, nan, nan])
  case .divide: return Values([1, 1, -1, 0, nan], [2, 0, 0, 0, 1], gives: [0.5, infinity, -infinity, nan, nan])
  case .minimum: return Values(order.left, order.right, gives: [1, 1, 2, infinity, nan, nan])
  case .maximum: return Values(order.left, order.right, gives: [2, 2, 2, infinity, nan, nan])
  case .power:
    return Values(
      [2, -2, 0, 0, nan, 4, -8, infinity], [3, 3, 0, -1, 0, 0.5, 0.5, -1], gives: [8, -8, 1, infinity, 1, 2, nan, 0])
  case .equal: return Values(order.left, order.right, gives: [0, 0, 1, 1, 0, 0])
  case .notEqual: return Values(order.left, order.right, gives: [1, 1, 0, 0, 1, 1])
  case .less: return Values(order.left, order.right, gives: [1, 0, 0, 0, 0, 0])
  case .lessEqual: return Values(order.left, order.right, gives: [1, 0, 1, 1, 0, 0])
  case .greater: return Values(order.left, order.right, gives: [0, 1, 0, 0, 0, 0])
  case .greaterEqual: return Values(order.left, order.right, gives: [0, 1, 1, 1, 0, 0])
  case .select:
    return Values([1, 0, 1, 0], [1, nan, infinity, 4], [nan, 2, 3, -infinity], gives: [1, 2, infinity, -infinity])
  case .not, .and, .or: return nil
  }
}

/// Values on whole numbers that every integer type has, and the signed ones for those below zero.
private func wholeValues(_ function: ElementwiseFunction, isSigned: Bool) -> Values? {
  let order = (left: [1.0, 2, 2, 0], right: [2.0, 1, 2, 0])
  switch function {
  case .negate: return isSigned ? Values([0, 3, -4], gives: [0, -3, 4]) : Values([0, 1, 255], gives: [0, 255, 1])
  case .absolute: return isSigned ? Values([0, 3, -4], gives: [0, 3, 4]) : Values([0, 255], gives: [0, 255])
  case .sign: return isSigned ? Values([0, 3, -4], gives: [0, 1, -1]) : Values([0, 255], gives: [0, 1])
  case .add: return Values([1, 7], [2, 0], gives: [3, 7])
  case .subtract:
    return isSigned ? Values([1, 7], [2, 0], gives: [-1, 7]) : Values([1, 7], [2, 0], gives: [255, 7])
  case .multiply:
    return isSigned ? Values([3, -4], [5, 2], gives: [15, -8]) : Values([3, 100], [5, 3], gives: [15, 44])
  case .divide:
    return isSigned ? Values([7, -7, 1], [2, 2, 0], gives: [3, -3, 0]) : Values([7, 1], [2, 0], gives: [3, 0])
  case .minimum: return Values(order.left, order.right, gives: [1, 1, 2, 0])
  case .maximum: return Values(order.left, order.right, gives: [2, 2, 2, 0])
  case .power:
    return isSigned
      ? Values([2, -3, 0, -1, 2, 1], [5, 3, 0, -3, -1, -1], gives: [32, -27, 1, -1, 0, 1])
      : Values([2, 3, 0], [5, 4, 0], gives: [32, 81, 1])
  case .equal: return Values(order.left, order.right, gives: [0, 0, 1, 1])
  case .notEqual: return Values(order.left, order.right, gives: [1, 1, 0, 0])
  case .less: return Values(order.left, order.right, gives: [1, 0, 0, 0])
  case .lessEqual: return Values(order.left, order.right, gives: [1, 0, 1, 1])
  case .greater: return Values(order.left, order.right, gives: [0, 1, 0, 0])
  case .greaterEqual: return Values(order.left, order.right, gives: [0, 1, 1, 1])
  case .select: return Values([1, 0], [1, 2], [3, 4], gives: [1, 4])
  case .exp, .log, .log1p, .expm1, .sqrt, .rsqrt, .tanh, .sigmoid, .erf, .sin, .cos, .floor, .round, .not, .and, .or:
    return nil
  }
}

/// Values on truth.
private func truthValues(_ function: ElementwiseFunction) -> Values? {
  let (left, right) = ([0.0, 0, 1, 1], [0.0, 1, 0, 1])
  switch function {
  case .not: return Values([0, 1], gives: [1, 0])
  case .and: return Values(left, right, gives: [0, 0, 0, 1])
  case .or: return Values(left, right, gives: [0, 1, 1, 1])
  case .equal: return Values(left, right, gives: [1, 0, 0, 1])
  case .notEqual: return Values(left, right, gives: [0, 1, 1, 0])
  case .less: return Values(left, right, gives: [0, 1, 0, 0])
  case .lessEqual: return Values(left, right, gives: [1, 1, 0, 1])
  case .greater: return Values(left, right, gives: [0, 0, 1, 0])
  case .greaterEqual: return Values(left, right, gives: [1, 0, 1, 1])
  case .select: return Values(left, right, left, gives: [0, 0, 0, 1])
  default: return nil
  }
}

@Suite struct ElementwiseTests {
  /// Every function on every type: the values of its row where it takes the type, a refusal where it does not.
  @Test(arguments: ElementwiseFunction.allCases)
  func values(_ function: ElementwiseFunction) throws {
    for type in ElementType.allCases {
      let values =
        type.isFloatingPoint
        ? floatingValues(function)
        : type == .bool ? truthValues(function) : wholeValues(function, isSigned: type != .uint8)
      let operation = Elementwise(function)
      guard let values else {
        #expect(throws: ShapeError.self, "\(function) of \(type)") {
          try operation.result(of: [Signature](repeating: Signature([2], type), count: function.row.arity))
        }
        continue
      }
      let operands = values.operands.enumerated().map { place, numbers in
        let operandType = function == .select && place == 0 ? ElementType.bool : type
        return Tensor(numbers).cast(to: operandType)
      }
      #expect(operands.count == function.row.arity)
      evaluate(operands)
      let result = Tensor.applying(operation, to: operands)
      #expect(result.type == (function.row.isComparison ? .bool : type))
      for options in [PlanOptions.standard, .definitions] {
        let output = planned([result], options: options).outputs[0]
        guard type == .bfloat16 else {
          expect(output, values.expected, relative: 3e-7, absolute: 1e-30, "\(function) of \(type)")
          continue
        }
        // the operands have been rounded
        let numbers = operands.map { $0.reals() }
        let expected = numbers[0].indices.map { place in
          function.row.real(numbers[0][place], numbers.count > 1 ? numbers[1][place] : 0, numbers.last?[place] ?? 0)
        }
        expect(output, expected, relative: 0x1p-8, absolute: 1e-30, "\(function) of \(type)")
      }
    }
  }

  /// The same functions over more elements than a vector, a ragged end, and views of other shapes.
  @Test(arguments: ElementwiseFunction.allCases.filter { floatingValues($0) != nil })
  func kernelsAgreeWithDefinitions(_ function: ElementwiseFunction) {
    var random = Randomness(7)
    for shape in [[1], [3], [8], [17], [33], [1023], [1025], [2, 3, 7], [5, 1, 130], [0], [3, 0], []] as [Shape] {
      for other in [shape, [], shape.map { _ in 1 }, Shape(shape.suffix(1))] {
        let operands = (0..<function.row.arity).map { place -> Tensor in
          let tensor = random.floats(place == 1 ? other : shape)
          return function == .select && place == 0 ? tensor .> 0 : tensor
        }
        let result = Tensor.applying(Elementwise(function), to: operands)
        let expected = planned([result], options: .definitions).outputs[0]
        expect(
          planned([result]).outputs[0], expected.reals(), relative: 1e-6, absolute: 1e-6,
          "\(function) of \(shape) and \(other)")
      }
    }
  }

  @Test func broadcasting() {
    let column = Tensor([1, 2, 3] as [Float], shape: [3, 1])
    let row = Tensor([10, 20] as [Float])
    expect(column + row, [11, 21, 12, 22, 13, 23], shape: [3, 2])
    expect(column - 1, [0, 1, 2], shape: [3, 1])
    expect(1 / row, [0.1, 0.05], shape: [2])
    expect(Tensor.zeros([0, 1]) + row, [], shape: [0, 2])
    expect(Tensor(2 as Float) * Tensor(3 as Float), [6], shape: [])
    // the middle axis of either is 1
    let left = Tensor((0..<4).map(Float.init), shape: [2, 1, 2])
    let right = Tensor((0..<6).map(Float.init), shape: [1, 3, 2])
    expect(left + right, [0, 2, 2, 4, 4, 6, 2, 4, 4, 6, 6, 8], shape: [2, 3, 2])
  }

  @Test func clamping() {
    let x = Tensor([-3, -1, 0, 2, 9, .nan, .infinity])
    expect(x.clamped(from: -1, to: 2), [-1, -1, 0, 2, 2, .nan, 2])
    expect(Tensor([-3, 0, 9] as [Int32]).clamped(from: -1, to: 2), [-1, 0, 2])
  }

  @Test(arguments: ElementType.allCases)
  func casts(to type: ElementType) {
    let whole = Tensor([0, 1, 200] as [Int64])
    expect(whole.cast(to: type), type == .bool ? [0, 1, 1] : [0, 1, 200])
    let real = Tensor([-2.7, -0.5, 0, 0.5, 300.5, -1e10, 1e10, .nan, .infinity])
    let expected: [Double] =
      switch type {
      case .float64: real.reals()
      case .float32: [Double(Float(-2.7)), -0.5, 0, 0.5, 300.5, -1e10, 1e10, .nan, .infinity]
      case .bfloat16: [-2.703125, -0.5, 0, 0.5, 300, -9_999_220_736, 9_999_220_736, .nan, .infinity]
      case .int32: [-2, 0, 0, 0, 300, -2_147_483_648, 2_147_483_647, 0, 2_147_483_647]
      case .int64: [-2, 0, 0, 0, 300, -1e10, 1e10, 0, 0x1p63]
      case .uint8: [0, 0, 0, 0, 255, 0, 255, 0, 255]
      case .bool: [1, 1, 0, 1, 1, 1, 1, 1, 1]
      }
    expect(real.cast(to: type), expected, relative: 0, absolute: 0)
    expect(real.cast(to: .float32).cast(to: type), expected, relative: 1e-7, absolute: 0)
  }

  /// A cast to bool inside a pass is used as truth by what follows it there.
  @Test func castsInsideAPass() {
    let x = Tensor([-2, 0, 0.5, .nan] as [Float])
    expect(x.cast(to: .bool).cast(to: .float32) + 1, [2, 1, 2, 2])
    expect((x.cast(to: .bool) .== (x .!= 0)).cast(to: .float32) * 3, [3, 3, 3, 3])
    expect(Tensor.select(x.cast(to: .bool), x * 2, x + 7), [-4, 7, 1, .nan])
  }

  @Test func wholeNumbersAreExact() {
    let large = Tensor([9_007_199_254_740_993, -9_007_199_254_740_993] as [Int64])
    #expect((large + 1).scalars(Int64.self) == [9_007_199_254_740_994, -9_007_199_254_740_992])
    #expect((large * 3).scalars(Int64.self) == [27_021_597_764_222_979, -27_021_597_764_222_979])
    #expect((Tensor([Int32.max]) + 1).scalars(Int32.self) == [Int32.min])
  }

  @Test func numbersMustBeOfTheType() async {
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2] as [Int32]) * 0.5 }
    await #expect(processExitsWith: .failure) { _ = Tensor([1, 2] as [UInt8]) + 256 }
    await #expect(processExitsWith: .failure) { _ = Tensor.range(257, type: .uint8) }
  }
}
