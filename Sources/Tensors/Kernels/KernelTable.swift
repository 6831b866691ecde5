/// Kernels of single operations, the preferred ones first. A new one is one more file in this folder and one more entry
/// here. Products and elementwise values, which form groups, have steps of their own.
let kernels: [any Kernel.Type] = [
  ReductionKernel.self, SoftmaxKernel.self, RandomKernel.self, ArgumentKernel.self, IntegerCastKernel.self,
  IntegerComparisonKernel.self, IntegerSumKernel.self, FoldingKernel.self, GreatestPlacesKernel.self,
  GatherKernel.self, ConvolutionKernel.self,
]

/// How many threads pay for a piece of work, from constants measured once: nothing that is timed while a program runs
/// may choose, or the same command would not write the same bytes.
///
/// - Parameter cost: of one element, in units of what an elementwise instruction takes (0.08 ns on a Zen 3 core).
func usefulThreads(_ settings: ExecutionSettings, elements: Int, cost: Double) -> Int {
  // opening and closing a region takes about as long as 15,000 units; a thread must have several times that to do
  max(1, min(settings.threads, Int(Double(elements) * cost / 65_536)))
}

/// The part of 0 ..< count that one of several threads does, in multiples of `unit` so that vectors are not cut.
@inline(__always)
func share(_ part: Int, of parts: Int, count: Int, unit: Int = 1) -> Range<Int> {
  let units = (count + unit - 1) / unit
  let (start, end) = (units * part / parts * unit, units * (part + 1) / parts * unit)
  return min(start, count)..<min(end, count)
}
