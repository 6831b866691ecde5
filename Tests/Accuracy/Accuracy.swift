import CKernels
import Foundation

/// Prints how far each function of one operand is from the exact one, at worst, on each processor of this machine, over
/// all floats, or every n-th with n as the first argument. Names of functions may follow, where not all are wanted.
/// Exits with 1 where one is further than it may be.
@main struct Accuracy {
  static func main() {
    let arguments = CommandLine.arguments.dropFirst()
    let names = arguments.dropFirst()
    let functions = UnaryFunction.all.filter { names.isEmpty || names.contains($0.name) }
    guard let stride = Int(arguments.first ?? "1"), stride > 0, names.isEmpty || names.count == functions.count else {
      FileHandle.standardError.write(Data("usage: DescentAccuracy [STRIDE [FUNCTION ...]], STRIDE from 1 on\n".utf8))
      exit(64)
    }
    print("the worst of every \(stride == 1 ? "" : "\(stride)th ")float, in units in the last place")
    var broken = false
    for function in functions {
      for (processor, worst) in Sweep(function, stride: stride).worst.enumerated() {
        let name = String(cString: descent_processor_name(Int32(processor)))
        let isRight = worst.units <= function.bound
        let place = "\(String(format: "%.4f", worst.units)) at \(worst.argument)"
        print("\(function.name), \(name): \(place)\(isRight ? "" : ", which is more than \(function.bound)")")
        broken = broken || !isRight
      }
      fflush(nil)
    }
    exit(broken ? 1 : 0)
  }
}
