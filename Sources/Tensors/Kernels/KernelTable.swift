/// Every kernel, the preferred ones first. A new one is one more file in this folder and one more entry here.
var kernels: [any Kernel.Type] {
  #if OneDNN
    let libraries: [any Kernel.Type] = [OneDNNProductKernel.self]
  #else
    let libraries: [any Kernel.Type] = []
  #endif
  return libraries + [ProductKernel.self, ReductionKernel.self, SoftmaxKernel.self, RandomKernel.self]
}

/// How many threads pay for a piece of work, from constants measured once: nothing that is timed while a program runs
/// may choose, or the same command would not write the same bytes.
func usefulThreads(_ settings: ExecutionSettings, elements: Int, costPerElement: Int) -> Int {
  // a second thread costs about as much as 16,000 elementary operations
  max(1, min(settings.threads, elements * costPerElement / 32_768))
}

/// The part of 0 ..< count that one of several threads does, in multiples of `unit` so that vectors are not cut.
@inline(__always)
func share(_ part: Int, of parts: Int, count: Int, unit: Int = 1) -> Range<Int> {
  let units = (count + unit - 1) / unit
  let (start, end) = (units * part / parts * unit, units * (part + 1) / parts * unit)
  return min(start, count)..<min(end, count)
}
