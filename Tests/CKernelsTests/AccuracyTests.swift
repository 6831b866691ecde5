import CKernels
import DescentAccuracy
import Testing

extension Kernels {
  @Suite struct Accuracy {
    /// Over a stride and the edges; `make test-exhaustive` takes every float.
    @Test(arguments: UnaryFunction.all) func everyFunctionIsWithinItsBound(function: UnaryFunction) {
      for (processor, worst) in Sweep(function, stride: 49_999).worst.enumerated() {
        let name = String(cString: descent_processor_name(Int32(processor)))
        #expect(worst.units <= function.bound, "\(name): \(function.name)(\(worst.argument)) = \(worst.result)")
      }
    }
  }
}
